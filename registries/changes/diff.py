"""The difference a change set would make: for each object an old and a new side; which side is missing tells the
action.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from psycopg import sql

from registries.changes.models import ChangeSet
from registries.core.overlay import draft, has_geom, plain_columns, uuids
from registries.core.records import Record, registry_model


@dataclass(frozen=True)
class Delta:
    """One object before and after. A side is its columns as JSON values, or None where the object does not exist."""

    item_id: int
    registry: str
    object_id: UUID
    old: dict[str, Any] | None
    new: dict[str, Any] | None
    old_geom: GEOSGeometry | None
    new_geom: GEOSGeometry | None

    @property
    def is_empty(self) -> bool:
        return self.old == self.new and not self.geom_changed

    @property
    def geom_changed(self) -> bool:
        """Whether the coordinates differ in any digit."""
        sides = [geom.ewkb if geom is not None else None for geom in (self.old_geom, self.new_geom)]
        return sides[0] != sides[1]

    @property
    def changed(self) -> dict[str, tuple[Any, Any]]:
        """(old, new) of each column that differs."""
        names = {**(self.old or {}), **(self.new or {})}
        pairs = {name: ((self.old or {}).get(name), (self.new or {}).get(name)) for name in names}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


# The identifiers as literals: the planner knows how few they are, however large the change set.
SIDES = """
SELECT i.id, i.object_id, {old_row}, {new_row}, {old_geom}, {new_geom}
FROM public.changes_changeitem i
LEFT JOIN public.{table} p ON p.id = i.object_id AND p.id = ANY({ids}::uuid[])
LEFT JOIN draft.{table} d ON d.id = i.object_id AND d.id = ANY({ids}::uuid[])
WHERE i.change_set_id = {change_set} AND i.registry = {registry} AND i.object_id = ANY({ids}::uuid[]) ORDER BY i.id
"""


def diff(change_set: ChangeSet, item_ids: Collection[int] | None = None) -> list[Delta]:
    """What `change_set` would change against what is published now, object by object: all of it, or these items.

    Items of one registry follow each other, in the order in which they were made.
    """
    items = change_set.items.order_by("registry", "pk").values_list("registry", "object_id")
    ids: dict[str, list[UUID]] = defaultdict(list)
    for registry, object_id in items if item_ids is None else items.filter(pk__in=list(item_ids)):
        ids[registry].append(object_id)
    found = []
    with draft(change_set.pk), connection.cursor() as cursor:
        for registry, wanted in ids.items():
            cursor.execute(_statement(registry_model(registry), change_set, wanted))
            found += [_delta(registry, *row) for row in cursor.fetchall()]
    return found


def _statement(model: type[Record], change_set: ChangeSet, ids: list[UUID]) -> sql.Composed:
    def row(alias: str) -> sql.Composed:
        names = [sql.Identifier(alias, one.column) for one in plain_columns(model)]
        return sql.SQL("CASE WHEN {0}.id IS NOT NULL THEN to_jsonb((SELECT r FROM (SELECT {1}) r)) END").format(
            sql.Identifier(alias), sql.SQL(", ").join(names)
        )

    def geom(alias: str) -> sql.Composable:
        return sql.SQL("{}.geom").format(sql.Identifier(alias)) if has_geom(model) else sql.SQL("NULL")

    return sql.SQL(SIDES).format(
        old_row=row("p"),
        new_row=row("d"),
        old_geom=geom("p"),
        new_geom=geom("d"),
        table=sql.Identifier(model._meta.db_table),
        change_set=sql.Literal(change_set.pk),
        registry=sql.Literal(model.registry()),
        ids=uuids(ids),
    )


def _delta(
    registry: str,
    item_id: int,
    object_id: UUID,
    old: str | None,
    new: str | None,
    old_geom: str | None,
    new_geom: str | None,
) -> Delta:
    rows = [json.loads(row) if row else None for row in (old, new)]
    geoms = [GEOSGeometry(hexewkb) if hexewkb else None for hexewkb in (old_geom, new_geom)]
    return Delta(item_id, registry, object_id, rows[0], rows[1], geoms[0], geoms[1])
