"""From edits to change items: cleaned, checked against what they change, and merged with what the change set holds
already.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import JSONField

from registries.changes.edits import Action, Edit, canonical_columns, canonical_geom
from registries.changes.models import ChangeItem, ChangeSet
from registries.core.errors import BadInput
from registries.core.overlay import draft, plain_columns
from registries.core.records import Record, registry_model
from registries.core.rights import Place
from registries.core.rules import EXISTS_ALREADY, OTHER_VERSION, UNKNOWN_OBJECT, Problem

OnRefusal = Callable[[Problem], None]
BATCH = 2000


@dataclass
class Workbench:
    """One registry's objects that a batch of edits is about, as published and as the draft has them so far."""

    model: type[Record]
    published: dict[UUID, int]
    drafted: dict[UUID, dict[str, Any]]
    items: dict[UUID, ChangeItem]


def take(change_set: ChangeSet, edits: Iterable[Edit], on_refusal: OnRefusal) -> dict[str, list[UUID]]:
    """Store `edits` as items of `change_set`, telling `on_refusal` of each that cannot be; the ids taken, by
    registry.
    """
    groups: dict[str, list[Edit]] = defaultdict(list)
    for edit in edits:
        groups[edit.registry].append(edit)
    taken = {}
    for registry, group in groups.items():
        bench = _bench(change_set, registry, [edit.object_id for edit in group])
        before = dict(bench.items)
        taken[registry] = [edit.object_id for edit in group if _take_one(change_set, bench, edit, on_refusal)]
        _store(bench, before)
    if sum(len(ids) for ids in taken.values()) > BATCH:
        # The planner would take a fresh, large change set for a row or two and join it by nested loops.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE changes_changeitem")
    return taken


def _bench(change_set: ChangeSet, registry: str, ids: list[UUID]) -> Workbench:
    model = registry_model(registry)
    published = dict(model._base_manager.filter(pk__in=ids).values_list("pk", "version"))
    with draft(change_set.pk):
        rows = model._base_manager.filter(pk__in=ids).values("pk", *model.context_columns)
        drafted = {row.pop("pk"): row for row in rows}
    items = {item.object_id: item for item in change_set.items.filter(registry=registry, object_id__in=ids)}
    return Workbench(model, published, drafted, items)


def _take_one(change_set: ChangeSet, bench: Workbench, edit: Edit, on_refusal: OnRefusal) -> bool:
    refused = _why_not(bench, edit)
    if refused is None:
        try:
            _merge(change_set, bench, edit)
        except BadInput as error:
            # The words are already in the reader's language; percent signs in them are no place-holders.
            refused = Problem("EDIT-004", str(error), locator=error.locator)
    if refused is None:
        return True
    on_refusal(
        Problem(
            refused.code,
            refused.message,
            registry=edit.registry,
            object_id=edit.object_id,
            params=refused.params,
            locator=refused.locator,
        )
    )
    return False


def _why_not(bench: Workbench, edit: Edit) -> Problem | None:
    exists = edit.object_id in bench.drafted
    if edit.action == Action.CREATE and exists:
        return Problem("EDIT-001", EXISTS_ALREADY)
    if edit.action != Action.CREATE and not exists:
        return Problem("EDIT-002", UNKNOWN_OBJECT)
    if edit.base_version is not None and not 0 <= edit.base_version <= bench.published.get(edit.object_id, 0):
        return Problem("EDIT-003", OTHER_VERSION, params={"version": edit.base_version})
    return None


def _merge(change_set: ChangeSet, bench: Workbench, edit: Edit) -> None:
    """Bring one edit into the item of its object; an addition that is removed again leaves no trace."""
    known, previous = edit.object_id, bench.items.get(edit.object_id)
    if edit.action == Action.DELETE:
        if previous is not None and previous.action == Action.CREATE:
            del bench.items[known]
        else:
            bench.items[known] = _item(change_set, bench, edit, {})
        bench.drafted.pop(known)
        return
    columns, geom = _cleaned(bench, edit), canonical_geom(edit)
    item = previous if previous is not None and previous.action != Action.DELETE else _item(change_set, bench, edit, {})
    item.attributes = _merged(bench.model, item.attributes, columns)
    if geom is not None:
        item.geom, item.has_geom = geom, True
    bench.items[known] = item
    bench.drafted[known] = {**bench.drafted.get(known, {}), **columns}


def _cleaned(bench: Workbench, edit: Edit) -> dict[str, Any]:
    columns = canonical_columns(edit)
    row = bench.drafted.get(edit.object_id, {})
    context = {name: row[name] for name in bench.model.context_columns if name in row and name not in columns}
    cleaned = bench.model.clean_columns({**context, **columns})
    return {name: value for name, value in cleaned.items() if name not in context}


def _item(change_set: ChangeSet, bench: Workbench, edit: Edit, attributes: dict[str, Any]) -> ChangeItem:
    """A fresh item; an object that is published is changed or removed, whatever was drafted about it before."""
    version = bench.published.get(edit.object_id)
    previous = bench.items.get(edit.object_id)
    action = Action.UPDATE if edit.action == Action.CREATE and version is not None else edit.action
    return ChangeItem(
        pk=previous.pk if previous else None,
        change_set=change_set,
        registry=edit.registry,
        object_id=edit.object_id,
        action=action,
        base_version=None if action == Action.CREATE else (edit.base_version or version),
        attributes=attributes,
    )


def _merged(model: type[Record], old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    result = {**old, **new}
    for column in plain_columns(model):
        if isinstance(column, JSONField) and column.column in old and column.column in new:
            result[column.column] = {**old[column.column], **new[column.column]}
    return result


def _store(bench: Workbench, before: dict[UUID, ChangeItem]) -> None:
    gone = [item.pk for known, item in before.items() if known not in bench.items]
    ChangeItem.objects.filter(pk__in=gone).delete()
    fields = ["action", "base_version", "attributes", "has_geom", "geom"]
    old = [item for item in bench.items.values() if item.pk is not None]
    # As additions of what is there already: an update of many would search a list of all for each.
    ChangeItem.objects.bulk_create(
        old, batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=fields
    )
    ChangeItem.objects.bulk_create([item for item in bench.items.values() if item.pk is None], batch_size=BATCH)


def touched(change_set: ChangeSet) -> dict[str, list[UUID]]:
    """The ids of all objects of the change set, by registry."""
    found: dict[str, list[UUID]] = defaultdict(list)
    for registry, object_id in change_set.items.order_by("registry", "object_id").values_list("registry", "object_id"):
        found[registry].append(object_id)
    return dict(found)


def places(change_set: ChangeSet, ids: dict[str, list[UUID]]) -> set[Place]:
    """The zones and networks that the objects lie in, before the change and after it."""
    found = places_now(ids)
    with draft(change_set.pk):
        return found | places_now(ids)


def places_now(ids: dict[str, list[UUID]]) -> set[Place]:
    """The same as what is seen now has them: published, or within a draft."""
    found: set[Place] = set()
    for registry, wanted in ids.items():
        model = registry_model(registry)
        paths = [model.zone_path, *([model.network_path] if model.network_path else [])]
        rows = model._base_manager.filter(pk__in=wanted).values_list(*paths).distinct()
        found |= {Place(*row) for row in rows}
    return found
