"""The demonstration zone on its way into the registry: the same door, the same four eyes as for everybody's edits."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator

import shapely
from django.contrib.gis.geos import GEOSGeometry

from fixtures.demo.frame import SRID, to_map
from fixtures.demo.items import Item, Stage
from fixtures.demo.zone import stages
from registries.changes import door
from registries.changes.edits import Edit
from registries.changes.models import ChangeSet
from registries.core.models import History, User, Waiver
from registries.land.store import keep

SOURCE = "demo"


def load(author: User, reviewer: User) -> Iterator[tuple[str, int]]:
    """Publish what the registry has never seen, change set by change set; yields each title and number of edits.

    What somebody changed or removed since stays as they left it, so a second run, or one after a crash, does no harm.
    """
    for stage in stages():
        edits = _edits(stage)
        for item in stage.items:
            if item.content is not None:
                keep(item.content)
        if edits:
            change_set = door.propose(author, edits, title=stage.title, reason=stage.reason, source=SOURCE)
            if stage.act is not None:
                act, number, day = stage.act
                door.describe(author, change_set, legal_act=act, legal_number=number, legal_date=day)
            door.submit(author, change_set)
            door.approve(reviewer, change_set, words="Проверено (демонстрация).")
            door.publish(reviewer, change_set)
        yield stage.title, len(edits)


def take_over() -> None:
    """Leave the warnings open, as in data that come from elsewhere: the error map then has something to show."""
    demo = ChangeSet.objects.filter(source=SOURCE)
    Waiver.objects.filter(change_set_id__in=demo.values("pk")).delete()


def _edits(stage: Stage) -> list[Edit]:
    versions = _versions((*stage.items, *stage.corrections))
    creations = [
        Edit.create(item.registry, item.fields, _geom(item), item.object_id)
        for item in stage.items
        if item.object_id not in versions
    ]
    corrections = [
        Edit.update(item.registry, item.object_id, item.fields, _geom(item))
        for item in stage.corrections
        if versions.get(item.object_id) == 1
    ]
    return creations + corrections


def _versions(items: Iterable[Item]) -> dict[uuid.UUID, int]:
    """The latest version that the registry ever published of each item."""
    wanted: dict[str, list[uuid.UUID]] = defaultdict(list)
    for item in items:
        wanted[item.registry].append(item.object_id)
    found: dict[uuid.UUID, int] = {}
    for registry, ids in wanted.items():
        history = History.objects.filter(registry=registry, object_id__in=ids).order_by("version")
        found.update(history.values_list("object_id", "version"))
    return found


def _geom(item: Item) -> GEOSGeometry | None:
    if item.geom is None:
        return None
    return GEOSGeometry(memoryview(shapely.to_wkb(to_map(item.geom))), srid=SRID)
