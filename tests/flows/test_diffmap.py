"""The map of differences in a browser: what is seen of each change, and how page and map speak with each other."""

from __future__ import annotations

import io
import math
import re
from dataclasses import dataclass
from typing import Any

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Page, expect

from gis_portal.finders import PACKAGES
from registries.changes import door
from registries.changes.edits import Edit
from registries.core.models import User
from tests.conftest import Publish, line, point, square
from tests.flows import world
from tests.flows.conftest import idle, sign_in
from tests.flows.diffmap_urls import FEATURES

AXE = "axe.run().then(({violations}) => violations.map((v) => [v.id, v.nodes.map((n) => n.html)]))"
GREEN, AMBER, RED, GLOW = (0x0F, 0x7A, 0x3D), (0xA3, 0x5C, 0x00), (0xC0, 0x1F, 0x2E), (0x16, 0x66, 0xD6)
# At the zoom in which single things are shown; Web Mercator is stretched by latitude.
PX_PER_M = 1 / (156_543.034 / 2**18 * 0.7285)
LISTEN = """() => addEventListener("diffmap:select", ({ detail }) => {
  if (detail.by === "map") document.documentElement.dataset.said = detail.item;
})"""
SELECT = """(item) => document.querySelector("[data-diffmap]").dispatchEvent(
  new CustomEvent("diffmap:select", { detail: { item } }))"""
HOVER = SELECT.replace("select", "hover")
FIT = SELECT.replace("select", "fit")


@dataclass(frozen=True)
class Shown:
    """A change set on a page of its own, and its items by what was done."""

    address: str
    items: dict[str, int]


def hall(x: float, y: float) -> Edit:
    return Edit.create("land.building", {"zone": world.ZONE, "name": "Hall"}, square(x, y, 30))


@pytest.fixture
def shown(page: Page, portal: str, settings: Any, olena: User, publish: Publish) -> Shown:
    """Olena, signed in, looks at her draft."""
    settings.ROOT_URLCONF = "tests.flows.diffmap_urls"
    # A map that glides begins to move a moment after it was told to.
    page.emulate_media(reduced_motion="reduce")
    moved, removed, raised = hall(100, 30), hall(200, 30), hall(300, 30)
    publish([moved, removed, raised])
    edits = {
        "added": hall(100, 150),
        "moved": Edit.update("land.building", moved.object_id, {}, square(120, 30, 30)),
        "removed": Edit.delete("land.building", removed.object_id),
        "raised": Edit.update("land.building", raised.object_id, {"floors": 2}),
    }
    change_set = door.propose(olena, edits.values(), title="Yard")
    sign_in(page, portal, olena)
    items = {name: change_set.items.get(object_id=edit.object_id).pk for name, edit in edits.items()}
    return Shown(f"{portal}/shown/{change_set.pk}/?lang=en", items)


def opened(page: Page, shown: Shown) -> None:
    page.goto(shown.address)
    idle(page)
    page.evaluate(LISTEN)


def bring(page: Page, shown: Shown, name: str) -> None:
    """Let the page choose an item and bring it into the middle of the map."""
    page.evaluate(FIT, shown.items[name])
    expect(page.locator(".diffmap-caption")).to_contain_text("building Hall")
    idle(page)


def picture(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(page.locator(".diffmap-map").screenshot())).convert("RGB")


def share(
    image: Image.Image, color: tuple[int, int, int], left: float, top: float, right: float, bottom: float
) -> float:
    """How much of a rectangle, in pixels from the picture's middle, is of that colour."""
    x, y = image.width // 2, image.height // 2
    part = image.crop((x + math.floor(left), y + math.floor(top), x + math.ceil(right), y + math.ceil(bottom)))
    pixels: list[Any] = list(part.get_flattened_data())
    return sum(max(abs(a - b) for a, b in zip(one, color, strict=True)) < 24 for one in pixels) / len(pixels)


def differing(one: Image.Image, other: Image.Image) -> float:
    """How much of two pictures is not the same."""
    grey = ImageChops.difference(one, other).convert("L").point(lambda value: 255 if value > 24 else 0)
    return grey.histogram()[255] / (one.width * one.height)


def test_an_added_area_is_green_with_a_sign_in_it(page: Page, shown: Shown):
    opened(page, shown)
    bring(page, shown, "added")
    seen = picture(page)
    assert share(seen, GREEN, -10, -10, 10, 10) > 0.3
    assert share(seen, (255, 255, 255), -5, -2, 5, 2) > 0.2
    edge = 15 * PX_PER_M
    assert share(seen, GREEN, -edge - 3, -20, -edge + 3, 20) > 0.25
    assert share(seen, RED, -edge, -edge, edge, edge) == share(seen, AMBER, -edge, -edge, edge, edge) == 0


def test_a_removed_area_is_red_and_hatched(page: Page, shown: Shown):
    opened(page, shown)
    bring(page, shown, "removed")
    seen = picture(page)
    inside = share(seen, RED, -25, -25, -12, 25)
    assert 0.1 < inside < 0.6
    assert share(seen, RED, -7, -7, 7, 7) > 0.4
    assert share(seen, GREEN, -40, -40, 40, 40) == 0


def test_a_moved_area_is_amber_with_its_old_outline_dashed(page: Page, shown: Shown):
    opened(page, shown)
    bring(page, shown, "moved")
    seen = picture(page)
    # 30 m wide and moved by 20 m to the east: the old western edge lies to the left, the new eastern one to the right.
    far, tall = 25 * PX_PER_M, 10 * PX_PER_M
    old = [share(seen, AMBER, -far - 3, y, -far + 3, y + 1) > 0 for y in range(-round(tall), round(tall))]
    new = [share(seen, AMBER, far - 3, y, far + 3, y + 1) > 0 for y in range(-round(tall), round(tall))]
    assert all(new)
    assert 0.35 < sum(old) / len(old) < 0.8
    assert share(seen, GLOW, -far - 8, -tall, -far + 8, tall) > 0.1


def test_a_change_of_attributes_alone_is_dotted_around(page: Page, shown: Shown):
    opened(page, shown)
    bring(page, shown, "raised")
    expect(page.locator(".diffmap-caption")).to_contain_text("not in its shape")
    seen = picture(page)
    edge = 15 * PX_PER_M
    dots = [share(seen, AMBER, -edge - 2, y, -edge + 2, y + 1) > 0 for y in range(-25, 25)]
    assert 0.2 < sum(dots) / len(dots) < 0.8


def test_a_click_on_the_map_tells_the_page_which_item(page: Page, shown: Shown):
    opened(page, shown)
    bring(page, shown, "added")
    page.locator(".diffmap-map").click()
    expect(page.locator(".diffmap-caption")).to_contain_text("Added: building Hall")
    expect(page.locator("html")).to_have_attribute("data-said", str(shown.items["added"]))


def test_what_the_page_chooses_is_marked_and_not_told_back(page: Page, shown: Shown):
    opened(page, shown)
    page.evaluate(SELECT, shown.items["moved"])
    expect(page.locator(".leaflet-overlay-pane path[stroke-width='4']")).to_have_count(2)
    expect(page.locator("html")).not_to_have_attribute("data-said", re.compile("."))


def test_choosing_nothing_takes_the_mark_away(page: Page, shown: Shown):
    opened(page, shown)
    bring(page, shown, "moved")
    page.evaluate(SELECT, None)
    expect(page.locator(".leaflet-overlay-pane path")).to_have_count(0)
    expect(page.locator(".diffmap-caption")).to_be_empty()


def test_what_the_page_points_at_is_marked_for_as_long(page: Page, shown: Shown):
    opened(page, shown)
    page.evaluate(HOVER, shown.items["removed"])
    expect(page.locator(".leaflet-overlay-pane path")).to_have_count(1)
    page.evaluate(HOVER, None)
    expect(page.locator(".leaflet-overlay-pane path")).to_have_count(0)


def test_show_all_comes_back_to_the_whole(page: Page, shown: Shown):
    opened(page, shown)
    whole = picture(page)
    bring(page, shown, "added")
    page.evaluate(SELECT, None)
    assert differing(whole, picture(page)) > 0.05
    page.get_by_role("button", name="Show all").click()
    idle(page)
    assert differing(whole, picture(page)) < 0.01


def test_the_map_is_worked_by_keys_alone(page: Page, shown: Shown):
    opened(page, shown)
    bring(page, shown, "added")
    page.evaluate(SELECT, None)
    page.locator(".diffmap-map").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".diffmap-caption")).to_contain_text("Added")
    expect(page.locator("html")).to_have_attribute("data-said", str(shown.items["added"]))
    for _step in range(4):
        page.keyboard.press("ArrowRight")
        idle(page)
    page.keyboard.press("Enter")
    expect(page.locator(".diffmap .notice").first).to_have_text("Nothing is drawn at this place.")


def test_the_legend_says_in_words_how_many_of_each(page: Page, shown: Shown):
    opened(page, shown)
    words = page.locator(".diffmap-legend").inner_text()
    assert re.findall(r"(Added|Changed|Removed)\s+(\d)", words) == [("Added", "1"), ("Changed", "2"), ("Removed", "1")]


def test_nothing_in_the_page_is_unfit_for_assistive_technology(page: Page, shown: Shown):
    opened(page, shown)
    page.evaluate((PACKAGES / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    assert page.evaluate(AXE) == []


@pytest.mark.parametrize("width", [360, 1280])
def test_the_map_is_no_wider_than_its_page(page: Page, shown: Shown, width: int):
    page.set_viewport_size({"width": width, "height": 740})
    opened(page, shown)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.locator(".diffmap-ground").bounding_box()["height"] < 740 * 0.7


def test_changes_without_a_place_are_said_to_have_none(page: Page, shown: Shown, portal: str, olena: User):
    change_set = door.propose(olena, [world.network("gas", "Газ", 0)], title="No place")
    page.goto(f"{portal}/shown/{change_set.pk}/?lang=en")
    idle(page)
    expect(page.locator(".diffmap .notice").first).to_contain_text("None of these changes has a place")


def test_a_server_that_does_not_answer_is_said_so(page: Page, shown: Shown, tolerated: list[str]):
    tolerated += ["console: Failed to load resource", "console: SyntaxError", "console: TypeError"]
    page.route("**/diff.json*", lambda route: route.abort())
    page.goto(shown.address)
    expect(page.locator("html")).to_have_attribute("data-map", "failed")
    notice = page.locator(".diffmap .notice").first
    expect(notice).to_contain_text("could not be started")
    page.unroute("**/diff.json*")
    notice.get_by_role("button", name="Try again").click()
    idle(page)


def test_tiles_that_do_not_come_are_asked_for_again(page: Page, shown: Shown, tolerated: list[str]):
    tolerated.append("console: Failed to load resource")
    page.route("**/diff/*/*/*.mvt*", lambda route: route.abort())
    page.goto(shown.address)
    notice = page.locator(".diffmap .notice").first
    expect(notice).to_contain_text("could not be loaded")
    page.unroute("**/diff/*/*/*.mvt*")
    notice.get_by_role("button", name="Try again").click()
    expect(notice).to_be_hidden()
    idle(page)
    assert share(picture(page), GREEN, -500, -300, 500, 300) > 0


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    shape = geometry.transform(4326, clone=True)
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": shape.geom_type, "coordinates": shape.coords},
    }


@pytest.fixture
def inline(shown: Shown, portal: str) -> str:
    """A page with its differences in it: a pipe before and after, and two findings of rules."""
    words = {"action": "changed", "registry": "networks.link", "title": "В-1", "item": 7}
    FEATURES["versions"] = {
        "type": "FeatureCollection",
        "features": [
            feature(line((100, 100), (200, 100)), side="old", **words),
            feature(line((100, 100), (200, 120)), side="new", **words),
        ],
    }
    FEATURES["faults"] = {
        "type": "FeatureCollection",
        "features": [
            feature(point(100, 100), item="a", action="blocks", side="new", registry="land.plot", title="П-1"),
            feature(point(300, 100), item="b", action="warns", side="new", registry="land.plot", title="П-2"),
        ],
    }
    return f"{portal}/shown/features"


def test_two_versions_that_stand_in_the_page_are_drawn_and_picked(page: Page, inline: str):
    page.goto(f"{inline}/versions/?lang=en")
    idle(page)
    page.evaluate(LISTEN)
    assert share(picture(page), AMBER, -400, -200, 400, 200) > 0.001
    page.locator(".diffmap-map").focus()
    page.evaluate(SELECT, 7)
    expect(page.locator(".diffmap-caption")).to_have_text("Changed: network link В-1")
    expect(page.locator(".leaflet-overlay-pane path[stroke-width='4']")).to_have_count(2)


def test_findings_of_rules_are_points_with_their_own_legend(page: Page, inline: str):
    page.goto(f"{inline}/faults/?lang=en&legend=faults")
    idle(page)
    page.evaluate(LISTEN)
    expect(page.locator(".diffmap-legend")).to_have_text(re.compile(r"Error 1\s+Warning 1"))
    page.evaluate(FIT, "a")
    idle(page)
    assert share(picture(page), RED, -9, -9, 9, 9) > 0.4
    page.locator(".diffmap-map").click()
    expect(page.locator(".diffmap-caption")).to_have_text("Error: plot П-1")
    expect(page.locator("html")).to_have_attribute("data-said", "a")
