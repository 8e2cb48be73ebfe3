"""The package's CQL2 tree as conditions (OGC 21-065r2, annex C, says what it looks like)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.gis.geos import (
    GeometryCollection,
    GEOSException,
    GEOSGeometry,
    LineString,
    MultiLineString,
    MultiPoint,
    MultiPolygon,
    Point,
    Polygon,
)
from django.utils.translation import gettext as _

from layers import crs
from layers.crs import Reference
from layers.filters import literals
from layers.filters.functions import without_accents
from layers.filters.nodes import (
    DEEPEST,
    All,
    AnyOf,
    Between,
    Call,
    Compare,
    Expression,
    IsNull,
    Like,
    Node,
    Not,
    OneOfMany,
    Period,
    Property,
    Shape,
    Spatial,
    SpatialOperator,
    Temporal,
    TemporalOperator,
    Truth,
    Value,
)
from layers.filters.shapes import collapsed
from registries.core.errors import BadInput

COMPARISONS = frozenset({"=", "<>", "<", ">", "<=", ">="})
ARITHMETIC = frozenset({"+", "-", "*", "/", "%", "div", "^"})
SPATIAL: dict[str, SpatialOperator] = {
    "s_contains": "contains",
    "s_crosses": "crosses",
    "s_disjoint": "disjoint",
    "s_equals": "equals",
    "s_intersects": "intersects",
    "s_overlaps": "overlaps",
    "s_touches": "touches",
    "s_within": "within",
}
TEMPORAL: dict[str, TemporalOperator] = {
    "t_after": "after",
    "t_before": "before",
    "t_contains": "contains",
    "t_disjoint": "disjoint",
    "t_during": "during",
    "t_equals": "equals",
    "t_finishedby": "ended_by",
    "t_finishes": "ends",
    "t_intersects": "any_interacts",
    "t_meets": "meets",
    "t_metby": "met_by",
    "t_overlappedby": "overlapped_by",
    "t_overlaps": "overlaps",
    "t_startedby": "begun_by",
    "t_starts": "begins",
}
COLLECTIONS: dict[str, tuple[type[GEOSGeometry], str]] = {
    "MultiPoint": (MultiPoint, "Point"),
    "MultiLineString": (MultiLineString, "LineString"),
    "MultiPolygon": (MultiPolygon, "Polygon"),
}
OPEN = ".."
# Larger numbers are not exact in the double precision that the package reads with: they stay what they are.
EXACT = 2.0**53


@dataclass
class Reading:
    """One filter being read; `groups` are the trees that the names of bracketed groups stand for."""

    reference: Reference
    groups: Mapping[str, Any] = field(default_factory=dict)
    depth: int = 0

    def inner(self, tree: Any) -> Any:
        """The tree itself, where a name stands for a group."""
        while isinstance(tree, dict) and tree.get("property") in self.groups:
            tree = self.groups[tree["property"]]
        return tree

    def deeper(self, read: Callable[..., Any], *arguments: Any) -> Any:
        self.depth += 1
        if self.depth > DEEPEST:
            raise BadInput(_("The filter is too deeply nested."), locator="filter")
        found = read(*arguments)
        self.depth -= 1
        return found

    def node(self, tree: Any) -> Node:
        """`tree` where a condition belongs."""
        return self.deeper(self._node, self.inner(tree))

    def _node(self, tree: Any) -> Node:
        if isinstance(tree, bool) or (isinstance(tree, dict) and "property" in tree):
            return Truth(self.expression(tree))
        op, arguments = operation(tree)
        if op in CONDITIONS:
            read, count = CONDITIONS[op]
            if count is not None and len(arguments) != count:
                raise wrong_count(op, len(arguments))
            return read(self, op, arguments)
        if op in ARITHMETIC:
            raise unexpected()
        return Truth(self.expression(tree))

    def expression(self, tree: Any) -> Expression:
        """`tree` where a value belongs."""
        return self.deeper(self._expression, self.inner(tree))

    def _expression(self, tree: Any) -> Expression:
        if tree is None or isinstance(tree, str | bool | int | float):
            return Value(plain(tree))
        if not isinstance(tree, dict):
            raise unexpected()
        for key, read in EXPRESSIONS.items():
            if key in tree:
                return read(self, tree[key])
        if "type" in tree:
            return Shape(self.shape(tree))
        op, arguments = operation(tree)
        if op in CONDITIONS or op.startswith("a_"):
            raise unexpected(op)
        return Call(op, tuple(self.expression(one) for one in arguments))

    def period(self, ends: Any) -> Period:
        if not isinstance(ends, list) or len(ends) != 2:
            raise wrong_count("INTERVAL", len(ends) if isinstance(ends, list) else 1)
        start, end = (self.end(one) for one in ends)
        return Period(start, end)

    def end(self, tree: Any) -> Any:
        found = None if tree == OPEN else self.expression(tree)
        if found is None or isinstance(found, Property):
            return found
        if not isinstance(found, Value):
            raise unexpected("INTERVAL")
        return literals.moment(found.value, "filter")

    def box(self, numbers: Any) -> Shape:
        """Two or three coordinates each; in degrees, west may lie east of east: across the antimeridian."""
        if not isinstance(numbers, list) or len(numbers) not in (4, 6) or not all(map(literals.is_number, numbers)):
            raise wrong_count("BBOX", len(numbers) if isinstance(numbers, list) else 1)
        half = len(numbers) // 2
        first, second = self.place(numbers[:2]), self.place(numbers[half : half + 2])
        (west, south), (east, north) = first, second
        if south > north or (west > east and not crs.is_geographic(self.reference.srid)):
            raise BadInput(_("The lower corner of a BBOX comes first, then the upper."), locator="filter")
        spans = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
        boxes = [Polygon.from_bbox((left, south, right, north)) for left, right in spans]
        return Shape(self.placed(collapsed(boxes[0]) if len(boxes) == 1 else MultiPolygon(boxes)))

    def placed(self, geom: GEOSGeometry) -> GEOSGeometry:
        geom.srid = self.reference.srid
        return geom

    def shape(self, tree: Any) -> GEOSGeometry:
        try:
            return self.placed(self.drawn(tree))
        except (GEOSException, TypeError, ValueError, KeyError, IndexError):
            raise BadInput(
                _("A geometry is not complete: rings must be closed and lines need two points."), locator="filter"
            ) from None

    def drawn(self, tree: Any) -> GEOSGeometry:
        kind = tree["type"]
        if kind == "GeometryCollection":
            return self.deeper(lambda: GeometryCollection([self.drawn(one) for one in tree["geometries"]]))
        coordinates = tree["coordinates"]
        if kind in COLLECTIONS:
            made, part = COLLECTIONS[kind]
            return made([self.drawn({"type": part, "coordinates": one}) for one in coordinates])
        if not coordinates:
            return {"Point": Point, "LineString": LineString, "Polygon": Polygon}[kind]()
        if kind == "Point":
            return Point(self.place(coordinates))
        if kind == "LineString":
            return LineString([self.place(one) for one in coordinates])
        if kind == "Polygon":
            return Polygon(*([self.place(one) for one in ring] for ring in coordinates))
        raise ValueError(kind)

    def place(self, coordinates: Any) -> tuple[float, float]:
        """East and north; a height says nothing in any relation that there is."""
        first, second = float(coordinates[0]), float(coordinates[1])
        return (second, first) if self.reference.flipped else (first, second)


def operation(tree: Any) -> tuple[str, list[Any]]:
    if not isinstance(tree, dict) or not isinstance(tree.get("op"), str) or not isinstance(tree.get("args"), list):
        raise unexpected()
    op = tree["op"]
    return (op if op == "isNull" else op.lower()), tree["args"]


def unexpected(op: str = "") -> BadInput:
    if op:
        return BadInput(_("“%(name)s” has no place here.") % {"name": op[:40]}, locator="filter")
    return BadInput(_("A condition and a value stand in each other's place."), locator="filter")


def wrong_count(op: str, count: int) -> BadInput:
    return BadInput(
        _("“%(name)s” does not take this number of arguments: %(count)d.") % {"name": op[:40], "count": count},
        locator="filter",
    )


def plain(value: Any) -> Any:
    """The package reads all numbers as real ones."""
    if isinstance(value, float) and value.is_integer() and abs(value) < EXACT:
        return int(value)
    return value


def pattern(tree: Any) -> str:
    """The pattern of LIKE: a text, which `casei` and `accenti` may be applied to."""
    if isinstance(tree, str):
        return tree
    op, arguments = operation(tree)
    if op not in ("casei", "accenti") or len(arguments) != 1:
        raise unexpected(op)
    inner = pattern(arguments[0])
    return inner.lower() if op == "casei" else without_accents(inner)


def _like(reading: Reading, op: str, arguments: list[Any]) -> Node:
    return Like(reading.expression(arguments[0]), pattern(reading.inner(arguments[1])))


def _in(reading: Reading, op: str, arguments: list[Any]) -> Node:
    if not isinstance(arguments[1], list):
        raise unexpected(op)
    values = tuple(reading.expression(one) for one in arguments[1])
    return OneOfMany(reading.expression(arguments[0]), values)


def _between(reading: Reading, op: str, arguments: list[Any]) -> Node:
    operand, lower, upper = map(reading.expression, arguments)
    return Between(operand, lower, upper)


def _compare(reading: Reading, op: str, arguments: list[Any]) -> Node:
    left, right = map(reading.expression, arguments)
    return Compare(op, left, right)  # type: ignore[arg-type]  # one of COMPARISONS


def _spatial(reading: Reading, op: str, arguments: list[Any]) -> Node:
    left, right = map(reading.expression, arguments)
    return Spatial(SPATIAL[op], left, right)


def _temporal(reading: Reading, op: str, arguments: list[Any]) -> Node:
    left, right = map(reading.expression, arguments)
    return Temporal(TEMPORAL[op], left, right)


def _property(reading: Reading, name: Any) -> Expression:
    if not isinstance(name, str):
        raise unexpected()
    return Property(name)


def _day(reading: Reading, text: Any) -> Expression:
    found = literals.moment(text, "filter")
    if isinstance(found, datetime):
        raise unexpected("TIMESTAMP")
    return Value(found)


def _instant(reading: Reading, text: Any) -> Expression:
    found = literals.moment(text, "filter")
    if not isinstance(found, datetime):
        raise unexpected("DATE")
    return Value(found)


Read = Callable[[Reading, str, list[Any]], Node]
# How each operator is read and how many arguments it takes; None: any number.
CONDITIONS: dict[str, tuple[Read, int | None]] = {
    "and": (lambda reading, op, arguments: All(tuple(map(reading.node, arguments))), None),
    "or": (lambda reading, op, arguments: AnyOf(tuple(map(reading.node, arguments))), None),
    "not": (lambda reading, op, arguments: Not(reading.node(arguments[0])), 1),
    "isNull": (lambda reading, op, arguments: IsNull(reading.expression(arguments[0])), 1),
    "like": (_like, 2),
    "in": (_in, 2),
    "between": (_between, 3),
    **dict.fromkeys(COMPARISONS, (_compare, 2)),
    **dict.fromkeys(SPATIAL, (_spatial, 2)),
    **dict.fromkeys(TEMPORAL, (_temporal, 2)),
}
EXPRESSIONS: dict[str, Callable[[Reading, Any], Expression]] = {
    "property": _property,
    "date": _day,
    "timestamp": _instant,
    "interval": Reading.period,
    "bbox": Reading.box,
}
