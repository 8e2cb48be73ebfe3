"""Olena submits, Boris steps through by keyboard, comments, approves and publishes; the desk without obstacles."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from gis_portal.finders import PACKAGES
from registries.changes import door
from registries.changes.models import ChangeSet
from registries.core.models import User
from registries.networks.models import Network
from tests.conftest import line, pipe
from tests.flows.conftest import idle, sign_in
from tests.flows.test_map_elsewhere import AXE
from tests.gis_portal.pages.desk.conftest import edits


@pytest.fixture
def change_set(portal: str, olena: User) -> ChangeSet:
    return door.propose(olena, edits(), title="Резервации", reason="По решение")


def test_a_set_is_submitted_stepped_through_and_published(
    page: Page, portal: str, change_set: ChangeSet, olena: User, boris: User
) -> None:
    address = f"{portal}/desk/changes/{change_set.pk}/?lang=en"
    sign_in(page, portal, olena)
    page.goto(address)
    page.get_by_role("button", name="Submit for review").click()
    expect(page.locator(".told li")).to_contain_text("with the reviewers")

    sign_in(page, portal, boris)
    page.goto(address)
    details = page.locator("#details")
    expect(details).to_contain_text("1 of 4")
    for key, position in (("j", 2), ("ArrowRight", 3), ("j", 4), ("k", 3), ("ArrowLeft", 2)):
        page.keyboard.press(key)
        expect(details).to_contain_text(f"{position} of 4")
    expect(page.locator("tr[aria-current=true]")).to_contain_text("П-2")
    page.get_by_label("Comment on this change").fill("Проверено")
    page.get_by_role("button", name="Comment", exact=True).first.click()
    expect(details.locator(".comments")).to_contain_text("Проверено")
    page.get_by_label("Your words").fill("Съгласно решението.")
    page.get_by_role("button", name="Approve and publish").press("Enter")
    expect(page.locator(".told li")).to_contain_text("Approved and published.")
    change_set.refresh_from_db()
    assert change_set.state == ChangeSet.State.PUBLISHED


def test_what_the_rules_find_stands_on_the_map(page: Page, portal: str, olena: User) -> None:
    network = Network.objects.get(name="Водопровод Изток")
    made = door.propose(olena, [pipe(network, line((20, 60), (60, 60)))], title="Свободни краища")
    sign_in(page, portal, olena)
    page.goto(f"{portal}/desk/changes/{made.pk}/?lang=en")
    idle(page)
    found = page.locator("[data-point]").filter(has_text="E ")
    pins = page.locator(".diffmap .pin")
    expect(pins).to_have_count(len({one.get_attribute("data-point") for one in found.all()}))
    expect(page.locator("[data-legend=warns] b")).to_have_text(str(found.count()))
    page.locator("details.rule", has_text="NET-010").locator("summary").click()
    ends = page.locator("[data-point][data-text^=NET-010]")
    expect(ends).to_have_count(2)
    ends.first.get_by_role("button", name="Show on the map").click()
    expect(page.locator(".diffmap-caption")).to_contain_text("NET-010")
    page.get_by_role("link", name="see the change").first.click()
    expect(page.locator(".diffmap-caption")).not_to_contain_text("NET-010")
    idle(page)
    page.locator(".diffmap .pin[title*=NET-010]").first.click()
    expect(page.locator(".diffmap-caption")).to_contain_text("NET-010")


def test_a_set_is_opened_described_with_its_act_and_withdrawn(page: Page, portal: str, olena: User) -> None:
    act = b"%PDF-1.7\n1 0 obj << >> endobj\n%%EOF\n"
    sign_in(page, portal, olena)
    page.goto(f"{portal}/desk/?lang=en")
    page.get_by_label("Title").fill("Нови терени")
    page.get_by_role("button", name="Open it").click()
    page.get_by_text("Change title, reason and legal basis").click()
    page.get_by_label("Number").fill("17")
    page.get_by_label("File").set_input_files({"name": "решение.pdf", "mimeType": "application/pdf", "buffer": act})
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#basis .facts")).to_contain_text("17")
    with page.expect_download() as download:
        page.locator("#basis").get_by_role("link", name=".pdf").click()
    assert download.value.path().read_bytes() == act
    page.get_by_text("Withdraw it").click()
    page.get_by_role("button", name="Withdraw for good").click()
    expect(page.locator(".about-set .state")).to_contain_text("withdrawn")
    assert ChangeSet.objects.get(title="Нови терени").state == ChangeSet.State.WITHDRAWN


def test_letters_as_keys_can_be_switched_off(page: Page, portal: str, change_set: ChangeSet, olena: User) -> None:
    sign_in(page, portal, olena)
    page.goto(f"{portal}/desk/changes/{change_set.pk}/?lang=en")
    page.get_by_label("Keys J and K").uncheck()
    page.locator("h1").click()
    page.keyboard.press("j")
    expect(page.locator("#details")).to_contain_text("1 of 4")
    page.get_by_role("link", name="Next").click()
    expect(page.locator("#details")).to_contain_text("2 of 4")


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize(("language", "scheme"), [("bg", "light"), ("en", "dark")])
def test_nothing_at_the_desk_stands_in_the_way(
    page: Page, portal: str, change_set: ChangeSet, boris: User, olena: User, language: str, scheme: Any, width: int
) -> None:
    """axe-core finds nothing, and no page is wider than the screen."""
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    door.submit(olena, change_set)
    found: dict[str, list[str]] = {}
    for person in (boris, olena):
        sign_in(page, portal, person)
        for path in ("/desk/", "/desk/?list=all", f"/desk/changes/{change_set.pk}/"):
            page.goto(f"{portal}{path}{'&' if '?' in path else '?'}lang={language}")
            page.evaluate((PACKAGES / "axe-core" / "axe.min.js").read_text())
            found |= {f"{path} {name}": nodes for name, nodes in page.evaluate(AXE)}
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    assert not found, json.dumps(found, ensure_ascii=False, indent=1)
