"""Values as clients write them: text out of XML, numbers and texts out of JSON, all by the published column's type."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from layers.layer import Column
from registries.core.errors import BadInput

INTEGER = re.compile(r"[+-]?[0-9]{1,18}(\.0+)?")
REAL = re.compile(r"[+-]?([0-9]{1,40}\.?[0-9]{0,40}|\.[0-9]{1,40})([eE][+-]?[0-9]{1,3})?")
# xsd:date and xsd:dateTime, which QGIS writes for a day as well; the zone does not move the day that was meant.
DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})([T ][0-9:.]{5,24})?(Z|[+-][0-9]{2}:?[0-9]{2})?")
TRUE, FALSE = frozenset({"true", "1", "t"}), frozenset({"false", "0", "f"})
SHOWN = 60
# Clients tell moments to a millisecond, and reals with the digits that they were told.
MOMENT, SHARE = timedelta(seconds=1), 1e-9
LARGEST, WHOLE = Decimal("1e300"), Decimal("1e20")


def read(column: Column, value: Any) -> Any:
    """The value in Python's type for the column's; None for NULL. BadInput names the column."""
    if isinstance(value, str):
        value = value.strip()
        if value == "" and column.type != "text":
            return None
    if value is None:
        return None
    if isinstance(value, Mapping | list | tuple):
        raise _wrong(column, value)
    try:
        return READERS[column.type](value)
    except (ValueError, TypeError, OverflowError, InvalidOperation):
        raise _wrong(column, value) from None


def _wrong(column: Column, value: Any) -> BadInput:
    wanted = {
        "integer": _("a whole number"),
        "real": _("a number such as 12.5"),
        "boolean": _("true or false"),
        "date": _("a date such as 2026-01-31"),
        "datetime": _("a date and time such as 2026-01-31T12:00:00Z"),
        "uuid": _("an identifier"),
    }.get(column.type, _("a text"))
    return BadInput(
        _("“%(value)s” is not %(wanted)s.") % {"value": str(value)[:SHOWN], "wanted": wanted}, locator=column.name
    )


def _integer(value: Any) -> int:
    if isinstance(value, bool) or (isinstance(value, str) and not INTEGER.fullmatch(value)):
        raise ValueError
    number = Decimal(value) if isinstance(value, str) else value
    if number != int(number):
        raise ValueError
    return int(number)


def _real(value: Any) -> Decimal:
    """Exact, because a float would have more digits than a column of two decimals takes."""
    if isinstance(value, bool) or (isinstance(value, str) and not REAL.fullmatch(value)):
        raise ValueError
    number = Decimal(str(value))
    if not number.is_finite() or abs(number) >= LARGEST:
        raise ValueError
    plain = number.normalize()
    # People read what is proposed: 100, not 1E+2.
    return plain.quantize(Decimal(1)) if plain == plain.to_integral_value() and abs(plain) < WHOLE else plain


def _boolean(value: Any) -> bool:
    text = str(value).lower()
    if text not in TRUE | FALSE:
        raise ValueError
    return text in TRUE


def _day(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    found = DAY.fullmatch(value)
    if not found:
        raise ValueError
    return date.fromisoformat(found[1])


def _moment(value: Any) -> datetime:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


READERS: dict[str, Callable[[Any], Any]] = {
    "text": str,
    "integer": _integer,
    "real": _real,
    "boolean": _boolean,
    "date": _day,
    "datetime": _moment,
    "uuid": lambda value: UUID(str(value)),
}


def same(column: Column, one: Any, other: Any, share: float = SHARE) -> bool:
    """Whether two values of the column, as read or as stored, say the same."""
    if column.type == "text":
        return str(one or "").strip() == str(other or "").strip()
    if one is None or other is None:
        return one is other
    if column.type == "real":
        one, other = float(one), float(other)
        return bool(abs(one - other) <= share * max(abs(one), abs(other)))
    if column.type == "datetime":
        return bool(abs(one - other) < MOMENT)
    return bool(one == other)
