"""An enquiry from a telephone to its answer and back, in a real browser: Iva asks, Iskra answers, Iva reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from gis_portal.edge import tokens
from gis_portal.finders import PACKAGES
from registries.core.models import Role, User
from registries.dealings.models import Enquiry, State
from tests.conftest import person
from tests.flows.conftest import sign_in

AXE = "axe.run().then(({violations}) => violations.map((v) => [v.id, v.nodes.map((n) => n.html)]))"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
TELEPHONE = {"width": 360, "height": 740}


@pytest.fixture(autouse=True)
def at_hand(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files go to a place of their own; programs fill in forms faster than people."""
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(tokens, "is_hasty", lambda signer, text: False)


@pytest.fixture
def adviser(portal: str) -> User:
    return person("iskra", Role.ADVISER)


def check(page: Page) -> None:
    """No violation that axe-core finds, and nothing wider than the screen."""
    page.evaluate((PACKAGES / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    assert page.evaluate(AXE) == []
    assert page.evaluate(TOO_WIDE) <= 0


def fill(page: Page) -> None:
    page.get_by_label("What do you want to do there?").fill("Cold store for fruit")
    page.get_by_label("Your message").fill("When can we see it?")
    page.get_by_text("What you need: power, gas, water, jobs, when").click()
    page.get_by_label("Electric power").fill("1.2")
    page.get_by_label("Unit of power").select_option("mva")
    page.get_by_label("Your name").fill("Iva Investor")
    page.get_by_label("E-mail").fill("iva@example.org")
    page.get_by_label("I agree").check()


def test_from_asking_on_a_telephone_to_reading_the_answer(page: Page, portal: str, adviser: User) -> None:
    page.set_viewport_size(TELEPHONE)
    page.goto(f"{portal}/enquiries/new/?lang=en&plot=east/П-1")
    check(page)
    fill(page)
    plan = {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n"}
    page.get_by_label("Files").set_input_files([plan])
    check(page)
    page.get_by_role("button", name="Send the enquiry").click()
    expect(page.get_by_role("status").filter(has_text="Your enquiry has arrived")).to_be_visible()
    check(page)
    own = page.url.split("?")[0]

    page.set_viewport_size({"width": 1280, "height": 800})
    sign_in(page, portal, adviser)
    page.goto(f"{portal}/desk/enquiries/?lang=en")
    check(page)
    page.get_by_role("link", name="private person").click()
    expect(page.get_by_role("row", name="Electricity")).to_contain_text("1,200")
    check(page)
    page.get_by_role("link", name="Invite to a visit").click()
    expect(page.get_by_label("E-mail to iva@example.org")).to_contain_text("Hello, Iva Investor,")
    page.get_by_label("E-mail to iva@example.org").fill("Come on Monday at ten.")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.locator("[data-enquiry-state=answered]")).to_be_visible()
    page.get_by_role("button", name="Visit arranged").click()
    expect(page.locator("[data-enquiry-state=visit]")).to_be_visible()
    check(page)

    page.context.clear_cookies()
    page.set_viewport_size(TELEPHONE)
    page.goto(f"{own}?lang=en")
    expect(page.locator("main[data-enquiry-state=visit]")).to_contain_text("Come on Monday at ten.")
    page.get_by_label("Write to us").fill("We come.")
    page.get_by_role("button", name="Send the message").click()
    expect(page.get_by_role("status").filter(has_text="Your message has arrived")).to_be_visible()
    assert page.context.cookies() == []
    check(page)


def test_without_scripts_and_by_keyboard_a_card_is_moved(browser: Browser, portal: str, adviser: User) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-GB", viewport=TELEPHONE)
    page = context.new_page()
    page.goto(f"{portal}/enquiries/new/?lang=en")
    fill(page)
    page.get_by_role("button", name="Send the enquiry").press("Enter")
    expect(page.get_by_role("status").filter(has_text="Your enquiry has arrived")).to_be_visible()
    sign_in(page, portal, adviser)
    page.goto(f"{portal}/desk/enquiries/?lang=en")
    page.get_by_text("Move", exact=False).first.press("Enter")
    page.get_by_role("button", name="Offer made").press("Enter")
    expect(page.locator("#offer").get_by_role("link", name="private person")).to_be_visible()
    assert Enquiry.objects.get().state == State.OFFER
    context.close()


def test_what_is_wrong_is_told_in_one_place_that_has_the_focus(
    page: Page, portal: str, adviser: User, tolerated: list[str]
) -> None:
    tolerated.append("console: Failed to load resource: the server responded with a status of 422")
    page.set_viewport_size(TELEPHONE)
    page.goto(f"{portal}/enquiries/new/?lang=en")
    fill(page)
    page.get_by_label("Electric power").fill("a lot")
    page.get_by_role("button", name="Send the enquiry").click()
    expect(page.locator("#wrong")).to_be_focused()
    check(page)
    page.locator("#wrong").get_by_role("link", name="Electric power").click()
    expect(page.get_by_label("Electric power")).to_be_focused()
    expect(page.get_by_label("Electric power")).to_have_value("a lot")
