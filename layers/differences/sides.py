"""What differs, as rows with a place: each object's shape before (`old`) and after (`new`), of a change set or of two
dates.

Both arms of each statement read one table by its own spatial index, so that a condition on `geom_3857` from outside
reaches it. A shape that did not change is there once, as `new`, and says so (`kept`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from psycopg import sql

from layers import assets, revisions
from layers.access import Reader
from layers.land import LAND_LAYERS
from registries.changes.models import ChangeSet
from registries.core.records import registries

SAME_SHAPE = "ST_AsEWKB(n.geom) IS NOT DISTINCT FROM ST_AsEWKB(o.geom)"
# The name that people know an object by; the first of these columns that it has.
TITLES = ("code", "national_cadastral_reference", "label", "name")

# An item without a shape of its own leaves that of the published version as it is.
OF_OPEN_SET = """
SELECT n.id AS item, CASE n.action WHEN 'create' THEN 'added' ELSE 'changed' END AS action, 'new' AS side,
       n.registry, n.object_id, COALESCE({new_title}, {old_title}, '') AS title,
       n.action = 'update' AND {same} AS kept, n.geom, n.geom_3857
FROM public.changes_changeitem n
LEFT JOIN public.core_history o ON n.action = 'update' AND o.registry = n.registry AND o.object_id = n.object_id
  AND upper_inf(o.period)
WHERE n.change_set_id = {change_set} AND n.action <> 'delete' AND n.geom IS NOT NULL
UNION ALL
SELECT n.id, CASE n.action WHEN 'delete' THEN 'removed' ELSE 'changed' END,
       CASE WHEN n.action = 'update' AND NOT n.has_geom THEN 'new' ELSE 'old' END,
       n.registry, n.object_id, COALESCE({new_title}, {old_title}, ''),
       n.action = 'update' AND NOT n.has_geom, o.geom, o.geom_3857
FROM public.changes_changeitem n
JOIN public.core_history o ON o.registry = n.registry AND o.object_id = n.object_id AND upper_inf(o.period)
WHERE n.change_set_id = {change_set} AND n.action <> 'create' AND o.geom IS NOT NULL
  AND NOT (n.action = 'update' AND n.has_geom AND {same})
"""
# What it did when it was published, whatever happened since. The version before ended at that very moment.
OF_PUBLISHED_SET = """
SELECT i.id AS item, CASE i.action WHEN 'create' THEN 'added' ELSE 'changed' END AS action, 'new' AS side,
       i.registry, i.object_id, COALESCE({new_title}, '') AS title, i.action = 'update' AND {same} AS kept,
       n.geom, n.geom_3857
FROM public.changes_changeitem i
JOIN public.core_history n ON n.change_set_id = {change_set} AND n.registry = i.registry AND n.object_id = i.object_id
LEFT JOIN public.core_history o ON i.action = 'update' AND o.registry = i.registry AND o.object_id = i.object_id
  AND o.version = n.version - 1
WHERE i.change_set_id = {change_set} AND n.geom IS NOT NULL
UNION ALL
SELECT i.id, CASE i.action WHEN 'delete' THEN 'removed' ELSE 'changed' END, 'old',
       i.registry, i.object_id, COALESCE({old_title}, ''), false, o.geom, o.geom_3857
FROM public.changes_changeitem i
JOIN public.core_history o ON o.registry = i.registry AND o.object_id = i.object_id
  AND upper(o.period) = {moment}
LEFT JOIN public.core_history n ON n.change_set_id = {change_set} AND n.registry = i.registry
  AND n.object_id = i.object_id
WHERE i.change_set_id = {change_set} AND i.action <> 'create' AND o.geom IS NOT NULL
  AND NOT (i.action = 'update' AND {same})
"""
# Versions current at one of the moments and not at the other. Who saw neither side learns nothing; who saw one side
# only sees it come or go.
BETWEEN = """
SELECT n.registry || '/' || n.object_id AS item, CASE WHEN o.id IS NULL THEN 'added' ELSE 'changed' END AS action,
       'new' AS side, n.registry, n.object_id, COALESCE({new_title}, '') AS title, o.id IS NOT NULL AND {same} AS kept,
       n.geom, n.geom_3857
FROM public.core_history n
LEFT JOIN public.core_history o ON o.registry = n.registry AND o.object_id = n.object_id AND o.period @> {before}
  AND {old_visible}
WHERE n.period @> {after} AND NOT n.period @> {before} AND {new_visible} AND n.geom IS NOT NULL
  AND NOT (o.id IS NOT NULL AND {same} AND o.row = n.row)
UNION ALL
SELECT o.registry || '/' || o.object_id, CASE WHEN n.id IS NULL THEN 'removed' ELSE 'changed' END,
       'old', o.registry, o.object_id, COALESCE({old_title}, ''), false, o.geom, o.geom_3857
FROM public.core_history o
LEFT JOIN public.core_history n ON n.registry = o.registry AND n.object_id = o.object_id AND n.period @> {after}
  AND {new_visible}
WHERE o.period @> {before} AND NOT o.period @> {after} AND {old_visible} AND o.geom IS NOT NULL
  AND NOT (n.id IS NOT NULL AND {same})
"""
ITEMS = """
SELECT CASE action WHEN 'create' THEN 'added' WHEN 'update' THEN 'changed' ELSE 'removed' END AS action, count(*)
FROM public.changes_changeitem WHERE change_set_id = {change_set} GROUP BY 1
"""


@dataclass(frozen=True)
class Difference:
    """`sides` is a SELECT of item, action, side, registry, object_id, title, kept, geom and geom_3857; `counted` one of
    action and number, of things without a place, too. `edition` names the state in which both were written. Items are
    numbers (`is_numbered`) or long names.
    """

    sides: sql.Composable
    counted: sql.Composable
    edition: str
    is_numbered: bool = True


def of_change_set(change_set: ChangeSet) -> Difference:
    """What `change_set` would change, against what is published now; what it did change, once it is published."""
    number = sql.Literal(change_set.pk)
    counted = sql.SQL(ITEMS).format(change_set=number)
    same = sql.SQL(SAME_SHAPE)
    words: dict[str, sql.Composable] = {"change_set": number, "same": same, "old_title": title("o.row")}
    if change_set.state == ChangeSet.State.PUBLISHED:
        words |= {"moment": sql.Literal(change_set.published_at), "new_title": title("n.row")}
        return Difference(sql.SQL(OF_PUBLISHED_SET).format(**words), counted, f"{change_set.edition}p")
    sides = sql.SQL(OF_OPEN_SET).format(**words, new_title=title("n.attributes"))
    known = revisions.numbers()
    return Difference(sides, counted, f"{change_set.edition}-{max(known.get(key, 0) for key in registries())}")


def between(before: datetime | None, after: datetime | None, reader: Reader) -> Difference:
    """What became different from one moment to another, None being now, of all that `reader` may see."""
    sides = sql.SQL(BETWEEN).format(
        before=_moment(before),
        after=_moment(after),
        same=sql.SQL(SAME_SHAPE),
        old_title=title("o.row"),
        new_title=title("n.row"),
        old_visible=visible("o", reader),
        new_visible=visible("n", reader),
    )
    counted = sql.SQL("SELECT action, count(DISTINCT item) FROM ({}) s GROUP BY action").format(sides)
    known = revisions.numbers()
    state = f"{max(known.values(), default=0)} {sides.as_string()}"
    return Difference(sides, counted, hashlib.sha256(state.encode()).hexdigest()[:16], is_numbered=False)


def _moment(at: datetime | None) -> sql.Composable:
    """What is current now is current without end: its period holds infinity, and this says so at any time of asking."""
    return sql.SQL("{}::timestamptz").format(sql.Literal(at.isoformat() if at else "infinity"))


def title(row: str) -> sql.Composable:
    values = [sql.SQL("NULLIF({} ->> {}, '')").format(sql.SQL(row), sql.Literal(name)) for name in TITLES]
    return sql.SQL("COALESCE({})").format(sql.SQL(", ").join(values))


def visible(alias: str, reader: Reader) -> sql.Composable:
    """Which versions of history, under `alias`, `reader` may see: layers by audience, assets by network."""
    land = [layer.registry for layer in LAND_LAYERS if layer.audience <= reader.audience]
    types = [layer.key for layer in assets.layers(revisions.numbers()) if layer.audience <= reader.audience]
    return sql.SQL(
        "({0}.registry = ANY({1}) OR {0}.registry IN ('networks.link', 'networks.node')"
        " AND {0}.row ->> 'network_id' = ANY({2}) AND {0}.row ->> 'asset_type_id' = ANY({3}))"
    ).format(
        sql.Identifier(alias),
        sql.SQL("{}::text[]").format(sql.Literal(land)),
        sql.SQL("{}::text[]").format(sql.Literal([str(network) for network in reader.networks])),
        sql.SQL("{}::text[]").format(sql.Literal(types)),
    )
