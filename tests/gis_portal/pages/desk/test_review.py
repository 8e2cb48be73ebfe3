"""The outside reviewer: one link, one set, no other page; and nothing of the link left where others could read it."""

import re
from datetime import timedelta

import pytest

from registries.changes import door
from registries.changes.models import ChangeSet, ReviewLink
from registries.core.models import AuditEntry
from tests.gis_portal.pages.desk.conftest import address, place

State = ChangeSet.State
REVIEW = "/desk/review/"
NAMED = {"name": "инж. Петрова", "email": "petrova@example.org", "days": "7"}


@pytest.fixture
def change_set(world) -> ChangeSet:
    return world.in_state(State.SUBMITTED)


@pytest.fixture
def link(world, change_set) -> str:
    """The address that the administrator is shown once."""
    secret = door.name_reviewer(
        world.administrator, change_set, "инж. Петрова", "petrova@example.org", timedelta(days=7)
    )
    return f"{REVIEW}{secret}/"


@pytest.fixture
def outside(desk, link):
    """The browser of somebody who followed the link."""
    browser = desk()
    browser.client.get(link)
    return browser


def test_an_administrator_gets_the_link_once(desk, world, change_set):
    answer = desk(world.administrator).take(change_set, "name_reviewer", **NAMED)
    found = re.search(r"<code>(http://testserver/desk/review/[^<]+)</code>", answer.content.decode())
    assert found
    assert "no-store" in answer["Cache-Control"]
    assert ReviewLink.objects.get().reviewer.email == "petrova@example.org"
    again = desk(world.administrator).text(address(change_set))
    assert found[1] not in again
    assert "petrova@example.org" in again


@pytest.mark.parametrize(
    "bad",
    [{"name": ""}, {"email": "nobody"}, {"email": "olena@example.org"}, {"days": "0"}, {"days": "91"}, {"days": "x"}],
)
def test_a_reviewer_who_cannot_be_is_refused_and_the_words_kept(desk, world, change_set, bad):
    answer = desk(world.administrator).take(change_set, "name_reviewer", **{**NAMED, **bad})
    assert answer.status_code in (400, 403)
    assert not ReviewLink.objects.exists()
    assert "инж. Петрова" in answer.content.decode() or "name" in bad


@pytest.mark.parametrize("who", ["author", "reviewer", "editor"])
def test_only_an_administrator_names_a_reviewer(desk, world, change_set, who):
    assert desk(world.people(change_set)[who]).take(change_set, "name_reviewer", **NAMED).status_code == 403


def test_the_link_leads_to_the_set_and_leaves_the_address_bar(desk, link):
    browser = desk()
    answer = browser.client.get(link)
    assert place(answer) == REVIEW
    cookie = browser.client.cookies["review"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (REVIEW, True, "Lax")
    assert "Нов имот" in browser.text(REVIEW)


def test_its_pages_are_kept_nowhere_and_tell_nobody(desk, link, outside):
    for answer in (desk().client.get(link), outside.get(REVIEW), outside.get(f"{REVIEW}findings/")):
        assert answer["Referrer-Policy"] == "same-origin"
        assert "no-store" in answer["Cache-Control"]


def test_the_secret_is_not_in_the_log(desk, link, caplog):
    with caplog.at_level("INFO", logger="portal.request"):
        desk().client.get(link)
        desk().client.get(link[:-5] + "/")
    told = " ".join(str(record.msg) for record in caplog.records)
    assert "/desk/review/" in told
    assert link.split("/")[3][:20] not in told


@pytest.mark.parametrize("forged", ["x", "x" * 60, "secret:signature", "%00", "approve"])
def test_a_forged_link_opens_nothing(desk, link, forged):
    browser = desk()
    assert browser.client.get(f"{REVIEW}{forged}/").status_code in (404, 405)
    assert browser.client.get(REVIEW).status_code == 403


def test_a_forged_cookie_opens_nothing(desk, link):
    browser = desk()
    browser.client.cookies["review"] = "x:y:z"
    answer = browser.get(REVIEW)
    assert answer.status_code == 403
    assert "Follow that link again." in answer.content.decode()


def test_an_expired_link_says_whom_to_ask(desk, link, outside):
    ReviewLink.objects.update(expires_at="2020-01-01T00:00:00Z")
    for answer in (desk().client.get(link), outside.get(REVIEW)):
        assert answer.status_code == 409
        assert "no-store" in answer["Cache-Control"]
    assert "This link is no longer valid." in outside.text(REVIEW)


def test_a_link_that_was_ended_opens_nothing_any_more(desk, world, change_set, outside):
    desk(world.administrator).take(change_set, "revoke_link", item=ReviewLink.objects.get().pk)
    assert outside.get(REVIEW).status_code == 409


@pytest.mark.parametrize(
    ("step", "state"), [("approve", "approved"), ("approve_and_publish", "published"), ("reject", "returned")]
)
def test_an_outside_reviewer_decides(outside, change_set, step, state):
    typed = {"edition": change_set.edition, "words": "Прегледано."}
    answer = outside.client.post(f"{REVIEW}{step}/", typed)
    assert place(answer) == REVIEW
    change_set.refresh_from_db()
    assert change_set.state == state
    assert AuditEntry.objects.filter(actor=ReviewLink.objects.get().reviewer).exists()


def test_an_outside_reviewer_steps_through_and_comments(outside, change_set):
    item = change_set.items.get()
    assert "73626." in outside.text(f"{REVIEW}items/{item.pk}/")
    assert outside.get(f"{REVIEW}diff.json").status_code == 200
    outside.client.post(f"{REVIEW}comment/", {"edition": change_set.edition, "text": "Добре", "item": item.pk})
    assert item.comments.get().author == ReviewLink.objects.get().reviewer


@pytest.mark.parametrize(
    "step", ["submit", "withdraw", "describe", "drop_items", "name_reviewer", "schedule", "revert"]
)
def test_an_outside_reviewer_has_no_other_step(outside, change_set, step):
    answer = outside.client.post(f"{REVIEW}{step}/", {"edition": change_set.edition})
    assert answer.status_code in (404, 405)


@pytest.mark.parametrize("path", ["/desk/", "/desk/?list=all", "{set}", "{set}file/", "/admin/"])
def test_no_other_page_opens_for_an_outside_reviewer(outside, change_set, path):
    answer = outside.client.get(path.format(set=address(change_set)))
    assert answer.status_code == 302
    assert "log" in answer["Location"]


def test_an_outside_reviewer_sees_neither_rooms_nor_other_sets(outside, change_set):
    text = outside.text(REVIEW)
    assert 'class="rooms"' not in text
    assert "/desk/changes/" not in text
    assert "Who looked at it" not in text
