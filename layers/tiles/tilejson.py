"""The description of a tileset that map clients read first (TileJSON 3.0.0)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connection
from psycopg import sql

from layers.layer import Column, Layer
from layers.tiles.editions import KEPT, Edition
from layers.tiles.statement import scans, visible

# At this zoom a unit of the tile's grid is 3 cm; clients enlarge from here.
MAX_ZOOM = 18
TYPES = {"integer": "Number", "real": "Number", "boolean": "Boolean"}
WHOLE = sql.SQL(
    "SELECT ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b) FROM"
    " (SELECT ST_Transform(ST_SetSRID(ST_Extent(box::geometry), 3857), 4326) AS b FROM ({}) parts) whole"
    " WHERE b IS NOT NULL"
)
# Bounds of editions: extents of large tables take a moment, and change only with them.
_bounds: dict[str, list[float]] = {}


def document(edition: Edition, address: str) -> dict[str, Any]:
    """TileJSON of `edition`; `address` is the absolute template of its tiles."""
    return {
        "tilejson": "3.0.0",
        "name": f"{settings.SITE_NAME}: {edition.tileset}",
        "version": "1.0.0",
        "scheme": "xyz",
        "tiles": [address],
        "minzoom": min((layer.min_zoom for layer in edition.layers), default=0),
        "maxzoom": MAX_ZOOM,
        "bounds": bounds(edition),
        "vector_layers": [described(layer) for layer in edition.layers],
    }


def described(layer: Layer) -> dict[str, Any]:
    """One entry of `vector_layers` (clause 3.3): its fields are those that a tile of any zoom carries."""
    fields = {"id": "String"} | {column.name: field(column) for column in layer.columns if column.tile_zoom is not None}
    return {
        "id": layer.key,
        "description": layer.title,
        "minzoom": layer.min_zoom,
        "maxzoom": MAX_ZOOM,
        "fields": fields,
    }


def field(column: Column) -> str:
    """Its type, its label, its unit: `Number: diameter (mm)`."""
    return f"{TYPES.get(column.type, 'String')}: {column.title}"


def bounds(edition: Edition) -> list[float]:
    """West, south, east, north in degrees of all that the reader sees; of the installation while there is nothing, and
    for a past day, whose extent would be measured in all of history.
    """
    if edition.when is not None:
        return list(settings.REGISTRY_EXTENT)
    key = f"{edition.tileset}:{edition.revision}"
    if key not in _bounds:
        if len(_bounds) >= KEPT:
            _bounds.clear()
        _bounds[key] = extent(edition) or list(settings.REGISTRY_EXTENT)
    return _bounds[key]


def extent(edition: Edition) -> list[float] | None:
    parts = [
        sql.SQL("SELECT ST_Extent({}) AS box FROM {} WHERE {}").format(
            scan.first.geom_3857, scan.first.rows, visible(scan, edition.reader)
        )
        for scan in scans(edition.layers, MAX_ZOOM)
    ]
    if not parts:
        return None
    statement = WHOLE.format(sql.SQL(" UNION ALL ").join(parts))
    with connection.cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone()
    return [round(float(value), 6) for value in row] if row else None
