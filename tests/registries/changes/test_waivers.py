"""Warnings: told at submission, accepted with a reason that stays on record, never passed over in silence."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.utils.translation import override

from registries.changes import door
from registries.changes.edits import Edit
from registries.changes.models import ChangeSet
from registries.core.errors import BadInput, Conflict
from registries.core.models import AuditEntry, Waiver
from registries.core.rules import RULES, Finding, Severity, rule
from tests.registries.changes.world import World

State = ChangeSet.State
CODES = ("TEST-901", "TEST-902")


@pytest.fixture
def suspicious() -> Iterator[None]:
    """Two rules that find every parcel of a change set suspicious."""
    for code in CODES:

        @rule(code, "land.parcel", "Look at it again.", Severity.WARNS)
        def suspects(ids: list[UUID] | None) -> Iterator[Finding]:
            yield from (Finding(object_id) for object_id in ids or [])

    yield
    for code in CODES:
        del RULES[code]


@pytest.fixture
def submitted(world: World, suspicious: None) -> ChangeSet:
    change_set = world.draft()
    door.propose(world.author, [world.addition()], change_set=change_set)
    door.submit(world.author, change_set)
    return change_set


def codes(change_set: ChangeSet) -> list[str]:
    return [one.code for one in door.open_warnings(change_set) if one.code in CODES]


def test_submission_tells_the_warnings(world: World, suspicious: None) -> None:
    found = door.submit(world.author, world.draft())
    assert [one.code for one in found if one.code in CODES] == list(CODES)


@pytest.mark.parametrize("approve", [door.approve, door.approve_and_publish])
@pytest.mark.parametrize("words", ["", "  "])
def test_open_warnings_are_not_approved_without_words(
    world: World, submitted: ChangeSet, approve: object, words: str
) -> None:
    with override("en"), pytest.raises(BadInput, match=r"has 4 warnings") as caught:
        approve(world.reviewer, submitted, words)  # type: ignore[operator]
    assert caught.value.locator == "words"
    submitted.refresh_from_db()
    assert submitted.state == State.SUBMITTED


def test_the_words_of_approval_are_kept_as_acceptance(world: World, submitted: ChangeSet) -> None:
    door.approve(world.reviewer, submitted, "Така е на място.")
    waivers = Waiver.objects.filter(change_set_id=submitted.pk)
    assert sorted({(one.code, one.reason, one.accepted_by.username) for one in waivers}) == [
        (code, "Така е на място.", "boris") for code in CODES
    ]
    assert waivers.count() == 4


def test_what_the_author_accepted_needs_no_words(world: World, suspicious: None) -> None:
    change_set = world.draft()
    assert door.accept_warnings(world.author, change_set, "Измерено е.") == 2
    door.submit(world.author, change_set)
    assert door.approve(world.reviewer, change_set).state == State.APPROVED


def test_warnings_are_accepted_rule_by_rule(world: World, submitted: ChangeSet) -> None:
    assert door.accept_warnings(world.reviewer, submitted, "Така е.", [CODES[0]]) == 2
    assert set(codes(submitted)) == {CODES[1]}


def test_accepting_needs_a_reason(world: World, submitted: ChangeSet) -> None:
    with pytest.raises(BadInput):
        door.accept_warnings(world.reviewer, submitted, " ")
    assert len(codes(submitted)) == 4


def test_accepting_twice_is_once(world: World, submitted: ChangeSet) -> None:
    door.accept_warnings(world.reviewer, submitted, "Така е.")
    assert door.accept_warnings(world.reviewer, submitted, "Пак.") == 0


def test_an_object_that_changes_again_is_looked_at_again(world: World, suspicious: None) -> None:
    change_set = world.draft()
    door.accept_warnings(world.author, change_set, "Измерено е.")
    edit = Edit.update("land.parcel", change_set.items.get().object_id, {"label": "нов"})
    door.propose(world.author, [edit], change_set=change_set)
    assert codes(change_set) == list(CODES)


def test_one_set_accepts_nothing_for_another(world: World, submitted: ChangeSet) -> None:
    door.accept_warnings(world.reviewer, submitted, "Така е.")
    assert codes(world.draft()) == list(CODES)


def test_acceptance_is_in_the_audit(world: World, submitted: ChangeSet) -> None:
    door.accept_warnings(world.reviewer, submitted, "Така е.")
    entry = AuditEntry.objects.filter(subject=f"change_set {submitted.pk}").latest("pk")
    assert (entry.actor, entry.details["reason"]) == (world.reviewer, "Така е.")


def test_what_is_not_approved_in_the_end_is_not_accepted_either(world: World, suspicious: None) -> None:
    """Approve-and-publish that meets a conflict takes its acceptances back with it."""
    mine, theirs = world.rename(world.author, "Мое"), world.rename(world.author, "Чуждо")
    door.propose(world.author, [world.addition()], change_set=mine)
    for one in (theirs, mine):
        door.submit(world.author, one)
    door.approve_and_publish(world.reviewer, theirs, "Да.")
    with pytest.raises(Conflict):
        door.approve_and_publish(world.reviewer, mine, "Да.")
    assert not Waiver.objects.filter(change_set_id=mine.pk).exists()
