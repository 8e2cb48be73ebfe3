"""The one SQL statement that draws a tile: every layer of a tileset, read from the stored Web Mercator geometry.

Asset types share two tables, so a tile reads each of them once and divides its rows into layers (`GROUP BY`), however
many types there are. The text depends on the layers, the reader's rights and the zoom alone: the server plans it once
for each connection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import pi
from typing import LiteralString

from psycopg import sql

from layers.access import Reader
from layers.layer import Column, GeometryKind, Layer

EXTENT, BUFFER = 4096, 64
# From this zoom on a tile shows all features as they are; below it small ones are left out and shapes simplified.
EXACT_ZOOM = 14
# Features of one layer in one generalised tile, the largest first.
CAP = 5_000
# Equator of the sphere of Web Mercator (EPSG:3857) over the 256 pixels of the tile of zoom 0.
PIXEL_M = 2 * pi * 6_378_137 / 256

# Everything that decides what a reader sees, in one number: revisions, and which network is open to whom.
STATE = sql.SQL(
    "(SELECT coalesce(bit_xor(hashtextextended(topic, number)), 0) FROM core_revision)"
    " # (SELECT coalesce(bit_xor(uuid_hash_extended(id, visibility)), 0) FROM networks_network)"
)
# $1 zoom, $2 column, $3 row, $4 the state for which the statement was made. The tile is drawn only if that state still
# holds, and from the same snapshot: a tile can be neither older nor newer than the revision it is sent under.
TILE = sql.SQL(
    "WITH tile AS (SELECT ST_TileEnvelope($1::int, $2::int, $3::int)::box2d AS box,"
    " ST_TileEnvelope($1::int, $2::int, $3::int, margin => {margin}) AS wide),"
    " now AS MATERIALIZED (SELECT {state} AS state)"
    " SELECT now.state, CASE WHEN now.state = $4::bigint THEN"
    " (SELECT string_agg(part.layer, '') FROM ({parts}) part) END FROM now"
)
PART = sql.SQL(
    "SELECT ST_AsMVT(f.*, {name}, {extent}, 'geom') AS layer FROM {source} CROSS JOIN LATERAL (SELECT {properties}"
    "ST_AsMVTGeom({shape}, (SELECT box FROM tile), {extent}, {buffer}) AS geom) f{where}{group}"
)
# Shapes are simplified before rows are ranked: sorting carries all that a row holds. OFFSET 0 keeps that order of work.
LARGEST = sql.SQL(
    '(SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY " key" ORDER BY " size" DESC) AS " rank" FROM'
    ' (SELECT {columns}{key} AS " key", {size} AS " size", ST_Simplify({geom}, {tolerance}, true) AS " shape"'
    ' FROM {source} WHERE {where} OFFSET 0) a WHERE " size" >= {threshold}) b WHERE " rank" <= {cap}) t'
)
CASTS: dict[str, LiteralString] = {
    "text": "NULLIF({}, '')",
    "real": "{}::float8",
    "date": "{}::text",
    "datetime": "{}::text",
    "uuid": "{}::text",
}
# How large a feature is, and what it must measure where a pixel is so many metres wide.
SIZES: dict[GeometryKind, tuple[LiteralString, Callable[[float], float]]] = {
    "Point": ("0", lambda pixel: 0),
    "LineString": ("ST_Length({})", lambda pixel: pixel),
    "MultiPolygon": ("ST_Area({})", lambda pixel: pixel**2),
}


@dataclass(frozen=True)
class Scan:
    """Layers that one reading of a table gives: one layer of land, or all asset types of the same table and columns."""

    layers: tuple[Layer, ...]
    columns: tuple[Column, ...]

    @property
    def first(self) -> Layer:
        return self.layers[0]

    @property
    def name(self) -> sql.Composable:
        return sql.SQL("t.asset_type_id") if self.first.per_network else sql.Literal(self.first.key)


def tile_columns(layer: Layer, zoom: int) -> tuple[Column, ...]:
    return tuple(column for column in layer.columns if column.tile_zoom is not None and column.tile_zoom <= zoom)


def scans(layers: Iterable[Layer], zoom: int) -> list[Scan]:
    """How `layers` are read at `zoom`."""
    found: dict[tuple[object, ...], list[Layer]] = {}
    for layer in layers:
        if layer.min_zoom <= zoom:
            columns = tuple((column.name, column.expression.as_string()) for column in tile_columns(layer, zoom))
            table = layer.source.as_string() if layer.per_network else layer.key
            found.setdefault((table, columns), []).append(layer)
    return [Scan(tuple(group), tile_columns(group[0], zoom)) for group in found.values()]


def typed(column: Column) -> sql.Composed:
    """The value in a type that a tile knows; empty text is not worth its bytes."""
    return sql.SQL(CASTS.get(column.type, "{}")).format(column.expression)


def visible(scan: Scan, reader: Reader) -> sql.Composable:
    """Which rows of the scan `reader` may see."""
    if not scan.first.per_network:
        return scan.first.where
    keys = sql.Literal([layer.key for layer in scan.layers])
    return sql.SQL("t.asset_type_id = ANY({}::text[]) AND {}").format(keys, reader.open_rows)


def where(scan: Scan, reader: Reader) -> sql.Composable:
    return sql.SQL("{} && (SELECT wide FROM tile) AND ({})").format(scan.first.geom_3857, visible(scan, reader))


def properties(scan: Scan, zoom: int) -> list[tuple[str, sql.Composable]]:
    """Names and values of a feature's properties; `id` always for land, for networks where assets can be told apart."""
    identity = [("id", sql.SQL("t.id::text"))] if zoom >= EXACT_ZOOM or not scan.first.per_network else []
    return [*identity, *((column.name, typed(column)) for column in scan.columns)]


def named(values: list[tuple[str, sql.Composable]]) -> sql.Composed:
    return sql.Composed([sql.SQL("{} AS {}, ").format(value, sql.Identifier(name)) for name, value in values])


def part(scan: Scan, reader: Reader, zoom: int) -> sql.Composed:
    """All features of the scan, one MVT layer for each published layer."""
    return PART.format(
        name=scan.name,
        extent=EXTENT,
        buffer=BUFFER,
        source=scan.first.rows,
        properties=named(properties(scan, zoom)),
        shape=scan.first.geom_3857,
        where=sql.SQL(" WHERE {}").format(where(scan, reader)),
        group=sql.SQL(" GROUP BY t.asset_type_id") if scan.first.per_network else sql.SQL(""),
    )


def general_part(scan: Scan, reader: Reader, zoom: int) -> sql.Composed:
    """The largest features of each layer, simplified to half a pixel, without those that would not fill one."""
    pixel = PIXEL_M / 2**zoom
    size, threshold = SIZES[scan.first.geometry]
    values = properties(scan, zoom)
    largest = LARGEST.format(
        columns=named(values),
        key=scan.name,
        size=sql.SQL(size).format(scan.first.geom_3857),
        geom=scan.first.geom_3857,
        tolerance=pixel / 2,
        source=scan.first.rows,
        where=where(scan, reader),
        threshold=threshold(pixel),
        cap=CAP,
    )
    return PART.format(
        name=sql.SQL('t." key"'),
        extent=EXTENT,
        buffer=BUFFER,
        source=largest,
        properties=named([(name, sql.SQL("t.{}").format(sql.Identifier(name))) for name, _value in values]),
        shape=sql.SQL('t." shape"'),
        where=sql.SQL(""),
        group=sql.SQL(' GROUP BY t." key"'),
    )


def statement(layers: Iterable[Layer], reader: Reader, zoom: int) -> bytes:
    """The statement for `zoom`; it answers one row: the present state, and the tile or NULL."""
    draw = part if zoom >= EXACT_ZOOM else general_part
    parts: list[sql.Composable] = [draw(scan, reader, zoom) for scan in scans(layers, zoom)] or [
        sql.SQL("SELECT NULL::bytea AS layer")
    ]
    return TILE.format(margin=BUFFER / EXTENT, state=STATE, parts=sql.SQL(" UNION ALL ").join(parts)).as_bytes()


def last_zoom(layers: Iterable[Layer]) -> int:
    """From this zoom on nothing more begins, so that all statements are alike."""
    begins = [EXACT_ZOOM]
    for layer in layers:
        begins += [layer.min_zoom, *(column.tile_zoom for column in layer.columns if column.tile_zoom is not None)]
    return max(begins)
