"""The map's tools in a real browser: what they measure and tell is what the registry's own database says."""

from __future__ import annotations

import io
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from gis_portal.finders import PACKAGES
from gis_portal.pages import basemap
from tests.conftest import EAST, NORTH, SRID
from tests.flows import world
from tests.flows.conftest import idle, open_map
from tests.gis_portal.pages.test_basemap import TileServer, basemap_at

AXE = "axe.run().then(({violations}) => violations.map((v) => [v.id, v.nodes.map((n) => n.html)]))"
# Straight down on plots П-1 and П-4, so close that a pixel is a few centimetres.
CLOSE = "&map=19/43.24150/26.57210"
FAR_FROM_HERE = {"longitude": 23.3219, "latitude": 42.6977, "accuracy": 40}


def use(page: Page, name: str) -> None:
    page.get_by_role("group", name="Tools of the map").get_by_role("button", name=name).click()
    expect(page.locator("#tool-box")).to_be_visible()


def click(page: Page, x: float, y: float) -> None:
    """On the map, in pixels from its middle."""
    box = page.locator("#map").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2 + x, box["y"] + box["height"] / 2 + y)


def in_the_registry(page: Page, *places: tuple[float, float]) -> list[tuple[float, float]]:
    """East and north of places given in pixels from the middle, by Web Mercator and PostGIS."""
    zoom, lat, lng = re.search(r"map=([\d.]+)/([\d.]+)/([\d.]+)", page.url).groups()
    metres_per_pixel = 40_075_016.685578488 / 256 / 2 ** float(zoom)
    found = []
    with connection.cursor() as cursor:
        for x, y in places:
            cursor.execute(
                "SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_Transform(ST_Translate(ST_Transform(ST_SetSRID("
                "ST_MakePoint(%s, %s), 4326), 3857), %s, %s), %s) AS p) AS q",
                [float(lng), float(lat), x * metres_per_pixel, -y * metres_per_pixel, SRID],
            )
            found.append(cursor.fetchone())
    return found


def by_the_database(page: Page, form: str, function: str, *, closed: bool = False) -> float:
    """What PostGIS measures between the very places that were clicked."""
    places = json.loads(page.locator(".tool-content").get_attribute("data-places") or "[]")
    text = ", ".join(f"{lng!r} {lat!r}" for lng, lat in [*places, *places[: int(closed)]])
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {function}(ST_Transform(ST_GeomFromText(%s, 4326), %s))",
            [form.format(text), SRID],
        )
        return float(cursor.fetchone()[0])


def measured(page: Page, name: str) -> float:
    return float(page.locator(".tool-content").get_attribute(f"data-{name}") or "nan")


def number(text: str) -> float:
    return float(text.replace(",", ""))


def test_a_measured_length_is_what_the_database_measures(page: Page, portal: str):
    open_map(page, portal, CLOSE)
    use(page, "Measure")
    for x in (-350, -50):
        click(page, x, 0)
    expect(page.locator(".tool-content")).to_have_attribute("data-points", "2")
    west, east = in_the_registry(page, (-350, 0), (-50, 0))
    with connection.cursor() as cursor:
        cursor.execute("SELECT ST_Length(ST_MakeLine(ST_MakePoint(%s, %s), ST_MakePoint(%s, %s)))", [*west, *east])
        length = float(cursor.fetchone()[0])
    # Leaflet takes the window's height for whole pixels, so that a click is off by a fraction of one.
    assert measured(page, "length_m") == pytest.approx(length, rel=1e-3)
    exact = by_the_database(page, "LINESTRING({})", "ST_Length")
    assert measured(page, "length_m") == pytest.approx(exact, abs=0.001)
    status = page.locator("#tool-box").get_by_role("status").first
    told = re.search(r"Length ([\d.,]+)\sm, points: 2", status.inner_text())
    assert told
    assert number(told[1]) == pytest.approx(exact, abs=0.005)


def test_a_measured_area_is_what_the_database_measures(page: Page, portal: str):
    corners = [(-350, -100), (-50, -100), (-50, 100), (-350, 100)]
    open_map(page, portal, CLOSE)
    use(page, "Measure")
    page.get_by_text("Area", exact=True).last.click()
    for corner in corners:
        click(page, *corner)
    places = in_the_registry(page, *corners, corners[0])
    ring = ", ".join(f"{x} {y}" for x, y in places)
    with connection.cursor() as cursor:
        cursor.execute("SELECT ST_Area(g), ST_Perimeter(g) FROM ST_GeomFromText(%s) AS g", [f"POLYGON(({ring}))"])
        area, perimeter = cursor.fetchone()
    expect(page.locator(".tool-content")).to_have_attribute("data-points", "4")
    assert measured(page, "area_m2") == pytest.approx(area, rel=1e-3)
    assert measured(page, "length_m") == pytest.approx(perimeter, rel=1e-3)
    exact = by_the_database(page, "POLYGON(({}))", "ST_Area", closed=True)
    assert measured(page, "area_m2") == pytest.approx(exact, abs=0.01)
    expect(page.locator("#tool-box").get_by_role("status").first).to_contain_text("dka")


def test_an_outline_that_crosses_itself_has_no_area(page: Page, portal: str):
    open_map(page, portal, CLOSE)
    use(page, "Measure")
    page.get_by_text("Area", exact=True).last.click()
    for corner in [(-350, -100), (-50, 100), (-50, -100), (-350, 100)]:
        click(page, *corner)
    expect(page.locator("#tool-box").get_by_role("status").first).to_contain_text("crosses itself")
    page.get_by_role("button", name="Undo the last point").click()
    expect(page.locator("#tool-box").get_by_role("status").first).to_contain_text("Area")


def test_measuring_by_keys_alone(page: Page, portal: str):
    open_map(page, portal, CLOSE)
    tool = page.get_by_role("button", name="Measure")
    tool.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#tool-title")).to_be_focused()
    page.locator("#map").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".tool-content")).to_have_attribute("data-points", "1")
    page.keyboard.press("ArrowRight")
    idle(page)
    page.keyboard.press("Enter")
    expect(page.locator(".tool-content")).to_have_attribute("data-points", "2")
    assert measured(page, "length_m") > 1
    page.keyboard.press("Backspace")
    expect(page.locator(".tool-content")).to_have_attribute("data-points", "1")
    page.keyboard.press("Escape")
    expect(page.locator("#tool-box")).to_be_hidden()
    expect(tool).to_have_attribute("aria-pressed", "false")


def test_while_a_tool_is_open_a_click_picks_nothing_and_afterwards_it_does(page: Page, portal: str):
    open_map(page, portal, CLOSE)
    use(page, "Measure")
    click(page, 0, 0)
    expect(page.locator("#card")).to_be_hidden()
    page.get_by_role("button", name="Measure").click()
    expect(page.locator("#tool-box")).to_be_hidden()
    click(page, 0, 0)
    expect(page.locator("#card-title")).to_be_visible()


def test_coordinates_are_those_of_the_database_to_a_millimetre(page: Page, portal: str):
    open_map(page, portal, CLOSE)
    use(page, "Coordinates")
    click(page, -60, 40)
    expect(page.locator("#tool-box").get_by_role("status")).to_contain_text("Held: N")
    shown: dict[int, tuple[float, float]] = {}
    for srid in (7801, 32635, 4326):
        value = page.locator(f"[data-system='{srid}'] .numbers")
        east, north = value.get_attribute("data-east"), value.get_attribute("data-north")
        assert east
        assert north
        shown[srid] = (float(east), float(north))
    with connection.cursor() as cursor:
        for srid in (7801, 32635):
            cursor.execute(
                "SELECT ST_Distance(ST_Transform(ST_SetSRID(ST_MakePoint(%s, %s), 4326), %s),"
                " ST_SetSRID(ST_MakePoint(%s, %s), %s))",
                [*shown[4326], srid, *shown[srid], srid],
            )
            # Eight digits of a degree are within 0.8 mm themselves.
            assert cursor.fetchone()[0] < 0.0018
    assert shown[7801] == pytest.approx((EAST + 90, NORTH + 60), abs=120)


def test_proj4js_transforms_like_the_database_to_a_tenth_of_a_millimetre(page: Page, portal: str):
    places = [(26.57210, 43.24150), (22.40, 44.20), (28.60, 41.98), (25.5, 42.7)]
    open_map(page, portal)
    use(page, "Coordinates")
    page.wait_for_function("window.proj4 !== undefined")
    found = page.evaluate(
        "async (places) => { const { systems } = await (await fetch('/map/tools')).json();"
        " const { forward } = await import('portal/tools/plane');"
        " return systems.filter((one) => !one.isGeographic).map((one) =>"
        " [one.srid, places.map((place) => forward(one.definition, place))]); }",
        [list(place) for place in places],
    )
    assert [srid for srid, _ in found] == [7801, 32635]
    for srid, transformed in found:
        for place, (east, north) in zip(places, transformed, strict=True):
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT ST_X(p), ST_Y(p) FROM ST_Transform(ST_SetSRID(ST_MakePoint(%s, %s), 4326), %s) AS p",
                    [*place, srid],
                )
                assert (east, north) == pytest.approx(cursor.fetchone(), abs=0.0001)


def test_coordinates_are_copied_north_first(page: Page, portal: str):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_map(page, portal, CLOSE)
    use(page, "Coordinates")
    click(page, 0, 0)
    page.get_by_role("button", name="Copy the coordinates in BGS 2005").click()
    expect(page.locator("#tool-box").get_by_role("status")).to_have_text("Copied")
    north, east = page.evaluate("navigator.clipboard.readText()").split(", ")
    assert (float(north), float(east)) == pytest.approx((NORTH + 60, EAST + 90), abs=120)


def test_a_place_is_found_by_its_coordinates(page: Page, portal: str):
    open_map(page, portal)
    use(page, "Coordinates")
    page.get_by_text("Go to coordinates").click()
    page.get_by_label("North", exact=True).fill(f"{NORTH + 120:.0f},5")
    page.get_by_label("East", exact=True).fill(f"{EAST + 200:.0f}")
    page.get_by_role("button", name="Show", exact=True).last.click()
    value = page.locator("[data-system='7801'] .numbers")
    expect(value).to_have_attribute("data-north", re.compile(rf"^{NORTH + 120.5:.1f}|^{NORTH + 120.499:.3f}"))
    page.get_by_label("North", exact=True).fill("12")
    page.keyboard.press("Enter")
    expect(page.locator("#tool-box").get_by_role("status")).to_contain_text("not in the area of the map")


def test_a_visitor_is_asked_where_they_are_on_a_click_only(page: Page, portal: str):
    page.add_init_script(
        "window.asked = 0; const real = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation);"
        " navigator.geolocation.getCurrentPosition = (...all) => { window.asked += 1; real(...all); };"
    )
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"longitude": 26.5721, "latitude": 43.2415, "accuracy": 25})
    open_map(page, portal)
    assert page.evaluate("window.asked") == 0
    use(page, "Where am I")
    expect(page.locator("#tool-box").get_by_role("status")).to_have_text(re.compile("You are here, to within 25\\sm"))
    expect(page).to_have_url(re.compile(r"map=1[6-9](\.\d+)?/43\.241\d+/26\.572\d+"))
    assert page.evaluate("window.asked") == 1


def test_a_visitor_who_is_far_away_keeps_the_map(page: Page, portal: str):
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation(FAR_FROM_HERE)
    open_map(page, portal)
    before = page.url
    use(page, "Where am I")
    expect(page.locator("#tool-box").get_by_role("status")).to_contain_text("km from this zone")
    assert page.url == before


def test_a_refused_place_is_explained(page: Page, portal: str):
    open_map(page, portal)
    page.context.clear_permissions()
    use(page, "Where am I")
    expect(page.locator("#tool-box").get_by_role("status")).to_contain_text(
        "does not let the portal know where you are"
    )
    expect(page.locator("#tool-box").get_by_role("button", name="Try again")).to_be_visible()


def test_a_sheet_of_paper_comes_as_pdf_and_the_map_shows_its_frame(page: Page, portal: str):
    open_map(page, portal, CLOSE)
    use(page, "Print to scale")
    expect(page.locator(".leaflet-overlay-pane path[stroke-dasharray='8 6']")).to_have_count(1)
    page.get_by_label("Scale", exact=True).select_option("1000")
    page.get_by_text("Landscape", exact=True).click()
    page.get_by_label("Title (optional)").fill("Терен П-1")
    with page.expect_download() as download:
        page.get_by_role("button", name="Make the PDF").click()
    assert download.value.suggested_filename == "map-1-1000.pdf"
    with download.value.path().open("rb") as file:
        reader = PdfReader(io.BytesIO(file.read()))
    text = reader.pages[0].extract_text()
    assert "Терен П-1" in text
    assert "1 : 1,000" in text
    assert reader.pages[0].mediabox.width > reader.pages[0].mediabox.height
    expect(page.locator("#tool-box").get_by_role("link", name="Saved: map-1-1000.pdf")).to_be_visible()


def test_a_sheet_that_cannot_be_made_is_explained(page: Page, portal: str, tolerated: list[str]):
    tolerated.append("console: Failed to load resource")
    open_map(page, portal)
    use(page, "Print to scale")
    answer = json.dumps({"detail": "Too many PDF files are being made just now.", "hint": ""})
    page.route("**/print.pdf*", lambda route: route.fulfill(status=503, body=answer))
    page.get_by_role("button", name="Make the PDF").click()
    expect(page.locator("#tool-box").get_by_role("status")).to_have_text("Too many PDF files are being made just now.")


def test_the_address_to_share_follows_the_map(page: Page, portal: str):
    open_map(page, portal)
    use(page, "Share or embed")
    address = page.get_by_label("Address of this map")
    expect(address).to_have_value(page.url)
    page.get_by_role("button", name="Zoom out").click()
    idle(page)
    expect(address).to_have_value(page.url)
    expect(page.get_by_text("Put the map into your site")).to_have_count(0)


def test_a_tool_that_does_not_load_is_told_and_can_be_tried_again(page: Page, portal: str, tolerated: list[str]):
    tolerated.append("console: Failed to load resource")
    open_map(page, portal)
    page.route("**/map/tools*", lambda route: route.abort())
    page.get_by_role("button", name="Measure").click()
    expect(page.locator("#notice")).to_contain_text("could not be loaded")
    page.unroute("**/map/tools*")
    use(page, "Measure")


def test_the_map_fills_the_screen_and_gives_it_back(page: Page, portal: str):
    open_map(page, portal)
    button = page.get_by_role("button", name="Full screen")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("document.fullscreenElement.contains(document.getElementById('map'))")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")


def test_on_a_phone_the_tools_are_in_one_menu(page: Page, portal: str):
    page.set_viewport_size({"width": 360, "height": 740})
    open_map(page, portal)
    expect(page.get_by_role("button", name="Measure")).to_be_hidden()
    page.get_by_role("button", name="Tools of the map").click()
    sizes = page.locator("[data-tool]:visible").evaluate_all(
        "all => all.map((one) => Math.min(one.offsetWidth, one.offsetHeight))"
    )
    assert min(sizes) >= 44
    page.get_by_role("button", name="Measure").click()
    expect(page.locator("#tool-box")).to_be_visible()
    box, ground = page.locator("#tool-box").bounding_box(), page.locator("#map").bounding_box()
    assert box
    assert ground
    assert box["height"] < 0.6 * ground["height"]
    page.keyboard.press("Escape")
    expect(page.locator("#tool-box")).to_be_hidden()


@pytest.mark.parametrize("name", ["Measure", "Coordinates", "Print to scale", "Share or embed"])
def test_tools_stand_in_nobodys_way(page: Page, portal: str, settings: Any, name: str):
    """axe-core without a violation while a tool is open."""
    settings.EMBED_ORIGINS = ["https://invest.example.org"]
    open_map(page, portal)
    use(page, name)
    for part in page.locator("#tool-box summary").all():
        part.click()
    page.evaluate((PACKAGES / "axe-core" / "axe.min.js").read_text())
    found = page.evaluate(AXE)
    assert not found, json.dumps(found, ensure_ascii=False, indent=1)


def test_of_several_backgrounds_one_is_asked_and_none_for_the_plain_ground(page: Page, portal: str, settings: Any):
    asked: list[str] = []

    class Tiles(TileServer):
        def do_GET(self) -> None:  # noqa: N802
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "image/svg+xml")
            self.end_headers()
            self.wfile.write(b'<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256"/>')

    server = ThreadingHTTPServer(("127.0.0.1", 0), Tiles)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    origin = f"http://127.0.0.1:{server.server_port}"
    basemap._known.clear()
    settings.BASEMAPS = [basemap_at(f"{origin}/{name}/{{z}}/{{x}}/{{y}}.png") for name in ("streets", "photo")]
    directives = {**settings.CONTENT_SECURITY_POLICY["DIRECTIVES"], "img-src": ["'self'", "data:", origin]}
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": directives}
    open_map(page, portal, "&base=0")
    page.get_by_role("tab", name="Layers").click()
    expect(page.get_by_label("Plain ground")).to_be_checked()
    assert asked == []
    page.get_by_role("radio", name="Orthophoto").last.check()
    expect(page.locator("img.leaflet-tile-loaded").first).to_be_attached()
    expect(page).to_have_url(re.compile("base=2"))
    assert {path.split("/")[1] for path in asked} == {"photo"}
    page.get_by_label("Plain ground").check()
    expect(page.locator("img.leaflet-tile")).to_have_count(0)
    server.shutdown()
    server.server_close()


@contextmanager
def site(html: str) -> Iterator[str]:
    """Another site with one page; its origin."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/" else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(html.encode() if self.path == "/" else b"")

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def page_with(code: str) -> str:
    return f"<!DOCTYPE html><html lang=en><link rel=icon href=data:,><title>Invest</title>{code}"


def test_a_named_site_shows_the_map_by_the_code_it_is_given(page: Page, portal: str, settings: Any):
    settings.EMBED_ORIGINS = ["https://invest.example.org"]
    open_map(page, portal, f"&selected=plots/{world.plot_id(1)}")
    use(page, "Share or embed")
    page.get_by_text("Put the map into your site").click()
    code = page.get_by_label("Code of the frame").input_value()
    with site(page_with(code)) as origin:
        settings.EMBED_ORIGINS = [origin]
        page.goto(origin)
        frame = page.frame_locator("iframe")
        frame.locator("html[data-map=idle]").wait_for(state="attached")
        expect(frame.locator("#found")).to_contain_text("П-1")
        link = frame.get_by_role("link", name="Open in the portal")
        expect(link).to_have_attribute("target", "_blank")
        expect(link).to_have_attribute("href", re.compile(rf"selected=plots/{world.plot_id(1)}"))
        with page.context.expect_page() as opened:
            link.click()
        expect(opened.value.locator("#card-title")).to_have_text("П-1")
        assert opened.value.evaluate("window.opener") is None


def test_a_site_that_is_not_named_shows_nothing(page: Page, portal: str, settings: Any, tolerated: list[str]):
    tolerated += ["console: Framing", "console: Refused to frame"]
    settings.EMBED_ORIGINS = ["https://invest.example.org"]
    with site(page_with(f'<iframe title="Map" src="{portal}/embed/?lang=en"></iframe>')) as origin:
        with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
            page.goto(origin)
        frame = page.frames[1]
        assert "/embed/" not in frame.url


def test_a_click_in_the_frame_tells_what_is_there(page: Page, portal: str, settings: Any):
    settings.EMBED_ORIGINS = ["*"]
    page.goto(f"{portal}/embed/?lang=en{CLOSE}")
    idle(page)
    click(page, 0, 0)
    expect(page.locator("#found")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#found")).to_be_hidden()
