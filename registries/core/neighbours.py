"""Features near others, for rules that compare neighbours.

The overlaid views have no spatial index over a draft's own items, so what a draft touches is laid into an indexed
temporary table first. Everything that the draft leaves alone is found by the published table's own index.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg import sql

from registries.core.overlay import CHANGE_SET, uuids
from registries.core.records import Record

# Outside a draft the parameter is empty and nothing is touched.
STAGE = """
DROP TABLE IF EXISTS {gone}, {staged};
CREATE TEMP TABLE {gone} ON COMMIT DROP AS SELECT i.object_id AS id FROM public.changes_changeitem i
    WHERE i.change_set_id = NULLIF(current_setting({parameter}, true), '')::bigint AND i.registry = {registry};
CREATE UNIQUE INDEX ON {gone} (id);
CREATE TEMP TABLE {staged} ON COMMIT DROP AS
    SELECT {columns} FROM {table} t WHERE t.id = ANY(ARRAY(SELECT id FROM {gone}));
CREATE INDEX ON {staged} USING gist (geom);
ANALYZE {gone}, {staged}
"""
AROUND = """(
SELECT {columns} FROM {staged} o WHERE {condition}
UNION ALL
SELECT {columns} FROM public.{table} o WHERE {condition} AND NOT EXISTS (SELECT FROM {gone} u WHERE u.id = o.id)
)"""
ONCE = "(t.id < n.id OR {ids}::uuid[] IS NOT NULL AND NOT EXISTS (SELECT FROM {touched} u WHERE u.id = n.id))"
ABOUT = "({ids}::uuid[] IS NULL OR t.id = ANY({ids}::uuid[]))"
PAIRS = """(
SELECT t.id, t.geom, n.id AS other_id, n.geom AS other_geom FROM {table} t
CROSS JOIN LATERAL {around} n WHERE {about}
)"""


class Stage:
    """All features of `model` as the draft has them, to be searched by place. Holds until the transaction's end or
    until the same model is staged again.
    """

    def __init__(self, model: type[Record], *columns: str) -> None:
        self.columns = ("id", "geom", *columns)
        table = model._meta.db_table
        self._names = {
            "table": sql.Identifier(table),
            "staged": sql.Identifier("pg_temp", f"rule_{table}"),
            "gone": sql.Identifier("pg_temp", f"gone_{table}"),
        }
        with connection.cursor() as cursor:
            cursor.execute(
                sql.SQL(STAGE).format(
                    **self._names,
                    columns=sql.SQL(", ").join(sql.Identifier("t", name) for name in self.columns),
                    parameter=sql.Literal(CHANGE_SET),
                    registry=sql.Literal(model.registry()),
                )
            )

    def around(self, condition: str) -> sql.Composed:
        """The features `o` that meet `condition`, to be joined LATERAL: only so does each part use its own index.

        Write equalities as `(o.x = t.x) IS TRUE`: the planner reads the index of a column such as the network, with
        a row for everything in it, again for each feature if it may.
        """
        return sql.SQL(AROUND).format(
            **self._names,
            columns=sql.SQL(", ").join(sql.Identifier("o", name) for name in self.columns),
            condition=sql.SQL(condition),
        )

    @property
    def touched(self) -> sql.Composable:
        """The table of what the draft touches, by `id`."""
        return self._names["gone"]


def about(ids: list[UUID] | None) -> sql.Composed:
    """The condition that `t` is one of `ids`; None means all."""
    return sql.SQL(ABOUT).format(ids=uuids(ids))


def pairs(stage: Stage, table: str, ids: list[UUID] | None, alike: Sequence[str] = ()) -> sql.Composed:
    """SQL of (id, geom, other_id, other_geom) whose boxes meet, each pair from both sides, for `ids` (None: all).

    `alike` names columns in which both must agree.
    """
    same = [f"(o.{name} = t.{name}) IS TRUE" for name in alike]
    condition = " AND ".join(["o.geom && t.geom AND o.id <> t.id", *same])
    return sql.SQL(PAIRS).format(table=sql.Identifier(table), around=stage.around(condition), about=about(ids))


def once(stage: Stage, ids: list[UUID] | None) -> sql.Composed:
    """The condition that keeps one side of a pair `t`, `n`: what is judged, where the other side is not judged too."""
    return sql.SQL(ONCE).format(ids=uuids(ids), touched=stage.touched)


def rows(statement: str, ids: list[UUID] | None, /, **names: sql.Composable | float) -> Iterator[tuple[Any, ...]]:
    """The rows of `statement`: its `{about}` are the objects to be judged; other parts stand in it as `{name}`,
    numbers as `%(name)s`.
    """
    parts = {name: part for name, part in names.items() if isinstance(part, sql.Composable)}
    numbers = {name: value for name, value in names.items() if not isinstance(value, sql.Composable)}
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(about=about(ids), **parts), numbers)
        yield from cursor.fetchall()
