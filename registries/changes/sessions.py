"""What a person edits from a map program: many small requests, collected into one change set for each zone.

One “Save edits” of QGIS is up to four requests, and an evening's work a hundred of them. None opens a change set of its
own: all of a person's edits in one zone gather in one that stays open until it is handed in. Where the installation
allows it, people with the right to do so publish at once instead.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import nullcontext
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from registries.changes import checks, decisions, drafting, items
from registries.changes.edits import Edit
from registries.changes.models import ChangeItem, ChangeSet
from registries.changes.states import EDITABLE
from registries.core.errors import NotAllowed, RuleViolations
from registries.core.models import Role, User
from registries.core.overlay import draft
from registries.core.records import Record, registry_model
from registries.core.rights import Place, rights_of
from registries.core.rules import Problem
from registries.core.service import DIRECT, account

SOURCE, AT_ONCE = "qgis", "direct"
PROGRAM = "QGIS"
# So many cost a tenth of a second.
JUDGED_AT_MOST = 200
# Two requests of one person must not open two sessions for one zone.
LOCK = "SELECT pg_advisory_xact_lock(hashtext('registries.changes.sessions'), %s)"
# An object, by registry.
Named = tuple[str, UUID]


def sessions_of(person: User | AnonymousUser | None) -> tuple[int, ...]:
    """The open sessions of `person`, the oldest first."""
    return tuple(_open(person).values_list("pk", flat=True)) if isinstance(person, User) else ()


def _open(person: User) -> QuerySet[ChangeSet]:
    return ChangeSet.objects.filter(author=person, source=SOURCE, state__in=EDITABLE).order_by("pk")


def begin_session(person: User) -> None:
    """Other requests of this person wait from here on until the transaction ends, so that what is read stays true."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [person.pk])


@transaction.atomic
def collect(actor: User, edits: Iterable[Edit]) -> list[ChangeSet]:
    """Put `edits` into the open sessions of `actor`, one for each zone, or publish them at once; all or nothing.

    An object that stands in an open session stays there, an addition goes where its zone, network or plot is. All that
    is wrong with edits is told together (RuleViolations).
    """
    begin_session(actor)
    asked, refused = list(edits), list[Problem]()
    used = [
        drafting.propose(actor, some, change_set=change_set, on_refusal=refused.append)
        for change_set, some in _sorted(actor, asked)
    ]
    if refused or (refused := _judged(used, asked)):
        raise RuleViolations(refused)
    for change_set in used:
        if change_set.source == AT_ONCE:
            _publish(actor, change_set)
    return used


def _judged(used: Collection[ChangeSet], edits: Sequence[Edit]) -> list[Problem]:
    """What is wrong with the objects by themselves; of many at once it is told when they are handed in."""
    if not 0 < len(edits) <= JUDGED_AT_MOST:
        return []
    ids: dict[str, set[UUID]] = defaultdict(set)
    for edit in edits:
        ids[edit.registry].add(edit.object_id)
    with draft(*(one.pk for one in used)):
        return checks.at_once({registry: list(some) for registry, some in ids.items()})


def _sorted(actor: User, edits: Sequence[Edit]) -> list[tuple[ChangeSet, list[Edit]]]:
    """The edits by the change set that they go into, each in the order given."""
    sessions = {one.pk: one for one in _open(actor)}
    held = _held(sessions, edits)
    zones = _zones(sessions, [edit for edit in edits if _name(edit) not in held])
    targets: dict[UUID | None, ChangeSet] = {}
    for zone in set(zones.values()):
        is_direct = rights_of(actor).may_publish_directly([Place(zone)])
        newest = next((one for one in reversed(sessions.values()) if one.zone_id == zone), None)
        targets[zone] = newest if newest and not is_direct else _opened(actor, zone, AT_ONCE if is_direct else SOURCE)
    groups: dict[ChangeSet, list[Edit]] = defaultdict(list)
    for edit in edits:
        groups[held.get(_name(edit)) or targets[zones[_name(edit)]]].append(edit)
    return list(groups.items())


def _name(edit: Edit) -> Named:
    return edit.registry, edit.object_id


def _held(sessions: Mapping[int, ChangeSet], edits: Sequence[Edit]) -> dict[Named, ChangeSet]:
    """Where objects stand already; should one stand in two, the item made last is the one that is seen."""
    if not sessions:
        return {}
    rows = ChangeItem.objects.filter(change_set__in=list(sessions), object_id__in=[edit.object_id for edit in edits])
    rows = rows.order_by("pk")
    return {(key, known): sessions[pk] for key, known, pk in rows.values_list("registry", "object_id", "change_set")}


def _zones(sessions: Collection[int], edits: Sequence[Edit]) -> dict[Named, UUID | None]:
    """The zone of each edit's object: where it lies, and for an addition where its columns say that it will."""
    groups: dict[str, list[Edit]] = defaultdict(list)
    for edit in edits:
        groups[edit.registry].append(edit)
    found: dict[Named, UUID | None] = {}
    with draft(*sessions) if sessions else nullcontext():
        for registry, group in groups.items():
            model = registry_model(registry)
            rows = model._base_manager.filter(pk__in=[edit.object_id for edit in group])
            there = dict(rows.values_list("pk", model.zone_path))
            added = [edit for edit in group if edit.object_id not in there]
            there |= _zones_of_added(model, added)
            found |= {(registry, known): zone for known, zone in there.items()}
    return found


def _zones_of_added(model: type[Record], edits: Sequence[Edit]) -> dict[UUID, UUID | None]:
    """Of what is not there yet; what says nothing of its zone, or nothing that can be read, is of none."""
    head, _sign, tail = model.zone_path.partition("__")
    if head == "id":
        return {edit.object_id: edit.object_id for edit in edits}
    named = {edit.object_id: _uuid(edit.columns.get(f"{head}_id", edit.columns.get(head))) for edit in edits}
    if tail:
        related: Any = model._meta.get_field(head).related_model
        rows = related._base_manager.filter(pk__in={one for one in named.values() if one is not None})
        zones = dict(rows.values_list("pk", f"{tail}_id"))
        return {known: zones.get(one) for known, one in named.items()}
    return named


def _uuid(value: Any) -> UUID | None:
    try:
        return UUID(str(value)) if value else None
    except ValueError:
        return None


def _opened(actor: User, zone: UUID | None, source: str) -> ChangeSet:
    words = [PROGRAM, timezone.localdate().isoformat(), *([_zone_name(zone)] if zone else [])]
    made = drafting.open_change_set(actor, ", ".join(words), source=source)
    made.zone_id = zone
    made.save(update_fields=["zone_id"])
    return made


def _zone_name(zone: UUID) -> str:
    """In the active language; a zone that is only being drafted has none yet."""
    found: Any = registry_model("land.zone")._base_manager.filter(pk=zone).first()
    if found is None:
        return _("new zone")
    is_bulgarian = (get_language() or "").startswith("bg")
    return str(found.name if is_bulgarian else found.name_en or found.name)


def _publish(actor: User, change_set: ChangeSet) -> None:
    """The rules, history and audit are those of every publication; a service account stands for the second person."""
    places = items.places(change_set, items.touched(change_set))
    if not rights_of(actor).may_publish_directly(places):
        raise NotAllowed(_("You may not publish directly in all the zones of this edit."), locator="zone")
    try:
        decisions.submit(actor, change_set)
    except decisions.EmptyChangeSet:
        # Nothing was really changed.
        decisions.withdraw(actor, change_set)
        return
    words = _("Published without a second person, as DIRECT_PUBLISH allows %(who)s to.") % {"who": actor.called}
    decisions.approve_and_publish(account(DIRECT, Role.REVIEWER), change_set, words)
