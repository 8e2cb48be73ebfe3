"""Reading history, and turning it around: what was published when and by whom, and the edits that would undo a change
set.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.gis.geos import GEOSGeometry
from django.db.models import JSONField, QuerySet
from django.utils.translation import gettext as _

from registries.changes.edits import Edit
from registries.changes.models import ChangeSet
from registries.core.errors import BadInput, NotFound
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


def edit_back(registry: str, object_id: UUID, version: int) -> Edit:
    """The edit that leads one object from what is published now back to `version`."""
    versions = history(registry, object_id)
    then, now = versions.filter(version=version).first(), versions.filter(period__upper_inf=True).first()
    if then is None:
        raise NotFound(_("There is no version %(version)s of this object.") % {"version": version}, locator="version")
    if now is None:
        return Edit.create(then.registry, then.row, then.geom, object_id)
    columns, geom = _back(then.registry, then.row, now.row), _geom_back(then, now)
    if not columns and geom is None:
        raise BadInput(_("The object is as it was in version %(version)s.") % {"version": version}, locator="version")
    return Edit.update(then.registry, object_id, columns, geom, now.version)


def _geom_back(then: History, now: History) -> GEOSGeometry | None:
    if then.geom is None or (now.geom is not None and then.geom.ewkb == now.geom.ewkb):
        return None
    return then.geom


def named(registry: str, object_id: UUID) -> str:
    """The object as people call it, or its kind and identifier when it is gone."""
    model = registry_model(registry)
    found = model._base_manager.filter(pk=object_id).first()
    return str(found) if found is not None else f"{model._meta.verbose_name} {object_id}"
