"""What others published of a feature since the client read it: only the same fields, changed differently, conflict."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import GEOSGeometry
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from layers.layer import Column, Writes
from layers.writing import values
from layers.writing.heights import restored
from layers.writing.references import References
from layers.writing.rows import Row
from layers.writing.wishes import Wish
from registries.changes.models import ChangeSet
from registries.core.errors import BadInput, Conflict, FieldConflict
from registries.core.models import History, User

WHOLE, GEOM = "*", "geom"
PERIOD = re.compile(r"[\[(]([0-9-]*),([0-9-]*)[\])]")
SHOWN = 60


@dataclass(frozen=True)
class Version:
    number: int
    row: dict[str, Any]
    geom: GEOSGeometry | None
    author: User
    at: datetime


@dataclass(frozen=True)
class Touched:
    """What a wish would change: values by published name, and the shape as it came, None leaving it alone."""

    values: dict[str, Any]
    geom: GEOSGeometry | None


@dataclass
class Found:
    """The conflicts of one wish, with a sentence for each."""

    conflicts: list[FieldConflict] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


class Meanwhile:
    """The published versions of those features of which a client read an older one; few, so they are read whole."""

    def __init__(self, person: User, references: References, outdated: Iterable[tuple[str, UUID]]) -> None:
        self.person, self.references = person, references
        wanted: dict[str, list[UUID]] = defaultdict(list)
        for registry, id in outdated:
            wanted[registry].append(id)
        self._versions: dict[UUID, list[Version]] = defaultdict(list)
        for registry, ids in wanted.items():
            self._read(registry, ids)

    def _read(self, registry: str, ids: list[UUID]) -> None:
        found = list(History.objects.filter(registry=registry, object_id__in=ids).order_by("version"))
        sets = ChangeSet.objects.select_related("author").in_bulk({one.change_set_id for one in found})
        for one in found:
            author = sets[one.change_set_id].author
            version = Version(one.version, one.row, one.geom, author, one.period.lower)
            self._versions[one.object_id].append(version)

    def settle(self, wish: Wish, row: Row, touched: Touched) -> Touched:
        """What of `touched` the client meant to change; raises Conflict where others did so since, and differently."""
        since = self._since(wish, row)
        found = Found()
        if wish.action == "delete":
            self._judge_removal(wish, row, since, found)
            meant = touched
        else:
            told = {
                name: mine for name, mine in touched.values.items() if self._judge(wish, row, name, mine, since, found)
            }
            meant = Touched(told, self._judge_shape(wish, row, touched.geom, since, found))
        if found.conflicts:
            hint = _("Load the layer anew, look at it and edit it again.")
            raise Conflict(found.conflicts, " ".join(found.texts), locator=found.conflicts[0].field, hint=hint)
        return meant

    def _since(self, wish: Wish, row: Row) -> list[Version]:
        """The version that the client read, and all after it. Version 0 is an own draft that was published since."""
        versions = self._versions[row.id]
        wanted = max(wish.version or 0, 1)
        if wanted not in [one.number for one in versions]:
            raise BadInput(
                _("Version %(version)s of this object does not exist.") % {"version": wish.version},
                locator="version",
                hint=_("Load the data anew."),
            )
        return [one for one in versions if one.number >= wanted]

    def _by(self, since: list[Version], part: Callable[[Version], Any]) -> Version | None:
        """The last version in which somebody else changed that part."""
        changed = [new for old, new in pairwise(since) if part(old) != part(new) and new.author != self.person]
        return changed[-1] if changed else None

    def _judge(self, wish: Wish, row: Row, name: str, mine: Any, since: list[Version], found: Found) -> bool:
        """Whether the client changed the field; a conflict is noted in `found`."""
        column = wish.layer.column(name)
        assert column is not None, "Values of unknown columns were refused."
        assert column.writes is not None, "Values of computed columns were refused."
        refers = bool(column.writes.registry)
        old, now = (leaf(column, column.writes, one.row) for one in (since[0], since[-1]))
        is_drafted = not refers and not values.same(column, now, row.values[name])
        asked = str(self.references.find(wish.layer, column, mine)) if refers and mine else mine
        if not is_drafted and _same(column, old, asked):
            # It came along unchanged; what others made of it stays.
            return False
        by = self._by(since, lambda one: leaf(column, column.writes, one.row))  # type: ignore[arg-type]
        if by is not None and not _same(column, old, now) and not _same(column, now, asked):
            found.conflicts.append(FieldConflict(wish.layer.registry, str(row.id), name, old, now, asked))
            theirs = now if is_drafted else row.values[name]
            found.texts.append(
                _("“%(field)s”: %(who)s changed it to “%(value)s” on %(when)s, after you had loaded it.")
                % {"field": column.title, "value": _shown(theirs), **_who(by)}
            )
        return True

    def _judge_shape(
        self, wish: Wish, row: Row, mine: GEOSGeometry | None, since: list[Version], found: Found
    ) -> GEOSGeometry | None:
        """The shape, if the client changed it."""
        old, now = since[0].geom, since[-1].geom
        if mine is None or old is None or now is None:
            return mine
        is_drafted = row.geom is not None and row.geom.ewkb != now.ewkb
        if not is_drafted and restored(mine, old) is old:
            return None
        by = self._by(since, lambda one: one.geom.ewkb if one.geom is not None else None)
        if by is not None and old.ewkb != now.ewkb and restored(mine, now) is not now:
            found.conflicts.append(FieldConflict(wish.layer.registry, str(row.id), GEOM, old, now, mine))
            found.texts.append(_("The geometry: %(who)s changed it on %(when)s, after you had loaded it.") % _who(by))
        return mine

    def _judge_removal(self, wish: Wish, row: Row, since: list[Version], found: Found) -> None:
        by = self._by(since, lambda one: one.number)
        if by is not None:
            found.conflicts.append(
                FieldConflict(wish.layer.registry, str(row.id), WHOLE, since[0].row, since[-1].row, None)
            )
            found.texts.append(_("%(who)s changed it on %(when)s, after you had loaded it.") % _who(by))


def leaf(column: Column, writes: Writes, row: dict[str, Any]) -> Any:
    """The value of the column in a row of history, as it would be read from a client; what it refers to by key."""
    value = row.get(writes.column)
    if writes.registry:
        return value
    if writes.key:
        value = (value or {}).get(writes.key)
    if writes.bound:
        return _bound(writes, value)
    return values.read(column, value)


def _bound(writes: Writes, period: str | None) -> date | None:
    """As `to_jsonb` writes a period: the day after the last one behind a round bracket."""
    ends = PERIOD.fullmatch(period or "")
    text = ends[1 if writes.bound == "lower" else 2] if ends else ""
    if not text:
        return None
    day = date.fromisoformat(text)
    return day if writes.bound == "lower" else day - timedelta(days=1)


def _same(column: Column, one: Any, other: Any) -> bool:
    if column.writes is not None and column.writes.registry:
        return (one or None) == (other or None)
    return values.same(column, one, other)


def _who(version: Version) -> dict[str, str]:
    when = date_format(localtime(version.at), "SHORT_DATETIME_FORMAT")
    return {"who": version.author.called, "when": when}


def _shown(value: Any) -> str:
    return "–" if value is None or value == "" else str(value)[:SHOWN]
