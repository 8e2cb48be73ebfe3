"""Two people at the same moment: exactly one wins, the other hears why, and nobody waits for ever.

Real threads with connections of their own, in a database where everything is committed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from registries.changes import conflicts, door
from registries.changes.edits import Edit
from registries.changes.models import ChangeSet
from registries.changes.schedule import publish_due
from registries.core.errors import Conflict, RegistryError, RuleViolations, WrongState
from registries.core.models import History, Role, User
from registries.land.models import Parcel, Zone
from tests.conftest import person, square
from tests.own_database import own_database

State = ChangeSet.State
PATIENCE_S = 20
Step = Callable[[], Any]


@pytest.fixture(scope="module")
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A database of its own, to which all threads of a test connect."""
    with own_database("rush", django_db_blocker):
        yield


@pytest.fixture
def people(committed: None) -> dict[str, User]:
    tag = User.objects.count()
    return {
        "olena": person(f"olena{tag}", Role.EDITOR),
        "vera": person(f"vera{tag}", Role.EDITOR),
        "boris": person(f"boris{tag}", Role.REVIEWER),
        "ivo": person(f"ivo{tag}", Role.REVIEWER),
    }


@pytest.fixture
def zone_id(people: dict[str, User]) -> UUID:
    """A published zone, each test's own."""
    number = Zone.objects.count()
    edit = Edit.create("land.zone", {"code": f"z{number}", "name": "Изток"}, square(2000 * number, 0, 1000))
    door.publish(people["boris"], approved(people, "olena", edit))
    return edit.object_id


def approved(people: dict[str, User], author: str, *edits: Edit) -> ChangeSet:
    change_set = door.propose(people[author], edits, title="made for a test")
    door.submit(people[author], change_set)
    return door.approve(people["boris"], change_set, "For a test.")


def at_once(*steps: Step) -> list[Any]:
    """What each step returned or raised, all begun at the same moment; TimeoutError if they wait for each other."""
    start = threading.Barrier(len(steps))

    def run(step: Step) -> Any:
        start.wait(PATIENCE_S)
        try:
            return step()
        except RegistryError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(steps)) as pool:
        running = [pool.submit(run, step) for step in steps]
        return [future.result(PATIENCE_S) for future in running]


def errors(outcomes: list[Any]) -> list[RegistryError]:
    return [found for found in outcomes if isinstance(found, RegistryError)]


def state(change_set: ChangeSet) -> str:
    return ChangeSet.objects.values_list("state", flat=True).get(pk=change_set.pk)


def renamed(zone_id: UUID, name: str) -> Edit:
    return Edit.update("land.zone", zone_id, {"name": name})


def test_of_two_who_publish_the_same_change_set_one_succeeds(people: dict[str, User], zone_id: UUID) -> None:
    change_set = approved(people, "olena", renamed(zone_id, "Запад"))
    outcomes = at_once(
        lambda: door.publish(people["boris"], change_set), lambda: door.publish(people["ivo"], change_set)
    )
    (error,) = errors(outcomes)
    assert isinstance(error, WrongState)
    assert Zone.objects.get(pk=zone_id).version == 2
    assert History.objects.filter(object_id=zone_id).count() == 2


def test_of_two_conflicting_change_sets_one_is_published_and_the_other_marked(
    people: dict[str, User], zone_id: UUID
) -> None:
    sets = [approved(people, who, renamed(zone_id, name)) for who, name in (("olena", "Запад"), ("vera", "Север"))]
    outcomes = at_once(*(lambda one=one: door.publish(people["boris"], one) for one in sets))
    (error,) = errors(outcomes)
    assert isinstance(error, Conflict)
    assert sorted(map(state, sets)) == sorted([State.CONFLICTED, State.PUBLISHED])
    winner = next(one for one in sets if state(one) == State.PUBLISHED)
    assert Zone.objects.get(pk=zone_id).name == winner.items.get().attributes["name"]


def test_change_sets_that_touch_the_same_objects_in_other_orders_both_succeed(
    people: dict[str, User], zone_id: UUID
) -> None:
    parcels = [
        Edit.create("land.parcel", {"national_cadastral_reference": f"73626.{number}.{zone_id.int % 10**6}"}, shape)
        for number, shape in ((1, square(0, 5000)), (2, square(200, 5000)))
    ]
    door.publish(people["boris"], approved(people, "olena", *parcels))
    one, two = (edit.object_id for edit in parcels)
    sets = [
        approved(people, "olena", *(Edit.update("land.parcel", id, {"address": "A"}) for id in (one, two))),
        approved(people, "vera", *(Edit.update("land.parcel", id, {"label": "1"}) for id in (two, one))),
    ]
    assert not errors(at_once(*(lambda one=one: door.publish(people["boris"], one) for one in sets)))
    assert {state(one) for one in sets} == {State.PUBLISHED}


def test_of_two_who_create_the_same_code_one_hears_of_the_rule(people: dict[str, User], zone_id: UUID) -> None:
    corner = 2000 * (Zone.objects.count() - 1)
    sets = [
        approved(people, who, Edit.create("land.plot", {"code": "П-1", "zone": zone_id}, square(corner + x, 0)))
        for who, x in (("olena", 0), ("vera", 300))
    ]
    outcomes = at_once(*(lambda one=one: door.publish(people["boris"], one) for one in sets))
    (error,) = errors(outcomes)
    assert isinstance(error, RuleViolations)
    assert sorted(map(state, sets)) == sorted([State.APPROVED, State.PUBLISHED])


def test_what_is_edited_while_it_is_submitted_is_in_it_or_refused(people: dict[str, User], zone_id: UUID) -> None:
    change_set = door.propose(people["olena"], [renamed(zone_id, "Запад")], title="made for a test")
    outcomes = at_once(
        lambda: door.submit(people["olena"], change_set),
        lambda: door.propose(people["olena"], [renamed(zone_id, "Север")], change_set=change_set),
    )
    found = errors(outcomes)
    assert state(change_set) == State.SUBMITTED
    assert all(isinstance(error, WrongState) for error in found)
    assert change_set.items.get().attributes["name"] == ("Запад" if found else "Север")


def test_of_approval_and_withdrawal_the_later_sees_the_earlier(people: dict[str, User], zone_id: UUID) -> None:
    change_set = door.propose(people["olena"], [renamed(zone_id, "Запад")], title="made for a test")
    door.submit(people["olena"], change_set)
    outcomes = at_once(
        lambda: door.approve(people["boris"], change_set, "For a test."),
        lambda: door.withdraw(people["olena"], change_set),
    )
    assert all(isinstance(error, WrongState) for error in errors(outcomes))
    assert state(change_set) == State.WITHDRAWN


def test_of_publication_and_withdrawal_one_wins(people: dict[str, User], zone_id: UUID) -> None:
    change_set = approved(people, "olena", renamed(zone_id, "Запад"))
    outcomes = at_once(
        lambda: door.publish(people["boris"], change_set), lambda: door.withdraw(people["olena"], change_set)
    )
    (error,) = errors(outcomes)
    assert isinstance(error, WrongState)
    name = Zone.objects.get(pk=zone_id).name
    assert (state(change_set), name) in {(State.PUBLISHED, "Запад"), (State.WITHDRAWN, "Изток")}


def test_overlapping_change_sets_submitted_at_once_do_not_wait_for_each_other(
    people: dict[str, User], zone_id: UUID
) -> None:
    """Each tells the author of the other."""
    for _round in range(5):
        mine, theirs = (
            door.propose(people[who], [renamed(zone_id, who)], title="made for a test") for who in ("olena", "vera")
        )
        steps = [partial(door.submit, people["olena"], mine), partial(door.submit, people["vera"], theirs)]
        assert not errors(at_once(*steps))
        door.withdraw(people["olena"], mine)
        door.withdraw(people["vera"], theirs)


def test_the_job_and_a_person_publish_once(people: dict[str, User], zone_id: UUID) -> None:
    change_set = approved(people, "olena", renamed(zone_id, "Запад"))
    door.schedule(people["ivo"], change_set, timezone.now() + timedelta(hours=1))
    ChangeSet.objects.filter(pk=change_set.pk).update(publish_at=timezone.now())
    at_once(publish_due, lambda: door.publish(people["boris"], change_set))
    assert state(change_set) == State.PUBLISHED
    assert History.objects.filter(object_id=zone_id).count() == 2


def test_of_two_approvals_one_counts(people: dict[str, User], zone_id: UUID) -> None:
    change_set = door.propose(people["olena"], [renamed(zone_id, "Запад")], title="made for a test")
    door.submit(people["olena"], change_set)
    outcomes = at_once(*(lambda who=who: door.approve(people[who], change_set, "Да.") for who in ("boris", "ivo")))
    (error,) = errors(outcomes)
    assert isinstance(error, WrongState)


def test_what_is_withdrawn_while_a_conflict_is_told_stays_withdrawn(
    people: dict[str, User], zone_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the refused publication and the mark on the change set its author may act."""
    change_set = approved(people, "olena", renamed(zone_id, "Запад"))
    door.publish(people["boris"], approved(people, "vera", renamed(zone_id, "Север")))
    find = conflicts.find

    def found_and_withdrawn(one: ChangeSet) -> Any:
        found = find(one)
        # Waits for the lock that the publication holds, and gets it first when that is turned back.
        thread.start()
        deadline = time.monotonic() + PATIENCE_S
        while not waiting() and time.monotonic() < deadline:
            time.sleep(0.01)
        return found

    thread = threading.Thread(target=lambda: at_once(lambda: door.withdraw(people["olena"], change_set)))
    monkeypatch.setattr(conflicts, "find", found_and_withdrawn)
    with pytest.raises(Conflict):
        door.publish(people["boris"], change_set)
    thread.join(PATIENCE_S)
    assert state(change_set) == State.WITHDRAWN


def waiting() -> bool:
    """Whether somebody waits for a row that another transaction holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype IN ('transactionid', 'tuple')")
        return bool(cursor.fetchone()[0])


def test_readers_never_see_half_a_publication(people: dict[str, User], zone_id: UUID) -> None:
    """Either both parcels have the new address or none."""
    parcels = [
        Edit.create("land.parcel", {"national_cadastral_reference": f"73627.{number}.{zone_id.int % 10**6}"}, shape)
        for number, shape in ((1, square(0, 7000)), (2, square(200, 7000)))
    ]
    door.publish(people["boris"], approved(people, "olena", *parcels))
    ids = [edit.object_id for edit in parcels]
    change_set = approved(people, "olena", *(Edit.update("land.parcel", id, {"address": "нов"}) for id in ids))
    done = threading.Event()

    def publish() -> None:
        try:
            door.publish(people["boris"], change_set)
        finally:
            done.set()

    def read() -> set[tuple[str, ...]]:
        seen = set()
        while not done.is_set():
            seen.add(tuple(Parcel.objects.filter(pk__in=ids).values_list("address", flat=True)))
        return seen

    _published, seen = at_once(publish, read)
    assert seen
    assert seen <= {("", ""), ("нов", "нов")}
