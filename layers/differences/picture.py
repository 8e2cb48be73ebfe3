"""One change drawn as a plain picture: what stays, what comes, what goes, and the corners that moved. It prints, needs
no script, and its numbers can be read aloud.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.gis.geos import GeometryCollection, GEOSGeometry, LineString, Point, Polygon
from django.db import connection
from psycopg import sql

from layers.differences.features import Item
from layers.differences.sides import Difference

WIDTH, TALLEST, LOWEST, EDGE = 480, 400, 160, 28
# A point has no extent: it is shown in the middle of so many metres.
LEAST_M = 20.0
# Corners nearer than this are the same.
SAME_MM = 1
BARS_M = [step * 10**power for power in range(6) for step in (1, 2, 5)]
# Most of the picture's width that the bar of the scale takes.
BAR_SHARE = 0.3
SIDES = """
SELECT action, side, kept, registry, title, ST_AsBinary(ST_Force2D(geom)) FROM ({sides}) s WHERE item = {item}
"""
Place = tuple[float, ...]


@dataclass(frozen=True)
class Drawing:
    """Paths and places in pixels, as SVG writes them; measures in m² or m, None for points and missing sides."""

    action: str
    registry: str
    title: str
    is_kept: bool
    dimension: int
    height: int
    bar_m: int
    bar_px: str
    before: float | None
    after: float | None
    kept: str = ""
    added: str = ""
    removed: str = ""
    new_corners: list[tuple[str, str]] = field(default_factory=list)
    old_corners: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Outlines:
    """Versions of one shape on the same paper, each as SVG path data; empty for a missing one."""

    dimension: int
    height: int
    bar_m: int
    bar_px: str
    paths: list[str]


def outlines(versions: Sequence[GEOSGeometry | None]) -> Outlines:
    """At least one of `versions`, all in one metric system, must be there."""
    there = [one for one in versions if one is not None]
    paper = Paper.around(there)
    dimension = max(one.dims for one in there)
    paths = [paper.path(one, dimension) for one in versions]
    return Outlines(dimension, paper.height, paper.bar_m, paper.bar_px, paths)


def drawing(difference: Difference, item: Item) -> Drawing | None:
    """The picture of `item`; None if it has no shape."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(SIDES).format(sides=difference.sides, item=sql.Literal(item)))
        rows = cursor.fetchall()
    if not rows:
        return None
    shapes = {side: GEOSGeometry(memoryview(shape)) for _action, side, _kept, _registry, _title, shape in rows}
    action, _side, kept, registry, title, _shape = rows[0]
    old = shapes.get("new") if kept else shapes.get("old")
    return _drawn(old, shapes.get("new"), action=action, registry=registry, title=title, is_kept=bool(kept))


def _drawn(old: GEOSGeometry | None, new: GEOSGeometry | None, **words: Any) -> Drawing:
    sides = [side for side in (old, new) if side is not None]
    paper = Paper.around(sides)
    dimension = max(side.dims for side in sides)
    kept, added, removed = _parts(old, new)
    old_corners, new_corners = set(_corners(old)), set(_corners(new))
    return Drawing(
        **words,
        dimension=dimension,
        height=paper.height,
        bar_m=paper.bar_m,
        bar_px=paper.bar_px,
        before=_measure(old, dimension),
        after=_measure(new, dimension),
        kept=paper.path(kept, dimension),
        added=paper.path(added, dimension),
        removed=paper.path(removed, dimension),
        new_corners=[paper.place(corner) for corner in sorted(new_corners - old_corners)] if old else [],
        old_corners=[paper.place(corner) for corner in sorted(old_corners - new_corners)] if new else [],
    )


def _parts(
    old: GEOSGeometry | None, new: GEOSGeometry | None
) -> tuple[GEOSGeometry | None, GEOSGeometry | None, GEOSGeometry | None]:
    """What stays, what comes, what goes."""
    if old is None or new is None:
        return None, new, old
    return old.intersection(new), new.difference(old), old.difference(new)


def _measure(shape: GEOSGeometry | None, dimension: int) -> float | None:
    if shape is None or not dimension:
        return None
    return float(shape.area if dimension == 2 else shape.length)


def _corners(shape: GEOSGeometry | None) -> Iterator[Place]:
    """Corners to the millimetre, so that they can be compared."""
    for line in _lines(shape, lambda part: True):
        yield from ((round(x * 1000 / SAME_MM) / 1000, round(y * 1000 / SAME_MM) / 1000) for x, y, *_height in line)


def _lines(shape: GEOSGeometry | None, wanted: Callable[[GEOSGeometry], bool]) -> Iterator[list[Place]]:
    """The runs of coordinates of all `wanted` parts: rings, lines, single points."""
    if shape is None or shape.empty:
        return
    if isinstance(shape, GeometryCollection):
        for part in shape:
            yield from _lines(part, wanted)
    elif not wanted(shape):
        return
    elif isinstance(shape, Polygon):
        yield from (list(ring.coords) for ring in shape)
    elif isinstance(shape, Point):
        yield [shape.coords]
    elif isinstance(shape, LineString):
        yield list(shape.coords)


@dataclass(frozen=True)
class Paper:
    """From metres east and north to pixels right and down."""

    west: float
    north: float
    scale: float
    height: int

    @classmethod
    def around(cls, shapes: list[GEOSGeometry]) -> Paper:
        boxes = [shape.extent for shape in shapes]
        west, south = min(box[0] for box in boxes), min(box[1] for box in boxes)
        east, north = max(box[2] for box in boxes), max(box[3] for box in boxes)
        wide, tall = max(east - west, LEAST_M), max(north - south, LEAST_M / 2)
        scale = min((WIDTH - 2 * EDGE) / wide, (TALLEST - 2 * EDGE) / tall)
        height = max(LOWEST, round(tall * scale + 2 * EDGE))
        middle = ((west + east) / 2, (south + north) / 2)
        return cls(middle[0] - WIDTH / scale / 2, middle[1] + height / scale / 2, scale, height)

    @property
    def bar_m(self) -> int:
        """A round length of the ground."""
        return max((bar for bar in BARS_M if bar * self.scale <= WIDTH * BAR_SHARE), default=BARS_M[0])

    @property
    def bar_px(self) -> str:
        return f"{self.bar_m * self.scale:.1f}"

    def place(self, at: Place) -> tuple[str, str]:
        return f"{(at[0] - self.west) * self.scale:.1f}", f"{(self.north - at[1]) * self.scale:.1f}"

    def path(self, shape: GEOSGeometry | None, dimension: int) -> str:
        """SVG path data of the parts of that dimension; a point is a line to itself, which round caps make a dot."""
        found = []
        for line in _lines(shape, lambda part: part.dims == dimension):
            places = [" ".join(self.place(at)) for at in (line if len(line) > 1 else line * 2)]
            found.append("M" + "L".join(places) + ("Z" if dimension == 2 else ""))
        return "".join(found)
