"""What does not go straight: an outside reviewer, a set returned, a conflict settled, a publication at a set time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from registries.changes import door
from registries.changes.edits import Edit
from registries.changes.models import ChangeSet
from registries.core.models import User
from tests.conftest import Publish
from tests.flows import world
from tests.flows.conftest import sign_in
from tests.gis_portal.pages.desk.conftest import edits

State = ChangeSet.State


@pytest.fixture
def submitted(portal: str, olena: User) -> ChangeSet:
    made = door.propose(olena, edits(), title="Резервации", reason="По решение")
    door.submit(olena, made)
    return made


def address(portal: str, change_set: ChangeSet) -> str:
    return f"{portal}/desk/changes/{change_set.pk}/?lang=en"


def state(change_set: ChangeSet) -> str:
    change_set.refresh_from_db()
    return change_set.state


def test_an_outside_reviewer_follows_the_link_and_returns_the_set(
    page: Page, browser: Browser, portal: str, submitted: ChangeSet, ada: User, olena: User
) -> None:
    sign_in(page, portal, ada)
    page.goto(address(portal, submitted))
    page.get_by_text("Name an outside reviewer").click()
    page.get_by_label("Name", exact=True).fill("Мария Петрова")
    page.get_by_label("E-mail").fill("petrova@example.org")
    page.get_by_role("button", name="Make the link").click()
    link = page.locator("code", has_text="/desk/review/").inner_text()

    outside = browser.new_context(locale="en-GB")
    guest = outside.new_page()
    guest.goto(link)
    guest.goto(f"{portal}/desk/review/?lang=en")
    guest.get_by_role("link", name="Next").click()
    expect(guest.locator("#details")).to_contain_text("2 of 4")
    guest.get_by_label("Your words").fill("Границата не съвпада с плана.")
    guest.get_by_role("button", name="Return with these words").click()
    expect(guest.get_by_text("Границата не съвпада с плана.").first).to_be_visible()
    outside.close()

    assert state(submitted) == State.RETURNED
    sign_in(page, portal, olena)
    page.goto(address(portal, submitted))
    expect(page.locator(".decision-words")).to_contain_text("Границата не съвпада с плана.")
    expect(page.locator("#life")).to_contain_text("Мария Петрова")


def test_the_author_settles_a_conflict_and_hands_it_in_again(
    page: Page, portal: str, publish: Publish, olena: User
) -> None:
    mine = door.propose(
        olena, [Edit.update("land.plot", world.plot_id(1), {"status": "reserved"}, world.rectangle(40, 10, 90, 90))],
        title="Моето",
    )  # fmt: skip
    others = world.rectangle(40, 10, 80, 90)
    publish([Edit.update("land.plot", world.plot_id(1), {"status": "contracted"}, others)])
    sign_in(page, portal, olena)
    page.goto(address(portal, mine))
    status, shape = page.locator(".dispute").all()
    expect(status).to_contain_text("contracted")
    assert shape.locator("img").evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 0
    shape.get_by_label("Published meanwhile").check()
    page.get_by_role("button", name="Settle the conflicts").click()
    expect(page.locator(".dispute")).to_have_count(0)
    page.get_by_role("button", name="Submit for review").click()
    expect(page.locator(".told li")).to_contain_text("with the reviewers")
    item = mine.items.get()
    assert (item.attributes, item.has_geom) == ({"status": "reserved"}, False)


def test_a_reviewer_sets_the_time_of_publication(page: Page, portal: str, submitted: ChangeSet, boris: User) -> None:
    sign_in(page, portal, boris)
    page.goto(address(portal, submitted))
    page.get_by_label("Your words").fill("Съгласно решението.")
    page.get_by_role("button", name="Approve only").click()
    day = timezone.localtime() + timedelta(days=3)
    page.get_by_label("To be published at").fill(day.strftime("%Y-%m-%dT08:30"))
    page.get_by_role("button", name="Publish at this time").click()
    expect(page.get_by_role("button", name="Do not publish by itself")).to_be_visible()
    assert state(submitted) == State.APPROVED
    assert submitted.publish_at is not None
    assert timezone.localtime(submitted.publish_at).strftime("%d %H:%M") == day.strftime("%d 08:30")
