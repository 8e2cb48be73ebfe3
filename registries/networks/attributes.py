"""Checks an asset's JSON `attributes` against the asset catalogue: known keys, types, code lists, required values.

The door asks for each edit, so that nothing untyped is ever stored: published layers cast values without a second look.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from registries.core import codes
from registries.core.errors import BadInput
from registries.networks.catalogue import Attribute, Kind, kinds

BIGINT = 2**63
INTEGER_TEXT = re.compile(r"[+-]?[0-9]{1,19}")
REAL_TEXT = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
DATE_TEXT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# What XML 1.0, jsonb or UTF-8 cannot carry.
FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
MAX_TEXT = 2000
SHOWN = 20


@dataclass(frozen=True)
class Fault:
    """What is wrong with the value under one key."""

    key: str
    message: str


def as_text(value: Any) -> str:
    # A table of numbers may hold what the catalogue calls text, such as a serial number.
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise ValueError(_("is not text"))
    text = FORBIDDEN.sub("", str(value))
    if len(text) > MAX_TEXT:
        raise ValueError(_("is not text of at most %(count)d characters") % {"count": MAX_TEXT})
    return text


def as_integer(value: Any) -> int:
    if isinstance(value, str) and INTEGER_TEXT.fullmatch(value):
        value = int(value)
    # DBF and tables with gaps deliver whole numbers as 3.0.
    if isinstance(value, float) and math.isfinite(value) and value == int(value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not -BIGINT <= value < BIGINT:
        raise ValueError(_("is not a whole number"))
    return value


def as_real(value: Any) -> int | float:
    if isinstance(value, str) and REAL_TEXT.fullmatch(value):
        value = float(value)
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    # Written so that NaN fails too; whole numbers may be too large to become a float at all.
    if not is_number or not abs(value) < 1e300:
        raise ValueError(_("is not a number; write it as 12.5"))
    return value


def as_boolean(value: Any) -> bool:
    if not isinstance(value, bool) and not (isinstance(value, int) and value in (0, 1)):
        raise ValueError(_("is neither true nor false"))
    return bool(value)


def as_date(value: Any) -> str:
    if not isinstance(value, str) or not DATE_TEXT.fullmatch(value):
        raise ValueError(_("is not a date; write it as 2026-01-31"))
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise ValueError(_("is not a date; write it as 2026-01-31")) from None


CONVERSIONS: dict[str, Callable[[Any], Any]] = {
    "text": as_text,
    "integer": as_integer,
    "real": as_real,
    "boolean": as_boolean,
    "date": as_date,
}


def check(kind: Kind, attributes: Mapping[str, Any], *, whole: bool) -> tuple[dict[str, Any], list[Fault]]:
    """The values of `attributes` in the catalogue's types, and what is wrong with them.

    None stands for a value that is taken away. With `whole`, `attributes` is all that the asset will have: what is
    required and absent is then a fault too.
    """
    cleaned: dict[str, Any] = {}
    faults = []
    for key, value in attributes.items():
        attribute = kind.attributes.get(key)
        if attribute is None:
            faults.append(Fault(key, _unknown(kind, key)))
            continue
        try:
            cleaned[key] = _clean(attribute, value)
        except ValueError as error:
            text = _("“%(title)s” (%(key)s): %(value)s %(what)s.")
            shown = {"title": attribute.title, "key": key, "value": repr(value)[:60], "what": error}
            faults.append(Fault(key, text % shown))
    return cleaned, faults + _missing(kind, cleaned, attributes if not whole else kind.attributes)


def _clean(attribute: Attribute, value: Any) -> Any:
    if isinstance(value, str):
        value = value.strip()
    if value is None or value == "":
        return None
    value = CONVERSIONS[attribute.type](value)
    if attribute.code_list and str(value) not in codes.labels(attribute.code_list):
        _refuse_unknown_code(attribute.code_list, str(value))
    return value


def _refuse_unknown_code(code_list: str, value: str) -> None:
    """A list without any codes restricts nothing: it would make its attribute unusable."""
    known = codes.values(code_list)
    if known and value not in known:
        shown = ", ".join([*known][:SHOWN]) + (", …" if len(known) > SHOWN else "")
        raise ValueError(_("is not in the code list “%(list)s”: %(known)s") % {"list": code_list, "known": shown})


def _unknown(kind: Kind, key: str) -> str:
    text = _("“%(type)s” has no attribute “%(key)s”. Use one of: %(known)s.")
    return text % {"type": kind.key, "key": key, "known": ", ".join(kind.attributes) or "–"}


def _missing(kind: Kind, cleaned: Mapping[str, Any], among: Collection[str]) -> list[Fault]:
    return [
        Fault(attribute.key, _("“%(title)s” (%(key)s) is required.") % {"title": attribute.title, "key": attribute.key})
        for attribute in kind.attributes.values()
        if attribute.required and attribute.key in among and cleaned.get(attribute.key) is None
    ]


def clean_columns(geometry_kind: str, columns: dict[str, Any], *, whole: bool) -> dict[str, Any]:
    """The columns of a node or link with clean attributes; raises BadInput whose locator is the first offending key.

    `geometry_kind` is `node` or `link`; `columns` holds `asset_type_id` unless neither it nor `attributes` is touched.
    """
    if "asset_type_id" not in columns:
        return columns
    key = columns["asset_type_id"]
    kind = kinds.now().get(key) or kinds.renewed().get(key)
    if kind is None or kind.geometry_kind != geometry_kind:
        raise _not_this_kind(geometry_kind, key)
    attributes = columns.get("attributes")
    if attributes is None:
        return columns
    if not isinstance(attributes, dict):
        raise BadInput(_("The attributes are not an object of keys and values."), locator="attributes")
    cleaned, faults = check(kind, attributes, whole=whole)
    if faults:
        # Before refusing: somebody may have changed the catalogue within the last second.
        cleaned, faults = check(kinds.renewed().get(key, kind), attributes, whole=whole)
    if faults:
        raise BadInput(" ".join(fault.message for fault in faults), locator=faults[0].key)
    return {**columns, "attributes": cleaned if not whole else _without_gaps(cleaned)}


def _without_gaps(cleaned: dict[str, Any]) -> dict[str, Any]:
    """A whole set has nothing that None could take away."""
    return {key: value for key, value in cleaned.items() if value is not None}


def _not_this_kind(geometry_kind: str, key: Any) -> BadInput:
    known = sorted(kind.key for kind in kinds.renewed().values() if kind.geometry_kind == geometry_kind)
    what = _("points") if geometry_kind == "node" else _("lines")
    return BadInput(
        _("“%(key)s” is no asset type for %(what)s.") % {"key": key, "what": what},
        locator="asset_type_id",
        hint=_("Use one of: %(known)s.") % {"known": ", ".join(known)},
    )
