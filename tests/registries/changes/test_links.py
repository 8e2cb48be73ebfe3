"""Outside reviewers: one change set, one link, for a time; and never the author by a side door."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.forms import PasswordResetForm
from django.core import signing
from django.test import Client, RequestFactory
from django.utils import timezone

from registries.changes import door, links
from registries.changes.models import ChangeSet, ReviewLink
from registries.core.errors import BadInput, NotAllowed, NotFound, WrongState
from registries.core.models import AuditEntry, History, User
from registries.core.rights import NOBODY, rights_of
from tests.registries.changes.world import DAY, World

State = ChangeSet.State


@pytest.fixture
def submitted(world: World) -> ChangeSet:
    return world.in_state(State.SUBMITTED)


def named(world: World, change_set: ChangeSet, **other: Any) -> str:
    asked = {"name": "Мария Външна", "email": "maria@example.org", "valid_for": DAY, **other}
    return door.name_reviewer(world.administrator, change_set, **asked)


def test_the_link_leads_to_its_change_set(world: World, submitted: ChangeSet) -> None:
    link = door.link_of(named(world, submitted))
    assert (link.change_set, link.reviewer.first_name) == (submitted, "Мария Външна")


def test_only_a_digest_of_the_secret_is_kept(world: World, submitted: ChangeSet) -> None:
    secret = named(world, submitted)
    link = ReviewLink.objects.get()
    assert link.digest not in secret
    assert secret not in str(list(ReviewLink.objects.values())) + str(list(AuditEntry.objects.values()))


def test_the_outside_reviewer_approves_and_publishes(world: World, submitted: ChangeSet) -> None:
    reviewer = door.link_of(named(world, submitted)).reviewer
    door.approve_and_publish(reviewer, submitted, "Вярно е.")
    submitted.refresh_from_db()
    assert (submitted.state, submitted.approved_by) == (State.PUBLISHED, reviewer)
    assert History.objects.get(change_set_id=submitted.pk).published_by == reviewer


def test_what_an_outside_reviewer_approved_the_office_publishes(world: World, submitted: ChangeSet) -> None:
    door.approve(door.link_of(named(world, submitted)).reviewer, submitted, "Вярно е.")
    assert door.publish(world.reviewer, submitted).state == State.PUBLISHED


def test_the_outside_reviewer_sees_this_change_set_only(world: World, submitted: ChangeSet) -> None:
    world.in_state(State.SUBMITTED)
    reviewer = door.link_of(named(world, submitted)).reviewer
    assert list(door.visible_to(reviewer)) == [submitted]


def test_the_outside_reviewer_decides_on_no_other(world: World, submitted: ChangeSet) -> None:
    reviewer = door.link_of(named(world, submitted)).reviewer
    with pytest.raises(NotAllowed):
        door.approve(reviewer, world.in_state(State.SUBMITTED), "Вярно е.")


def test_the_outside_reviewer_cannot_sign_in(world: World, submitted: ChangeSet) -> None:
    reviewer = door.link_of(named(world, submitted)).reviewer
    assert not reviewer.has_usable_password()
    assert authenticate(RequestFactory().post("/"), username=reviewer.username, password="") is None
    client = Client()
    client.force_login(reviewer)
    assert not client.get("/").wsgi_request.user.is_authenticated
    assert list(PasswordResetForm().get_users("maria@example.org")) == []


def test_the_outside_reviewer_has_no_rights_in_the_registry(world: World, submitted: ChangeSet) -> None:
    assert rights_of(door.link_of(named(world, submitted)).reviewer) == NOBODY


@pytest.mark.parametrize(
    "forge",
    [
        lambda secret: "",
        lambda secret: "abc",
        lambda secret: secret + "x",
        lambda secret: secret.swapcase(),
        lambda secret: secret.partition(":")[0],
        lambda secret: signing.Signer(salt=links.SALT).sign("guess"),
        lambda secret: signing.Signer(salt="another").sign(secret.partition(":")[0]),
        lambda secret: "\x00\ud800",
    ],
)
def test_a_forged_link_is_not_found(world: World, submitted: ChangeSet, forge: Any) -> None:
    with pytest.raises(NotFound):
        door.link_of(forge(named(world, submitted)))


def test_an_expired_link_says_so(world: World, submitted: ChangeSet) -> None:
    secret = named(world, submitted)
    ReviewLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(door.Expired):
        door.link_of(secret)


def test_a_revoked_link_says_so(world: World, submitted: ChangeSet) -> None:
    secret = named(world, submitted)
    door.revoke_link(world.administrator, door.link_of(secret))
    with pytest.raises(door.Expired):
        door.link_of(secret)


def expire(world: World) -> None:
    ReviewLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def revoke(world: World) -> None:
    door.revoke_link(world.administrator, ReviewLink.objects.get())


def dismiss(world: World) -> None:
    world.administrator.grants.all().delete()


def deactivate(world: World) -> None:
    User.objects.filter(pk=world.administrator.pk).update(is_active=False)


def take_the_address(world: World) -> None:
    User.objects.filter(pk=world.author.pk).update(email="Maria@Example.org")


@pytest.mark.parametrize("spoil", [expire, revoke, dismiss, deactivate, take_the_address])
@pytest.mark.parametrize("deed", [door.approve, door.approve_and_publish, door.reject])
def test_who_kept_a_page_open_decides_nothing_by_a_spoilt_link(
    world: World, submitted: ChangeSet, spoil: Any, deed: Any
) -> None:
    reviewer = door.link_of(named(world, submitted)).reviewer
    spoil(world)
    with pytest.raises(NotAllowed):
        deed(reviewer, submitted, "Вярно е.")


def test_a_link_still_counts_when_the_set_comes_back_from_its_author(world: World, submitted: ChangeSet) -> None:
    reviewer = door.link_of(named(world, submitted)).reviewer
    door.reject(reviewer, submitted, "Сгрешено.")
    with pytest.raises(WrongState):
        door.approve(reviewer, submitted, "Вярно е.")
    door.submit(world.author, submitted)
    assert door.approve(reviewer, submitted, "Вярно е.").state == State.APPROVED


@pytest.mark.parametrize("email", ["olena@example.org", "OLENA@example.org", " olena@Example.ORG "])
def test_the_author_is_not_named(world: World, submitted: ChangeSet, email: str) -> None:
    with pytest.raises(BadInput):
        named(world, submitted, email=email)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"name": "x" * 151},
        {"email": ""},
        {"email": "nobody"},
        {"valid_for": timedelta(0)},
        {"valid_for": -DAY},
        {"valid_for": timedelta(days=91)},
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nobody_behind(
    world: World, submitted: ChangeSet, wrong: dict[str, Any]
) -> None:
    before = User.objects.count()
    with pytest.raises(BadInput):
        named(world, submitted, **wrong)
    assert User.objects.count() == before


def test_the_author_does_not_use_a_link_that_names_them(world: World, submitted: ChangeSet) -> None:
    """Not even one that found its way into the table, and not even for an account that was shut."""
    named(world, submitted)
    ReviewLink.objects.update(reviewer=world.author)
    User.objects.filter(pk=world.author.pk).update(is_active=False)
    with pytest.raises(NotAllowed):
        door.approve(User.objects.get(pk=world.author.pk), submitted, "Вярно е.")


def test_naming_is_in_the_audit_without_personal_data(world: World, submitted: ChangeSet) -> None:
    named(world, submitted)
    entry = AuditEntry.objects.get(action="name_reviewer")
    assert (entry.actor, entry.subject) == (world.administrator, f"change_set {submitted.pk}")
    assert "maria" not in str(entry.details).lower()
