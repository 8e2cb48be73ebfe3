"""Geometry that comes in as GML 2.1.2, 3.1.1 or 3.2.1 (OGC 02-069, 03-105r1, 07-036), x being east afterwards.

Read here and not by PostGIS or OGR: the first flips what QGIS writes in WFS 1.0.0, and handing text on for each of ten
thousand inserts costs more than reading it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from struct import pack
from typing import NamedTuple

from django.contrib.gis.geos import GEOSException, GEOSGeometry
from django.utils.translation import gettext as _
from lxml import etree

from layers.crs import Reference, named
from layers.wfs.gml_positions import Positions, children, empty, local, mixed, own, pos, positions, together
from layers.wfs.requests import Version
from registries.core.errors import BadInput, InvalidGeometry

POINT, LINE, POLYGON, MULTI_POINT, MULTI_LINE, MULTI_POLYGON, COLLECTION = range(1, 8)
# PostGIS's extended well-known binary, in which the kind tells of a third number.
WITH_Z = 0x80000000
LITTLE_ENDIAN = 1


class Part(NamedTuple):
    """A geometry as extended well-known binary."""

    kind: int
    dimension: int
    binary: bytes


def geometry(
    element: etree._Element, default: Reference | None, version: Version, locator: str = "geom"
) -> GEOSGeometry:
    """The geometry that a GML element holds, with its SRID.

    In 1.0.0 x comes first whatever the system is called; later its name decides (`layers.crs.named`). Where neither the
    geometry nor the GML around it names one, `default` holds. BadInput for a system that is not served, InvalidGeometry
    for what is no geometry, is empty, or has curves that are not made of straight lines.
    """
    srid, flipped = system(element, default, version, locator)
    try:
        return GEOSGeometry(memoryview(read(element, flipped).binary), srid=srid)
    except GEOSException:
        raise InvalidGeometry(locator=locator) from None
    except InvalidGeometry as error:
        error.locator = error.locator or locator
        raise


def is_geometry(element: etree._Element) -> bool:
    """Whether `geometry` is to judge the element: GML's, or with the name of a geometry but no namespace."""
    if "}" in str(element.tag):
        return own(element)
    return local(element) in SIMPLE or local(element) in AGGREGATES


def is_envelope(element: etree._Element) -> bool:
    return own(element) and SIMPLE.get(local(element)) is envelope


def system(element: etree._Element, default: Reference | None, version: Version, locator: str) -> tuple[int, bool]:
    """SRID, and whether y is written before x."""
    written = {name for one in element.iter() if (name := one.get("srsName")) is not None}
    if element.get("srsName") is None:
        around = (one.get("srsName") for one in element.iterancestors() if own(one))
        written.update([name for name in around if name is not None][:1])
    found = [named(name.strip(), locator) for name in sorted(written)]
    if default is not None and not found:
        found = [default]
    systems = {(one.srid, one.flipped and version != "1.0.0") for one in found}
    if not systems:
        raise BadInput(_("The geometry names no reference system."), locator=locator, hint=_("Add srsName."))
    if len(systems) > 1:
        raise BadInput(_("The parts of the geometry name different reference systems."), locator=locator)
    return systems.pop()


def read(element: etree._Element, flipped: bool) -> Part:
    if own(element) and local(element) in AGGREGATES:
        return aggregate(element, flipped)
    parts = simple(element, flipped)
    return parts[0] if len(parts) == 1 else collected(MULTI_POLYGON, parts)


def simple(element: etree._Element, flipped: bool) -> list[Part]:
    """One point, line or area; the areas of a surface that is made of several."""
    reader = SIMPLE.get(local(element)) if own(element) else None
    if reader is None:
        raise curved(element)
    return reader(element, flipped)


def aggregate(element: etree._Element, flipped: bool) -> Part:
    kind, allowed = AGGREGATES[local(element)]
    members = members_of(element)
    if kind == COLLECTION:
        return collected(kind, [read(member, flipped) for member in members])
    parts = [part for member in members for part in simple(member, flipped)]
    if any(part.kind != allowed for part in parts):
        raise InvalidGeometry(_("“%(name)s” has members of another kind.") % {"name": local(element)})
    return collected(kind, parts)


def members_of(element: etree._Element) -> list[etree._Element]:
    """The geometries in `…Member` and `…Members`; none of them may lie elsewhere."""
    holders = [child for child in element if own(child) and local(child).endswith(("Member", "Members"))]
    members = [member for holder in holders for member in holder]
    if not members or any(not len(holder) for holder in holders):
        raise empty()
    return members


def collected(kind: int, parts: Sequence[Part]) -> Part:
    dimension = same_dimension([part.dimension for part in parts])
    return made(kind, dimension, pack("<I", len(parts)) + b"".join(part.binary for part in parts))


def made(kind: int, dimension: int, content: bytes) -> Part:
    return Part(kind, dimension, pack("<BI", LITTLE_ENDIAN, kind | WITH_Z if dimension == 3 else kind) + content)


def same_dimension(dimensions: Sequence[int]) -> int:
    if not dimensions:
        raise empty()
    if min(dimensions) != max(dimensions):
        raise mixed()
    return dimensions[0]


def point(element: etree._Element, flipped: bool) -> list[Part]:
    dimension, numbers = one = east_first(positions(element), flipped)
    if one.size != 1:
        raise InvalidGeometry(_("A point has one position."))
    return [made(POINT, dimension, pack(f"<{dimension}d", *numbers))]


def line(element: etree._Element, flipped: bool) -> list[Part]:
    one = east_first(path(element), flipped)
    if one.size < 2:
        raise InvalidGeometry(_("A line has two positions at least."))
    return [made(LINE, one.dimension, counted(one))]


def polygon(element: etree._Element, flipped: bool) -> list[Part]:
    outer = boundaries(element, "exterior", "outerBoundaryIs")
    if not outer:
        raise empty()
    if len(outer) > 1:
        raise InvalidGeometry(_("An area has one outer boundary."))
    inner = boundaries(element, "interior", "innerBoundaryIs")
    rings = [east_first(ring(one), flipped) for one in (*outer, *inner)]
    dimension = same_dimension([one.dimension for one in rings])
    return [made(POLYGON, dimension, pack("<I", len(rings)) + b"".join(map(counted, rings)))]


def boundaries(element: etree._Element, *names: str) -> list[etree._Element]:
    found = []
    for holder in children(element, *names):
        if not len(holder):
            raise empty()
        found += list(holder)
    return found


def ring(element: etree._Element) -> Positions:
    found = path(element)
    if found.size < 4 or not found.is_closed:
        raise InvalidGeometry(_("A ring has four positions at least, the last being the first again."))
    return found


def surface(element: etree._Element, flipped: bool) -> list[Part]:
    """The patches of a surface; with Triangle and Rectangle they are bounded alike."""
    patches = [patch for holder in children(element, "patches", "polygonPatches") for patch in holder]
    found = []
    for patch in patches:
        if not own(patch) or local(patch) not in ("PolygonPatch", "Triangle", "Rectangle"):
            raise curved(patch)
        found += polygon(patch, flipped)
    return found


def composite_surface(element: etree._Element, flipped: bool) -> list[Part]:
    parts = [part for member in members_of(element) for part in simple(member, flipped)]
    if any(part.kind != POLYGON for part in parts):
        raise InvalidGeometry(_("“%(name)s” has members of another kind.") % {"name": local(element)})
    return parts


def envelope(element: etree._Element, flipped: bool) -> list[Part]:
    """A box as the area that it covers, or the line or point if it has no width."""
    corners = children(element, "lowerCorner", "upperCorner")
    found = together([pos(corner) for corner in corners]) if corners else positions(element)
    if found.size != 2:
        raise InvalidGeometry(_("A box has two corners."))
    dimension, numbers = east_first(found, flipped)
    west, south, east, north = *numbers[:2], *numbers[dimension : dimension + 2]
    if west > east or south > north:
        raise InvalidGeometry(_("The lower corner of the box lies beyond the upper corner."))
    if (west, south) == (east, north):
        return [made(POINT, 2, pack("<2d", west, south))]
    if west == east or south == north:
        return [made(LINE, 2, counted(Positions(2, [west, south, east, north])))]
    around = Positions(2, [west, south, east, south, east, north, west, north, west, south])
    return [made(POLYGON, 2, pack("<I", 1) + counted(around))]


def path(element: etree._Element) -> Positions:
    """The positions along a line, a ring or a curve made of straight lines."""
    name = local(element) if own(element) else ""
    if name in ("LineString", "LinearRing"):
        return positions(element)
    if name == "Curve":
        return joined([straight(one) for holder in children(element, "segments") for one in holder])
    if name in ("CompositeCurve", "Ring"):
        return joined([path(member) for member in members_of(element)])
    if name == "OrientableCurve":
        return joined([path(one) for holder in children(element, "baseCurve") for one in holder], turned(element))
    raise curved(element)


def straight(segment: etree._Element) -> Positions:
    is_line = own(segment) and local(segment) == "LineStringSegment"
    if not is_line or segment.get("interpolation", "linear") != "linear":
        raise curved(segment)
    return positions(segment)


def turned(element: etree._Element) -> bool:
    return element.get("orientation") == "-"


def joined(found: Sequence[Positions], is_turned: bool = False) -> Positions:
    """One line of several that meet (OGC 07-036, 10.4.4)."""
    dimension = same_dimension([one.dimension for one in found])
    numbers = list(found[0].numbers)
    for one in found[1:]:
        if one.numbers[:dimension] != numbers[-dimension:]:
            raise InvalidGeometry(_("The parts of a curve do not meet."))
        numbers += one.numbers[dimension:]
    if is_turned:
        places = range(len(numbers) - dimension, -1, -dimension)
        numbers = [number for at in places for number in numbers[at : at + dimension]]
    return Positions(dimension, numbers)


def east_first(found: Positions, flipped: bool) -> Positions:
    if flipped:
        dimension, numbers = found
        numbers[0::dimension], numbers[1::dimension] = numbers[1::dimension], numbers[0::dimension]
    return found


def counted(found: Positions) -> bytes:
    return pack(f"<I{len(found.numbers)}d", found.size, *found.numbers)


def curved(element: etree._Element) -> InvalidGeometry:
    return InvalidGeometry(
        _("“%(name)s” is no geometry that is read here.") % {"name": local(element)[:80]},
        hint=_("Send points, straight lines and areas bounded by them; in QGIS “Segmentize” makes them of curves."),
    )


SIMPLE: dict[str, Callable[[etree._Element, bool], list[Part]]] = {
    "Point": point,
    **dict.fromkeys(("LineString", "LinearRing", "Curve", "CompositeCurve", "OrientableCurve", "Ring"), line),
    "Polygon": polygon,
    "Surface": surface,
    "CompositeSurface": composite_surface,
    **dict.fromkeys(("Envelope", "Box"), envelope),
}
# Each with its own kind and that of its members.
AGGREGATES = {
    "MultiPoint": (MULTI_POINT, POINT),
    **dict.fromkeys(("MultiLineString", "MultiCurve"), (MULTI_LINE, LINE)),
    **dict.fromkeys(("MultiPolygon", "MultiSurface"), (MULTI_POLYGON, POLYGON)),
    "MultiGeometry": (COLLECTION, 0),
}
