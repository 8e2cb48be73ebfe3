"""Map and list as one: what a filter leaves is listed and drawn, each shows where it is in the other."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.flows import world
from tests.flows.conftest import idle, open_map

PHONE = {"width": 360, "height": 740}
ALL = len(world.STATUSES)


def settled(page: Page) -> None:
    page.locator("html[data-results=idle]").wait_for(state="attached")
    idle(page)


def rows(page: Page, *codes: str) -> None:
    expect(page.locator("[data-plot] h3")).to_have_text([*codes])


def filters(page: Page) -> None:
    page.get_by_role("button", name=re.compile("Filters")).click()


def middle_of(number: int) -> str:
    """An address of a map with the western part of a plot in its middle, where no label stands."""
    shape = world.rectangle(40 + 110 * ((number - 1) % 3) + 20, 10 + 130 * ((number - 1) // 3) + 30, 2, 2)
    shape.transform(4326)
    return f"&map=19/{shape.centroid.y:.6f}/{shape.centroid.x:.6f}"


def colour(page: Page) -> list[int]:
    """What is drawn in the middle of the map."""
    return page.evaluate(
        """() => {
            const ground = document.querySelector("#map").getBoundingClientRect();
            const [x, y] = [ground.left + ground.width / 2, ground.top + ground.height / 2];
            for (const canvas of document.querySelectorAll("canvas.leaflet-tile")) {
                const at = canvas.getBoundingClientRect();
                if (x < at.left || x >= at.right || y < at.top || y >= at.bottom) continue;
                const scale = canvas.width / at.width;
                const place = [(x - at.left) * scale, (y - at.top) * scale].map(Math.floor);
                return [...canvas.getContext("2d").getImageData(...place, 1, 1).data];
            }
        }"""
    )


def test_a_filter_leaves_in_list_and_address_what_matches_and_back_takes_it_away(page: Page, portal: str):
    open_map(page, portal)
    filters(page)
    page.get_by_role("checkbox", name="available").check()
    rows(page, "П-1", "П-4")
    settled(page)
    expect(page).to_have_url(re.compile(r"\?status=available&"))
    expect(page.locator("#told")).to_have_text("2 plots match.")
    expect(page.locator("[data-count]")).to_have_text("2")
    page.go_back()
    expect(page.locator("[data-plot]")).to_have_count(ALL)
    expect(page.get_by_role("checkbox", name="available")).not_to_be_checked()
    page.go_forward()
    rows(page, "П-1", "П-4")


def test_the_map_draws_only_what_matches(page: Page, portal: str):
    reserved, available = middle_of(2), middle_of(1)
    seen = []
    for terms in (reserved, f"&status=available{reserved}", available, f"&status=available{available}"):
        open_map(page, portal, terms)
        seen.append(colour(page))
    assert seen[0] != seen[1]
    assert seen[2] == seen[3]


def test_what_a_filter_hides_cannot_be_picked(page: Page, portal: str):
    open_map(page, portal, f"&status=available{middle_of(2)}")
    page.locator("#map").click()
    expect(page.locator("#card-title")).to_have_text("73626.510.12")


def test_a_row_and_its_plot_point_at_each_other(page: Page, portal: str):
    open_map(page, portal, middle_of(4))
    page.locator(f"[data-plot='{world.plot_id(4)}']").hover()
    expect(page.locator("path[stroke-dasharray]")).to_have_count(1)
    page.locator("#map").hover()
    expect(page.locator(".pointed h3")).to_have_text("П-4")
    page.locator("#query").hover()
    expect(page.locator(".pointed")).to_have_count(0)


def test_from_filter_to_card_and_back_by_keys_alone(page: Page, portal: str):
    open_map(page, portal)
    page.get_by_role("tab", name=re.compile("Plots")).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_label("Search by text").focus()
    page.keyboard.type("П-4")
    rows(page, "П-4")
    settled(page)
    expect(page.get_by_label("Search by text")).to_be_focused()
    shown = page.get_by_role("link", name=re.compile("On the map"))
    shown.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#card-title")).to_be_focused()
    expect(page.get_by_role("link", name="All about this plot")).to_have_attribute("href", re.compile(r"/plots/"))
    page.keyboard.press("Escape")
    expect(page.locator("#card")).to_be_hidden()
    expect(shown).to_be_focused()


def test_on_a_phone_the_filters_fill_the_screen_and_say_how_many_they_leave(page: Page, portal: str):
    page.set_viewport_size(PHONE)
    open_map(page, portal)
    page.locator("#handle").click()
    filters(page)
    view = page.get_by_role("dialog", name="Filters")
    assert view.bounding_box() == {"x": 0, "y": 0, **PHONE}
    view.get_by_role("checkbox", name="reserved").check()
    view.get_by_role("button", name="Show 1 plot", exact=True).click()
    expect(view).to_be_hidden()
    rows(page, "П-2")
    settled(page)


def test_where_nothing_matches_the_nearest_is_offered(page: Page, portal: str):
    open_map(page, portal, "&status=reserved&right=sale")
    expect(page.get_by_role("heading", name="No plot matches all of this")).to_be_visible()
    page.locator(".relaxations a").first.click()
    expect(page.locator("[data-plot]")).not_to_have_count(0)
    settled(page)


def test_the_list_follows_the_map_if_wished(page: Page, portal: str):
    open_map(page, portal, middle_of(1).replace("=19/", "=20/"))
    page.get_by_label("Only what the map shows").check()
    rows(page, "П-1")
    for _time in range(3):
        settled(page)
        page.get_by_role("button", name="Zoom out").click()
    expect(page.locator("[data-plot]")).to_have_count(ALL)
    settled(page)
    expect(page).to_have_url(re.compile("bounds="))


def test_a_number_that_cannot_be_read_is_marked_beside_its_field(page: Page, portal: str, tolerated: list[str]):
    tolerated.append("console: Failed to load resource")
    open_map(page, portal)
    filters(page)
    page.get_by_label("Area from").fill("many")
    expect(page.get_by_label("Area from")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Area from")).to_have_value("many")


def test_a_list_that_cannot_be_had_stays_and_can_be_asked_for_again(page: Page, portal: str, tolerated: list[str]):
    tolerated.append("console: Failed to load resource")
    open_map(page, portal)
    page.route("**/map/results*", lambda route: route.abort())
    filters(page)
    page.get_by_role("checkbox", name="reserved").check()
    expect(page.get_by_role("alert")).to_contain_text("could not be brought up to date")
    expect(page.locator("[data-plot]")).to_have_count(ALL)
    page.unroute("**/map/results*")
    page.get_by_role("button", name="Try again").click()
    rows(page, "П-2")
    settled(page)


def test_without_the_maps_libraries_the_list_is_filtered_all_the_same(page: Page, portal: str, tolerated: list[str]):
    tolerated.append("console: ")
    page.route("**/protomaps-leaflet*.js", lambda route: route.abort())
    page.goto(f"{portal}/?lang=en")
    page.locator("html[data-map=failed]").wait_for(state="attached")
    filters(page)
    page.get_by_role("checkbox", name="reserved").check()
    rows(page, "П-2")
