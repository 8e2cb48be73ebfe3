"""Reading history, and turning it around: what was published when and by whom, and the edits that would undo a change
set.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import JSONField, QuerySet

from registries.changes.edits import Edit
from registries.changes.models import ChangeSet
from registries.core.models import History
from registries.core.overlay import plain_columns
from registries.core.records import registry_model


def history(registry: str, object_id: UUID) -> QuerySet[History]:
    """Every published version of one object, the latest first, with who published it."""
    found = History.objects.filter(registry=registry_model(registry).registry(), object_id=object_id)
    return found.select_related("published_by").order_by("-version")


def revert_edits(change_set: ChangeSet) -> list[Edit]:
    """Edits that lead from what `change_set` published back to what was there before: undo swaps the two sides."""
    made = {row.object_id: row for row in History.objects.filter(change_set_id=change_set.pk)}
    edits = []
    for item in change_set.items.order_by("-pk"):
        after = made.get(item.object_id)
        if item.action == "create":
            edits.append(Edit.delete(item.registry, item.object_id, after.version if after else None))
            continue
        before = _before(change_set, item.registry, item.object_id, after)
        if before is None:
            continue
        if after is None:
            edits.append(Edit.create(item.registry, before.row, before.geom, item.object_id))
        else:
            columns = _back(item.registry, before.row, after.row)
            geom = before.geom if item.has_geom else None
            edits.append(Edit.update(item.registry, item.object_id, columns, geom, after.version))
    return edits


def _before(change_set: ChangeSet, registry: str, object_id: UUID, after: History | None) -> History | None:
    """The version that the change set replaced or ended."""
    versions = History.objects.filter(registry=registry, object_id=object_id).order_by("-version")
    if after is not None:
        return versions.filter(version__lt=after.version).first()
    return versions.filter(period__endswith=change_set.published_at).first()


def _back(registry: str, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """The columns that differ, with their old values; keys that came new into a JSON column are removed again by
    null.
    """
    json = {one.column for one in plain_columns(registry_model(registry)) if isinstance(one, JSONField)}
    columns = {}
    for name, new in after.items():
        old = before.get(name)
        if old == new:
            continue
        if name in json:
            old = {**dict.fromkeys(new or {}), **(old or {})}
        columns[name] = old
    return columns
