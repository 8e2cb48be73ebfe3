"""The pairs of a request by name, and the values that KVP and XML spell alike."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from layers.crs import SRIDS, Reference, authority, named
from layers.wfs.exceptions import MissingParameter
from layers.wfs.requests import Box, Version
from registries.core.errors import BadInput

# Larger numbers are no counts of anything, and would not fit a bigint.
LARGEST = 10**15
# More than any client asks for at once; each query is one or two statements.
MOST_QUERIES = 100


@dataclass
class Parameters:
    """The pairs of a request by lower-case name; empty values count as absent, and are in `empty`."""

    values: dict[str, str] = field(default_factory=dict)
    empty: frozenset[str] = frozenset()

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> Parameters:
        values: dict[str, str] = {}
        for name, value in pairs:
            key = name.lower()
            if values.setdefault(key, value) != value:
                raise BadInput(_("The parameter is given twice with different values."), locator=name[:80])
        given = {key: value.strip() for key, value in values.items()}
        return cls(
            {key: value for key, value in given.items() if value},
            frozenset(key for key, value in given.items() if not value),
        )

    def get(self, *aliases: str) -> str:
        return next((self.values[name.lower()] for name in aliases if name.lower() in self.values), "")

    def require(self, *aliases: str) -> str:
        value = self.get(*aliases)
        if not value:
            raise MissingParameter(_("The parameter “%(name)s” is missing.") % {"name": aliases[0]}, locator=aliases[0])
        return value

    def number(self, *aliases: str) -> int | None:
        """A whole number from 0 on."""
        return number(self.get(*aliases), aliases[0])

    def listed(self, *aliases: str) -> tuple[str, ...] | None:
        """A list separated by commas; None if absent."""
        value = self.get(*aliases)
        return _parts(value.removeprefix("(").removesuffix(")")) if value else None

    def lists(self, *aliases: str) -> list[tuple[str, ...]]:
        """A list of lists, each in parentheses (OGC 09-025r2, 6.2.5.3); one without parentheses is the only one."""
        value = self.get(*aliases)
        if not value:
            return []
        if not value.startswith("("):
            return [_parts(value)]
        if not re.fullmatch(r"(?:\([^()]*\)\s*)+", value):
            raise BadInput(_("The lists are not each in parentheses."), locator=aliases[0])
        return [_parts(inner) for inner in re.findall(r"\(([^()]*)\)", value)]


def _parts(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def number(text: str, locator: str) -> int | None:
    """A whole number from 0 on; None for nothing."""
    text = text.strip()
    if not text:
        return None
    if not re.fullmatch(r"\+?[0-9]{1,4000}", text, re.ASCII):
        raise BadInput(_("“%(value)s” is not a whole number from 0 on.") % {"value": text[:40]}, locator=locator)
    return min(int(text), LARGEST)


def local_name(name: str) -> str:
    """The last step of a path such as `zone:parcels/zone:label` without its prefix, unless that is GML's."""
    prefix, _colon, local = name.rpartition("/")[2].rpartition(":")
    return f"gml:{local}" if prefix == "gml" else local


def property_names(listed: Iterable[str] | None) -> tuple[str, ...] | None:
    names = None if listed is None else tuple(listed)
    return None if not names or "*" in names else tuple(map(local_name, names))


def sort_by(listed: Iterable[str]) -> tuple[tuple[str, bool], ...]:
    """Pairs of name and whether descending (OGC 09-026r2, 7.14): `code`, `code ASC`, `code DESC`, also `A` and `D`."""
    found = []
    for entry in listed:
        name, *order = entry.split()
        found.append((local_name(name), descends("".join(order))))
    return tuple(found)


def descends(order: str) -> bool:
    direction = order.strip().upper()
    if direction not in ("", "A", "ASC", "D", "DESC"):
        raise BadInput(_("The order is ASC or DESC, not “%(order)s”.") % {"order": direction[:20]}, locator="sortBy")
    return direction.startswith("D")


def srs_name(name: str, version: Version) -> Reference | None:
    """The system asked for; in 1.0.0 x comes first whatever the name is (OGC 02-058, 9: GML 2 knows no other order)."""
    if not name:
        return None
    reference = named(name, "srsName")
    return x_first(reference) if version == "1.0.0" else reference


def x_first(reference: Reference) -> Reference:
    return replace(reference, flipped=False, is_authority=False)


def is_hits(value: str) -> bool:
    if value.lower() not in ("", "results", "hits"):
        raise BadInput(_("resultType is “results” or “hits”."), locator="resultType")
    return value.lower() == "hits"


def bbox(value: str, version: Version = "2.0.0", reference: Reference | None = None) -> Box | None:
    """`lower1,lower2,upper1,upper2[,crs]` (OGC 06-121r9, 10.2.3); of 1.0.0 without a system, which is that of the
    request, and x first.
    """
    if not value:
        return None
    numbers, written = value.split(","), None
    if len(numbers) > 4 and not is_number(numbers[4]):
        written = named(",".join(numbers[4:]).strip(), "bbox")
        numbers = numbers[:4]
    if len(numbers) != 4 or not all(map(is_number, numbers)):
        raise BadInput(
            _("A bbox is four finite numbers, then perhaps a reference system."),
            locator="bbox",
            hint=_("For example: %(example)s.") % {"example": f"42.6,25.3,42.7,25.5,{authority(4326).urn}"},
        )
    first, second, third, fourth = map(float, numbers)
    if first > third or second > fourth:
        raise BadInput(_("The lower corner of the bbox lies beyond the upper corner."), locator="bbox")
    if version == "1.0.0":
        written = x_first(written or reference or authority(SRIDS[0]))
    return Box((first, second, third, fourth), written)


def is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
