"""Features of several layers that belong together, found by a condition between them (OGC 09-025r2, 7.9.2.5.3.1).

Each layer is a derived table in which the reader's rights already hold; PostgreSQL looks through it, so that all
their indexes serve the condition.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _
from psycopg import sql

from layers.filters.compile import compile
from layers.filters.nodes import Node
from layers.filters.scope import ITEM, KEY, SHAPE, STANDARD, VERSION, Scope, Source
from layers.layer import Column
from layers.query import Query, stream, where
from registries.core.errors import BadInput

# More makes no question of people, and its plan would take longer than its answer.
PARTS_MOST = 6
# PostgreSQL cuts off longer names, of which two might then be the same.
ALIAS, NAME_BYTES = re.compile(r"\w[\w.-]*"), 63


@dataclass(frozen=True)
class Part:
    """One layer of a join under its alias: `query` narrows it by itself, `item` is the SQL of a feature's text."""

    query: Query
    alias: str
    item: sql.Composable

    @property
    def source(self) -> Source:
        return Source(self.query.layer, self.alias)

    @property
    def text(self) -> sql.Composable:
        """The feature's text, where the join is written."""
        return sql.Identifier(self.alias, ITEM)


@dataclass(frozen=True)
class SortBy:
    alias: str
    column: Column
    descending: bool = False


@dataclass(frozen=True)
class Join:
    """Every combination of a feature of each part that meets `filter`; limit, offset and order are of the tuples."""

    parts: tuple[Part, ...]
    filter: Node | None = None
    sort: tuple[SortBy, ...] = ()
    limit: int | None = None
    offset: int = 0

    def __post_init__(self) -> None:
        aliases = {part.alias for part in self.parts}
        if len(aliases) < len(self.parts):
            raise BadInput(_("Two feature types of the query have the same alias."), locator="aliases")
        for alias in aliases:
            if not ALIAS.fullmatch(alias) or len(alias.encode()) > NAME_BYTES:
                raise BadInput(_("“%(name)s” is no alias.") % {"name": alias[:40]}, locator="aliases")
        if not 2 <= len(self.parts) <= PARTS_MOST:
            raise BadInput(_("A join is of two to %(most)d feature types.") % {"most": PARTS_MOST}, locator="typeNames")

    @property
    def scope(self) -> Scope:
        return Scope(tuple(part.source for part in self.parts))


def table(part: Part) -> sql.Composable:
    """The part as a derived table of all that a condition or a writer can ask of it."""
    layer = part.query.layer
    named = [
        (sql.SQL("t.id"), KEY),
        (sql.SQL("t.version"), VERSION),
        (layer.geom, SHAPE),
        (sql.SQL("t.standard_properties"), STANDARD),
        (part.item, ITEM),
        *((column.expression, column.name) for column in layer.columns),
    ]
    columns = [sql.SQL("{} AS {}").format(expression, sql.Identifier(name)) for expression, name in named]
    return sql.SQL("(SELECT {} FROM {} WHERE {}) {}").format(
        sql.SQL(", ").join(columns), layer.source, where(part.query), sql.Identifier(part.alias)
    )


def source(join: Join) -> sql.Composable:
    tables = sql.SQL(", ").join([table(part) for part in join.parts])
    condition = sql.SQL("TRUE") if join.filter is None else compile(join.filter, join.scope)
    return sql.SQL("{} WHERE {}").format(tables, condition)


def order(join: Join) -> sql.Composable:
    """The keys come last, always: without them tuples vanish between pages."""
    sorts: list[sql.Composable] = [
        sql.SQL("{} DESC NULLS LAST" if one.descending else "{} ASC NULLS LAST").format(
            sql.Identifier(one.alias, one.column.name)
        )
        for one in join.sort
    ]
    return sql.SQL(", ").join([*sorts, *(sql.Identifier(part.alias, KEY) for part in join.parts)])


def select(join: Join, item: sql.Composable) -> sql.Composed:
    """`SELECT item`, an expression over the parts' texts, of each tuple asked for, in order."""
    statement = sql.SQL("SELECT {} FROM {} ORDER BY {}").format(item, source(join), order(join))
    if join.limit is not None:
        statement += sql.SQL(" LIMIT {}").format(sql.Literal(join.limit))
    if join.offset:
        statement += sql.SQL(" OFFSET {}").format(sql.Literal(join.offset))
    return statement


def count(join: Join) -> int:
    """How many tuples match, limit and offset aside."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(source(join)))
        return int(cursor.fetchone()[0])


def rows(join: Join, item: sql.Composable, wanted: int) -> Generator[bytes, None, None]:
    """The text `item` of each tuple in blocks, as `layers.query.rows` gives those of features."""
    if wanted:
        yield from stream(select(join, item))
