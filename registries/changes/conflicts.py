"""Who changed what meanwhile: base, published, proposed, always by these names and in this order; and how the author's
choices bring a change set up to what is published now.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from django.utils.translation import gettext as _

from registries.changes.models import ChangeItem, ChangeSet
from registries.core.errors import BadInput, FieldConflict

Action = ChangeItem.Action
# Only objects whose published version moved on since the item's base are compared; few, so the comparison may be made
# in Python. What both sides removed is settled already.
MOVED_ON = """
SELECT i.id, i.registry, i.object_id, i.action, i.has_geom, i.attributes, base.row, now_.row, now_.version,
       base.geom, now_.geom, i.geom
FROM changes_changeitem i
LEFT JOIN core_history base
  ON base.registry = i.registry AND base.object_id = i.object_id AND base.version = i.base_version
LEFT JOIN core_history now_
  ON now_.registry = i.registry AND now_.object_id = i.object_id AND upper_inf(now_.period)
WHERE i.change_set_id = %s
  AND ((i.action = 'create' AND now_.id IS NOT NULL)
       OR (i.action = 'update' AND now_.version IS DISTINCT FROM i.base_version)
       OR (i.action = 'delete' AND now_.version <> i.base_version))
ORDER BY i.id
"""
WHOLE, GEOM = "*", "geom"
PUBLISHED, PROPOSED = "published", "proposed"
# The choice for one item, or for one field of it.
Choices = Mapping[int | tuple[int, str], str]


@dataclass(frozen=True)
class Moved:
    """One item whose object was published anew since: the three rows and the three geometries."""

    item_id: int
    registry: str
    object_id: UUID
    action: str
    has_geom: bool
    proposed: dict[str, Any]
    base: dict[str, Any]
    published: dict[str, Any]
    version: int | None
    base_geom: GEOSGeometry | None
    published_geom: GEOSGeometry | None
    proposed_geom: GEOSGeometry | None

    def conflicts(self) -> list[FieldConflict]:
        """The fields that both sides changed, and differently."""
        if self.version is None or self.action != Action.UPDATE:
            return [self._told(WHOLE, self.base or None, self.published or None, self.proposed or None)]
        found = [
            self._told(path, old, new, mine)
            for path, old, new, mine in _leaves(self.base, self.published, self.proposed)
            if old != new and not _same(new, mine)
        ]
        base, published, proposed = map(_ewkb, (self.base_geom, self.published_geom, self.proposed_geom))
        if self.has_geom and base != published != proposed:
            found.append(self._told(GEOM, self.base_geom, self.published_geom, self.proposed_geom))
        return found

    def _told(self, field: str, base: Any, published: Any, proposed: Any) -> FieldConflict:
        return FieldConflict(self.registry, str(self.object_id), field, base, published, proposed, self.item_id)


def find(change_set: ChangeSet) -> list[FieldConflict]:
    """Fields that this change set and somebody else's publication changed differently; untouched fields merge by
    themselves.
    """
    return [conflict for one in _moved_on(change_set) for conflict in one.conflicts()]


def rebase(change_set: ChangeSet, choices: Choices) -> None:
    """Make the items speak of what is published now, each conflict settled by its choice; an item left without a
    change is dropped. BadInput names the fields without a choice.
    """
    moved = _moved_on(change_set)
    picked = {one.item_id: _picked(one, choices) for one in moved}
    rows = ChangeItem.objects.in_bulk(list(picked))
    for one in moved:
        _rebase_one(rows[one.item_id], one, picked[one.item_id])


def _picked(one: Moved, choices: Choices) -> dict[str, str]:
    found = {}
    for conflict in one.conflicts():
        choice = choices.get((one.item_id, conflict.field), choices.get(one.item_id, ""))
        if choice not in (PUBLISHED, PROPOSED):
            raise BadInput(
                _("Choose for “%(field)s” of %(object)s: keep what is published, or what you propose.")
                % {"field": conflict.field, "object": one.object_id},
                locator=f"{one.item_id}:{conflict.field}",
                hint=_("Reload the page; it may have become a conflict only now."),
            )
        found[conflict.field] = choice
    return found


def _rebase_one(item: ChangeItem, one: Moved, picked: Mapping[str, str]) -> None:
    if picked.get(WHOLE) == PUBLISHED:
        item.delete()
        return
    if one.version is None:
        # Removed meanwhile: it comes back as it was, with the changes proposed.
        item.action, item.base_version = Action.CREATE, None
        item.attributes = _overlaid(one.base, item.attributes)
        item.geom = item.geom if item.has_geom else one.base_geom
        item.has_geom = item.geom is not None
    else:
        item.base_version = one.version
        item.action = Action.UPDATE if item.action == Action.CREATE else item.action
        for field in (field for field, choice in picked.items() if choice == PUBLISHED):
            _give_up(item, field)
    if item.action == Action.UPDATE and not item.attributes and not item.has_geom:
        item.delete()
    else:
        item.save(update_fields=["action", "base_version", "attributes", "geom", "has_geom"])


def _give_up(item: ChangeItem, field: str) -> None:
    """Take one field out of the proposal; the names of columns hold no dot."""
    if field == GEOM:
        item.geom, item.has_geom = None, False
        return
    column, _dot, key = field.partition(".")
    if key:
        del item.attributes[column][key]
    if not key or not item.attributes[column]:
        del item.attributes[column]


def _overlaid(row: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """The whole row of an object with its changes, as the draft would show it."""
    result = dict(row)
    for column, value in changes.items():
        if isinstance(value, dict):
            merged = {**(row.get(column) or {}), **value}
            value = {key: one for key, one in merged.items() if one is not None}
        result[column] = value
    return result


def _moved_on(change_set: ChangeSet) -> list[Moved]:
    with connection.cursor() as cursor:
        cursor.execute(MOVED_ON, [change_set.pk])
        return [_moved(*row) for row in cursor.fetchall()]


def _moved(item_id: int, registry: str, object_id: UUID, action: str, has_geom: bool, *rest: Any) -> Moved:
    proposed, base, published = (json.loads(row) if row else {} for row in rest[:3])
    geoms = (GEOSGeometry(hexewkb) if hexewkb else None for hexewkb in rest[4:])
    return Moved(item_id, registry, object_id, action, has_geom, proposed, base, published, rest[3], *geoms)


def _ewkb(geom: GEOSGeometry | None) -> bytes | None:
    return bytes(geom.ewkb) if geom is not None else None


def _same(one: Any, other: Any) -> bool:
    """Whether both sides wrote the same; a decimal is text on one side and a number on the other."""
    if one == other or str(one) == str(other):
        return True
    if isinstance(one, bool) or not isinstance(one, int | float):
        return False
    try:
        return Decimal(str(one)) == Decimal(str(other))
    except InvalidOperation:
        return False


def _leaves(
    base: dict[str, Any], published: dict[str, Any], proposed: dict[str, Any], prefix: str = ""
) -> list[tuple[str, Any, Any, Any]]:
    """(field, base, published, proposed) of every proposed field; JSON columns key by key, as they merge."""
    found = []
    for key, mine in proposed.items():
        old, new = base.get(key), published.get(key)
        if isinstance(mine, dict) and not prefix:
            found += _leaves(old or {}, new or {}, mine, f"{key}.")
        else:
            found.append((f"{prefix}{key}", old, new, mine))
    return found
