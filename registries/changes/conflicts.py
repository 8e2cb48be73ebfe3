"""Who changed what meanwhile: base, published, proposed, always by these names and in this order."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection

from registries.changes.models import ChangeSet
from registries.core.errors import FieldConflict

# Only objects whose published version moved on since the item's base are compared; few, so the comparison may be made
# in Python.
MOVED_ON = """
SELECT i.registry, i.object_id, i.action, i.attributes, base.row, now_.row, i.has_geom,
       ST_AsEWKB(i.geom) IS NOT DISTINCT FROM ST_AsEWKB(now_.geom),
       ST_AsEWKB(base.geom) IS NOT DISTINCT FROM ST_AsEWKB(now_.geom)
FROM changes_changeitem i
LEFT JOIN core_history base
  ON base.registry = i.registry AND base.object_id = i.object_id AND base.version = i.base_version
LEFT JOIN core_history now_
  ON now_.registry = i.registry AND now_.object_id = i.object_id AND upper_inf(now_.period)
WHERE i.change_set_id = %s
  AND ((i.action = 'create' AND now_.id IS NOT NULL)
       OR (i.action <> 'create' AND now_.version IS DISTINCT FROM i.base_version))
ORDER BY i.id
"""
WHOLE = "*"


def find(change_set: ChangeSet) -> list[FieldConflict]:
    """Fields that this change set and somebody else's publication changed differently; untouched fields merge by
    themselves.
    """
    with connection.cursor() as cursor:
        cursor.execute(MOVED_ON, [change_set.pk])
        return [conflict for row in cursor.fetchall() for conflict in _of_item(*row)]


def _of_item(
    registry: str,
    object_id: Any,
    action: str,
    *rest: Any,
) -> list[FieldConflict]:
    name = str(object_id)
    proposed, base, published = (json.loads(row) if row else {} for row in rest[:3])
    has_geom, geom_agrees, geom_untouched = rest[3:]
    if not published or action != "update":
        return [FieldConflict(registry, name, WHOLE, base or None, published or None, proposed or None)]
    conflicts = [
        FieldConflict(registry, name, path, old, new, mine)
        for path, old, new, mine in _leaves(base, published, proposed)
        if old != new and str(new) != str(mine)
    ]
    if has_geom and not geom_untouched and not geom_agrees:
        conflicts.append(FieldConflict(registry, name, "geom", None, None, None))
    return conflicts


def _leaves(
    base: dict[str, Any], published: dict[str, Any], proposed: dict[str, Any], prefix: str = ""
) -> list[tuple[str, Any, Any, Any]]:
    """(field, base, published, proposed) of every proposed field; JSON columns key by key, as they merge."""
    found = []
    for key, mine in proposed.items():
        old, new = base.get(key), published.get(key)
        if isinstance(mine, dict):
            found += _leaves(old or {}, new or {}, mine, f"{prefix}{key}.")
        else:
            found.append((f"{prefix}{key}", old, new, mine))
    return found
