"""The features of a map, read through the site's own connection, under the reader's rights, in drafts and the past too.

Mapnik's own PostGIS reader is faster for tens of thousands of features, but pays a new connection for each table that
it meets, sees neither the running transaction nor its overlay, and stumbles over a restart of the database.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg import Cursor, sql

from layers.access import Reader
from layers.layer import Column, Layer
from layers.query import Query, where
from layers.style_subset import reads
from layers.styles import layers_of

Box = tuple[float, float, float, float]
Row = tuple[Any, ...]
CASTS = {"real": "{}::float8", "integer": "{}::float8", "boolean": "{}::boolean"}

STATEMENT = sql.SQL(
    "SELECT {key}::text, ST_AsBinary({geom}){columns} FROM {source} WHERE {visible}"
    " AND {geom} && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 3857)"
)
LARGE_ENOUGH = sql.SQL(
    " AND greatest(ST_XMax({geom}) - ST_XMin({geom}), ST_YMax({geom}) - ST_YMin({geom})) >= %(smallest)s::float8"
)


@dataclass(frozen=True)
class Features:
    """Rows of one layer: geometry in EPSG:3857 as WKB, then the values of `columns`."""

    columns: tuple[str, ...]
    rows: list[Row]


@dataclass(frozen=True)
class Scan:
    """One reading of a table: a layer of land, or all asset types of the table. Rows come as key, geometry, columns."""

    columns: tuple[str, ...]
    statement: sql.Composed

    def read(self, box: Box, smallest_m: float) -> dict[str, Features]:
        """What touches `box` (EPSG:3857) by layer key, without what is smaller than `smallest_m` both ways."""
        found: dict[str, list[Row]] = defaultdict(list)
        connection.ensure_connection()
        with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
            values = dict(zip(("west", "south", "east", "north"), box, strict=True))
            cursor.execute(self.statement, {**values, "smallest": smallest_m}, prepare=True, binary=True)
            for key, *row in cursor:
                found[key].append(tuple(row))
        return {key: Features(self.columns, rows) for key, rows in found.items()}


def scans(layers: Iterable[Layer], reader: Reader) -> list[Scan]:
    """How `layers` are read: asset types of one table together, since each reading costs a walk of the index."""
    groups: dict[str, list[Layer]] = defaultdict(list)
    for layer in layers:
        groups[layer.source.as_string(None) if layer.per_network else layer.key].append(layer)
    return [_scan(tuple(group), reader) for group in groups.values()]


def _scan(group: tuple[Layer, ...], reader: Reader) -> Scan:
    first = group[0]
    needed = {name for layer in group for style in layers_of(layer) for name in reads(style)}
    columns = [column for column in first.columns if column.name in needed]
    visible = where(Query(layer=first, reader=reader))
    key: sql.Composable = sql.Literal(first.key)
    if first.per_network:
        key = sql.SQL("t.asset_type_id")
        keys = sql.Literal([layer.key for layer in group])
        visible = sql.SQL("t.asset_type_id = ANY({}::text[]) AND {}").format(keys, reader.open_rows)
    statement = STATEMENT.format(
        key=key,
        geom=first.geom_3857,
        columns=sql.SQL("").join(sql.SQL(", {}").format(typed(column)) for column in columns),
        source=first.rows,
        visible=visible,
    )
    if first.geometry != "Point":
        statement += LARGE_ENOUGH.format(geom=first.geom_3857)
    return Scan(tuple(column.name for column in columns), statement)


def typed(column: Column) -> sql.Composed:
    """The value in a type that Mapnik knows."""
    return sql.SQL(CASTS.get(column.type, "{}::text")).format(column.expression)
