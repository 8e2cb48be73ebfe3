"""The changed things themselves, whole and exact, as GeoJSON in degrees: what lies at a place, or one item's sides."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.db import connection
from psycopg import sql

from layers.differences.sides import Difference

# Thin things lie on top and are hit nearby; of areas the smallest lies on top.
AT = """
WITH place AS (SELECT ST_Transform(ST_SetSRID(ST_MakePoint({lng}, {lat}), 4326), {srid}) AS point),
near AS (SELECT ST_Transform(ST_Envelope(ST_Buffer(point, {reach})), 3857) AS box FROM place)
SELECT item FROM (
  SELECT item, min(ST_Dimension(geom)) AS thin, min(ST_Distance(geom, point)) AS far, min(ST_Area(geom)) AS size
  FROM ({sides}) s, place WHERE geom_3857 && (SELECT box FROM near)
    AND ST_DWithin(geom, point, CASE WHEN ST_Dimension(geom) = 2 THEN 0 ELSE {reach} END)
  GROUP BY item) hit ORDER BY thin, far, size, item LIMIT {limit}
"""
SIDES = """
SELECT item, action, side, kept, registry, object_id::text, title, ST_AsGeoJSON(ST_Transform(ST_Force2D(geom), 4326), 8)
FROM ({sides}) s WHERE item = ANY({items}) ORDER BY array_position({items}, item), side DESC
"""
Item = int | str


def items_at(difference: Difference, lnglat: tuple[float, float], reach_m: float, limit: int = 8) -> list[Item]:
    """The items at a place in degrees, topmost first. Outside the registry's extent nothing is stored."""
    west, south, east, north = settings.REGISTRY_EXTENT
    if not (west <= lnglat[0] <= east and south <= lnglat[1] <= north):
        return []
    statement = sql.SQL(AT).format(
        sides=difference.sides,
        lng=float(lnglat[0]),
        lat=float(lnglat[1]),
        srid=settings.REGISTRY_SRID,
        reach=float(reach_m),
        limit=limit,
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [item for (item,) in cursor.fetchall()]


def features(difference: Difference, items: list[Item]) -> list[dict[str, Any]]:
    """Both sides of each of `items`, in their order, the old one first, so that the new one is drawn over it."""
    if not items:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(SIDES).format(sides=difference.sides, items=_array(items)))
        return [_feature(*row) for row in cursor.fetchall()]


def _feature(*row: Any) -> dict[str, Any]:
    *values, shape = row
    names = ("item", "action", "side", "kept", "registry", "object_id", "title")
    return {"type": "Feature", "properties": dict(zip(names, values, strict=True)), "geometry": json.loads(shape)}


def _array(items: list[Item]) -> sql.Composed:
    kind = "bigint[]" if isinstance(items[0], int) else "text[]"
    return sql.SQL("{}::{}").format(sql.Literal(items), sql.SQL(kind))
