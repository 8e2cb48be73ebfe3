"""Without a network: what was seen can be read again and says from when it is; what is somebody's own is not kept."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from registries.core.models import User
from tests.flows.conftest import sign_in

# Either, depending on whether the worker or the browser noticed first.
LOST = (
    "console: Failed to load resource: net::ERR_INTERNET_DISCONNECTED",
    "console: Failed to load resource: net::ERR_FAILED",
)
KEPT = """async () => (await (await caches.open("portal-pages")).keys()).map(({url}) => new URL(url).pathname)"""


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "service_workers": "allow"}


@pytest.fixture(autouse=True)
def losses_tolerated(tolerated: list[str]) -> None:
    tolerated += LOST


def see(page: Page, address: str) -> None:
    """Open a page and wait until the worker has kept it."""
    page.goto(address)
    page.locator("html[data-worker=ready]").wait_for(state="attached")


def test_a_page_seen_before_is_shown_with_the_day_it_is_from(page: Page, portal: str):
    see(page, f"{portal}/services/?lang=en")
    page.context.set_offline(True)
    page.goto(f"{portal}/services/?lang=en")
    expect(page.get_by_role("heading", level=1)).to_have_text("Services and data")
    expect(page.get_by_role("status").first).to_contain_text("This page is as of")


def test_the_list_of_plots_is_kept_from_the_first_visit_of_any_page(page: Page, portal: str):
    see(page, f"{portal}/services/?lang=en")
    page.context.set_offline(True)
    page.goto(f"{portal}/plots/?lang=en")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("П-1").first).to_be_visible()


def test_kept_pages_keep_their_looks(page: Page, portal: str):
    see(page, f"{portal}/services/?lang=en")
    page.context.set_offline(True)
    page.goto(f"{portal}/services/?lang=en")
    assert page.locator(".top").evaluate("(it) => getComputedStyle(it).display") == "flex"


def test_what_was_not_kept_leads_to_what_was(page: Page, portal: str):
    see(page, f"{portal}/services/?lang=en")
    page.context.set_offline(True)
    page.goto(f"{portal}/privacy/?lang=en")
    expect(page.get_by_role("heading", level=1)).to_have_text("No network")
    page.get_by_role("link", name="Services and data · ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Services and data")


def test_the_page_for_no_network_speaks_the_language_of_the_address(page: Page, portal: str):
    see(page, f"{portal}/services/?lang=en")
    page.context.set_offline(True)
    page.goto(f"{portal}/privacy/?lang=bg")
    expect(page.locator("html")).to_have_attribute("lang", "bg")


def test_with_a_network_the_page_is_todays(page: Page, portal: str):
    see(page, f"{portal}/services/?lang=en")
    page.context.set_offline(True)
    page.goto(f"{portal}/services/?lang=en")
    page.context.set_offline(False)
    page.goto(f"{portal}/services/?lang=en")
    expect(page.locator("html:not([data-kept])")).to_be_attached()
    expect(page.locator(".away")).to_be_hidden()


def test_a_page_on_the_screen_says_that_the_network_is_gone(page: Page, portal: str):
    see(page, f"{portal}/services/?lang=en")
    page.context.set_offline(True)
    expect(page.locator(".away")).to_contain_text("You are offline. What is shown was loaded on")
    page.context.set_offline(False)
    expect(page.locator(".away")).to_be_hidden()


def test_what_is_shown_to_one_person_is_not_kept(page: Page, portal: str, olena: User):
    see(page, f"{portal}/services/?lang=en")
    sign_in(page, portal, olena)
    page.goto(f"{portal}/desk/?lang=en")
    see(page, f"{portal}/privacy/?lang=en")
    page.goto(f"{portal}/accounts/login/?lang=en")
    see(page, f"{portal}/shortlist/?lang=en")
    kept = page.evaluate(KEPT)
    assert "/services/" in kept
    assert not [path for path in kept if path.startswith(("/desk/", "/accounts/"))]


def test_no_more_pages_are_kept_than_fit(page: Page, portal: str):
    see(page, f"{portal}/privacy/?lang=en")
    for number in range(45):
        see(page, f"{portal}/privacy/?lang=en&v={number}")
    kept = page.evaluate(KEPT)
    assert len(kept) <= 40
    assert kept[-1] == "/privacy/"
