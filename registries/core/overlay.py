"""Drafts and the past as more schemas: the same queries answer for today, for change sets, or for one day.

For each registry table a view of the same name stands in `draft` (published rows overlaid by one change set's items),
in `drafts` (by those of several), in `past` (rows current at one moment) and in `span` (of each object the last
version current in a stretch of time).
Inside `draft()`, `as_of()` or `within()` the search path puts that schema first, so every queryset, tile, WFS answer
and export speaks for it without a second code path. They hold for the running transaction only: a lazily streamed
answer must be read to its end inside the block.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import GeneratedField, JSONField
from psycopg import sql

from registries.core.errors import BadInput
from registries.core.records import Record, registries

# Django's field; its stubs deny that a concrete one always has a column.
Column = Any
CHANGE_SET, CHANGE_SETS = "registries.change_set", "registries.change_sets"
MOMENT, SINCE = "registries.moment", "registries.since"
SCHEMAS = ("draft", "drafts", "past", "span")
# Set by the database or the door, never by an edit.
RESERVED = frozenset({"id", "version", "begin_lifespan_version"})


# The draft's items are looked up in memory; when the planner thinks they do not fit, it searches all of them instead.
IN_MEMORY = {"hash_mem_multiplier": "32"}


@contextmanager
def draft(change_set_id: int, *others: int) -> Iterator[None]:
    """Within the block every query sees the registry as it would be with these change sets published."""
    if others:
        path, values = "drafts, public", {CHANGE_SETS: ",".join(map(str, (change_set_id, *others)))}
    else:
        path, values = "draft, public", {CHANGE_SET: str(change_set_id)}
    with _overlaid(path, {**values, **IN_MEMORY}):
        yield


@contextmanager
def as_published() -> Iterator[None]:
    """Within the block every query sees what is published now, also inside another block."""
    with _overlaid("public", {}):
        yield


@contextmanager
def as_of(moment: datetime) -> Iterator[None]:
    """Within the block every query sees what was published at `moment`, which must carry its time zone."""
    with _overlaid("past, public", {MOMENT: _zoned(moment)}):
        yield


@contextmanager
def within(start: datetime | None, end: datetime | None) -> Iterator[None]:
    """Within the block every query sees each object as it was last between the two, both included; None is open."""
    values = {SINCE: _zoned(start) if start else "-infinity", MOMENT: _zoned(end) if end else "infinity"}
    with _overlaid("span, public", values):
        yield


def _zoned(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise BadInput(f"The moment {moment} has no time zone.", locator="datetime")
    return moment.isoformat()


@contextmanager
def _overlaid(path: str, values: dict[str, str]) -> Iterator[None]:
    names = ["search_path", *values]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(["current_setting(%s, true)"] * len(names)), names)
        before = dict(zip(names, cursor.fetchone(), strict=True))
        _set(cursor, {"search_path": path, **values})
        yield
        _set(cursor, {name: value or "" for name, value in before.items()})


def _set(cursor: Any, values: dict[str, str]) -> None:
    pairs = [part for pair in values.items() for part in pair]
    cursor.execute("SELECT " + ", ".join(["set_config(%s, %s, true)"] * len(values)), pairs)


def concrete(model: type[Record]) -> list[Column]:
    return list(model._meta.concrete_fields)


def plain_columns(model: type[Record]) -> list[Column]:
    """The stored columns that an edit may set, geometry aside."""
    return [
        field
        for field in concrete(model)
        if not isinstance(field, GeneratedField) and field.column not in RESERVED and field.column != "geom"
    ]


def has_geom(model: type[Record]) -> bool:
    return any(field.column == "geom" for field in concrete(model))


def identifiers(names: list[str], prefix: str = "") -> sql.Composed:
    if prefix:
        return sql.SQL(", ").join(sql.Identifier(prefix, name) for name in names)
    return sql.SQL(", ").join(sql.Identifier(name) for name in names)


def uuids(ids: Iterable[UUID] | None) -> sql.Literal:
    """The identifiers to be written before `::uuid[]`; None is NULL. One text, because psycopg quotes the members of a
    list one by one, which takes longer than asking for them.
    """
    return sql.Literal(None if ids is None else "{" + ",".join(map(str, ids)) + "}")


def from_json(field: Column, json: sql.Composable) -> sql.Composed:
    """The column's value out of a JSON object, in the column's type; text types stay text, so that nothing is cut off
    silently.
    """
    key = sql.Literal(field.column)
    if isinstance(field, JSONField):
        return sql.SQL("({} -> {})").format(json, key)
    kind = field.db_type(connection) or "text"
    if kind.startswith("varchar"):
        return sql.SQL("({} ->> {})").format(json, key)
    return sql.SQL("({} ->> {})::{}").format(json, key, sql.SQL(kind))


def _merged(field: Column) -> sql.Composed:
    """The proposed value where the item has one, the published one elsewhere; JSON merges by key, null removing it."""
    name: str = field.column
    published = sql.Identifier("p", name)
    proposed = from_json(field, sql.SQL("i.attributes"))
    if isinstance(field, JSONField):
        whole = sql.SQL("jsonb_strip_nulls(COALESCE({}, '{{}}') || COALESCE({}, '{{}}'))").format(published, proposed)
        return sql.SQL("{} AS {}").format(whole, sql.Identifier(name))
    return sql.SQL("CASE WHEN i.attributes ? {} THEN {} ELSE {} END AS {}").format(
        sql.Literal(name), proposed, published, sql.Identifier(name)
    )


def _generated(model: type[Record]) -> dict[str, sql.SQL]:
    """The generation expressions as PostgreSQL keeps them, over bare column names; `geom_3857` is stored everywhere."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, generation_expression FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'ALWAYS'",
            [model._meta.db_table],
        )
        found = dict(cursor.fetchall())
    return {name: sql.SQL(text) for name, text in found.items() if name != "geom_3857"}


def _wrap(model: type[Record], schema: str, inner: sql.Composable) -> sql.Composed:
    """A view with the table's columns in the table's order over `inner`, which gives all but the computed ones."""
    generated = _generated(model)
    columns: list[sql.Composable] = [
        sql.SQL("{} AS {}").format(generated[field.column], sql.Identifier(field.column))
        if field.column in generated
        else sql.Identifier(field.column)
        for field in concrete(model)
    ]
    return sql.SQL("CREATE VIEW {} AS SELECT {} FROM ({}) r").format(
        sql.Identifier(schema, model._meta.db_table), sql.SQL(", ").join(columns), inner
    )


# How the items `i` of a draft are chosen. Sets overlaid together should not share an object; should they, the item made
# last counts. Each kind has views of its own: an array would cost the planner its knowledge of one set's size.
OF_ONE = sql.SQL("i.change_set_id = current_setting({set})::bigint AND i.registry = {registry}")
OF_SEVERAL = sql.SQL(
    "i.change_set_id = ANY(string_to_array(current_setting({sets}), ',')::bigint[]) AND i.registry = {registry}"
    " AND NOT EXISTS (SELECT FROM public.changes_changeitem later WHERE later.object_id = i.object_id"
    " AND later.registry = {registry} AND later.id > i.id"
    " AND later.change_set_id = ANY(string_to_array(current_setting({sets}), ',')::bigint[]))"
)


def draft_view(model: type[Record], schema: str, chosen: sql.SQL) -> sql.Composed:
    """A view of what is published, overlaid by the items `chosen`."""
    stored = [f.column for f in concrete(model) if f.column not in _generated(model)]
    geom = []
    for name in ("geom", "geom_3857") if has_geom(model) else ():
        geom.append(sql.SQL("CASE WHEN i.has_geom THEN i.{0} ELSE p.{0} END AS {0}").format(sql.Identifier(name)))
    merged = {field.column: _merged(field) for field in plain_columns(model)}
    overlaid = [
        sql.SQL("i.object_id AS id"),
        sql.SQL("COALESCE(p.version, 0) AS version"),
        sql.SQL("COALESCE(p.begin_lifespan_version, now()) AS begin_lifespan_version"),
        *merged.values(),
        *geom,
    ]
    names = ["id", "version", "begin_lifespan_version", *merged, *(["geom", "geom_3857"] if geom else [])]
    assert set(names) == set(stored), f"{model}: the draft view would lack {set(stored) ^ set(names)}"
    inner = sql.SQL(
        # Not as a join: on statistics from before the draft the planner would look through all its items for each row.
        "SELECT {published} FROM public.{table} p WHERE p.id NOT IN"
        " (SELECT i.object_id FROM public.changes_changeitem i WHERE {mine})"
        " UNION ALL SELECT {overlaid} FROM public.changes_changeitem i LEFT JOIN public.{table} p ON p.id = i.object_id"
        " WHERE {mine} AND i.action <> 'delete'"
    ).format(
        published=identifiers(names, "p"),
        overlaid=sql.SQL(", ").join(overlaid),
        table=sql.Identifier(model._meta.db_table),
        mine=chosen.format(
            set=sql.Literal(CHANGE_SET), sets=sql.Literal(CHANGE_SETS), registry=sql.Literal(model.registry())
        ),
    )
    return _wrap(model, schema, inner)


# How history's rows `h` are chosen; the last one in a stretch of time has no later one that began in it.
AT_MOMENT = sql.SQL("h.period @> current_setting({moment})::timestamptz")
LAST_IN_SPAN = sql.SQL(
    "h.period && tstzrange(current_setting({since})::timestamptz, current_setting({moment})::timestamptz, '[]')"
    " AND NOT EXISTS (SELECT FROM public.core_history n WHERE n.registry = h.registry AND n.object_id = h.object_id"
    " AND n.version > h.version AND lower(n.period) <= current_setting({moment})::timestamptz)"
)


def history_view(model: type[Record], schema: str, chosen: sql.SQL) -> sql.Composed:
    """A view over the versions `chosen` from history."""
    columns: list[sql.Composable] = [
        sql.SQL("{} AS {}").format(from_json(field, sql.SQL("h.row")), sql.Identifier(field.column))
        for field in plain_columns(model)
    ]
    if has_geom(model):
        columns += [sql.SQL("h.geom"), sql.SQL("h.geom_3857")]
    inner = sql.SQL(
        "SELECT h.object_id AS id, h.version, lower(h.period) AS begin_lifespan_version, {} FROM public.core_history h"
        " WHERE h.registry = {} AND {}"
    ).format(
        sql.SQL(", ").join(columns),
        sql.Literal(model.registry()),
        chosen.format(moment=sql.Literal(MOMENT), since=sql.Literal(SINCE)),
    )
    return _wrap(model, schema, inner)


def drop_views(**_: Any) -> None:
    """Before migrations: a view freezes the columns of its table."""
    with connection.cursor() as cursor:
        for schema in SCHEMAS:
            cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema)))


def create_views(**_: Any) -> None:
    """After migrations: all schemas anew from the models."""
    with transaction.atomic(), connection.cursor() as cursor:
        drop_views()
        for schema in SCHEMAS:
            cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
        for model in registries().values():
            cursor.execute(draft_view(model, "draft", OF_ONE))
            cursor.execute(draft_view(model, "drafts", OF_SEVERAL))
            cursor.execute(history_view(model, "past", AT_MOMENT))
            cursor.execute(history_view(model, "span", LAST_IN_SPAN))
