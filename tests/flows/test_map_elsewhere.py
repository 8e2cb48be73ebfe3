"""The map where things are scarce: a phone, no scripts, no background, no network, a registry that does not answer."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from gis_portal.finders import PACKAGES
from gis_portal.pages import basemap
from tests.flows import world
from tests.flows.conftest import idle, open_map
from tests.gis_portal.pages.test_basemap import TileServer, basemap_at

PLOT = f"&selected=plots/{world.plot_id(1)}"
AXE = "axe.run().then(({violations}) => violations.map((v) => [v.id, v.nodes.map((n) => n.html)]))"
PHONE = {"width": 360, "height": 740}


def test_on_a_phone_the_sheet_opens_for_a_card_and_leaves_the_plot_in_sight(page: Page, portal: str):
    page.set_viewport_size(PHONE)
    open_map(page, portal, PLOT)
    expect(page.locator("#panel")).to_have_attribute("data-stop", "half")
    shape = page.locator(".leaflet-overlay-pane path").last.bounding_box()
    sheet = page.locator("#panel").bounding_box()
    assert shape
    assert sheet
    assert shape["y"] + shape["height"] < sheet["y"]


def test_the_handle_of_the_sheet_is_a_button(page: Page, portal: str):
    page.set_viewport_size(PHONE)
    open_map(page, portal)
    handle = page.locator("#handle")
    stops = []
    for _press in range(3):
        handle.press("Enter")
        stops.append(page.locator("#panel").get_attribute("data-stop"))
    assert stops == ["half", "full", "low"]


@pytest.mark.parametrize("width", [320, 768, 1440])
def test_no_page_is_wider_than_its_window(page: Page, portal: str, tolerated: list[str], width: int):
    tolerated.append("console: Failed to load resource: the server responded with a status of 404")
    page.set_viewport_size({"width": width, "height": 800})
    widths = {}
    for path in ("/", "/plots/", "/services/", "/nowhere"):
        page.goto(f"{portal}{path}?lang=bg")
        widths[path] = page.evaluate("document.documentElement.scrollWidth")
    assert widths == dict.fromkeys(widths, width)


def test_without_scripts_filters_and_list_are_the_page(browser: Browser, portal: str):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{portal}/?lang=en")
    expect(page.locator("#map")).to_be_hidden()
    expect(page.locator("[data-plot]")).to_have_count(len(world.STATUSES))
    page.get_by_role("checkbox", name="available").check()
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("[data-plot] h3")).to_have_text(["П-1", "П-4"])
    context.close()


def test_a_background_map_out_of_reach_leaves_a_plain_ground_and_no_errors(page: Page, portal: str, settings: Any):
    basemap._known.clear()
    settings.BASEMAPS = [basemap_at("http://127.0.0.1:9/{z}/{x}/{y}.png")]
    open_map(page, portal)
    expect(page.locator("#notice")).to_contain_text("background map is not available")
    assert page.locator("img.leaflet-tile").count() == 0


class FirstTileOnly(TileServer):
    def do_GET(self) -> None:  # noqa: N802
        if self.path == "/0/0/0.png":
            super().do_GET()
        else:
            self.send_error(404)


@pytest.fixture
def failing_tiles() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), FirstTileOnly)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_background_map_that_fails_is_taken_away(
    page: Page, portal: str, settings: Any, tolerated: list[str], failing_tiles: str
):
    tolerated.append("console: Failed to load resource")
    basemap._known.clear()
    settings.BASEMAPS = [basemap_at(f"{failing_tiles}/{{z}}/{{x}}/{{y}}.png")]
    settings.CONTENT_SECURITY_POLICY = {
        "DIRECTIVES": {**settings.CONTENT_SECURITY_POLICY["DIRECTIVES"], "img-src": ["'self'", "data:", failing_tiles]}
    }
    open_map(page, portal)
    expect(page.locator("#notice")).to_contain_text("background map is not available")
    expect(page.locator(".leaflet-tile-pane img")).to_have_count(0)


def test_tiles_that_do_not_come_are_told_once_and_can_be_asked_for_again(page: Page, portal: str, tolerated: list[str]):
    tolerated.append("console: Failed to load resource")
    page.route("**/*.mvt", lambda route: route.fulfill(status=503))
    open_map(page, portal)
    expect(page.locator("#notice")).to_contain_text("could not be loaded")
    page.unroute("**/*.mvt")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#notice")).to_be_hidden()


def test_a_registry_that_does_not_answer_is_told(page: Page, portal: str, tolerated: list[str]):
    tolerated.append("console: Failed to load resource")
    open_map(page, portal)
    page.route("**/map/pick*", lambda route: route.abort())
    page.locator("#map").click()
    expect(page.locator("#notice")).to_contain_text("does not answer")


def test_a_map_that_cannot_start_says_where_to_go(page: Page, portal: str, tolerated: list[str]):
    tolerated.append("console: ")
    page.route("**/styles/zone.json*", lambda route: route.fulfill(status=500, body="{}"))
    page.goto(f"{portal}/?lang=en")
    page.locator("html[data-map=failed]").wait_for(state="attached")
    expect(page.locator("#notice")).to_contain_text("list of plots works without it")


def test_being_offline_is_said_and_unsaid(page: Page, portal: str):
    open_map(page, portal)
    page.context.set_offline(True)
    expect(page.locator("#notice")).to_contain_text("You are offline")
    page.context.set_offline(False)
    expect(page.locator("#notice")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["bg", "en"])
def test_nothing_stands_in_the_way_of_assistive_technology(
    page: Page, portal: str, tolerated: list[str], language: str, scheme: str
):
    """axe-core without a violation of WCAG 2.2 AA or of its best practices, on every page."""
    tolerated.append("console: Failed to load resource: the server responded with a status of 404")
    page.emulate_media(color_scheme=scheme)
    found: dict[str, list[str]] = {}
    for path in ("/?", f"/?{PLOT}", "/plots/?", "/services/?", "/nowhere?"):
        page.goto(f"{portal}{path}&lang={language}")
        if path.startswith("/?"):
            idle(page)
        page.evaluate((PACKAGES / "axe-core" / "axe.min.js").read_text())
        found |= {f"{path} {name}": nodes for name, nodes in page.evaluate(AXE)}
    assert not found, json.dumps(found, ensure_ascii=False, indent=1)


def test_nothing_moves_while_the_page_loads(page: Page, portal: str):
    page.add_init_script(
        "window.moved = 0; const add = (list) => list.getEntries().forEach((one) => { window.moved += one.value; });"
        " new PerformanceObserver(add)"
        ".observe({type: 'layout-shift', buffered: true});"
    )
    open_map(page, portal)
    assert page.evaluate("window.moved") <= 0.02
