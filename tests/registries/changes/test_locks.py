from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone
from django.utils.translation import gettext, override

from registries.changes import door, locks
from registries.changes.edits import Edit
from registries.changes.models import FeatureLock, LockedObject
from registries.core.errors import BadInput, NotAllowed
from registries.core.models import Role, User
from registries.land.models import Zone
from registries.networks.models import Network
from tests.conftest import Publish, hydrant, person, point

NODES, HOUR = "networks.node", timedelta(hours=1)


@pytest.fixture
def olga(db: None) -> User:
    return person("olga", Role.EDITOR)


@pytest.fixture
def two(network: Network, publish: Publish) -> list[Edit]:
    edits = [hydrant(network, point(10 * n, 10), label=f"H-{n}") for n in (1, 2)]
    publish(edits)
    return edits


def ids(*edits: Edit) -> locks.Ids:
    return {NODES: [edit.object_id for edit in edits]}


def take(who: User, *edits: Edit, whole: bool = True) -> FeatureLock:
    return locks.take(who, ids(*edits), HOUR, whole=whole)[0]


def expire(lock: FeatureLock) -> None:
    FeatureLock.objects.filter(pk=lock.pk).update(expires_at=timezone.now() - timedelta(seconds=1))


def relabel(who: User, edit: Edit) -> None:
    door.propose(who, [Edit.update(NODES, edit.object_id, {"label": "new"})], title="t")


def test_another_persons_lock_refuses_an_edit_and_says_who_and_until_when(two: list[Edit], olena: User, olga: User):
    lock = take(olga, two[0])
    with override("bg"), pytest.raises(locks.Locked, match="olga") as told:
        relabel(olena, two[0])
    assert timezone.localtime(lock.expires_at).strftime("%H:%M").lstrip("0") in str(told.value)


@pytest.mark.parametrize("ended", [expire, locks.release], ids=["expired", "released"])
def test_a_lock_that_has_ended_keeps_nobody_out(
    two: list[Edit], olena: User, olga: User, ended: Callable[[FeatureLock], None]
):
    ended(take(olga, two[0]))
    relabel(olena, two[0])


def test_a_lock_keeps_neither_its_holder_nor_other_objects_out(two: list[Edit], olena: User, olga: User):
    take(olga, two[0])
    relabel(olga, two[0])
    relabel(olena, two[1])


def test_a_lock_refuses_a_revert(two: list[Edit], publish: Publish, olena: User, olga: User):
    publish([Edit.update(NODES, two[0].object_id, {"label": "new"})])
    take(olga, two[0])
    with pytest.raises(locks.Locked):
        door.revert_object(olena, NODES, two[0].object_id, 1)


def test_an_object_has_one_lock_even_of_one_person(two: list[Edit], olga: User):
    take(olga, two[0])
    with pytest.raises(locks.Locked) as told:
        take(olga, *two)
    assert told.value.hint == gettext("Name the lock in the request.")
    assert LockedObject.objects.count() == 1


def test_some_takes_what_is_free(two: list[Edit], olena: User, olga: User):
    take(olga, two[0])
    _lock, held = locks.take(olena, ids(*two), HOUR, whole=False)
    assert held == {two[1].object_id}


def test_what_an_expired_lock_held_is_free(two: list[Edit], olena: User, olga: User):
    expire(take(olga, *two))
    assert take(olena, *two).objects_held.count() == 2


def test_only_who_may_edit_there_locks(two: list[Edit], network: Network, stranger: User, zone: Zone):
    for who in (stranger, person("elsewhere", Role.VIEWER)):
        with pytest.raises(NotAllowed):
            take(who, two[0])
    assert not FeatureLock.objects.exists()


@pytest.mark.parametrize("lasts", [timedelta(0), timedelta(seconds=-1), timedelta(days=2)])
def test_a_lock_lasts_a_while_and_not_forever(two: list[Edit], olga: User, lasts: timedelta):
    with pytest.raises(BadInput) as told:
        locks.take(olga, ids(two[0]), lasts, whole=True)
    assert told.value.locator == "expiry"


def test_a_lock_is_found_by_its_holder_alone(two: list[Edit], olena: User, olga: User):
    lock = take(olga, two[0])
    assert locks.find(olga, str(lock.pk)) == lock
    with pytest.raises(locks.LockUnknown):
        locks.find(olena, str(lock.pk))


@pytest.mark.parametrize("name", ["", "x", str(UUID(int=9)), "{" * 5000, "\x00"])
def test_there_is_no_such_lock(olga: User, name: str):
    with pytest.raises(locks.LockUnknown):
        locks.find(olga, name)


def test_a_holder_is_told_that_the_lock_has_expired(two: list[Edit], olga: User):
    lock = take(olga, two[0])
    expire(lock)
    with pytest.raises(locks.LockExpired):
        locks.find(olga, str(lock.pk))


def test_a_lock_begins_anew(two: list[Edit], olga: User):
    lock = take(olga, two[0])
    locks.extend(lock, 2 * HOUR)
    assert lock.expires_at - timezone.now() > HOUR


def test_part_of_a_lock_is_released(two: list[Edit], olga: User):
    lock = take(olga, *two)
    locks.release(lock, ids(two[0]))
    assert list(lock.objects_held.values_list("object_id", flat=True)) == [two[1].object_id]
    locks.release(lock, ids(two[1]))
    assert not FeatureLock.objects.exists()


def test_locks_that_ended_long_ago_are_forgotten(two: list[Edit], olga: User):
    lock = take(olga, two[0])
    FeatureLock.objects.update(expires_at=timezone.now() - 2 * locks.REMEMBERED)
    take(olga, two[1])
    assert not FeatureLock.objects.filter(pk=lock.pk).exists()


def test_the_lock_must_be_named_where_that_is_asked_for(two: list[Edit], olga: User):
    lock, other = take(olga, two[0]), take(olga, two[1])
    locks.require(olga, lock, ids(two[0]))
    for named in (None, other):
        with pytest.raises(locks.Locked) as told:
            locks.require(olga, named, ids(two[0]))
        assert told.value.hint == gettext("Name the lock in the request.")
