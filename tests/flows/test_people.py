"""How people come in, in a real browser: the first log-in of a reviewer, the next one, a token, a lock-out."""

from __future__ import annotations

from typing import Any

import pytest
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import Page, expect

from gis_portal.finders import PACKAGES
from gis_portal.people import factor, mail
from registries.core.models import User
from tests.gis_portal.people.conftest import PASSWORD, code_of, equip

AXE = "axe.run().then(({violations}) => violations.map((v) => [v.id, v.nodes.map((n) => n.html)]))"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(autouse=True)
def strict(settings: Any) -> None:
    settings.REQUIRE_SECOND_FACTOR = True


@pytest.fixture
def reviewer(boris: User) -> User:
    boris.set_password(PASSWORD)
    boris.save()
    return boris


def check(page: Page) -> None:
    """No violation that axe-core finds, and nothing wider than a telephone."""
    page.evaluate((PACKAGES / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    assert page.evaluate(AXE) == []
    assert page.evaluate(TOO_WIDE) <= 0


def log_in(page: Page, portal: str, name: str = "boris", password: str = PASSWORD) -> None:
    page.goto(f"{portal}/accounts/login/?lang=en&next=/accounts/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in", exact=True).click()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_first_log_in_of_a_reviewer(page: Page, portal: str, reviewer: User, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    log_in(page, portal)
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up the second factor")
    expect(page.get_by_role("img", name="QR code that holds the key")).to_be_visible()
    check(page)
    page.get_by_label("Code").fill(code_of(TOTPDevice.objects.get(user=reviewer)))
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    assert len(page.locator("#codes").inner_text().split()) == factor.CODES
    check(page)
    page.get_by_role("link", name="I have kept them, go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My account")
    check(page)


@pytest.mark.parametrize("width", [360, 1280])
def test_a_token_is_made_and_copied(page: Page, portal: str, reviewer: User, width: int) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.set_viewport_size({"width": width, "height": 800})
    device, _codes = equip(reviewer)
    log_in(page, portal)
    check(page)
    page.get_by_label("Code").fill(code_of(device))
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("link", name="See and make tokens").click()
    check(page)
    page.get_by_label("What it is for").fill("QGIS")
    page.get_by_role("button", name="Make the token").click()
    check(page)
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#secret").inner_text()


def test_after_five_failures_the_page_says_when_to_come_back(
    page: Page, portal: str, reviewer: User, tolerated: list[str]
) -> None:
    tolerated.append("console: Failed to load resource: the server responded with a status of 429")
    for _time in range(5):
        log_in(page, portal, password="wrong")
    expect(page.get_by_role("alert")).to_contain_text("Too many failed attempts. Try again after")
    check(page)


def test_the_pages_of_passwords_on_a_telephone(page: Page, portal: str, olena: User) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    for address in (f"{portal}/accounts/password/forgotten/", mail.link_of(olena, portal)):
        page.goto(f"{address}?lang=bg")
        check(page)


def test_everything_goes_without_scripts(browser: Any, portal: str, reviewer: User) -> None:
    device, _codes = equip(reviewer)
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    log_in(page, portal)
    page.get_by_label("Code").fill(code_of(device))
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Log out").click()
    page.goto(f"{portal}/accounts/")
    assert "/accounts/login/" in page.url
    context.close()
