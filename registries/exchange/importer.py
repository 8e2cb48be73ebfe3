"""A file becomes a change set: every feature read ends as created, updated, unchanged, or refused with its reason."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any
from uuid import UUID

import shapely
from django.conf import settings
from django.contrib.gis.gdal import GDALException
from django.contrib.gis.geos import GEOSException, GEOSGeometry, MultiPoint, Point
from django.db import transaction
from django.utils.translation import gettext as _

from registries.changes import door
from registries.changes.edits import Action, Edit, canonical_geom
from registries.changes.models import ChangeSet
from registries.core.errors import BadInput, RegistryError
from registries.core.models import User
from registries.core.records import Record
from registries.core.rules import Problem
from registries.exchange import profile as profiles
from registries.exchange.reference import SAMPLE, srid_of
from registries.exchange.source import CHUNK, Feature, Source, open_source
from registries.exchange.target import Target, target_of, zone_of
from registries.networks.models import Link, Node

Progress = Callable[[str], None]
# Features that are taken apart, by what their parts become.
SEVERAL: dict[type[Record], str] = {Link: "MultiLineString", Node: "MultiPoint"}


@dataclass(frozen=True)
class Order:
    """What is to be imported, and how; empty texts leave the choice to the file."""

    path: Path
    to: str
    layer: str | None = None
    crs: str | None = None
    encoding: str | None = None
    profile: Path | None = None
    title: str = ""
    network: str = ""
    zone: str = ""


@dataclass
class Report:
    """What became of the features: `read` is always the sum of the four others. A feature taken apart counts as one."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    change_set: ChangeSet | None = None

    def balanced(self) -> bool:
        return self.read == self.created + self.updated + self.unchanged + len(self.refused)


@dataclass
class Batch:
    """The state of one run: which feature stands behind which object, and what was refused so far.

    `parts` holds, for each object that is a part of a feature, all objects of that feature.
    """

    target: Target
    profile: profiles.Profile
    srid: int
    numbers: dict[UUID, int] = field(default_factory=dict)
    actions: dict[UUID, str] = field(default_factory=dict)
    parts: dict[UUID, list[UUID]] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)

    def refuse(self, problem: Problem) -> None:
        """Note the first reason for which the feature behind an object cannot be taken."""
        number = self.numbers.get(problem.object_id) if problem.object_id else None
        if number is None:
            raise BadInput(str(problem))
        self.refused.setdefault(number, f"[{problem.code}] {problem.text()}")
        for object_id in self.parts.get(problem.object_id, [problem.object_id]):  # type: ignore[arg-type,list-item]
            self.actions.pop(object_id, None)

    def drop_parts(self, change_set: ChangeSet) -> None:
        """Where a part was refused, the other parts of its feature go too."""
        if gone := [object_id for object_id in self.parts if self.numbers[object_id] in self.refused]:
            change_set.items.filter(object_id__in=gone).delete()


@transaction.atomic
def import_file(actor: User, order: Order, progress: Progress) -> Report:
    """Read `order.path` into a change set of `actor` and submit it; nothing stays behind when anything but a feature
    is at fault.
    """
    profile = profiles.load(order.profile)
    source = open_source(order.path, order.layer, order.encoding, profile.where)
    batch, features, report = _prepared(order, profile, source)
    change_set = door.open_change_set(actor, order.title or _title(order, source), source="import")
    if batch.target.first:
        door.propose(actor, batch.target.first, change_set=change_set)
    while chunk := list(islice(features, CHUNK)):
        report.read += len(chunk)
        door.propose(actor, _edits(batch, chunk), change_set=change_set, on_refusal=batch.refuse)
        progress(_("%(count)d features read") % {"count": report.read})
    if not report.read:
        raise BadInput(_("The layer “%(layer)s” is empty.") % {"layer": source.layer}, locator="layer")
    batch.drop_parts(change_set)
    door.drop_unchanged(actor, change_set)
    progress(_("checking the rules"))
    _finish(actor, batch, change_set, report)
    if batch.parts:
        count = len({batch.numbers[object_id] for object_id in batch.parts})
        report.notes.append(_("Features of several parts, each part becoming an object: %(count)d.") % {"count": count})
    report.notes += source.notes
    return report


def _prepared(order: Order, profile: profiles.Profile, source: Source) -> tuple[Batch, Iterator[Feature], Report]:
    """Everything that is decided before the first feature is taken: reference system, zone, network, columns, key."""
    features = source.features()
    head = list(islice(features, SAMPLE))
    srid = srid_of(order.crs, source.crs, list(_places(head)))
    zone = None
    if order.to != "zones" and head:
        zone = zone_of(order.zone, _extent(head, srid), settings.ZONE_BUFFER_M)
    target = target_of(order.to, order.network or profile.network, zone)
    names = list(dict.fromkeys([*source.fields, *(name for one in head for name in one.fields)]))
    full, unused = profiles.completed(profile, target, names)
    notes = [_("Reference system: EPSG:%(srid)s.") % {"srid": srid}]
    notes.append(_("Zone: %(zone)s.") % {"zone": zone or _("none")})
    notes.append(_("A feature is named by: %(key)s.") % {"key": _key_words(target.natural_key or full.key)})
    if unused:
        notes.append(_("Fields that fill no column: %(names)s.") % {"names": ", ".join(unused)})
    return Batch(target, full, srid), chain(head, features), Report(notes=notes)


def _key_words(key: Any) -> str:
    if not key:
        return _("its geometry")
    return ", ".join(key) if isinstance(key, list) else str(key)


def _title(order: Order, source: Source) -> str:
    return _("Import of %(file)s, %(layer)s") % {"file": order.path.name, "layer": source.layer}


def _places(features: Iterable[Feature]) -> Iterator[tuple[float, float]]:
    """A place of each feature that has one, in the file's own numbers."""
    for feature in features:
        geom = _geom(feature)
        if geom is not None and not geom.empty:
            yield geom.extent[0], geom.extent[1]


def _extent(features: list[Feature], srid: int) -> GEOSGeometry:
    """The places of the sample as one geometry in the registry's CRS."""
    points = [Point(*place, srid=srid) for place in _places(features)]
    if not points:
        raise BadInput(_("No feature has a geometry that can be read."), locator="file")
    moved = [canonical_geom(Edit.create("networks.node", {}, point)) for point in points]
    return MultiPoint(moved, srid=settings.REGISTRY_SRID)


def _geom(feature: Feature) -> GEOSGeometry | None:
    """The geometry by itself; None where there is none or where it cannot be read, such as a ring of two points."""
    if feature.wkb is None:
        return None
    try:
        return GEOSGeometry(memoryview(feature.wkb))
    except (GEOSException, GDALException, ValueError):
        return None


def _why_no_geometry(feature: Feature) -> str:
    if feature.wkb is None:
        return _("The feature has no geometry.")
    try:
        shapely.from_wkb(feature.wkb)
    except shapely.GEOSException as error:
        # Django's error does not say what GEOS said.
        reason = str(error).rpartition("Exception: ")[2]
        return _("The geometry cannot be read: %(reason)s.") % {"reason": reason}
    return _("The geometry is of a kind that cannot be read.")


def _edits(batch: Batch, chunk: list[Feature]) -> list[Edit]:
    """The edits of a chunk: an update where the object exists already, a creation elsewhere."""
    named: dict[str, tuple[Feature, GEOSGeometry]] = {}
    for feature in chunk:
        geom = _geom(feature)
        if geom is None:
            batch.refused[feature.number] = _why_no_geometry(feature)
            continue
        geom.srid = batch.srid
        key = _key(batch, feature, geom)
        if key in named or batch.target.object_id(key) in batch.numbers:
            batch.refused[feature.number] = _("The file names a feature “%(key)s” twice.") % {"key": key[:60]}
            continue
        named |= {name: (feature, part) for name, part in _parts(batch, key, geom)}
    known = batch.target.known(list(named))
    ids = {key: known.get(key) or batch.target.object_id(key) for key in named}
    existing = set(batch.target.model._base_manager.filter(pk__in=ids.values()).values_list("pk", flat=True))
    edits = [_edit(batch, ids[key], ids[key] in existing, *named[key]) for key in named]
    together: dict[int, list[UUID]] = defaultdict(list)
    for edit in edits:
        together[batch.numbers[edit.object_id]].append(edit.object_id)
    batch.parts |= {object_id: group for group in together.values() if len(group) > 1 for object_id in group}
    return edits


def _parts(batch: Batch, key: str, geom: GEOSGeometry) -> list[tuple[str, GEOSGeometry]]:
    """The parts of a multi-part line or point by names of their own, because assets have one part; else the whole."""
    if geom.geom_type != SEVERAL.get(batch.target.model) or geom.num_geom < 2:
        return [(key, geom)]
    parts = [part.clone() for part in geom]  # type: ignore[attr-defined]
    for part in parts:
        part.srid = batch.srid
    # The first keeps the feature's name, so that a second feature of that name is noticed.
    return [(f"{key}#{number}" if number > 1 else key, part) for number, part in enumerate(parts, start=1)]


def _edit(batch: Batch, object_id: UUID, exists: bool, feature: Feature, geom: GEOSGeometry) -> Edit:
    columns = profiles.row(batch.profile, batch.target, feature.fields)
    action = Action.UPDATE if exists else Action.CREATE
    batch.numbers[object_id], batch.actions[object_id] = feature.number, action
    return Edit(batch.target.model.registry(), action, object_id, columns, geom)


def _key(batch: Batch, feature: Feature, geom: GEOSGeometry) -> str:
    """What names the feature: the natural key, else the profile's key, else the geometry itself."""
    if batch.target.natural_key:
        found = profiles.row(batch.profile, batch.target, feature.fields).get(batch.target.natural_key)
    else:
        found = profiles.value(batch.profile.key, feature.fields)
    if found not in (None, ""):
        return str(found)
    return hashlib.sha256(bytes(geom.wkb)).hexdigest()


def _finish(actor: User, batch: Batch, change_set: ChangeSet, report: Report) -> None:
    """Submit what is left, and count; an import that changes nothing leaves no change set behind."""
    if change_set.items.filter(registry=batch.target.model.registry()).exists():
        with suppress(door.EmptyChangeSet):
            door.submit(actor, change_set, on_refusal=lambda problem: _refuse_whole(batch, change_set, problem))
    kept = set(change_set.items.values_list("object_id", flat=True))
    _count(batch, kept, report)
    if report.created or report.updated:
        change_set.refresh_from_db()
        report.change_set = change_set
    else:
        change_set.delete()
    if not report.balanced():
        raise RegistryError(f"The counts of the import do not add up: {report}")


def _refuse_whole(batch: Batch, change_set: ChangeSet, problem: Problem) -> None:
    batch.refuse(problem)
    if problem.object_id in batch.parts:
        batch.drop_parts(change_set)


def _count(batch: Batch, kept: set[UUID], report: Report) -> None:
    """Features, not objects: created when all of it is new, unchanged when nothing of it is left to change."""
    actions: dict[int, set[str]] = defaultdict(set)
    for object_id, action in batch.actions.items():
        actions[batch.numbers[object_id]].add(action)
    changed = {batch.numbers[object_id] for object_id in batch.actions if object_id in kept}
    report.created = sum(actions[number] == {Action.CREATE} for number in changed)
    report.updated = len(changed) - report.created
    report.unchanged = len(actions) - len(changed)
    report.refused = sorted(batch.refused.items())
