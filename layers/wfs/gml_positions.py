"""The numbers of GML: positions as `pos`, `posList`, `coordinates` or `coord` hold them, in the order written."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from math import isfinite
from typing import NamedTuple

from django.utils.translation import gettext as _
from lxml import etree

from layers.wfs import names
from registries.core.errors import InvalidGeometry

# Elements without any namespace are taken for GML, too: some clients bind none in a filter.
NAMESPACES = frozenset((f"{{{names.GML}", f"{{{names.GML_3_1}", ""))
AROUND_COMMA = re.compile(r"\s*,\s*")


class Positions(NamedTuple):
    """Numbers of positions one after another, two or three for each."""

    dimension: int
    numbers: list[float]

    @property
    def size(self) -> int:
        return len(self.numbers) // self.dimension

    @property
    def is_closed(self) -> bool:
        last = len(self.numbers) - self.dimension
        return self.numbers[:2] == self.numbers[last : last + 2]


def local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def own(element: etree._Element) -> bool:
    """Whether the element is GML's, of any version."""
    return str(element.tag).rpartition("}")[0] in NAMESPACES


def children(element: etree._Element, *wanted: str) -> list[etree._Element]:
    return [child for child in element if local(child) in wanted and own(child)]


def positions(holder: etree._Element) -> Positions:
    """All positions within `holder`, whatever forms they are written in; InvalidGeometry if there are none."""
    found = [FORMS[local(child)](child) for child in holder if local(child) in FORMS and own(child)]
    return found[0] if len(found) == 1 else together(found)


def together(found: Sequence[Positions]) -> Positions:
    if not found:
        raise empty()
    if len({one.dimension for one in found}) > 1:
        raise mixed()
    return Positions(found[0].dimension, [number for one in found for number in one.numbers])


def pos(element: etree._Element) -> Positions:
    numbers = floats((element.text or "").split())
    return Positions(checked(len(numbers)), numbers)


def pos_list(element: etree._Element) -> Positions:
    numbers, dimension = floats((element.text or "").split()), dimension_of(element)
    return whole(dimension, numbers)


def whole(dimension: int, numbers: list[float]) -> Positions:
    if not numbers:
        raise empty()
    if len(numbers) % dimension:
        raise InvalidGeometry(
            _("%(count)d numbers are no positions of %(dimension)d numbers each.")
            % {"count": len(numbers), "dimension": dimension},
            hint=_("srsDimension tells how many numbers make a position."),
        )
    return Positions(dimension, numbers)


def coordinates(element: etree._Element) -> Positions:
    """`gml:coordinates` with the separators that it names (OGC 02-069, 4.3.4)."""
    comma, blank, point = (element.get(name, usual) for name, usual in (("cs", ","), ("ts", " "), ("decimal", ".")))
    text = element.text or ""
    if (comma, blank, point) == (",", " ", "."):
        tuples = [one.split(",") for one in AROUND_COMMA.sub(",", text).split()]
    else:
        tuples = separated(text, comma, blank, point)
    if not tuples:
        raise empty()
    dimension = checked(len(tuples[0]))
    if any(len(one) != dimension for one in tuples):
        raise mixed()
    return Positions(dimension, floats([number for one in tuples for number in one]))


def separated(text: str, comma: str, blank: str, point: str) -> list[list[str]]:
    """The numbers of each tuple, the decimal point put in."""
    if not (comma and blank and point) or len({comma, blank, point}) < 3:
        raise InvalidGeometry(_("cs, ts and decimal of gml:coordinates have to be three different characters."))
    tuples = [one for one in text.split(None if blank.isspace() else blank) if one.strip()]
    parts = [one.split(None if comma.isspace() else comma) for one in tuples]
    return [[number.strip().replace(point, ".") for number in one] for one in parts]


def coord(element: etree._Element) -> Positions:
    found = {local(child): (child.text or "").strip() for child in element if own(child)}
    axes = [name for name in ("X", "Y", "Z") if name in found]
    if axes not in (["X", "Y"], ["X", "Y", "Z"]):
        raise InvalidGeometry(_("A position has two or three numbers."))
    return Positions(len(axes), floats([found[name] for name in axes]))


def of_point(element: etree._Element) -> Positions:
    """The position of a point that stands within a line (OGC 03-105r1, geometryBasic0d1d.xsd, pointProperty)."""
    points = children(element, "Point")
    if len(points) != 1:
        raise empty()
    return positions(points[0])


FORMS: dict[str, Callable[[etree._Element], Positions]] = {
    "pos": pos,
    "posList": pos_list,
    "coordinates": coordinates,
    "coord": coord,
    "pointProperty": of_point,
    "pointRep": of_point,
}


def floats(words: list[str]) -> list[float]:
    """Finite numbers as XML writes them; Python would take underscores and the digits of other scripts, too."""
    try:
        numbers = list(map(float, words))
    except ValueError:
        numbers = []
    if len(numbers) != len(words) or not all(map(isfinite, numbers)) or not plain("".join(words)):
        raise InvalidGeometry(_("A coordinate is not a finite number."), hint=_("The decimal sign is a point."))
    return numbers


def plain(text: str) -> bool:
    return text.isascii() and "_" not in text


def dimension_of(element: etree._Element) -> int:
    """`srsDimension` of the positions or of what is around them; two if nobody says."""
    written = (one.get("srsDimension") or one.get("dimension") for one in element.iterancestors() if own(one))
    own_dimension = element.get("srsDimension") or element.get("dimension")
    text = own_dimension or next(filter(None, written), "2")
    if text.strip() not in ("2", "3"):
        raise InvalidGeometry(_("srsDimension is 2 or 3."))
    return int(text)


def checked(dimension: int) -> int:
    if not dimension:
        raise empty()
    if dimension not in (2, 3):
        raise InvalidGeometry(_("A position has two or three numbers."))
    return dimension


def empty() -> InvalidGeometry:
    return InvalidGeometry(
        _("The geometry is empty."),
        hint=_("QGIS sends an empty geometry for a curve or a shape that it cannot write: use straight lines."),
    )


def mixed() -> InvalidGeometry:
    return InvalidGeometry(_("Some positions have a height and others have none."))
