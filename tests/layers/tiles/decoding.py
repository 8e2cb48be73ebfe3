"""Tiles read back by GDAL, an implementation that knows nothing of ours."""

from __future__ import annotations

import gzip
import math
from pathlib import Path
from typing import Any
from uuid import UUID

import pyogrio
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from django.http import HttpResponse

Tile = tuple[int, int, int]
Feature = tuple[dict[str, Any], Any]


def tile_of(geom: GEOSGeometry, zoom: int) -> Tile:
    """The tile in which the geometry's centre lies; PostGIS transforms it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_Transform(ST_Centroid(%s::geometry), 4326) AS p) q",
            [bytes(geom.ewkb)],
        )
        longitude, latitude = cursor.fetchone()
    count = 2**zoom
    row = (1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2 * count
    return zoom, int((longitude + 180) / 360 * count), int(row)


def stored(table: str, object_id: UUID) -> Any:
    """The stored Web Mercator geometry as PostGIS gives it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ST_AsBinary(geom_3857) FROM {table} WHERE id = %s", [object_id])
        return shapely.from_wkb(bytes(cursor.fetchone()[0]))


def unit_m(zoom: int) -> float:
    """The grid of a tile in metres of Web Mercator."""
    return 40_075_016.6856 / 2**zoom / 4096


def decode(data: bytes, tile: Tile, folder: Path) -> dict[str, list[Feature]]:
    """Features (properties, shape in Web Mercator) of each layer of an MVT."""
    path = folder / "tile.mvt"
    path.write_bytes(data)
    place = {"X": str(tile[1]), "Y": str(tile[2]), "Z": str(tile[0])}
    found: dict[str, list[Feature]] = {}
    for name in pyogrio.list_layers(path)[:, 0]:
        meta, _fids, shapes, columns = pyogrio.raw.read(path, layer=name, CLIP="NO", **place)
        names = list(meta["fields"])
        rows = zip(shapes, *columns, strict=True) if columns else ((shape,) for shape in shapes)
        found[str(name)] = [
            (
                {
                    key: value
                    for key, value in zip(names, row[1:], strict=True)
                    if value is not None and key != "mvt_id"
                },
                shapely.from_wkb(row[0]),
            )
            for row in rows
        ]
    return found


def body(response: HttpResponse) -> bytes:
    packed = response.headers.get("Content-Encoding") == "gzip"
    return gzip.decompress(response.content) if packed else response.content
