"""What visitors do on the map: look, pick, search, share, switch layers and language, by mouse and by keys."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from layers.expressions import evaluate
from tests.flows import world
from tests.flows.conftest import idle, open_map

PLOT = f"&selected=plots/{world.plot_id(1)}"


def colours(page: Page) -> int:
    """How many different colours the drawn tiles show."""
    return page.evaluate(
        """() => {
            const seen = new Set();
            for (const canvas of document.querySelectorAll("canvas.leaflet-tile")) {
                if (!canvas.width) continue;
                const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
                for (let i = 0; i < data.length; i += 40)
                    if (data[i + 3]) seen.add(data[i] << 16 | data[i + 1] << 8 | data[i + 2]);
            }
            return seen.size;
        }"""
    )


def test_the_published_plots_are_drawn(page: Page, portal: str):
    open_map(page, portal)
    assert colours(page) > 8


def test_a_click_on_a_plot_shows_its_card(page: Page, portal: str):
    open_map(page, portal, PLOT)
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#card")).to_be_hidden()
    page.locator("#map").click()
    card = page.locator("#card")
    expect(card.get_by_role("heading", level=2)).to_have_text("П-1")
    expect(card).to_contain_text("9,000 m² · 9.00 dka · 0.90 ha")
    expect(card).to_contain_text("38.50 EUR per m²")


def test_what_else_lies_there_can_be_chosen(page: Page, portal: str):
    open_map(page, portal, PLOT)
    page.locator("#map").click()
    page.get_by_role("button", name=world.SPLIT_NUMBER).click()
    expect(page.locator("#card-title")).to_have_text(world.SPLIT_NUMBER)
    expect(page).to_have_url(re.compile(rf"selected=parcels/{world.parcel_id(1)}"))


def test_the_back_button_returns_to_the_thing_before(page: Page, portal: str):
    open_map(page, portal, PLOT)
    page.locator("#map").click()
    page.get_by_role("button", name=world.SPLIT_NUMBER).click()
    expect(page.locator("#card-title")).to_have_text(world.SPLIT_NUMBER)
    page.go_back()
    expect(page.locator("#card-title")).to_have_text("П-1")


def test_a_shared_address_shows_the_same_map(page: Page, portal: str):
    query = f"&map=17/43.24150/26.57300&layers=*land,water_pipe&selected=plots/{world.plot_id(2)}"
    open_map(page, portal, query)
    expect(page.locator("#card-title")).to_have_text("П-2")
    expect(page.locator("input[value=water_pipe]")).to_be_checked()
    expect(page.locator("input[value=road_axis]")).not_to_be_checked()
    assert "map=17/43.24150/26.57300" in page.url


def test_an_address_that_makes_no_sense_shows_the_whole_zone(page: Page, portal: str):
    open_map(page, portal, "&map=x/1e9/NaN&layers=gone,*nothing&selected=plots")
    expect(page.locator("#card")).to_be_hidden()
    assert re.search(r"map=1[5-9]/43\.24\d+/26\.57\d+", page.url)


def test_an_old_cadastral_number_leads_to_todays_parcel_by_keys_alone(page: Page, portal: str):
    open_map(page, portal)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    field = page.get_by_role("combobox")
    expect(field).to_be_focused()
    page.keyboard.type("73626, 510, 1")
    expect(page.get_by_role("option").first).to_contain_text("formerly 73626.510.1")
    page.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "hit-0")
    page.keyboard.press("Enter")
    expect(page.locator("#card-title")).to_have_text(world.SPLIT_NUMBER)
    expect(page.locator("#card-title")).to_be_focused()


def test_a_search_without_hits_says_what_to_try(page: Page, portal: str):
    open_map(page, portal)
    page.get_by_role("combobox").fill("zzzz")
    expect(page.locator("#search-status")).to_contain_text("Nothing was found")


def test_enter_on_the_map_picks_what_is_in_its_middle(page: Page, portal: str):
    open_map(page, portal, PLOT)
    page.keyboard.press("Escape")
    expect(page.locator("#card")).to_be_hidden()
    page.locator("#map").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#card-title")).to_have_text("П-1")


def test_a_theme_is_switched_on_as_a_whole(page: Page, portal: str, tolerated: list[str]):
    tolerated.append("console: Canvas2D: Multiple readback")
    open_map(page, portal, "&tab=layers")
    before = colours(page)
    page.get_by_label("Water supply: all layers").check()
    idle(page)
    assert colours(page) > before
    expect(page).to_have_url(re.compile(r"layers=\*land,\*water,\*road"))


def test_the_language_switch_keeps_the_place_and_the_thing(page: Page, portal: str):
    open_map(page, portal, PLOT)
    page.get_by_role("link", name="Български").click()
    idle(page)
    expect(page.locator("html")).to_have_attribute("lang", "bg")
    expect(page.locator("#card-title")).to_have_text("П-1")


def test_the_legend_is_drawn_from_the_style(page: Page, portal: str):
    open_map(page, portal, "&tab=layers")
    expect(page.locator("[data-swatch=plots] canvas").first).to_be_attached()
    samples = page.locator("[data-swatch=plots] canvas").evaluate_all("all => all.map((one) => one.toDataURL())")
    assert len(set(samples)) >= 7


def test_expressions_mean_the_same_in_the_browser_and_on_the_server(page: Page, portal: str):
    open_map(page, portal)
    width = [
        "interpolate",
        ["linear"],
        ["zoom"],
        12,
        1,
        15,
        ["step", ["coalesce", ["get", "d"], 150], 2, 100, 3, 300, 4],
    ]
    cases = [
        (expression, zoom, properties)
        for expression in (
            width,
            ["interpolate", ["exponential", 1.5], ["zoom"], 10, 1, 18, 20],
            ["match", ["get", "s"], ["a", "b"], 1, "c", 2, 3],
            ["all", ["!", ["in", ["get", "s"], ["literal", ["a", "x"]]]], ["has", "d"]],
            ["any", ["==", ["get", "s"], "c"], ["!=", ["get", "d"], 100]],
            ["concat", ["get", "s"], " – ", ["get", "missing"]],
        )
        for zoom in (8, 12, 13.5, 15, 21)
        for properties in ({}, {"s": "a", "d": 50}, {"s": "c", "d": 100}, {"s": "z", "d": 300.5})
    ]
    module = page.evaluate(
        "document.querySelector('script[type=importmap]').textContent.includes('portal/expressions')"
    )
    assert module
    answers = page.evaluate(
        "async (cases) => { const { compile } = await import('portal/expressions');"
        " return cases.map(([expression, zoom, properties]) => compile(expression)(zoom, properties)); }",
        [list(case) for case in cases],
    )
    assert answers == pytest.approx([evaluate(*case) for case in cases])
