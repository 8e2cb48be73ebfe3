"""A condition on features as one plain tree, whatever language it came in: FES, OGC Filter 1.x, CQL2 text or JSON.

Parsers make these nodes and know nothing of layers; `layers.filters.compile` alone turns them into SQL, over columns
that the reader may see. Names after OGC 09-026r2 and OGC 21-065r2.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal as OneOf
from uuid import UUID

from django.contrib.gis.geos import GEOSGeometry

ComparisonOperator = OneOf["=", "<>", "<", ">", "<=", ">="]
SpatialOperator = OneOf[
    "equals", "disjoint", "touches", "within", "overlaps", "crosses", "intersects", "contains", "bbox"
]
TemporalOperator = OneOf[
    "after", "before", "begins", "begun_by", "contains", "during", "ends", "ended_by", "equals", "meets", "met_by",
    "overlaps", "overlapped_by", "any_interacts", "disjoint",
]  # fmt: skip


@dataclass(frozen=True)
class Property:
    """A property by its local name, `geom` being the geometry; `of` is the feature type or alias in a join."""

    name: str
    of: str = ""


@dataclass(frozen=True)
class Value:
    """A literal; text that may be a number or date takes the type of what it is compared with."""

    value: str | int | float | bool | date | datetime | None


@dataclass(frozen=True)
class Shape:
    """A geometry with its SRID, x being east whatever the axis order it was written in."""

    geom: GEOSGeometry


@dataclass(frozen=True)
class Period:
    """A stretch of time; None is open. Ends are included (ISO 19108 leaves it open; both OGC APIs include them)."""

    start: date | datetime | Property | None
    end: date | datetime | Property | None


@dataclass(frozen=True)
class Call:
    """A function or an arithmetic operator (`+ - * / % div ^`) by its lower-case name."""

    name: str
    arguments: tuple[Expression, ...]


Expression = Property | Value | Shape | Period | Call


@dataclass(frozen=True)
class Compare:
    operator: ComparisonOperator
    left: Expression
    right: Expression
    match_case: bool = True


@dataclass(frozen=True)
class Like:
    """`pattern` in SQL's own wildcards, `%` and `_`, with the backslash as escape."""

    operand: Expression
    pattern: str
    match_case: bool = True


@dataclass(frozen=True)
class Between:
    operand: Expression
    lower: Expression
    upper: Expression


@dataclass(frozen=True)
class OneOfMany:
    operand: Expression
    values: tuple[Expression, ...]


@dataclass(frozen=True)
class IsNull:
    operand: Expression


@dataclass(frozen=True)
class Spatial:
    operator: SpatialOperator
    left: Expression
    right: Expression


@dataclass(frozen=True)
class Distance:
    """Whether two geometries lie within `metres` of one another; the opposite is Beyond."""

    left: Expression
    right: Expression
    metres: float
    beyond: bool = False


@dataclass(frozen=True)
class Temporal:
    operator: TemporalOperator
    left: Expression
    right: Expression


@dataclass(frozen=True)
class FeatureId:
    """One feature; `version` None means whichever is current, `key` is the layer that the identifier names."""

    key: str
    id: UUID | None
    version: int | None = None


@dataclass(frozen=True)
class Ids:
    """Any of these features; one whose `id` is None has an identifier that cannot be ours, and matches nothing."""

    ids: tuple[FeatureId, ...]


@dataclass(frozen=True)
class Truth:
    """A boolean expression standing alone, such as a boolean property or literal in CQL2."""

    operand: Expression


@dataclass(frozen=True)
class All:
    parts: tuple[Node, ...]


@dataclass(frozen=True)
class AnyOf:
    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Not:
    part: Node


Node = Compare | Like | Between | OneOfMany | IsNull | Spatial | Distance | Temporal | Ids | Truth | All | AnyOf | Not
# Deeper trees are no questions of people; recursion over them would end the process.
DEEPEST, MOST_NODES = 60, 5_000
