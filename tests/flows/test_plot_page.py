"""The page of a plot in a browser: whole without scripts, foldable on a phone, and its links lead where they say."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

PHONE = {"width": 360, "height": 740}
READY = "html[data-page=ready]"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_everything_is_told_with_and_without_scripts(browser: Browser, portal: str, scripts: bool):
    context = browser.new_context(java_script_enabled=scripts, service_workers="block")
    page = context.new_page()
    page.goto(f"{portal}/plots/П-1/?lang=en")
    for words in ("38.50\u00a0€ per m²", "up to 5,400\u00a0m² built-up area", "12 m", "Decision"):
        expect(page.get_by_text(words).first).to_be_visible()
    expect(page.get_by_role("img", name="Map of plot П-1")).to_have_js_property("complete", True)
    expect(page.locator("[data-shortlist]")).to_be_visible(visible=scripts)
    context.close()


def test_on_a_phone_parts_fold_and_a_link_into_one_opens_it(page: Page, portal: str):
    page.set_viewport_size(PHONE)
    page.goto(f"{portal}/plots/П-1/?lang=en")
    page.locator(READY).wait_for(state="attached")
    building = page.locator("details#building")
    expect(building).not_to_have_attribute("open", "")
    page.get_by_role("navigation", name="On this page").get_by_role("link", name="Building").click()
    expect(building).to_have_attribute("open", "")
    expect(page.get_by_text("up to 5,400\u00a0m² built-up area")).to_be_in_viewport()


def test_the_way_to_ask_stays_in_sight_on_a_phone(page: Page, portal: str):
    page.set_viewport_size(PHONE)
    page.goto(f"{portal}/plots/П-1/?lang=en")
    ask = page.get_by_role("link", name="Ask about this plot")
    expect(ask).to_have_count(1)
    expect(ask).to_be_in_viewport()
    page.locator("#utilities").scroll_into_view_if_needed()
    expect(ask).to_be_in_viewport()


def test_a_mistyped_code_leads_to_the_plot_that_was_meant(page: Page, portal: str, tolerated: list[Any]):
    tolerated.append("console: Failed to load resource: the server responded with a status of 404")
    page.goto(f"{portal}/plots/П-77/?lang=en")
    page.get_by_role("link", name="П-1", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Plot П-1")
