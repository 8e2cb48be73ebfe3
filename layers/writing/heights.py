"""A shape that comes back from an editor: what was not moved stays as it was stored, to the last digit, heights too.

Editors give coordinates to a millimetre and, over WFS, without heights. A vertex within a millimetre of a stored one is
that stored vertex: neighbours keep sharing their boundary, and nothing seems changed that was not. Where the stored
shape has heights and the new one has none, a new vertex of a line gets one evenly between its neighbours along the
line, and a moved point or line keeps the heights that it had.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, LineString, MultiPolygon, Point, Polygon

SAME_M = 0.001
Vertex = tuple[float, ...]
Stored = dict[tuple[int, int], list[Vertex]]


def restored(new: GEOSGeometry, old: GEOSGeometry) -> GEOSGeometry:
    """`new` with the vertices of `old` where they are the same, and with heights if `old` has them and `new` has not.

    It is `old` itself if nothing differs. Both are in the registry's CRS and of one kind.
    """
    stored = _by_place(old)
    made = _rebuilt(new, stored, wants_heights=bool(old.hasz and not new.hasz), old=old)
    return old if _is_same(made, old) else made


def _by_place(geom: GEOSGeometry) -> Stored:
    found: Stored = {}
    for vertex in vertices(geom.coords):  # type: ignore[attr-defined]  # the stubs know it of the kinds only
        found.setdefault(_cell(vertex), []).append(vertex)
    return found


def vertices(coords: Any) -> Iterator[Vertex]:
    """Every vertex, however deep the rings lie."""
    if coords and isinstance(coords[0], float):
        yield coords
    else:
        for part in coords:
            yield from vertices(part)


def _cell(vertex: Vertex) -> tuple[int, int]:
    return math.floor(vertex[0] / SAME_M), math.floor(vertex[1] / SAME_M)


def _match(vertex: Vertex, stored: Stored) -> Vertex | None:
    """The stored vertex within a millimetre, the nearest if there are several."""
    column, row = _cell(vertex)
    near = [
        (distance, one)
        for x in (column - 1, column, column + 1)
        for y in (row - 1, row, row + 1)
        for one in stored.get((x, y), ())
        if (distance := math.dist(one[:2], vertex[:2])) <= SAME_M
    ]
    return min(near)[1] if near else None


def _rebuilt(new: GEOSGeometry, stored: Stored, *, wants_heights: bool, old: GEOSGeometry) -> GEOSGeometry:
    if isinstance(new, MultiPolygon):
        parts = new.coords
        polygons = [Polygon(*([_snapped(one, stored) for one in ring] for ring in part)) for part in parts]
        return MultiPolygon(polygons, srid=new.srid)
    if isinstance(new, Point):
        place = _snapped(new.coords, stored)
        height = [old.z] if wants_heights and isinstance(old, Point) else []
        return Point([*place, *height], srid=new.srid)
    assert isinstance(new, LineString), "Registries keep points, lines and areas."
    line = _with_heights(new, old, stored) if wants_heights else [_snapped(one, stored) for one in new.coords]
    return LineString(line, srid=new.srid)


def _snapped(vertex: Vertex, stored: Stored) -> Vertex:
    """A height that came with the vertex stays, because it may be what was edited."""
    found = _match(vertex, stored)
    return vertex if found is None else (*found[:2], *vertex[2:])


def _with_heights(new: LineString, old: GEOSGeometry, stored: Stored) -> list[Vertex]:
    found = [_match(vertex, stored) for vertex in new.coords]
    along = list(_distances(new.coords))
    known = [(at, one[2]) for at, one in zip(along, found, strict=True) if one is not None and len(one) > 2]
    if not known:
        # Nothing stayed in its place: the whole line was moved.
        known = _profile(old, along[-1])
    return [
        one if one is not None else (*vertex[:2], _between(known, at))
        for vertex, at, one in zip(new.coords, along, found, strict=True)
    ]


def _distances(coords: Sequence[Vertex]) -> Iterator[float]:
    total, before = 0.0, coords[0]
    for vertex in coords:
        total += math.dist(before[:2], vertex[:2])
        before = vertex
        yield total


def _profile(old: GEOSGeometry, length: float) -> list[tuple[float, float]]:
    """The heights of the stored line, stretched to the length of the new one."""
    along = list(_distances(old.coords))  # type: ignore[attr-defined]  # the stubs know it of the kinds only
    scale = length / along[-1] if along[-1] else 0.0
    return [(at * scale, vertex[2]) for at, vertex in zip(along, old.coords, strict=True)]  # type: ignore[attr-defined]


def _between(known: list[tuple[float, float]], at: float) -> float:
    """The height at a distance along the line, evenly between the known ones; beyond the ends that of the end."""
    after = next((index for index, (place, _height) in enumerate(known) if place >= at), len(known))
    if after == 0:
        return known[0][1]
    if after == len(known):
        return known[-1][1]
    (left, low), (right, high) = known[after - 1], known[after]
    return low + (high - low) * ((at - left) / (right - left)) if right > left else low


def _is_same(made: GEOSGeometry, old: GEOSGeometry) -> bool:
    """Lines have a direction, which is theirs; how a ring is turned, and where it begins, says nothing."""
    if not isinstance(made, MultiPolygon):
        return bool(made.ewkb == old.ewkb)
    mine, other = (set(vertices(one.coords)) for one in (made, old))  # type: ignore[attr-defined]
    return mine == other and bool(made.equals(old))
