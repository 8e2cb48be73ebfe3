"""What became different from one moment to another as a list: also what has no place on a map, such as offers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from psycopg import sql

from layers.access import Reader
from layers.catalogue import Catalogue
from layers.differences.sides import SAME_SHAPE, title, visible
from registries.core.models import History

# Versions that begin after `before` and are current at `after`, then those current at `before` that ended since: by
# the ends of their periods, because nearly all versions are current at both and an index has to pass over them.
CHANGES = """
SELECT CASE WHEN o.id IS NULL THEN 'added' ELSE 'changed' END AS action, n.registry, n.object_id,
       COALESCE({new_title}, '') AS title, n.row ->> 'asset_type_id' AS kind
FROM public.core_history n
LEFT JOIN public.core_history o ON o.registry = n.registry AND o.object_id = n.object_id AND o.period @> {before}
  AND {old_visible}
WHERE n.period &> tstzrange({before}, NULL, '()') AND n.period @> {after} AND {new_visible}
  AND NOT (o.id IS NOT NULL AND {same} AND o.row = n.row)
UNION ALL
SELECT 'removed', o.registry, o.object_id, COALESCE({old_title}, ''), o.row ->> 'asset_type_id'
FROM public.core_history o
LEFT JOIN public.core_history n ON n.registry = o.registry AND n.object_id = o.object_id AND n.period @> {after}
  AND {new_visible}
WHERE o.period @> {before} AND o.period &< tstzrange(NULL, {after}) AND {old_visible} AND n.id IS NULL
"""
# An offer that is not published (yet, any more) is nobody's business.
OPEN_OFFER = "({}.registry <> 'land.offer' OR {}.row ->> 'state' IN ('published', 'closed', 'awarded'))"


@dataclass(frozen=True)
class Change:
    """`kind` is the asset type of an asset."""

    action: str
    registry: str
    object_id: UUID
    title: str
    kind: str | None


class Changes:
    """All that is different between two moments of what one reader may see."""

    def __init__(self, before: datetime, after: datetime, reader: Reader) -> None:
        self._statement = sql.SQL(CHANGES).format(
            before=_moment(before),
            after=_moment(after),
            same=sql.SQL(SAME_SHAPE),
            old_title=title("o.row"),
            new_title=title("n.row"),
            old_visible=open_to("o", reader),
            new_visible=open_to("n", reader),
        )

    def counts(self) -> list[tuple[str, str | None, str, int]]:
        """(registry, asset type, action, number)."""
        text = sql.SQL("SELECT registry, kind, action, count(*) FROM ({}) c GROUP BY 1, 2, 3 ORDER BY 1, 2, 3")
        return [(row[0], row[1], row[2], row[3]) for row in _all(text.format(self._statement))]

    def page(self, limit: int, offset: int, registry: str = "", kind: str = "", action: str = "") -> list[Change]:
        """Some of them in the order of registries, kinds and titles, perhaps of one registry, kind or action only."""
        wanted = {"registry": registry, "kind": kind, "action": action}
        narrow = [
            sql.SQL("{} = {}").format(sql.Identifier(name), sql.Literal(value))
            for name, value in wanted.items()
            if value
        ]
        text = sql.SQL(
            "SELECT action, registry, object_id, title, kind FROM ({}) c WHERE {}"
            " ORDER BY registry, kind, length(title), title, object_id LIMIT {} OFFSET {}"
        ).format(
            self._statement,
            sql.SQL(" AND ").join([sql.SQL("TRUE"), *narrow]),
            sql.Literal(limit),
            sql.Literal(offset),
        )
        return [Change(*row) for row in _all(text)]


def open_to(alias: str, reader: Reader) -> sql.Composable:
    """Which versions of history, under `alias`, `reader` may see."""
    offer = sql.SQL(OPEN_OFFER).format(sql.Identifier(alias), sql.Identifier(alias))
    return sql.SQL("({} AND {})").format(visible(alias, reader), offer)


def open_versions(versions: QuerySet[History], catalogue: Catalogue) -> list[int]:
    """Those of `versions` that the reader of `catalogue` may see, by primary key."""
    keys = sql.Literal(list(versions.values_list("pk", flat=True)))
    statement = sql.SQL("SELECT h.id FROM public.core_history h WHERE h.id = ANY({}::bigint[]) AND {}")
    return [key for (key,) in _all(statement.format(keys, open_to("h", catalogue.reader)))]


def _moment(moment: datetime) -> sql.Composable:
    return sql.SQL("{}::timestamptz").format(sql.Literal(moment.isoformat()))


def _all(statement: sql.Composable) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()
