"""The pages of the OGC API in a browser: complete without scripts, readable by everybody on any screen."""

from __future__ import annotations

import json
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect

from gis_portal.finders import PACKAGES
from tests.flows.conftest import idle

AXE = "axe.run().then(({violations}) => violations.map((v) => [v.id, v.nodes.map((n) => n.html)]))"
pytestmark = pytest.mark.django_db(transaction=True)
PAGES = ["", "api", "conformance", "functions", "collections", "collections/plots", "collections/plots/queryables",
         "tiles/WebMercatorQuad", "styles"]  # fmt: skip
ITEMS = "collections/plots/items"


def one(portal: str) -> str:
    with urlopen(f"{portal}/ogc/{ITEMS}?limit=1") as answer:
        return str(json.load(answer)["features"][0]["id"])


@pytest.mark.parametrize("width", [360, 1280])
def test_everybody_can_read_them_on_any_screen(page: Page, portal: str, width: int):
    page.set_viewport_size({"width": width, "height": 800})
    axe = (PACKAGES / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    for path in [*PAGES, ITEMS, f"{ITEMS}/{one(portal)}"]:
        page.goto(f"{portal}/ogc/{path}?f=html&lang=bg")
        if path.startswith(ITEMS):
            idle(page)
        page.evaluate(axe)
        assert page.evaluate(AXE) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_a_table_leads_to_a_feature_and_back(page: Page, portal: str):
    page.goto(f"{portal}/ogc/?f=html&lang=en")
    page.get_by_role("link", name="Collections of features").click()
    page.get_by_role("link", name="Plots for investors", exact=True).click()
    page.get_by_role("link", name="The features as a page").first.click()
    idle(page)
    page.get_by_role("row").nth(1).hover()
    page.get_by_role("row").nth(1).get_by_role("link").click()
    idle(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("П-")
    expect(page.locator(".small-map path.leaflet-interactive, .small-map .leaflet-overlay-pane path")).to_have_count(1)


def test_without_scripts_the_table_says_it_all(browser: Browser, portal: str):
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{portal}/ogc/{ITEMS}?f=html&lang=en&limit=2")
    expect(page.get_by_role("row")).to_have_count(3)
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_text("3 to 4 of")).to_be_visible()
    page.close()
