"""Query parameters of OGC API – Features as plain values (OGC 17-069r4, 7.15; OGC 18-058r1 for reference systems).

A parameter that is not defined, or has a value that is not, is an error (7.15), never passed over.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from layers.crs import LON_LAT, Reference, is_geographic, named
from layers.moment import When, interval
from layers.query import BBox
from registries.core.errors import BadInput

LIMIT_DEFAULT, LIMIT_MOST = 10, 10_000
# Larger numbers are no offsets into anything, and would not fit a bigint.
LARGEST = 10**15
ITEMS = ("bbox", "bbox-crs", "crs", "datetime", "limit", "offset", "f")
# A feature of a past day can be asked for, too, which Part 1 leaves open.
ITEM = ("crs", "datetime", "f")
RESOURCE = ("f",)


@dataclass(frozen=True)
class Items:
    """Which items are asked for; `when` is unchecked."""

    bbox: BBox | None
    reference: Reference
    when: When | None
    limit: int
    offset: int


def check(given: QueryDict, known: Iterable[str], formats: Iterable[str] = ("json",)) -> None:
    """Refuse parameters that are not defined, and formats that are not served."""
    for name in given:
        if name not in known:
            raise BadInput(
                _("There is no parameter “%(name)s” here.") % {"name": name[:80]},
                locator=name[:80],
                hint=_("Use: %(names)s.") % {"names": ", ".join(known)},
            )
    if given.get("f", "json") not in formats:
        raise BadInput(
            _("This format is not served."),
            locator="f",
            hint=_("Use one of: %(names)s.") % {"names": ", ".join(formats)},
        )


def items(given: QueryDict) -> Items:
    check(given, ITEMS)
    return Items(
        bbox=bbox(given.get("bbox", ""), reference(given, "bbox-crs")),
        reference=reference(given, "crs"),
        when=interval(given.get("datetime", ""), "datetime"),
        limit=min(number(given, "limit", LIMIT_DEFAULT, least=1), LIMIT_MOST),
        offset=number(given, "offset", 0, least=0),
    )


def number(given: QueryDict, name: str, default: int, least: int) -> int:
    text = given.get(name)
    if text is None:
        return default
    if not re.fullmatch(r"[0-9]{1,4000}", text) or int(text) < least:
        raise BadInput(_("A whole number from %(least)d on is needed.") % {"least": least}, locator=name)
    return min(int(text), LARGEST)


def reference(given: QueryDict, name: str) -> Reference:
    """The system by its URI, perhaps in angle brackets; longitude and latitude if absent."""
    text = given.get(name, "").strip().removeprefix("<").removesuffix(">")
    return named(text, name) if text else LON_LAT


def bbox(text: str, system: Reference) -> BBox | None:
    """Four numbers, or six of which heights are left out, in the axis order of `system`."""
    if not text:
        return None
    numbers = [finite(part) for part in text.split(",")]
    if len(numbers) == 6:
        numbers = [numbers[index] for index in (0, 1, 3, 4)]
    if len(numbers) != 4:
        raise BadInput(_("A bbox is four or six finite numbers."), locator="bbox")
    xmin, ymin, xmax, ymax = numbers
    if system.flipped:
        xmin, ymin, xmax, ymax = ymin, xmin, ymax, xmax
    # In degrees, a box whose west lies east of its east crosses the antimeridian (7.15.3).
    if ymin > ymax or (xmin > xmax and not is_geographic(system.srid)):
        raise BadInput(_("The lower corner of the bbox lies beyond the upper corner."), locator="bbox")
    return BBox(xmin, ymin, xmax, ymax, system.srid)


def finite(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise BadInput(_("A bbox is four or six finite numbers."), locator="bbox")
    return number
