"""Features as GeoJSON text made in SQL: the one writer of WFS and OGC API, so that a feature reads the same in both.

RFC 7946; another reference system than CRS84 is written as asked for (OGC API – Features Part 2; WFS: a `crs` member).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from psycopg import sql

from layers.crs import Reference
from layers.layer import Column
from layers.query import Query, geometry, local_id

MEDIA_TYPE = "application/geo+json"


def feature(
    query: Query,
    reference: Reference,
    columns: Sequence[Column],
    *,
    id_prefix: str = "",
    with_geometry: bool = True,
    pointed: bool = False,
) -> sql.Composable:
    """SQL of the feature's text without its closing brace, so that a protocol can add members; it has no line break.

    `pointed` writes every real number with a decimal point, for readers that guess types from a first page; it takes a
    twentieth of a download's time.
    """
    return sql.SQL(
        """'{{"type":"Feature","id":"' || {prefix} || {id} || """
        """'","geometry":' || {shape} || ',"properties":' || {values}"""
    ).format(
        prefix=sql.Literal(id_prefix),
        id=local_id(query),
        shape=shape(query, reference) if with_geometry else sql.SQL("'null'"),
        values=properties(columns, pointed),
    )


def shape(query: Query, reference: Reference) -> sql.Composable:
    geom = geometry(query, reference.srid)
    if reference.flipped:
        geom = sql.SQL("ST_FlipCoordinates({})").format(geom)
    return sql.SQL("coalesce(ST_AsGeoJSON({}, {}, 0), 'null')").format(geom, sql.Literal(reference.decimals))


def properties(columns: Sequence[Column], pointed: bool) -> sql.Composable:
    if not columns:
        return sql.SQL("'{{}}'")
    named = [
        sql.SQL("{} AS {}").format(with_point(column) if pointed else column.expression, sql.Identifier(column.name))
        for column in columns
    ]
    return sql.SQL("(SELECT row_to_json(p) FROM (SELECT {}) p)::text").format(sql.SQL(", ").join(named))


def with_point(column: Column) -> sql.Composable:
    """Having seen `1` in the first page, QGIS and GDAL take the column for an integer's and lose the 1.2 that comes
    later. By way of text, or only 15 digits would be left.
    """
    if column.type != "real":
        return column.expression
    return sql.SQL("({}::text::numeric + 0.0)").format(column.expression)


def member(text: sql.Composable) -> sql.Composable:
    """A feature among others: each begins with a comma, and `collection` drops the first."""
    return sql.SQL("',' || {} || '}}'").format(text)


def collection(members: dict[str, Any], blocks: Iterator[bytes]) -> Iterator[bytes]:
    """A feature collection: `members` stand before the features.

    The head goes out with the first features: if the database fails at once, no byte has been sent.
    """
    head = json.dumps({"type": "FeatureCollection", **members}, ensure_ascii=False)
    yield f'{head[:-1]}, "features": ['.encode() + next(blocks, b",")[1:]
    yield from blocks
    yield b"]}\n"
