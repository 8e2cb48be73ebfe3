"""What a change set would break, found before anything is written: conditions of the database, references, and the
rules.

Each check runs set-based on the draft, so that a message can name every feature at fault and not only the first.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import ForeignKey
from django.utils.translation import gettext_noop
from psycopg import sql

from registries.changes.items import touched
from registries.changes.models import ChangeSet
from registries.core.overlay import as_published, draft, uuids
from registries.core.records import Record, registries, registry_model
from registries.core.rules import Moment, Problem, Scope, Severity, run

MISSING = gettext_noop("“%(field)s” refers to something that does not exist.")
STILL_USED = gettext_noop("It cannot be removed: “%(by)s” still refers to it.")

BROKEN = "SELECT id FROM {table} WHERE id = ANY({ids}::uuid[]) AND NOT ({condition})"
DANGLING = """
SELECT t.id FROM {table} t WHERE t.{column} IS NOT NULL AND {about}
AND NOT EXISTS (SELECT FROM {target} o WHERE o.{key} = t.{column})
"""


def problems(change_set: ChangeSet, moment: Moment) -> list[Problem]:
    """Everything that speaks against the change set at `moment`, blocking or not."""
    ids = touched(change_set)
    with draft(change_set.pk):
        found = [problem for registry, wanted in ids.items() for problem in _of_registry(registry, wanted)]
        found += _still_used(ids)
        # Rules may trust what the conditions guarantee, so they wait until those hold.
        if not found:
            found = run(moment, Scope(ids))
    return found


def at_once(ids: dict[str, list[UUID]]) -> list[Problem]:
    """What blocks objects taken by themselves, as they are seen now, unless it speaks against what is published too.

    For a draft that grows request by request: what relates objects to each other waits until it is handed in, because
    the next request may mend it, and what was wrong before keeps nobody from correcting it in steps.
    """
    found = _alone(ids)
    if not found:
        return []
    with as_published():
        before = {(one.key, one.locator) for one in _alone(ids)}
    return [one for one in found if (one.key, one.locator) not in before]


def _alone(ids: dict[str, list[UUID]]) -> list[Problem]:
    found = [problem for registry, wanted in ids.items() for problem in _of_registry(registry, wanted)]
    return found or blocking(run(Moment.SUBMIT, Scope(ids), alone=True))


def blocking(found: list[Problem]) -> list[Problem]:
    return [problem for problem in found if problem.severity is Severity.BLOCKS]


def _of_registry(registry: str, ids: list[UUID]) -> list[Problem]:
    model = registry_model(registry)
    return [*_conditions(model, ids), *_references(model, ids)]


def _conditions(model: type[Record], ids: list[UUID]) -> list[Problem]:
    """The model's check constraints, as PostgreSQL keeps them, asked of the draft."""
    words = {one.name: str(one.violation_error_message) for one in model._meta.constraints}
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_expr(conbin, conrelid) FROM pg_constraint"
            " WHERE contype = 'c' AND conrelid = %s::regclass AND conname = ANY(%s) ORDER BY conname",
            [f"public.{model._meta.db_table}", list(words)],
        )
        for name, condition in cursor.fetchall():
            statement = sql.SQL(BROKEN).format(
                table=sql.Identifier(model._meta.db_table),
                ids=uuids(ids),
                condition=sql.SQL(condition),
            )
            cursor.execute(statement)
            for (object_id,) in cursor.fetchall():
                found.append(_problem("DATA-001", words[name], model, object_id, {}, name))
    return found


def _references(model: type[Record], ids: list[UUID]) -> list[Problem]:
    found = []
    for column in model._meta.concrete_fields:
        if isinstance(column, ForeignKey):
            about = sql.SQL("t.id = ANY({}::uuid[])").format(uuids(ids))
            for object_id in _dangling(model, column, about):
                params = {"field": column.verbose_name}
                found.append(_problem("DATA-002", MISSING, model, object_id, params, column.column))
    return found


def _still_used(ids: dict[str, list[UUID]]) -> list[Problem]:
    """Objects elsewhere that would refer to something the change set removes."""
    found = []
    for model in registries().values():
        for column in model._meta.concrete_fields:
            target = column.related_model
            if not isinstance(column, ForeignKey) or not isinstance(target, type) or not issubclass(target, Record):
                continue
            wanted = ids.get(target.registry(), [])
            about = sql.SQL("t.{} = ANY({}::uuid[])").format(sql.Identifier(column.column), uuids(wanted))
            own = set(ids.get(model.registry(), []))
            for object_id in _dangling(model, column, about) if wanted else ():
                if object_id not in own:
                    params = {"by": f"{model._meta.verbose_name} {object_id}"}
                    found.append(_problem("DATA-003", STILL_USED, target, None, params, column.column))
    return found


def _dangling(model: type[Record], column: Any, about: sql.Composable) -> list[UUID]:
    target = column.related_model._meta
    statement = sql.SQL(DANGLING).format(
        table=sql.Identifier(model._meta.db_table),
        column=sql.Identifier(column.column),
        about=about,
        target=sql.Identifier(target.db_table),
        key=sql.Identifier(target.pk.column),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [object_id for (object_id,) in cursor.fetchall()]


def _problem(
    code: str, message: str, model: type[Record], object_id: UUID | None, params: dict[str, Any], locator: str
) -> Problem:
    return Problem(code, message, registry=model.registry(), object_id=object_id, params=params, locator=locator)
