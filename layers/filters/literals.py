"""Values of a request as literals of the type that they are compared with.

What the database could not take is refused here, with words: it is never asked.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from django.utils.translation import gettext as _
from psycopg import sql

from registries.core.errors import BadInput

# `numeric` is what is computed: exact, because a double precision number would overflow with an error.
Kind = Literal["text", "integer", "real", "numeric", "boolean", "date", "datetime", "uuid", "geometry"]
NUMBERS: frozenset[Kind] = frozenset({"integer", "real", "numeric"})
NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,6})?", re.ASCII)
# XML Schema dates may name a zone, which says nothing of use about a day.
DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})?", re.ASCII)
DATETIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,12})?([Zz]|[+-][0-9]{2}:?[0-9]{2})?",
    re.ASCII,
)
# A double precision number has at most 309 digits before the point; beyond are no quantities of anything.
DIGITS_MOST, LENGTH_MOST = 300, 400
BIGINT = 2**63
BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


def literal(value: Any, kind: Kind, locator: str) -> sql.Composable:
    """`value` as SQL of `kind`; BadInput at `locator` if it is none. None is NULL."""
    if value is None:
        return sql.SQL("NULL")
    if kind == "uuid":
        return sql.SQL("{}::uuid").format(sql.Literal(str(identifier(value))))
    if kind in NUMBERS:
        return _written(number(value, locator))
    if kind == "geometry":
        raise BadInput(_("A geometry is needed here."), locator=locator)
    return CONVERSIONS[kind](value, locator)


def _written(number: Decimal) -> sql.Composable:
    """Whole numbers plain: an index over any kind of number serves them."""
    if number == number.to_integral_value() and -BIGINT < number < BIGINT:
        return sql.SQL("({})").format(sql.Literal(int(number)))
    return sql.SQL("{}::numeric").format(sql.Literal(str(number)))


def number(value: Any, locator: str) -> Decimal:
    """A finite number of a size that the database can reckon with."""
    if isinstance(value, str):
        text = value.strip()
        if len(text) > LENGTH_MOST or not NUMBER.fullmatch(text):
            raise BadInput(_("“%(text)s” is no number.") % {"text": text[:40]}, locator=locator)
        found = Decimal(text)
    elif isinstance(value, bool) or not isinstance(value, int | float):
        raise BadInput(_("“%(text)s” is no number.") % {"text": str(value)[:40]}, locator=locator)
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise BadInput(_("The number is too large."), locator=locator)
        found = Decimal(repr(value))
    else:
        found = Decimal(value)
    if found and found.adjusted() >= DIGITS_MOST:
        raise BadInput(_("The number is too large."), locator=locator)
    return Decimal(0) if found.adjusted() < -DIGITS_MOST else found


def digits(value: Any) -> int:
    """An upper bound of the digits before the point of what `number` makes of the value."""
    return max(1, number(value, "filter").adjusted() + 1)


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(value: Any, locator: str) -> sql.Composable:
    return sql.SQL("{}::text").format(sql.Literal(plain_text(value, locator)))


def plain_text(value: Any, locator: str) -> str:
    """The value as a text column would hold it; whole numbers have no point."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if is_number(value):
        found = number(value, locator)
        return str(int(found)) if found == found.to_integral_value() else f"{found:f}"
    text = value.isoformat() if isinstance(value, date) else str(value)
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise BadInput(_("The text holds characters that no text can hold."), locator=locator)
    return text


def _boolean(value: Any, locator: str) -> sql.Composable:
    found = value if isinstance(value, bool) else BOOLEANS.get(str(value).strip().lower())
    if found is None:
        raise BadInput(
            _("“%(text)s” is neither true nor false.") % {"text": str(value)[:40]},
            locator=locator,
            hint=_("Write true or false."),
        )
    return sql.SQL("TRUE") if found else sql.SQL("FALSE")


def _date(value: Any, locator: str) -> sql.Composable:
    return sql.Literal(moment(value, locator))


def _datetime(value: Any, locator: str) -> sql.Composable:
    return sql.Literal(at(moment(value, locator), time.min))


def moment(value: Any, locator: str) -> date | datetime:
    """A date, or a date and time with its zone, UTC if none is told (OGC 21-065r2, 7.2)."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return value
    text = value.strip() if isinstance(value, str) else ""
    day, instant = DATE.fullmatch(text), DATETIME.fullmatch(text)
    try:
        if day:
            return date.fromisoformat(day.group(1))
        if instant:
            found = datetime.fromisoformat(text.upper())
            return found if found.tzinfo else found.replace(tzinfo=UTC)
    except ValueError:
        pass
    raise BadInput(
        _("“%(text)s” is neither a date nor a date and time.") % {"text": str(value)[:40]},
        locator=locator,
        hint=_("For example: %(example)s.") % {"example": "2026-05-01, 2026-05-01T12:00:00Z"},
    )


def at(value: date | datetime, clock: time) -> datetime:
    """An instant; of a day, the one at `clock` in UTC."""
    return value if isinstance(value, datetime) else datetime.combine(value, clock, UTC)


def identifier(value: Any) -> UUID | None:
    """None if it is no identifier, and so the identifier of nothing."""
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


CONVERSIONS: dict[Kind, Callable[[Any, str], sql.Composable]] = {
    "text": _text,
    "boolean": _boolean,
    "date": _date,
    "datetime": _datetime,
}
