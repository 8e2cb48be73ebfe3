"""Layers as files that people take away, for every protocol: made in a folder of their own from rows of the database,
sent in blocks, and removed when they are sent or when nobody waits for them any more.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import connection
from psycopg import sql

from layers.layer import Column
from layers.query import BLOCK_BYTES, Query, geometry, local_id, select
from registries.core import codes
from registries.exchange import export
from registries.exchange.export import Field, Form, Table


@dataclass(frozen=True)
class Taken:
    """One layer of a file: which features, which of their columns, in which reference system."""

    query: Query
    columns: Sequence[Column]
    srid: int
    with_geometry: bool = True


def file(taken: Sequence[Taken], form: Form) -> Generator[bytes, None, None]:
    """The file in blocks; to be read within a snapshot."""
    with TemporaryDirectory(prefix="download-") as folder:
        path = export.write(tables(taken), form, Path(folder))
        with path.open("rb") as made:
            while block := made.read(BLOCK_BYTES):
                yield block


def tables(taken: Sequence[Taken]) -> list[Table]:
    """The layers by their keys; of one asked for twice, the second has a number."""
    found: dict[str, Table] = {}
    for number, one in enumerate(taken, start=1):
        key = one.query.layer.key
        name = f"{key}_{number}" if key in found else key
        found[name] = table(one, name)
    return list(found.values())


def table(taken: Taken, name: str) -> Table:
    layer = taken.query.layer
    has_z = is_high(taken.query)
    return Table(
        name=name,
        title=layer.title,
        fields=[Field("id"), *map(field, taken.columns)],
        geometry=layer.geometry,
        srid=taken.srid,
        rows=rows(taken, has_z),
        has_z=has_z,
    )


def field(column: Column) -> Field:
    known = {value: one.title for value, one in codes.labels(column.code_list).items()}
    return Field(column.name, column.type, column.title_and_unit, known)


def is_high(query: Query) -> bool:
    """Whether any feature has heights: a layer of a file has them all or not at all."""
    whole = replace(query, sort=(), limit=None, offset=0)
    dimensions = select(whole, sql.SQL("ST_NDims({})").format(query.layer.geom))
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT 3 = ANY ({})").format(dimensions))
        return bool(cursor.fetchone()[0])


def rows(taken: Taken, has_z: bool) -> Iterator[Sequence[Any]]:
    """Identifier, columns and geometry of each feature, through a cursor of the server: memory stays flat."""
    shape: sql.Composable = sql.SQL("NULL::bytea")
    if taken.with_geometry:
        geom = geometry(taken.query, taken.srid)
        shape = sql.SQL("ST_AsBinary({})").format(sql.SQL("ST_Force3D({})").format(geom) if has_z else geom)
    items = [sql.SQL("{}::text").format(local_id(taken.query)), *(c.expression for c in taken.columns), shape]
    connection.ensure_connection()
    with closing(connection.connection.cursor(name="download")) as cursor:
        cursor.itersize = export.PIECE
        cursor.execute(select(taken.query, sql.SQL(", ").join(items)))
        yield from cursor
