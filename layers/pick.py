"""What lies at a point of the map, and one feature whole: exact geometry, never a tile's clipped copy."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from psycopg import sql

from layers.access import Reader
from layers.catalogue import Catalogue
from layers.layer import GeometryKind, Layer
from layers.query import Query, order, where

# What is thin is hard to hit and lies on top, the nearest first. An area answers everywhere and comes last; of two
# areas the one of the later layer in the catalogue lies above.
RANK: dict[GeometryKind, int] = {"Point": 0, "LineString": 1, "MultiPolygon": 2}
# A place to point at: the point itself, the middle of a line, somewhere safely inside an area.
ANCHORS: dict[GeometryKind, str] = {
    "Point": "{}",
    "LineString": "ST_LineInterpolatePoint({}, 0.5)",
    "MultiPolygon": "ST_PointOnSurface({})",
}


@dataclass(frozen=True)
class Feature:
    """One published feature; `geometry` is GeoJSON in degrees.

    A place to point at is `anchor`, east and north in the registry's CRS, and the same in degrees, `lnglat`.
    """

    layer: Layer
    id: UUID
    version: int
    values: dict[str, Any]
    geometry: dict[str, Any]
    anchor: tuple[float, float]
    lnglat: tuple[float, float]


def features_at(
    catalogue: Catalogue, layers: Iterable[Layer], lnglat: tuple[float, float], tolerance_m: float, limit: int = 12
) -> list[Feature]:
    """The features at a place in degrees, topmost first; points and lines within `tolerance_m` of it count as hit."""
    found: list[Feature] = []
    for layer, id in _hits(catalogue.reader, list(layers), lnglat, tolerance_m, limit):
        found += features(Query(layer=layer, reader=catalogue.reader, ids=(id,)))
    return found


def features(query: Query, also: sql.Composable | None = None) -> list[Feature]:
    """The features asked for with all their columns; `also` is one more condition over the layer's source."""
    layer = query.layer
    anchor = sql.SQL(ANCHORS[layer.geometry]).format(sql.SQL("ST_Force2D({})").format(layer.geom))
    degrees = sql.SQL("ST_Transform({}, 4326)").format(anchor)
    shape = sql.SQL("ST_AsGeoJSON(ST_Transform({}, 4326), 8)").format(layer.geom)
    points = [sql.SQL("ST_{}({})").format(sql.SQL(axis), point) for point in (anchor, degrees) for axis in "XY"]
    columns = [column.expression for column in layer.columns]
    items = sql.SQL(", ").join([sql.SQL("t.id, t.version"), shape, *points, *columns])
    conditions = sql.SQL("{} AND {}").format(where(query), also or sql.SQL("TRUE"))
    statement = sql.SQL("SELECT {} FROM {} WHERE {} ORDER BY {}").format(items, layer.source, conditions, order(query))
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [_feature(layer, row) for row in cursor.fetchall()]


def _feature(layer: Layer, row: tuple[Any, ...]) -> Feature:
    id, version, shape, x, y, lng, lat, *values = row
    named = {column.name: value for column, value in zip(layer.columns, values, strict=True)}
    return Feature(layer, id, version, named, json.loads(shape), (x, y), (lng, lat))


def _hits(
    reader: Reader, layers: list[Layer], lnglat: tuple[float, float], tolerance_m: float, limit: int
) -> list[tuple[Layer, UUID]]:
    """One statement for all layers; outside the registry's extent nothing is stored, and its plane may be undefined."""
    west, south, east, north = settings.REGISTRY_EXTENT
    if not layers or not (west <= lnglat[0] <= east and south <= lnglat[1] <= north):
        return []
    point = sql.SQL("ST_Transform(ST_SetSRID(ST_MakePoint({}, {}), 4326), {})").format(
        *(sql.Literal(float(number)) for number in lnglat), sql.Literal(settings.REGISTRY_SRID)
    )
    parts = [_hits_of(reader, number, layer, point, tolerance_m) for number, layer in enumerate(layers)]
    statement = sql.SQL("SELECT number, id FROM ({}) hits ORDER BY rank, distance, number DESC, id LIMIT {}").format(
        sql.SQL(" UNION ALL ").join(parts), sql.Literal(limit)
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [(layers[number], id) for number, id in cursor.fetchall()]


def _hits_of(reader: Reader, number: int, layer: Layer, point: sql.Composable, tolerance_m: float) -> sql.Composable:
    return sql.SQL(
        "SELECT {number} AS number, t.id AS id, {rank} AS rank, ST_Distance({geom}, {point}) AS distance FROM {source}"
        " WHERE {where} AND ST_DWithin({geom}, {point}, {reach})"
    ).format(
        number=sql.Literal(number),
        rank=sql.Literal(RANK[layer.geometry]),
        source=layer.rows,
        where=where(Query(layer=layer, reader=reader)),
        geom=layer.geom,
        point=point,
        reach=sql.Literal(0.0 if layer.geometry == "MultiPolygon" else tolerance_m),
    )
