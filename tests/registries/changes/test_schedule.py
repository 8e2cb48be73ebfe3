"""Publishing at a set time: by itself, once, and never in silence when it fails."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from registries.changes import apply, door, tasks
from registries.changes.models import ChangeSet, Notice
from registries.changes.schedule import publish_due
from registries.core.errors import BadInput
from registries.core.models import AuditEntry, User
from registries.land.models import Zone
from tests.conftest import Publish
from tests.registries.changes.world import World

State = ChangeSet.State


@pytest.fixture
def due(world: World) -> ChangeSet:
    """Renames the zone, and its time has come."""
    change_set = world.rename(world.author, "Навреме")
    door.submit(world.author, change_set)
    door.approve(world.administrator, change_set, "Да.")
    return its_time_comes(door.schedule(world.reviewer, change_set, timezone.now() + timedelta(hours=1)))


def its_time_comes(change_set: ChangeSet) -> ChangeSet:
    ChangeSet.objects.filter(pk=change_set.pk).update(publish_at=timezone.now() - timedelta(seconds=1))
    return change_set


def told(person: User) -> list[str]:
    return list(Notice.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))


def test_what_is_due_is_published_in_the_name_of_who_set_the_time(world: World, due: ChangeSet) -> None:
    assert publish_due() == 1
    due.refresh_from_db()
    assert (due.state, due.published_by, due.approved_by) == (State.PUBLISHED, world.reviewer, world.administrator)


def test_the_job_of_each_minute_does_it(due: ChangeSet) -> None:
    tasks.publish_scheduled(timestamp=0)
    due.refresh_from_db()
    assert due.state == State.PUBLISHED


def test_before_its_time_nothing_happens(world: World, due: ChangeSet) -> None:
    ChangeSet.objects.update(publish_at=timezone.now() + timedelta(minutes=1))
    assert publish_due() == 0


def test_what_is_published_is_not_published_again(due: ChangeSet) -> None:
    publish_due()
    assert publish_due() == 0


def test_a_cancelled_time_is_none(world: World, due: ChangeSet) -> None:
    door.schedule(world.reviewer, due, None)
    assert publish_due() == 0


@pytest.mark.parametrize("step", ["withdraw", "reject"])
def test_what_goes_back_or_away_loses_its_time(world: World, due: ChangeSet, step: str) -> None:
    if step == "withdraw":
        door.withdraw(world.author, due)
    else:
        door.reject(world.reviewer, due, "Не още.")
    due.refresh_from_db()
    assert (due.publish_at, due.scheduled_by, publish_due()) == (None, None, 0)


@pytest.mark.parametrize("at", [timezone.now() - timedelta(days=1), datetime(2020, 1, 1)])
def test_a_time_that_is_past_is_refused(world: World, at: datetime) -> None:
    with pytest.raises(BadInput):
        door.schedule(world.reviewer, world.in_state(State.APPROVED), at)


def test_a_conflict_is_told_to_everybody_once_and_not_tried_again(
    world: World, due: ChangeSet, publish: Publish
) -> None:
    publish([door.Edit.update("land.zone", world.zone.pk, {"name": "Друго"})])
    assert (publish_due(), publish_due()) == (0, 0)
    due.refresh_from_db()
    assert (due.state, due.publish_at) == (State.CONFLICTED, None)
    assert told(world.author)[-1:] == told(world.administrator)[-1:] == ["conflicted"]
    assert told(world.reviewer)[-1:] == ["late_conflict"]


def test_broken_rules_are_told_and_not_tried_again(world: World, publish: Publish) -> None:
    change_set = world.draft()
    door.submit(world.author, change_set)
    door.approve(world.administrator, change_set, "Да.")
    its_time_comes(door.schedule(world.reviewer, change_set, timezone.now() + timedelta(hours=1)))
    item = change_set.items.get()
    columns = {"national_cadastral_reference": "73626.999.9"}
    publish([door.Edit.create("land.parcel", columns, item.geom)])
    assert (publish_due(), publish_due()) == (0, 0)
    change_set.refresh_from_db()
    assert (change_set.state, change_set.publish_at) == (State.APPROVED, None)
    for person in (world.author, world.reviewer, world.administrator):
        assert told(person).count("late_rules") == 1
    assert AuditEntry.objects.filter(action="not_published", subject=f"change_set {change_set.pk}").count() == 1


def test_who_lost_the_right_meanwhile_publishes_nothing(world: World, due: ChangeSet) -> None:
    world.reviewer.grants.all().delete()
    assert publish_due() == 0
    due.refresh_from_db()
    assert (due.state, due.publish_at) == (State.APPROVED, None)
    assert told(world.author)[-1:] == told(world.administrator)[-1:] == ["late_rights"]


def test_an_approval_stands_when_the_approver_leaves(world: World, due: ChangeSet) -> None:
    world.administrator.is_active = False
    world.administrator.save()
    assert publish_due() == 1


def test_one_failure_does_not_hold_up_the_others(world: World, due: ChangeSet, monkeypatch: pytest.MonkeyPatch) -> None:
    other = world.in_state(State.APPROVED)
    its_time_comes(door.schedule(world.reviewer, other, timezone.now() + timedelta(hours=1)))
    ChangeSet.objects.filter(pk=due.pk).update(publish_at=timezone.now() - timedelta(hours=2))
    honest = apply.apply

    def fails_for_one(change_set: ChangeSet, *rest: Any) -> None:
        if change_set.pk == due.pk:
            raise ZeroDivisionError
        honest(change_set, *rest)

    monkeypatch.setattr(apply, "apply", fails_for_one)
    assert publish_due() == 1
    due.refresh_from_db()
    assert (due.publish_at, told(world.author)[-2:]) == (None, ["late_failure", "published"])
    assert Zone.objects.get(pk=world.zone.pk).name != "Навреме"


def test_a_database_that_is_away_is_tried_again(due: ChangeSet, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(apply, "apply", away)
    with pytest.raises(OperationalError):
        publish_due()
    due.refresh_from_db()
    assert due.publish_at is not None
