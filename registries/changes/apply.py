"""Publishing, set-based: the draft view already shows every object as it is to be, so publishing copies it into the
tables.

All of it runs in one transaction under one lock. Statements are few and independent of the number of edits.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg import sql

from registries.changes.models import ChangeSet
from registries.core import revisions
from registries.core.guard import door_open
from registries.core.models import User
from registries.core.overlay import draft, has_geom, identifiers, plain_columns, uuids
from registries.core.records import Record, registries

# Publications run one after another, so that periods of history never overlap and rules see each other's results.
PUBLICATION_LOCK = 7_801

# What comes back after a removal goes on counting.
NEXT_VERSION = """
COALESCE((SELECT max(h.version) FROM public.core_history h WHERE h.registry = {registry} AND h.object_id = d.id), 0) + 1
"""
INSERT = """
INSERT INTO public.{table} (id, version, begin_lifespan_version, {columns})
SELECT d.id, {next_version}, {moment}, {drafted}
FROM draft.{table} d WHERE d.id = ANY({ids}::uuid[])
"""
UPDATE = """
UPDATE public.{table} t SET version = t.version + 1, begin_lifespan_version = {moment}, ({columns}) = ROW({drafted})
FROM draft.{table} d WHERE d.id = t.id AND t.id = ANY({ids}::uuid[])
"""
DELETE = "DELETE FROM public.{table} t WHERE t.id = ANY({ids}::uuid[])"
CLOSE_PERIODS = """
UPDATE public.core_history h SET period = tstzrange(lower(h.period), {moment})
FROM public.changes_changeitem i
WHERE i.change_set_id = {change_set} AND i.registry = {registry} AND i.action <> 'create'
  AND h.registry = {registry} AND h.object_id = i.object_id AND upper_inf(h.period)
"""
OPEN_PERIODS = """
INSERT INTO public.core_history (registry, object_id, version, period, change_set_id, published_by_id, row, geom)
SELECT {registry}, t.id, t.version, tstzrange({moment}, NULL), {change_set}, {publisher},
       to_jsonb((SELECT r FROM (SELECT {columns}) r)), {geom}
FROM public.{table} t JOIN public.changes_changeitem i
  ON i.change_set_id = {change_set} AND i.registry = {registry} AND i.action <> 'delete' AND i.object_id = t.id
"""
TOPICS = """
SELECT DISTINCT h.row ->> {topic} FROM public.core_history h
WHERE h.registry = {registry} AND h.object_id IN (SELECT object_id FROM public.changes_changeitem
                                                  WHERE change_set_id = {change_set} AND registry = {registry})
"""


def lock() -> datetime:
    """Wait for the turn to publish; the moment of publication, later than that of every earlier one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PUBLICATION_LOCK])
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def apply(change_set: ChangeSet, publisher: User, moment: datetime) -> None:
    """Bring every item of `change_set` into the published tables and history, and raise the revisions it touches."""
    known = set(change_set.items.order_by().values_list("registry", flat=True).distinct())
    models = [model for key, model in registries().items() if key in known]
    with door_open(), draft(change_set.pk), connection.cursor() as cursor:
        for model in models:
            _run(cursor, model, INSERT, change_set, publisher, moment, action="create")
            _run(cursor, model, UPDATE, change_set, publisher, moment, action="update")
        for model in reversed(models):
            _run(cursor, model, DELETE, change_set, publisher, moment, action="delete")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model in models:
            _run(cursor, model, CLOSE_PERIODS, change_set, publisher, moment)
            _run(cursor, model, OPEN_PERIODS, change_set, publisher, moment)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        revisions.bump(_topics(cursor, models, change_set))


def _run(
    cursor: Any,
    model: type[Record],
    statement: str,
    change_set: ChangeSet,
    publisher: User,
    moment: datetime,
    action: str = "",
) -> None:
    names = [field.column for field in plain_columns(model)]
    prefix = "t" if statement is OPEN_PERIODS else ""
    stored = [*names, "geom"] if has_geom(model) and not prefix else names
    values = {
        "table": sql.Identifier(model._meta.db_table),
        "registry": sql.Literal(model.registry()),
        "change_set": sql.Literal(change_set.pk),
        "publisher": sql.Literal(publisher.pk),
        "moment": sql.Literal(moment),
        "ids": uuids(_ids(change_set, model, action)),
        "columns": identifiers(stored, prefix),
        "drafted": identifiers(stored, "d"),
        "geom": sql.SQL("t.geom" if has_geom(model) else "NULL"),
    }
    values["next_version"] = sql.SQL(NEXT_VERSION).format(**values)
    cursor.execute(sql.SQL(statement).format(**values))


def _ids(change_set: ChangeSet, model: type[Record], action: str) -> list[UUID]:
    """As literals, not as a sub-select: the planner knows how many there are, however stale its statistics."""
    items = change_set.items.filter(registry=model.registry(), action=action).order_by("object_id")
    return list(items.values_list("object_id", flat=True))


def _topics(cursor: Any, models: Iterable[type[Record]], change_set: ChangeSet) -> list[str]:
    """The registries touched and, where a registry is divided, the topics of all versions of the objects touched."""
    topics = []
    for model in models:
        topics.append(model.registry())
        if model.topic_column:
            cursor.execute(
                sql.SQL(TOPICS).format(
                    topic=sql.Literal(model.topic_column),
                    registry=sql.Literal(model.registry()),
                    change_set=sql.Literal(change_set.pk),
                )
            )
            topics += [f"{model.registry()}:{topic}" for (topic,) in cursor.fetchall()]
    return topics
