"""The two sides of the items of a change set: against what is published while it is open, as it was done afterwards."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.contrib.gis.geos import GEOSGeometry, Point
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gis_portal.pages import values
from registries.changes import door
from registries.changes.diff import Delta
from registries.changes.models import ChangeSet
from registries.core.models import History


def deltas(change_set: ChangeSet, item_ids: Collection[int]) -> dict[int, Delta]:
    """The sides of these items by item; set-based, so that a page of fifty costs no more statements than one item."""
    if change_set.state != ChangeSet.State.PUBLISHED:
        return {delta.item_id: delta for delta in door.diff(change_set, item_ids=item_ids)}
    items = list(change_set.items.filter(pk__in=item_ids).only("registry", "object_id"))
    versions = History.objects.filter(object_id__in=[item.object_id for item in items])
    after = {(one.registry, one.object_id): one for one in versions.filter(change_set_id=change_set.pk)}
    # What a publication replaces or ends was current until that very moment.
    ended = versions.filter(period__endswith=change_set.published_at)
    before = {(one.registry, one.object_id): one for one in ended}
    return {
        item.pk: _delta(item.pk, (item.registry, item.object_id), before, after)
        for item in items
    }  # fmt: skip


Versions = dict[tuple[str, UUID], History]


def _delta(item_id: int, key: tuple[str, UUID], before: Versions, after: Versions) -> Delta:
    old, new = before.get(key), after.get(key)
    return Delta(
        item_id,
        *key,
        old.row if old else None,
        new.row if new else None,
        old.geom if old else None,
        new.geom if new else None,
    )


@dataclass(frozen=True)
class Shape:
    """What happened to a geometry, in figures."""

    label: str
    old: str
    new: str

    @property
    def differs(self) -> bool:
        return self.old != self.new


def shapes(delta: Delta) -> list[Shape]:
    """Measures of both sides; empty for a registry without places."""
    old, new = delta.old_geom, delta.new_geom
    if old is None and new is None:
        return []
    measures = {_("Area"): area, _("Length"): length, _("Place (north, east)"): place, _("Vertices"): vertices}
    found = [Shape(label, told(old), told(new)) for label, told in measures.items() if told(old) or told(new)]
    if old is not None and new is not None:
        found.append(Shape(_("Vertices moved"), "", moved(old, new)))
    return found


def area(geom: GEOSGeometry | None) -> str:
    return values.area(geom.area) if geom is not None and geom.dims == 2 else ""


def length(geom: GEOSGeometry | None) -> str:
    return metres(geom.length) + " " + _("m") if geom is not None and geom.dims == 1 else ""


def place(geom: GEOSGeometry | None) -> str:
    return f"{geom.y:.2f} {geom.x:.2f}" if isinstance(geom, Point) else ""


def vertices(geom: GEOSGeometry | None) -> str:
    return number_format(geom.num_points, force_grouping=True) if geom is not None and geom.dims else ""


def metres(value: float) -> str:
    return number_format(f"{value:.2f}", 2, force_grouping=True)


def moved(old: GEOSGeometry, new: GEOSGeometry) -> str:
    """How many vertices stand elsewhere than before."""
    if old.ewkb == new.ewkb:
        return _("none")
    before, after = places(old), places(new)
    count = max(len(before - after), len(after - before))
    return ngettext("%(count)s vertex", "%(count)s vertices", count) % {"count": number_format(count)}


def places(geom: GEOSGeometry) -> set[tuple[float, ...]]:
    """Every vertex, however deep the rings lie."""
    found: set[tuple[float, ...]] = set()
    waiting: list[object] = [geom.coords]  # type: ignore[attr-defined]  # the stubs know it of the kinds only
    while waiting:
        one = waiting.pop()
        assert isinstance(one, tuple), "GEOS gives coordinates as nested tuples."
        if one and isinstance(one[0], float):
            found.add(one)
        else:
            waiting.extend(one)
    return found
