"""Where a value comes from: the latest publication in which it changed, and the act on which that rested."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from layers.moment import When

# The geometry among the columns.
SHAPE = "geom"
# Older changes of an object are told as of the oldest of these.
VERSIONS_MOST = 50
STATEMENT = """
SELECT h.registry, h.object_id, lower(h.period), h.row, md5(h.geom::text), c.legal_act, c.legal_number, c.legal_date
FROM unnest(%s::text[], %s::uuid[]) wanted(registry, object_id)
CROSS JOIN LATERAL (
    SELECT * FROM public.core_history h
    WHERE h.registry = wanted.registry AND h.object_id = wanted.object_id
      AND (%s::timestamptz IS NULL OR lower(h.period) <= %s::timestamptz)
    ORDER BY h.version DESC LIMIT %s
) h
LEFT JOIN public.changes_changeset c ON c.id = h.change_set_id
ORDER BY h.registry, h.object_id, h.version
"""


@dataclass(frozen=True)
class Origin:
    source: str
    on: date | None


@dataclass(frozen=True)
class _Version:
    at: datetime
    columns: dict[str, Any]
    act: tuple[str, str, date | None]


class Origins:
    """The origins of the columns of some objects, read at once."""

    def __init__(self, objects: Iterable[tuple[str, UUID]], when: When | None) -> None:
        wanted = list(objects)
        moment = when.end if when else None
        self._versions: dict[tuple[str, UUID], list[_Version]] = {key: [] for key in wanted}
        with connection.cursor() as cursor:
            registries, ids = [one[0] for one in wanted], [str(one[1]) for one in wanted]
            cursor.execute(STATEMENT, [registries, ids, moment, moment, VERSIONS_MOST])
            for registry, id, at, row, shape, *act in cursor.fetchall():
                columns = {**json.loads(row), SHAPE: shape}
                self._versions[registry, id].append(_Version(at, columns, (act[0] or "", act[1] or "", act[2])))

    def of(self, registry: str, id: UUID, *columns: str) -> Origin:
        """The origin of what the columns say together."""
        versions = self._versions.get((registry, id), [])
        found = versions[0] if versions else None
        for before, after in pairwise(versions):
            if any(_is_new(before.columns, after.columns, name) for name in columns):
                found = after
        if found is None:
            return Origin(_("the registry"), None)
        return Origin(told(*found.act), localdate(found.at))


def _is_new(before: dict[str, Any], after: dict[str, Any], name: str) -> bool:
    # A text that there was no column for and one that is empty say the same.
    return (before.get(name) or None) != (after.get(name) or None)


def told(act: str, number: str, day: date | None) -> str:
    """The act as it is quoted, or the registry where a change rested on none."""
    if not act:
        return _("the registry")
    named = f"{act} №\u00a0{number}" if number else act
    if day is None:
        return named
    return _("%(act)s of %(day)s") % {"act": named, "day": date_format(day, "DATE_FORMAT")}
