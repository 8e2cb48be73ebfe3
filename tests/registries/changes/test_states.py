"""Every step by everybody in every state, through the door itself: who may, and who hears which refusal."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from registries.changes import door, links, states
from registries.changes.models import ChangeSet
from registries.core.errors import BadInput, Conflict, NotAllowed, WrongState
from registries.core.models import User
from tests.registries.changes.world import DAY, World

State = ChangeSet.State
Deed = Callable[[World, User, ChangeSet], Any]
EDITABLE = {"draft", "returned", "conflicted"}
OPEN = EDITABLE | {"submitted", "approved"}
EVERY = OPEN | {"published", "withdrawn"}
REVIEWERS = ("reviewer", "zone reviewer", "administrator")
SEERS = ("author", "editor", "zone editor", *REVIEWERS, "link")


def resolve(world: World, actor: User, change_set: ChangeSet) -> Any:
    return door.resolve(actor, change_set, {item.pk: "proposed" for item in change_set.items.all()})


def revoke(world: World, actor: User, change_set: ChangeSet) -> Any:
    link, _secret = links.make(world.administrator, change_set, "Експерт", "expert@example.org", DAY)
    return door.revoke_link(actor, link)


DEEDS: dict[str, Deed] = {
    "edit": lambda world, actor, one: door.propose(actor, [world.addition()], change_set=one),
    "resolve": resolve,
    "submit": lambda world, actor, one: door.submit(actor, one),
    "withdraw": lambda world, actor, one: door.withdraw(actor, one),
    "accept_warnings": lambda world, actor, one: door.accept_warnings(actor, one, "Знаем."),
    "approve": lambda world, actor, one: door.approve(actor, one, "Да."),
    "approve_and_publish": lambda world, actor, one: door.approve_and_publish(actor, one, "Да."),
    "reject": lambda world, actor, one: door.reject(actor, one, "Не."),
    "publish": lambda world, actor, one: door.publish(actor, one),
    "schedule": lambda world, actor, one: door.schedule(actor, one, timezone.now() + timedelta(hours=1)),
    "unschedule": lambda world, actor, one: door.schedule(actor, one, None),
    "name_reviewer": lambda world, actor, one: door.name_reviewer(actor, one, "Експерт", "expert@example.org", DAY),
    "revoke_link": revoke,
    "comment": lambda world, actor, one: door.comment(actor, one, "Виждам."),
    "revert": lambda world, actor, one: door.revert(actor, one),
}


def by(people: Iterable[str], found: set[str]) -> dict[str, set[str]]:
    return dict.fromkeys(people, found)


# Who may, and in which states; everybody else never.
MAY: dict[str, dict[str, set[str]]] = {
    "edit": by(["author"], EDITABLE),
    "resolve": by(["author"], EDITABLE),
    "submit": by(["author"], EDITABLE),
    "withdraw": by(["author"], OPEN),
    "accept_warnings": by(["author", *REVIEWERS], EDITABLE | {"submitted"}) | by(["link"], {"submitted"}),
    "approve": by([*REVIEWERS, "link"], {"submitted"}),
    "approve_and_publish": by([*REVIEWERS, "link"], {"submitted"}),
    "reject": by(REVIEWERS, {"submitted", "approved"}) | by(["link"], {"submitted"}),
    "publish": by(REVIEWERS, {"approved"}),
    "schedule": by(REVIEWERS, {"approved"}),
    "unschedule": by(REVIEWERS, {"approved"}),
    "name_reviewer": by(["administrator"], {"submitted"}),
    "revoke_link": by(["administrator"], EVERY),
    "comment": by(SEERS, OPEN),
    "revert": by(["author", "editor", "zone editor", "administrator"], {"published"}),
}


def outcome(deed: Deed, world: World, actor: User, change_set: ChangeSet) -> str:
    """What came of the deed, which is then undone."""
    before = transaction.savepoint()
    try:
        deed(world, actor, change_set)
    except NotAllowed:
        return "not allowed"
    except Conflict:
        # The step was allowed; only the data stands against it.
        return "done"
    except WrongState:
        return "wrong state"
    finally:
        transaction.savepoint_rollback(before)
    return "done"


@pytest.mark.parametrize("step", DEEDS)
def test_only_who_may_does_it_and_only_when_it_is_time(world: World, step: str) -> None:
    done: dict[str, set[str]] = {}
    for state in State.values:
        change_set = world.in_state(state)
        for name, actor in world.people(change_set).items():
            if outcome(DEEDS[step], world, actor, change_set) == "done":
                done.setdefault(name, set()).add(state)
    assert done == MAY[step]


def test_the_table_of_the_tests_knows_every_step_of_people() -> None:
    of_people = {name for name, step in states.TRANSITIONS.items() if step.who is not states.Who.PORTAL}
    assert of_people == set(DEEDS) == set(MAY), "Add the new step to DEEDS and MAY."


@pytest.mark.parametrize("state", State.values)
def test_the_buttons_are_what_the_door_allows(world: World, state: str) -> None:
    change_set = world.in_state(state)
    for name, actor in world.people(change_set).items():
        expected = {step for step, may in MAY.items() if state in may.get(name, set())}
        assert set(door.possible(actor, change_set)) == expected, name


@pytest.mark.parametrize("step", ["approve", "approve_and_publish"])
def test_the_author_never_approves_whatever_the_roles(world: World, almighty: User, step: str) -> None:
    change_set = world.in_state(State.SUBMITTED, almighty)
    assert outcome(DEEDS[step], world, almighty, change_set) == "not allowed"
    assert step not in door.possible(almighty, change_set)


def test_the_author_publishes_what_somebody_else_approved(world: World, almighty: User) -> None:
    change_set = world.in_state(State.APPROVED, almighty)
    assert door.publish(almighty, change_set).state == State.PUBLISHED


def test_an_author_who_is_a_reviewer_names_no_outside_reviewer(world: World, almighty: User) -> None:
    change_set = world.in_state(State.SUBMITTED, almighty)
    assert outcome(DEEDS["name_reviewer"], world, almighty, change_set) == "not allowed"


def test_an_author_who_may_no_longer_edit_does_not_submit(world: World) -> None:
    change_set = world.draft()
    world.author.grants.all().delete()
    with pytest.raises(NotAllowed):
        door.submit(User.objects.get(pk=world.author.pk), change_set)


def test_what_is_gone_meanwhile_is_still_decided_by_its_reviewers(world: World) -> None:
    """The objects of a removal lie nowhere once another removal was published."""
    parcel = world.in_state(State.PUBLISHED).items.get().object_id
    first, second = (
        door.propose(world.author, [door.Edit.delete("land.parcel", parcel)], title="Отпада") for _time in range(2)
    )
    for one in (first, second):
        door.submit(world.author, one)
    door.approve_and_publish(world.reviewer, first, "Да.")
    with pytest.raises(NotAllowed):
        door.approve(world.others["editor"], second, "Да.")
    assert door.approve(world.reviewer, second, "Да.").state == State.APPROVED


@pytest.mark.parametrize("step", ["edit", "submit", "approve", "reject", "publish", "withdraw", "schedule"])
def test_a_stale_form_changes_nothing(world: World, step: str) -> None:
    change_set = world.in_state(sorted(states.TRANSITIONS[step].sources)[0])
    actor = world.author if step in ("edit", "submit", "withdraw") else world.reviewer
    stale: dict[str, Callable[[int], Any]] = {
        "edit": lambda edition: door.describe(actor, change_set, title="Друго", expected=edition),
        "submit": lambda edition: door.submit(actor, change_set, expected=edition),
        "approve": lambda edition: door.approve(actor, change_set, "Да.", expected=edition),
        "reject": lambda edition: door.reject(actor, change_set, "Не.", expected=edition),
        "publish": lambda edition: door.publish(actor, change_set, expected=edition),
        "withdraw": lambda edition: door.withdraw(actor, change_set, expected=edition),
        "schedule": lambda edition: door.schedule(actor, change_set, timezone.now() + DAY, expected=edition),
    }
    with pytest.raises(door.Stale):
        stale[step](change_set.edition + 1)
    before = ChangeSet.objects.filter(pk=change_set.pk).values().get()
    change_set.refresh_from_db()
    assert ChangeSet.objects.filter(pk=change_set.pk).values().get() == before


def test_each_step_makes_a_new_edition(world: World) -> None:
    change_set = world.draft()
    editions = [change_set.edition]
    steps: list[Callable[[], Any]] = [
        lambda: door.describe(world.author, change_set, reason="Нужно е."),
        lambda: door.propose(world.author, [world.addition()], change_set=change_set),
        lambda: door.drop_items(world.author, change_set, [change_set.items.last().pk]),
        lambda: door.submit(world.author, change_set),
        lambda: door.approve(world.reviewer, change_set, "Да."),
        lambda: door.schedule(world.reviewer, change_set, timezone.now() + DAY),
        lambda: door.schedule(world.reviewer, change_set, None),
        lambda: door.publish(world.reviewer, change_set),
    ]
    for step in steps:
        step()
        change_set.refresh_from_db()
        editions.append(change_set.edition)
    assert editions == sorted(set(editions))


def test_a_comment_leaves_the_edition(world: World) -> None:
    change_set = world.in_state(State.SUBMITTED)
    door.comment(world.reviewer, change_set, "Гледам.")
    door.approve(world.reviewer, change_set, "Да.", expected=change_set.edition)


def test_a_return_needs_words(world: World) -> None:
    with pytest.raises(BadInput):
        door.reject(world.reviewer, world.in_state(State.SUBMITTED), "   ")


def test_what_cannot_be_published_is_not_approved_either(world: World) -> None:
    mine, theirs = world.rename(world.author, "Мое"), world.rename(world.author, "Чуждо")
    for one in (theirs, mine):
        door.submit(world.author, one)
    door.approve_and_publish(world.reviewer, theirs, "Да.")
    with pytest.raises(Conflict):
        door.approve_and_publish(world.reviewer, mine, "Да.")
    mine.refresh_from_db()
    assert (mine.state, mine.approved_by) == (State.CONFLICTED, None)
