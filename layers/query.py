"""A request for features as one plain structure, and the SQL built from it alone: one function for each clause.

Protocols parse their requests into a `Query` and say how a feature is written; nothing else of a request reaches SQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import connection
from psycopg import sql

from layers.access import Reader
from layers.layer import Column, Layer

BLOCK_BYTES = 65_536


@dataclass(frozen=True)
class BBox:
    """West, south, east, north (minimum x and y, maximum x and y) in `srid`, x being east whatever the CRS's axis order."""

    xmin: float
    ymin: float
    xmax: float
    ymax: float
    srid: int


@dataclass(frozen=True)
class Sort:
    column: Column
    descending: bool = False


@dataclass(frozen=True)
class Query:
    """Which features of `layer` are wanted: all clauses hold together; `limit` None means all; the order always ends in the key."""

    layer: Layer
    reader: Reader
    bbox: BBox | None = None
    ids: tuple[UUID, ...] | None = None
    sort: tuple[Sort, ...] = ()
    limit: int | None = None
    offset: int = 0


def where(query: Query) -> sql.Composable:
    """All conditions, rights included, with every value bound as a literal."""
    conditions: list[sql.Composable] = [query.layer.where]
    if query.layer.per_network:
        conditions.append(sql.SQL("t.network_id = ANY({}::uuid[])").format(sql.Literal(list(query.reader.networks))))
    if query.ids is not None:
        conditions.append(sql.SQL("t.id = ANY({}::uuid[])").format(sql.Literal(list(query.ids))))
    if query.bbox is not None:
        conditions.append(sql.SQL("ST_Intersects({}, {})").format(query.layer.geom, envelope(query.bbox)))
    return sql.SQL(" AND ").join(conditions)


def envelope(bbox: BBox) -> sql.Composable:
    """The box in the registry's CRS. The box is transformed, never the column; its edges are cut finely so that they may bend."""
    corners = [sql.Literal(value) for value in (bbox.xmin, bbox.ymin, bbox.xmax, bbox.ymax)]
    box = sql.SQL("ST_MakeEnvelope({}, {}, {}, {}, {})").format(*corners, sql.Literal(bbox.srid))
    if bbox.srid == settings.REGISTRY_SRID:
        return box
    step = max(bbox.xmax - bbox.xmin, bbox.ymax - bbox.ymin) / 32
    if step > 0:
        box = sql.SQL("ST_Segmentize({}, {})").format(box, sql.Literal(step))
    return sql.SQL("ST_Transform({}, {})").format(box, sql.Literal(settings.REGISTRY_SRID))


def order(query: Query) -> sql.Composable:
    """The key comes last, always: without it features vanish between pages."""
    parts: list[sql.Composable] = [
        sql.SQL("{} DESC NULLS LAST" if one.descending else "{} ASC NULLS LAST").format(one.column.expression)
        for one in query.sort
    ]
    return sql.SQL(", ").join([*parts, sql.SQL("t.id")])


def select(query: Query, item: sql.Composable) -> sql.Composed:
    """`SELECT item` over the features asked for, in order."""
    statement = sql.SQL("SELECT {} FROM {} WHERE {} ORDER BY {}").format(
        item, query.layer.source, where(query), order(query)
    )
    if query.limit is not None:
        statement += sql.SQL(" LIMIT {}").format(sql.Literal(query.limit))
    if query.offset:
        statement += sql.SQL(" OFFSET {}").format(sql.Literal(query.offset))
    return statement


def count(query: Query) -> int:
    """How many features match, limit and offset aside."""
    statement = sql.SQL("SELECT count(*) FROM {} WHERE {}").format(query.layer.source, where(query))
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])


def geometry(query: Query, srid: int) -> sql.Composable:
    """The stored geometry, transformed only if another CRS is asked for."""
    if srid == settings.REGISTRY_SRID:
        return query.layer.geom
    return sql.SQL("ST_Transform({}, {})").format(query.layer.geom, sql.Literal(srid))


def stream(statement: sql.Composable) -> Iterator[bytes]:
    """The one text column of `statement`, a line for each row, in blocks of about 64 kB: memory stays flat.

    `COPY` writes rows faster than any cursor. A text must hold no line break; writers escape it as their format demands.
    """
    connection.ensure_connection()
    copy = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')").format(statement)
    with connection.connection.cursor() as cursor, cursor.copy(copy) as rows:
        block = bytearray()
        for row in rows:
            block += row
            if len(block) >= BLOCK_BYTES:
                yield bytes(block)
                block.clear()
        yield bytes(block)
