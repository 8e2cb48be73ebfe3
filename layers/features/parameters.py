"""Query parameters of OGC API – Features as plain values (OGC 17-069r4, 7.15; OGC 18-058r1 for reference systems;
OGC 19-079r2 for filters).

A parameter that is not defined, or has a value that is not, is an error (7.15), never passed over.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import get_args

from django.http import QueryDict
from django.utils.translation import gettext as _

from layers.crs import LON_LAT, Reference, is_geographic, named
from layers.filters import cql2
from layers.filters.cql2 import Language
from layers.filters.nodes import All, Compare, Node, Property, Value
from layers.layer import Column, Layer
from layers.moment import When, interval
from layers.query import BBox, Sort
from registries.core.errors import BadInput

LIMIT_DEFAULT, LIMIT_MOST = 10, 10_000
# A page for people holds more than a program's first look.
PAGE_LIMIT = 50
# Larger numbers are no offsets into anything, and would not fit a bigint.
LARGEST = 10**15
FILTERS = ("filter", "filter-lang", "filter-crs")
ITEMS = ("bbox", "bbox-crs", "crs", "datetime", "limit", "offset", *FILTERS, "sortby", "properties", "f", "lang")
# A feature of a past day can be asked for, too, which Part 1 leaves open.
ITEM = ("crs", "datetime", "properties", "f", "lang")
RESOURCE = ("f", "lang")
LANGUAGES: tuple[Language, ...] = get_args(Language)


@dataclass(frozen=True)
class Items:
    """Which items are asked for; `limit` None where nothing is said. `when` is unchecked."""

    bbox: BBox | None
    reference: Reference
    when: When | None
    limit: int | None
    offset: int


def check(given: QueryDict, known: Iterable[str]) -> None:
    """Refuse parameters that are not defined."""
    for name in given:
        if name not in known:
            raise BadInput(
                _("There is no parameter “%(name)s” here.") % {"name": name[:80]},
                locator=name[:80],
                hint=_("Use: %(names)s.") % {"names": ", ".join(known)},
            )


def items(given: QueryDict) -> Items:
    """What can be read without knowing the collection."""
    limit = number(given, "limit", least=1)
    return Items(
        bbox=bbox(given.get("bbox", ""), reference(given, "bbox-crs")),
        reference=reference(given, "crs"),
        when=interval(given.get("datetime", ""), "datetime"),
        limit=None if limit is None else min(limit, LIMIT_MOST),
        offset=number(given, "offset", least=0) or 0,
    )


def number(given: QueryDict, name: str, least: int) -> int | None:
    text = given.get(name)
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,4000}", text) or int(text) < least:
        raise BadInput(_("A whole number from %(least)d on is needed.") % {"least": least}, locator=name)
    return min(int(text), LARGEST)


def reference(given: QueryDict, name: str) -> Reference:
    """The system by its URI; longitude and latitude if absent."""
    return system(given.get(name, ""), name)


def system(text: str, locator: str) -> Reference:
    """A URI, perhaps in angle brackets, as `Content-Crs` has it (OGC 18-058r1, 6.4)."""
    text = text.strip().removeprefix("<").removesuffix(">").strip()
    return named(text, locator) if text else LON_LAT


def queryables(layer: Layer) -> list[Column]:
    """The columns that are query parameters, too; a name that means something else already is for filters only."""
    return [column for column in layer.columns if column.name not in ITEMS]


def condition(given: QueryDict, layer: Layer) -> Node | None:
    """The filter and the queryables given as parameters; each has to be met (OGC 19-079r2, 7 and 8.5)."""
    parts: list[Node] = [
        Compare("=", Property(column.name), Value(value))
        for column in queryables(layer)
        for value in given.getlist(column.name)
    ]
    text = given.get("filter", "")
    language = next((one for one in LANGUAGES if one == given.get("filter-lang", LANGUAGES[0])), None)
    if language is None:
        raise BadInput(
            _("This filter language is not served."),
            locator="filter-lang",
            hint=_("Use one of: %(names)s.") % {"names": ", ".join(LANGUAGES)},
        )
    axes = reference(given, "filter-crs")
    if text.strip():
        parts.append(cql2.read(text, language, axes))
    return All(tuple(parts)) if len(parts) > 1 else parts[0] if parts else None


def column(layer: Layer, name: str, locator: str) -> Column:
    found = layer.column(name)
    if found is None:
        raise BadInput(
            _("There is no property “%(name)s”.") % {"name": name[:80]},
            locator=locator,
            hint=_("Use: %(names)s.") % {"names": ", ".join(one.name for one in layer.columns)},
        )
    return found


def sort(given: QueryDict, layer: Layer) -> tuple[Sort, ...]:
    """`sortby=name,-built`: properties, each with `+` or `-` before it; a plus sign arrives as a blank."""
    wanted = given.get("sortby", "")
    parts = [part.strip() for part in wanted.split(",")] if wanted.strip() else []
    return tuple(
        Sort(column(layer, part.lstrip("+-").strip(), "sortby"), descending=part.startswith("-")) for part in parts
    )


def columns(given: QueryDict, layer: Layer) -> tuple[Column, ...]:
    """The properties asked for, in the layer's order; all of them unless said."""
    asked = given.get("properties")
    if asked is None:
        return layer.columns
    names = {name.strip() for name in asked.split(",")} - {""}
    wanted = {column(layer, name, "properties").name for name in sorted(names)}
    return tuple(one for one in layer.columns if one.name in wanted)


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
