"""Who is told of what, once, in their own language; and what two open change sets over one object lead to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override

from registries.changes import door, notices, states
from registries.changes.models import ChangeSet, Notice
from registries.core.models import Role, User
from tests.conftest import person
from tests.registries.changes.world import World

State = ChangeSet.State


def told(change_set: ChangeSet, kind: str) -> set[str]:
    """Who has a notice of that kind."""
    found = Notice.objects.filter(change_set=change_set, kind=kind)
    return set(found.values_list("person__username", flat=True))


def test_submission_tells_everybody_who_could_decide(world: World) -> None:
    change_set = world.in_state(State.SUBMITTED)
    assert told(change_set, "submitted") == {"boris", "ada", "rada"}


def test_a_reviewing_author_is_not_asked(world: World, almighty: User) -> None:
    assert "almighty" not in told(world.in_state(State.SUBMITTED, almighty), "submitted")


def test_inactive_reviewers_are_not_asked(world: World) -> None:
    User.objects.filter(pk=world.administrator.pk).update(is_active=False)
    assert told(world.in_state(State.SUBMITTED), "submitted") == {"boris", "rada"}


@pytest.mark.parametrize(
    ("state", "kind", "people"),
    [
        (State.APPROVED, "approved", {"olena"}),
        (State.RETURNED, "returned", {"olena"}),
        (State.PUBLISHED, "published", {"olena"}),
        (State.CONFLICTED, "conflicted", {"olena"}),
    ],
)
def test_the_author_hears_of_each_decision(world: World, state: str, kind: str, people: set[str]) -> None:
    assert told(world.in_state(state), kind) == people


def test_who_approved_hears_of_what_others_do_with_it(world: World) -> None:
    change_set = world.in_state(State.APPROVED)
    door.withdraw(world.author, change_set)
    assert told(change_set, "withdrawn") == {"boris"}


def test_a_comment_is_told_to_the_author_and_to_who_spoke_before(world: World) -> None:
    change_set = world.in_state(State.SUBMITTED)
    door.comment(world.reviewer, change_set, "Защо?")
    door.comment(world.administrator, change_set, "И аз питам.")
    assert told(change_set, "commented") == {"olena", "boris"}


def test_what_waits_unseen_is_not_doubled(world: World) -> None:
    change_set = world.in_state(State.SUBMITTED)
    for _time in range(3):
        door.comment(world.reviewer, change_set, "Защо?")
    assert Notice.objects.filter(person=world.author, kind="commented").count() == 1


def test_opening_the_change_set_settles_its_notices(world: World) -> None:
    first, second = world.in_state(State.SUBMITTED), world.in_state(State.SUBMITTED)
    door.saw(world.reviewer, first)
    assert {one.change_set for one in door.notices_of(world.reviewer)} == {second}


def test_a_decision_settles_the_requests_for_it(world: World) -> None:
    world.in_state(State.APPROVED)
    assert not door.notices_of(world.administrator).exists()


def test_notices_can_be_put_away_at_once(world: World) -> None:
    world.in_state(State.SUBMITTED)
    assert door.mark_seen(world.reviewer) == 1
    assert not door.notices_of(world.reviewer).exists()


@pytest.mark.parametrize("language", ["en", "bg"])
@pytest.mark.parametrize("kind", [*notices.KINDS, "overlap"])
def test_every_notice_has_words(world: World, kind: str, language: str) -> None:
    params: dict[str, Any] = {"who": "Олена", "words": "100 % грешно", "other": "Друг", "count": 3}
    at = timezone.now().isoformat()
    notice = Notice(person=world.author, change_set=world.draft(), kind=kind, params={**params, "at": at})
    with override(language):
        text = notices.text(notice)
    assert "Нов имот" in text
    assert "%(" not in text


def test_every_kind_that_the_table_names_has_words() -> None:
    named = {step.notice for step in states.TRANSITIONS.values() if step.notice}
    assert named <= set(notices.KINDS)


def test_a_notice_tells_the_time_in_the_readers_way(world: World) -> None:
    change_set = world.in_state(State.APPROVED)
    at = timezone.make_aware(datetime(2099, 3, 5, 14, 30))
    door.schedule(world.reviewer, change_set, at)
    with override("en"):
        text = notices.text(Notice.objects.get(person=world.author, kind="scheduled"))
    assert text == "boris set “Нов имот” to be published on 5 March 2099, 14:30."


@pytest.fixture
def vesela(db: None) -> User:
    return person("vesela", Role.EDITOR)


def test_two_sets_over_one_object_are_told_to_both_authors(world: World, vesela: User) -> None:
    theirs = world.rename(vesela, "Западна")
    mine = world.rename(world.author, "Източна")
    door.submit(world.author, mine)
    assert (told(mine, "overlap"), told(theirs, "overlap")) == ({"olena"}, {"vesela"})
    with override("en"):
        text = notices.text(Notice.objects.get(person=vesela, kind="overlap"))
    assert text == "“Западна” and “Източна” by olena change the same 1 object."


def test_one_author_of_both_is_told_once(world: World) -> None:
    world.rename(world.author, "Западна")
    door.submit(world.author, world.rename(world.author, "Източна"))
    assert Notice.objects.filter(person=world.author, kind="overlap").count() == 1


@pytest.mark.parametrize("end", ["withdraw", "publish"])
def test_closed_sets_do_not_overlap(world: World, vesela: User, end: str) -> None:
    theirs, mine = world.rename(vesela, "Западна"), world.rename(world.author, "Източна")
    if end == "withdraw":
        door.withdraw(vesela, theirs)
    else:
        door.submit(vesela, theirs)
        door.approve_and_publish(world.reviewer, theirs, "Да.")
    assert door.overlaps(mine) == []


def test_overlaps_are_counted_and_the_larger_comes_first(world: World, vesela: User) -> None:
    mine = world.draft()
    door.propose(world.author, [world.addition()], change_set=mine)
    door.submit(world.author, mine)
    door.approve_and_publish(world.reviewer, mine, "Да.")
    both = [door.Edit.update("land.parcel", item.object_id, {"label": "x"}) for item in mine.items.all()]
    one, two, other = (door.propose(vesela, edits, title="x") for edits in (both[:1], both, both))
    assert [(found.change_set, found.count) for found in door.overlaps(other)] == [(two, 2), (one, 1)]


def test_telling_many_reviewers_takes_few_statements(world: World, django_assert_max_num_queries: Any) -> None:
    for number in range(20):
        person(f"reviewer{number}", Role.REVIEWER)
    change_set = world.draft()
    with django_assert_max_num_queries(90):
        door.submit(world.author, change_set)
    assert len(told(change_set, "submitted")) == 23
