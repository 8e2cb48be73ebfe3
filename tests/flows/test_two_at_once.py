"""Two people press the same button at the same moment: one is told that it is done, the other that it was done.

By real requests in threads, in a database where everything is committed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from registries.changes import door
from registries.changes.edits import Edit
from registries.changes.models import ChangeSet
from registries.core import chain
from registries.core.models import AuditEntry, History, Role, User
from tests.conftest import person, square
from tests.own_database import own_database

PATIENCE_S = 30


@pytest.fixture(scope="module")
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A database of its own, to which all threads of a test connect."""
    with own_database("twice", django_db_blocker):
        yield


@pytest.fixture
def people(committed: None) -> tuple[User, User, User]:
    tag = User.objects.count()
    author = person(f"olena{tag}", Role.EDITOR)
    return author, person(f"boris{tag}", Role.REVIEWER), person(f"ivo{tag}", Role.REVIEWER)


@pytest.fixture
def submitted(people: tuple[User, User, User]) -> ChangeSet:
    number = ChangeSet.objects.count()
    edit = Edit.create("land.zone", {"code": f"z{number}", "name": "Изток"}, square(2000 * number, 0, 1000))
    change_set = door.propose(people[0], [edit], title="made for a test")
    door.submit(people[0], change_set)
    change_set.refresh_from_db()
    return change_set


def press(who: User, change_set: ChangeSet, step: str) -> Callable[[], int]:
    client = Client()
    client.force_login(who)
    sent = {"edition": change_set.edition, "words": "Да."}

    def pressing() -> int:
        return client.post(f"/desk/changes/{change_set.pk}/{step}/", sent).status_code

    return pressing


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    start = Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> Any:
        start.wait(PATIENCE_S)
        try:
            return deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        running = [pool.submit(run, deed) for deed in deeds]
        return [future.result(PATIENCE_S) for future in running]


def deeds(change_set: ChangeSet, action: str) -> int:
    return AuditEntry.objects.filter(subject=f"change_set {change_set.pk}", action=action).count()


def test_of_two_who_publish_one_is_told_that_it_was_done(people, submitted):
    _author, boris, ivo = people
    door.approve(boris, submitted, "For a test.")
    submitted.refresh_from_db()
    before = History.objects.count()
    codes = at_once(press(boris, submitted, "publish"), press(ivo, submitted, "publish"))
    assert sorted(codes) == [302, 409]
    assert (deeds(submitted, "publish"), History.objects.count()) == (1, before + 1)


def test_of_two_clicks_of_one_person_one_counts(people, submitted):
    _author, boris, _ivo = people
    codes = at_once(*(press(boris, submitted, "approve_and_publish") for _click in range(4)))
    assert sorted(codes) == [302, 409, 409, 409]
    assert deeds(submitted, "publish") == 1


def test_of_yes_and_no_one_counts(people, submitted):
    _author, boris, ivo = people
    codes = at_once(press(boris, submitted, "approve"), press(ivo, submitted, "reject"))
    assert sorted(codes) == [302, 409]
    assert deeds(submitted, "approve") + deeds(submitted, "reject") == 1


def test_of_withdrawal_and_publication_one_counts(people, submitted):
    author, boris, _ivo = people
    codes = at_once(press(author, submitted, "withdraw"), press(boris, submitted, "approve_and_publish"))
    assert sorted(codes) == [302, 409]
    submitted.refresh_from_db()
    assert deeds(submitted, "withdraw") == (submitted.state == "withdrawn")
    assert deeds(submitted, "publish") == (submitted.state == "published")


def test_whatever_happened_at_once_the_audit_is_one_sound_chain(people, submitted):
    _author, boris, ivo = people
    at_once(press(boris, submitted, "approve"), press(ivo, submitted, "approve"))
    assert list(chain.findings()) == []
