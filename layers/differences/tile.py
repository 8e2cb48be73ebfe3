"""One vector tile of a difference: every change is on it at every scale, as a shape or, where it would be too small to
be seen, as a dot.
"""

from __future__ import annotations

from django.db import connection
from psycopg import sql

from layers.differences.sides import Difference
from layers.tiles.statement import BUFFER, EXTENT, PIXEL_M

LAYER = "changes"
# From this zoom on everything is drawn as it is.
EXACT_ZOOM = 17
# Names are asked for where one can point at things; below they, and items that are no numbers, would make most of the
# tile.
NAMED_ZOOM = 16
# Corners of shapes in one tile, the largest shapes first; what is beyond becomes a dot.
CORNERS = 25_000
# A tile is shown 512 pixels wide. What is smaller than so many of them is a dot, and dots share cells of that size.
DOT_PX = 5
TILE = """
WITH bounds AS (SELECT ST_TileEnvelope({z}, {x}, {y})::box2d AS box,
                       ST_TileEnvelope({z}, {x}, {y}, margin => {margin}) AS wide),
here AS MATERIALIZED (
  SELECT s.*, GREATEST(ST_XMax(geom_3857) - ST_XMin(geom_3857), ST_YMax(geom_3857) - ST_YMin(geom_3857)) AS size
  FROM ({sides}) s WHERE geom_3857 && (SELECT wide FROM bounds)),
ranked AS (SELECT *, sum(ST_NPoints(geom_3857)) OVER (ORDER BY size DESC, item, side) AS corners FROM here),
shapes AS (
  SELECT {item} action, side, kept, {names}
         ST_AsMVTGeom(ST_Simplify(geom_3857, {tolerance}, true), (SELECT box FROM bounds), {extent}, {buffer}) AS geom
  FROM ranked WHERE {is_shape} ORDER BY size DESC),
dots AS (
  SELECT {first_item} action, 'new' AS side, NULL::boolean AS kept, {no_names}
         ST_AsMVTGeom(ST_SetSRID(ST_MakePoint(avg(x), avg(y)), 3857), (SELECT box FROM bounds), {extent}, {buffer})
  FROM (SELECT item, action, ST_X(c) AS x, ST_Y(c) AS y
        FROM (SELECT item, action, ST_Centroid(ST_Envelope(geom_3857)) AS c FROM ranked WHERE NOT ({is_shape})) r) d
  GROUP BY action, floor(x / {cell}), floor(y / {cell}))
SELECT ST_AsMVT(f.*, {layer}, {extent}, 'geom')
FROM (SELECT * FROM shapes UNION ALL SELECT * FROM dots) f
"""


def tile(difference: Difference, zoom: int, column: int, row: int) -> bytes:
    """The tile; empty bytes where nothing differs."""
    pixel = PIXEL_M / 2**zoom / 2
    exact, named = zoom >= EXACT_ZOOM, zoom >= NAMED_ZOOM
    told = named or difference.is_numbered
    statement = sql.SQL(TILE).format(
        sides=difference.sides,
        z=zoom,
        x=column,
        y=row,
        margin=BUFFER / EXTENT,
        extent=EXTENT,
        buffer=BUFFER,
        layer=LAYER,
        cell=pixel * DOT_PX,
        tolerance=0.0 if exact else pixel / 2,
        item=sql.SQL("item," if told else ""),
        first_item=sql.SQL("min(item) AS item," if told else ""),
        names=sql.SQL("registry, title," if named else ""),
        no_names=sql.SQL("NULL::text, NULL::text," if named else ""),
        is_shape=sql.SQL("true" if exact else f"corners <= {CORNERS} AND size >= {pixel * DOT_PX}"),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        drawn: bytes | None = cursor.fetchone()[0]
    return bytes(drawn or b"")
