"""The history of one object: every published version, what it changed, why, by whom, and the way back to it.

Staff see all columns of the objects in their zones and who acted; others, where history is public, the versions and
columns that are published to them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib.gis.db.models.functions import Transform
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gis_portal.language import along
from gis_portal.pages import stored
from gis_portal.pages.desk.guard import for_staff, signed_in
from gis_portal.pages.desk.sides import Shape, shapes
from gis_portal.pages.stored import Line
from layers import moment
from layers.access import reader_of
from layers.catalogue import Catalogue, catalogue_of
from layers.differences.listing import open_versions
from layers.layer import Layer
from registries.changes import door
from registries.changes.diff import Delta
from registries.changes.models import ChangeItem, ChangeSet
from registries.core import audit
from registries.core.errors import BadInput, NotFound
from registries.core.models import Audience, History, User
from registries.core.records import Record, registry_model
from registries.core.rights import Place, rights_of

PER_PAGE = 20


@dataclass(frozen=True)
class Step:
    """One thing that happened to the object; `version` is None when it was removed."""

    at: datetime
    action: str
    version: int | None
    change_set: ChangeSet | None
    publisher: User | None
    lines: list[Line]
    shapes: list[Shape]
    is_current: bool

    @property
    def instant(self) -> str:
        """For addresses: the state with this step done."""
        return self.at.astimezone(UTC).isoformat().replace("+00:00", "Z")


class Sight:
    """What one reader may see of one object's history."""

    def __init__(self, user: Any, registry: str, object_id: UUID) -> None:
        self.user, self.object_id = user, object_id
        self.model = registry_model(registry)
        self.registry = self.model.registry()
        self.catalogue: Catalogue = catalogue_of(reader_of(user), past=True)
        every = door.history(self.registry, object_id)
        self.latest = every.first()
        missing = NotFound(_("The registry has never held this object."))
        if self.latest is None:
            raise missing
        self.place = place_of(self.model, self.latest)
        self.is_staff = rights_of(user).audience_at(self.place) >= Audience.INTERNAL
        self.versions = every if self.is_staff else every.filter(pk__in=open_versions(every, self.catalogue))
        if not self.is_staff and not self.versions.exists():
            raise missing

    @property
    def layer(self) -> Layer | None:
        """The published layer that the object belongs to, if the reader may see it."""
        assert self.latest is not None
        kind = self.latest.row.get("asset_type_id")
        if kind:
            return self.catalogue.get(kind)
        return next((layer for layer in self.catalogue if layer.registry == self.registry), None)

    @property
    def may_edit(self) -> bool:
        return rights_of(self.user).may_edit([self.place])

    def shown(self, lines: list[Line]) -> list[Line]:
        """Those of `lines` whose columns are open to the reader."""
        if self.is_staff:
            return lines
        names = {column.name for column in self.layer.columns} if self.layer else set()
        return [line for line in lines if line.name.rpartition(".")[2].removesuffix("_id") in names]


def place_of(model: type[Record], version: History) -> Place:
    """The zone and network that decide about rights, as the version's row tells them."""

    def key(path: str) -> Any:
        first, _sep, rest = path.partition("__")
        value = version.object_id if first == "id" else version.row.get(f"{first}_id")
        if not rest or value is None:
            return value
        target: Any = model._meta.get_field(first).related_model
        return target._base_manager.filter(pk=value).values_list(rest, flat=True).first()

    zone, network = (key(path) if path else None for path in (model.zone_path, model.network_path))
    return Place(as_uuid(zone), as_uuid(network))


def as_uuid(value: Any) -> UUID | None:
    return UUID(str(value)) if value else None


@require_safe
def show(request: HttpRequest, registry: str, id: UUID) -> HttpResponse:
    """`/history/{registry}/{id}/`; `version` chooses the step that the map shows."""
    sight = opened(request, registry, id)
    pages = Paginator(sight.versions.annotate(shape=Transform("geom", 4326)), PER_PAGE)
    page = pages.get_page(request.GET.get("page"))
    versions: list[History] = list(page)
    before, after = neighbours(sight, versions)
    known = stored.names((sight.registry, one.row) for one in [*versions, *filter(None, [before])])
    made = timeline(sight, versions, before, after, known)
    chosen = choice(request, versions)
    if sight.is_staff:
        audit.saw(request.user, f"{sight.registry} {id}", ", ".join(sorted({*sight.model.personal, "published_by"})))
    context = {
        "sight": sight,
        "title": stored.title(sight.registry, versions[0].row, known),
        "kind": stored.registry_title(sight.registry),
        "steps": made,
        "pages": page,
        "chosen": chosen,
        "features": map_of(sight, versions, before, chosen, stored.title(sight.registry, chosen.row, known)),
        "page": "history",
    }
    return render(request, "portal/history.html", context)


def opened(request: HttpRequest, registry: str, id: UUID) -> Sight:
    moment.require(request.user)
    return Sight(request.user, registry, id)


def neighbours(sight: Sight, versions: list[History]) -> tuple[History | None, History | None]:
    """The versions just before and after those of the page: what its last one changed, what ended its first one."""
    earlier = sight.versions.filter(version__lt=versions[-1].version).annotate(shape=Transform("geom", 4326))
    return earlier.first(), sight.versions.filter(version__gt=versions[0].version).last()


def replaced(version: History, previous: History | None) -> History | None:
    """`previous`, if `version` followed it without a gap."""
    return previous if previous is not None and previous.period.upper == version.period.lower else None


def choice(request: HttpRequest, versions: list[History]) -> History:
    wanted = request.GET.get("version", "")
    found = [one for one in versions if str(one.version) == wanted]
    return found[0] if found else versions[0]


def timeline(
    sight: Sight, versions: list[History], before: History | None, later: History | None, known: stored.Names
) -> list[Step]:
    """What happened, the latest first; a removal stands between the version it ended and the next one."""
    sets = {one.pk: one for one in change_sets(sight, versions)}
    ended = {one.published_at: one for one in sets.values()}
    steps: list[Step] = []
    for version, previous in zip(versions, [*versions[1:], before], strict=True):
        end = version.period.upper
        if end is not None and (later is None or later.period.lower != end):
            by = ended.get(end)
            publisher = by.published_by if by and sight.is_staff else None
            steps.append(Step(end, "removed", None, by, publisher, [], [], later is None))
        is_current = later is None and end is None
        steps.append(step(sight, version, previous, sets.get(version.change_set_id), known, is_current))
        later = version
    return steps


def step(
    sight: Sight,
    version: History,
    previous: History | None,
    change_set: ChangeSet | None,
    known: stored.Names,
    is_current: bool,
) -> Step:
    old = replaced(version, previous)
    lines = stored.lines(sight.registry, old.row if old else None, version.row, known)
    before = (old.row, old.geom) if old else (None, None)
    delta = Delta(0, sight.registry, sight.object_id, before[0], version.row, before[1], version.geom)
    measured = [one for one in shapes(delta) if one.differs] if delta.geom_changed else []
    return Step(
        at=version.period.lower,
        action="changed" if old else "added",
        version=version.version,
        change_set=change_set,
        publisher=version.published_by if sight.is_staff else None,
        lines=sight.shown([line for line in lines if line.differs]),
        shapes=measured,
        is_current=is_current,
    )


def change_sets(sight: Sight, versions: list[History]) -> list[ChangeSet]:
    """Those that made the versions, and those that removed the object."""
    mine = ChangeItem.objects.filter(registry=sight.registry, object_id=sight.object_id).values("change_set")
    ends = [version.period.upper for version in versions if version.period.upper]
    found = ChangeSet.objects.select_related("author", "approved_by", "published_by")
    made = found.filter(pk__in={version.change_set_id for version in versions})
    return list(made | found.filter(pk__in=mine, published_at__in=ends))


def map_of(
    sight: Sight, versions: list[History], before: History | None, chosen: History, title: str
) -> dict[str, Any]:
    """The chosen version and the one it replaced, as the map of differences reads them."""
    index = versions.index(chosen)
    previous = versions[index + 1] if index + 1 < len(versions) else before
    old = replaced(chosen, previous)
    kept = old is not None and (old.geom and old.geom.ewkb) == (chosen.geom and chosen.geom.ewkb)
    common = {"item": chosen.version, "action": "changed" if old else "added", "registry": sight.registry}
    common |= {"title": title, "kept": kept}
    sides: list[tuple[str, Any]] = [("new", chosen)] if kept or old is None else [("old", old), ("new", chosen)]
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {**common, "side": side}, "geometry": geometry(one)}
            for side, one in sides
            if one.shape is not None
        ],
    }


def geometry(version: Any) -> dict[str, Any]:
    kind = version.shape.geom_type
    return {"type": kind, "coordinates": version.shape.coords}


def _staff_only(view: Callable[..., HttpResponse]) -> Callable[..., Any]:
    return require_POST(for_staff(view))


@_staff_only
def revert(request: HttpRequest, registry: str, id: UUID) -> HttpResponse:
    """A new change set that leads back to one version; it is read and submitted at the desk."""
    text = request.POST.get("version", "")
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        raise BadInput(_("The number of a version is a whole number."), locator="version")
    change_set = door.revert_object(signed_in(request), registry, id, int(text))
    return redirect(along(request, reverse("desk-change-set", args=[change_set.pk])))
