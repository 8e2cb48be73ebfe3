"""A request for features as one plain structure, and the SQL built from it alone: one function for each clause.

Protocols parse their requests into a `Query` and say how a feature is written; nothing else of a request reaches SQL.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

from layers import crs
from layers.access import Reader
from layers.filters.compile import compile
from layers.filters.nodes import Node
from layers.layer import Column, Layer
from layers.moment import View, seen

BLOCK_BYTES = 65_536
# From here on, walking the key's index answers at once, while sorting answers after the last row.
MANY_ROWS = 5_000
# Compiling a query costs more than it saves here; dates, times and numbers must not depend on the server's settings.
STEADY = (
    "SET LOCAL jit = off; SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO'; SET LOCAL extra_float_digits = 1"
)


@dataclass(frozen=True)
class BBox:
    """West, south, east, north (minimum x and y, maximum x and y) in `srid`, x being east whatever the axis order.

    In degrees `xmin` may exceed `xmax`: the box then crosses the antimeridian.
    """

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
    """Which features of `layer` are wanted: all clauses hold, `limit` None means all, the key ends the order.

    `versioned`: identifiers tell the version of the row, so that what is sent back says what it was made from.
    """

    layer: Layer
    reader: Reader
    bbox: BBox | None = None
    ids: tuple[UUID, ...] | None = None
    sort: tuple[Sort, ...] = ()
    limit: int | None = None
    offset: int = 0
    filter: Node | None = None
    versioned: bool = False

    @property
    def narrows(self) -> bool:
        """Whether anything but the reader's rights keeps features of the layer out."""
        return self.bbox is not None or self.ids is not None or self.filter is not None


def where(query: Query) -> sql.Composable:
    """All conditions, rights included, with every value bound as a literal."""
    conditions: list[sql.Composable] = [query.layer.where]
    if query.layer.per_network:
        conditions.append(query.reader.open_rows)
    elif query.layer.zone is not None and query.reader.zones is not None:
        conditions.append(query.reader.within_zones(query.layer.zone))
    if query.ids is not None:
        conditions.append(sql.SQL("t.id = ANY({}::uuid[])").format(sql.Literal(list(query.ids))))
    if query.bbox is not None:
        conditions.append(meets(query.layer, query.bbox))
    if query.filter is not None:
        conditions.append(compile(query.filter, query.layer))
    return sql.SQL(" AND ").join(conditions)


def local_id(query: Query) -> sql.Composable:
    """The identifier within the layer: `uuid`, or `uuid.v7` of a versioned query."""
    return sql.SQL("(t.id || '.v' || t.version)") if query.versioned else sql.SQL("t.id")


def feature_id(query: Query) -> sql.Composable:
    """The identifier among all features: `key.uuid`, or `key.uuid.v7` of a versioned query."""
    return sql.SQL("({} || {})").format(sql.Literal(f"{query.layer.key}."), local_id(query))


def meets(layer: Layer, bbox: BBox) -> sql.Composable:
    """The box is transformed, never the column; what of it lies where nothing is stored is cut off: no box can fail."""
    parts = [envelope(part) for part in pieces(bbox)]
    conditions = [sql.SQL("ST_Intersects({}, {})").format(layer.geom, part) for part in parts]
    return sql.SQL("({})").format(sql.SQL(" OR ").join(conditions)) if conditions else sql.SQL("FALSE")


def pieces(bbox: BBox) -> list[BBox]:
    """The box as far as it can be transformed: two pieces across the antimeridian, none far from all data."""
    if bbox.srid == settings.REGISTRY_SRID:
        return [bbox]
    xmin, ymin, xmax, ymax = crs.safe_bounds(bbox.srid)
    spans = [(bbox.xmin, bbox.xmax)] if bbox.xmin <= bbox.xmax else [(bbox.xmin, 180.0), (-180.0, bbox.xmax)]
    cut = [
        BBox(max(west, xmin), max(bbox.ymin, ymin), min(east, xmax), min(bbox.ymax, ymax), bbox.srid)
        for west, east in spans
    ]
    return [box for box in cut if box.xmin <= box.xmax and box.ymin <= box.ymax]


def envelope(bbox: BBox) -> sql.Composable:
    """The box in the registry's CRS; its edges are cut finely so that they may bend."""
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
    """`SELECT item` over the features asked for, in order.

    With an offset the keys are found first, because PostgreSQL would write the text of every feature it skips.
    """
    conditions = where(query)
    if query.offset:
        conditions = sql.SQL("t.id = ANY(ARRAY({}))").format(page(query, sql.SQL("t.id"), conditions))
        return sql.SQL("SELECT {} FROM {} WHERE {} ORDER BY {}").format(
            item, query.layer.source, conditions, order(query)
        )
    return page(query, item, conditions)


def page(query: Query, item: sql.Composable, conditions: sql.Composable) -> sql.Composed:
    statement = sql.SQL("SELECT {} FROM {} WHERE {} ORDER BY {}").format(
        item, query.layer.source, conditions, order(query)
    )
    if query.limit is not None:
        statement += sql.SQL(" LIMIT {}").format(sql.Literal(query.limit))
    if query.offset:
        statement += sql.SQL(" OFFSET {}").format(sql.Literal(query.offset))
    return statement


@contextmanager
def snapshot(view: View | None = None) -> Iterator[bool]:
    """A transaction in which the count, the page and all its rows speak of one state of the registry: today's, a past
    one, or a draft.

    Yields whether it speaks of what is published now: within another it is part of that one, which may speak of a draft
    or the past.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute(STEADY)
        with seen(view):
            yield outermost and view is None


def count(query: Query) -> int:
    """How many features match, limit and offset aside."""
    source = query.layer.rows if query.filter is None else query.layer.source
    statement = sql.SQL("SELECT count(*) FROM {} WHERE {}").format(source, where(query))
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])


def rows(query: Query, item: sql.Composable, wanted: int) -> Generator[bytes, None, None]:
    """The text `item` of each feature asked for, in blocks; `wanted` is how many there will be.

    To be read within a `snapshot` and closed before it ends (`contextlib.closing`): an open COPY blocks the connection.
    """
    if not wanted:
        return
    if wanted >= MANY_ROWS and not query.sort:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_sort = off")
    yield from stream(select(query, item))


def geometry(query: Query, srid: int) -> sql.Composable:
    """The stored geometry, transformed only if another CRS is asked for.

    Areas lie to the left of their rings, as RFC 7946 (3.1.6) and ISO 19107 (6.4.34) want them, however they came in.
    """
    geom = query.layer.geom
    if query.layer.geometry == "MultiPolygon":
        geom = sql.SQL("ST_ForcePolygonCCW({})").format(geom)
    if srid == settings.REGISTRY_SRID:
        return geom
    return sql.SQL("ST_Transform({}, {})").format(geom, sql.Literal(srid))


def stream(statement: sql.Composable) -> Iterator[bytes]:
    """The one text column of `statement`, a line for each row, in blocks of about 64 kB: memory stays flat.

    `COPY` writes rows faster than any cursor. A text must hold no line break; writers escape it as formats demand.
    """
    options = "FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02'"
    yield from _copied(sql.SQL(f"COPY ({{}}) TO STDOUT ({options})").format(statement))


def csv(
    query: Query, columns: Sequence[Column] | None = None, shape: sql.Composable | None = None
) -> Generator[bytes, None, None]:
    """The identifier and columns (None: all) of the features asked for as RFC 4180 in UTF-8, with their names in front;
    the geometry as well-known text, `shape`, comes last if it is wanted.

    A text that a spreadsheet would take for a formula has an apostrophe before it.
    """
    named = [(column.name, _plain(column)) for column in (query.layer.columns if columns is None else columns)]
    named = [("id", local_id(query)), *named, *([("geom", shape)] if shape is not None else [])]
    items = [sql.SQL("{} AS {}").format(expression, sql.Identifier(name)) for name, expression in named]
    statement = select(query, sql.SQL(", ").join(items))
    yield from _copied(sql.SQL("COPY ({}) TO STDOUT (FORMAT csv, HEADER)").format(statement))


def well_known(query: Query, srid: int, decimals: int) -> sql.Composable:
    """SQL of the geometry as well-known text, x before y."""
    return sql.SQL("ST_AsText({}, {})").format(geometry(query, srid), sql.Literal(decimals))


def _plain(column: Column) -> sql.Composable:
    if column.type != "text":
        return column.expression
    return sql.SQL("regexp_replace({}::text, {}, {})").format(
        column.expression, sql.Literal("^[-=+@\t\r]"), sql.Literal("'\\&")
    )


def _copied(copy: sql.Composable) -> Generator[bytes, None, None]:
    connection.ensure_connection()
    with connection.connection.cursor() as cursor, cursor.copy(copy) as copied:
        block = bytearray()
        for row in copied:
            block += row
            if len(block) >= BLOCK_BYTES:
                yield bytes(block)
                block.clear()
        if block:
            yield bytes(block)
