"""Spatial operators as SQL (OGC 09-026r2, 7.8; OGC 21-065r2, 7.7).

The geometry of the request is transformed, never the column, whose index then serves. What of it lies where nothing is
stored is cut off first: no geometry, however far away, can fail to be transformed.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from django.conf import settings
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
from psycopg import sql

from layers import crs
from layers.filters.expressions import geometry
from layers.filters.nodes import Distance, Expression, Shape, Spatial, SpatialOperator
from layers.filters.scope import Scope
from registries.core.errors import BadInput, InvalidGeometry

FUNCTIONS: dict[SpatialOperator, str] = {
    "equals": "ST_Equals({}, {})",
    "disjoint": "(NOT ST_Intersects({}, {}))",
    "touches": "ST_Touches({}, {})",
    "within": "ST_Within({}, {})",
    "overlaps": "ST_Overlaps({}, {})",
    "crosses": "ST_Crosses({}, {})",
    "intersects": "ST_Intersects({}, {})",
    "contains": "ST_Contains({}, {})",
    "bbox": "ST_Intersects({}, {})",
}
# Those that PostGIS also answers for collections of several kinds.
ANY_KIND = frozenset({"disjoint", "intersects", "bbox"})
# Coordinates are served to the millimetre: what a client sends back is never the stored number itself.
SAME_WITHIN_METRES = 0.002
SAME = (
    "({left} && ST_Expand({right}, {metres}) AND ST_Dimension({left}) = ST_Dimension({right})"
    " AND ST_HausdorffDistance({left}, {right}) <= {metres})"
)
# Beyond it no reference system has coordinates; within it, nothing overflows.
COORDINATE_MOST, NO_NUMBER = 1e9, re.compile("nan|inf", re.IGNORECASE)
# Long edges are cut up so that they may bend in the registry's plane, unless there are many vertices anyway.
EDGES, VERTICES_MOST = 32, 500
# What was cut off lies farther from all data than the first; nothing in the plane is farther apart than the second.
CUT_METRES, PLANE_METRES = 500_000.0, 1e8
MULTI = {0: MultiPoint, 1: MultiLineString, 2: MultiPolygon}


@dataclass(frozen=True)
class Side:
    """An operand in the registry's system; `whole` says that nothing of it was cut off."""

    sql: sql.Composable
    whole: bool = True


def spatial(node: Spatial, scope: Scope) -> sql.Composable:
    left, right = (side(one, node.operator, scope) for one in (node.left, node.right))
    # What reaches farther than all that is stored lies within nothing that is stored, and equals nothing.
    inner = {"within": (left,), "contains": (right,), "equals": (left, right)}.get(node.operator, ())
    if left is None or right is None or not all(one.whole for one in inner if one):
        return sql.SQL("TRUE") if node.operator == "disjoint" else sql.SQL("FALSE")
    if node.operator == "equals" and (isinstance(node.left, Shape) or isinstance(node.right, Shape)):
        return sql.SQL(SAME).format(left=left.sql, right=right.sql, metres=sql.Literal(SAME_WITHIN_METRES))
    return sql.SQL(FUNCTIONS[node.operator]).format(left.sql, right.sql)


def distance(node: Distance, scope: Scope) -> sql.Composable:
    """In metres of the registry's plane; what was cut off for lying too far away is beyond any distance."""
    if not math.isfinite(node.metres) or node.metres < 0:
        raise BadInput(_("A distance is a number of metres from 0 on."), locator="filter")
    left, right = (side(one, "intersects", scope) for one in (node.left, node.right))
    is_cut = left is None or right is None or not (left.whole and right.whole)
    if is_cut and node.metres > CUT_METRES:
        raise BadInput(_("So large a distance cannot be measured from a place so far away."), locator="filter")
    if left is None or right is None:
        return sql.SQL("TRUE") if node.beyond else sql.SQL("FALSE")
    near = sql.SQL("ST_DWithin({}, {}, {})").format(left.sql, right.sql, sql.Literal(min(node.metres, PLANE_METRES)))
    return sql.SQL("(NOT {})").format(near) if node.beyond else near


def side(node: Expression, operator: SpatialOperator, scope: Scope) -> Side | None:
    """None if nothing of it lies where anything is stored."""
    if not isinstance(node, Shape):
        return Side(geometry(node, scope).sql)
    check_places(node.geom)
    shape = collapsed(node.geom)
    check_form(shape)
    kept = within_reach(shape)
    if kept is None or kept.empty:
        return None
    whole = kept is shape
    if isinstance(kept, GeometryCollection) and kept.geom_type == "GeometryCollection" and operator not in ANY_KIND:
        kept = of_one_kind(kept)
    return Side(transformed(kept, int(shape.srid or 0), bends=operator != "equals"), whole)


def check_places(shape: GEOSGeometry) -> None:
    """InvalidGeometry for coordinates that nothing can have."""
    if shape.srid not in crs.SRIDS:
        raise InvalidGeometry(_("The geometry is in no reference system that is served."), locator="filter")
    if NO_NUMBER.search(shape.wkt) or any(
        abs(value) > COORDINATE_MOST for value in ([] if shape.empty else shape.extent)
    ):
        raise InvalidGeometry(_("The geometry has coordinates that no place has."), locator="filter")


def check_form(shape: GEOSGeometry) -> None:
    """InvalidGeometry for what no spatial relation can be asked of."""
    if not shape.valid:
        raise InvalidGeometry(
            _("The geometry of the filter is not valid: %(reason)s.") % {"reason": shape.valid_reason},
            locator="filter",
            hint=_("Rings must be closed and must not cross themselves or each other."),
        )


def collapsed(shape: GEOSGeometry) -> GEOSGeometry:
    """An area without width is the line or the point that is left of it, a line without a length a point."""
    if shape.geom_type not in ("Polygon", "LineString") or shape.empty or shape.area > 0:
        return shape
    west, south, east, north = shape.extent
    if (west, south) == (east, north):
        return Point(west, south, srid=shape.srid)
    if shape.geom_type == "LineString":
        return shape
    return LineString((west, south), (east, north), srid=shape.srid) if west == east or south == north else shape


def within_reach(shape: GEOSGeometry) -> GEOSGeometry | None:
    """The part of a shape that lies where it can be transformed, in the shape's own dimension."""
    if shape.empty:
        return None
    west, south, east, north = crs.safe_bounds(shape.srid)
    xmin, ymin, xmax, ymax = shape.extent
    if west <= xmin and south <= ymin and xmax <= east and ymax <= north:
        return shape
    try:
        cut = shape.intersection(Polygon.from_bbox((west, south, east, north)))
    except GEOSException:
        raise InvalidGeometry(_("The geometry of the filter cannot be reckoned with."), locator="filter") from None
    if shape.geom_type == "GeometryCollection" or not isinstance(cut, GeometryCollection):
        return cut
    return of_dimension(list(cut), shape.dims)


def of_dimension(parts: list[GEOSGeometry], dims: int) -> GEOSGeometry:
    """The parts of that many dimensions as one geometry."""
    flat = [one for part in parts for one in (part if isinstance(part, GeometryCollection) else [part])]
    flat = [one for one in flat if one.dims == dims]
    return MULTI[dims](flat)


def of_one_kind(shape: GeometryCollection) -> GEOSGeometry:
    parts = [one for one in shape if not one.empty]
    dims = {one.dims for one in parts}
    if len(dims) != 1 or any(one.geom_type == "GeometryCollection" for one in parts):
        raise InvalidGeometry(
            _("A collection of several kinds can only be asked whether it intersects or is disjoint."), locator="filter"
        )
    return of_dimension(parts, dims.pop()).unary_union


def transformed(shape: GEOSGeometry, srid: int, *, bends: bool) -> sql.Composed:
    """The shape as a constant in the registry's system; heights, which no relation counts, are left out."""
    flat = shape.clone()
    flat.srid = srid
    written = sql.SQL("ST_Force2D({}::geometry)").format(sql.Literal(flat.hexewkb.decode()))
    if srid == settings.REGISTRY_SRID:
        return written
    xmin, ymin, xmax, ymax = shape.extent
    step = max(xmax - xmin, ymax - ymin) / EDGES
    if bends and step > 0 and shape.num_coords <= VERTICES_MOST:
        written = sql.SQL("ST_Segmentize({}, {})").format(written, sql.Literal(step))
    moved = sql.SQL("ST_Transform({}, {})").format(written, sql.Literal(settings.REGISTRY_SRID))
    return sql.SQL("ST_MakeValid({})").format(moved) if shape.dims == 2 else moved
