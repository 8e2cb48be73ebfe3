"""The map on paper, measured on the paper."""

from __future__ import annotations

import io
from itertools import pairwise
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import ContentStream
from pyproj import Transformer

from gis_portal.pages.plots import takeaway
from gis_portal.pages.tools.paper import map_mm, paper_mm
from layers.styles import GROUND
from registries.core.models import User
from tests.conftest import EAST, NORTH

MM_PER_POINT = 25.4 / 72
# The middle of plot П-1, 100 m wide and 90 m high.
MIDDLE = (EAST + 90, NORTH + 55)


def query(place: tuple[float, float] = MIDDLE, **more: object) -> dict[str, object]:
    lng, lat = Transformer.from_crs(settings.REGISTRY_SRID, 4326, always_xy=True).transform(*place)
    return {"lng": f"{lng:.9f}", "lat": f"{lat:.9f}", "lang": "en", **more}


def printed(client: Client, **more: object) -> PdfReader:
    answer = client.get("/print.pdf", query(**more))
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "application/pdf"
    return PdfReader(io.BytesIO(answer.content))


def placed(reader: PdfReader) -> tuple[Image.Image, tuple[float, float]]:
    """The largest picture of the first page, and its width and height on paper in millimetres."""
    page = reader.pages[0]
    pictures = {image.name.rsplit(".", 1)[0]: image.image for image in page.images}
    found: dict[str, tuple[float, float]] = {}
    for matrix, name in drawn(page, reader):
        found[name] = (abs(matrix[0]) * MM_PER_POINT, abs(matrix[3]) * MM_PER_POINT)
    name = max(pictures, key=lambda one: pictures[one].size)
    return pictures[name].convert("RGB"), found[name]


def drawn(page: Any, reader: PdfReader) -> Any:
    """(the matrix in force, name) of each object that the page's content draws."""
    now, kept = [1.0, 0, 0, 1, 0, 0], []
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        if operator == b"q":
            kept.append(now)
        elif operator == b"Q":
            now = kept.pop()
        elif operator == b"cm":
            a, b, c, d, e, f = map(float, operands)
            g, h, i, j, k, m = now
            now = [a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m]
        elif operator == b"Do":
            yield now, operands[0].lstrip("/")


def ground() -> tuple[int, ...]:
    return tuple(int(GROUND[place : place + 2], 16) for place in (1, 3, 5))


def pixel(image: Image.Image, x: int, y: int) -> tuple[int, ...]:
    found = image.getpixel((x, y))
    assert isinstance(found, tuple)
    return found


def bands(pixels: list[tuple[int, ...]]) -> list[tuple[int, int]]:
    """Stretches that are not the ground's colour."""
    is_drawn = [any(abs(a - b) > 24 for a, b in zip(pixel, ground(), strict=True)) for pixel in pixels]
    edges = [place for place, (before, after) in enumerate(pairwise([False, *is_drawn, False])) if before != after]
    return list(zip(edges[::2], edges[1::2], strict=True))


def outline(pixels: list[tuple[int, ...]], middle: int) -> tuple[float, float]:
    """Where the two outlines of the shape around the pixel `middle` have their own middles."""
    begin, end = next(band for band in bands(pixels) if band[0] <= middle < band[1])
    is_line = [sum(pixels[place]) < 240 for place in range(begin, end)]
    left = next(place for place, dark in enumerate(is_line) if not dark and place and is_line[place - 1])
    right = next(place for place, dark in enumerate(reversed(is_line)) if not dark and place and is_line[-place])
    return begin + left / 2, end - right / 2


@pytest.mark.parametrize(("scale", "paper", "turn"), [(1000, "a4", "portrait"), (2500, "a3", "landscape")])
def test_a_plot_is_as_long_on_paper_as_the_scale_says(client, corner, scale, paper, turn):
    image, (wide_mm, tall_mm) = placed(printed(client, scale=scale, paper=paper, turn=turn, layers="plots"))
    middle = (image.width // 2, image.height // 2)
    row = [pixel(image, x, middle[1] + 3) for x in range(image.width)]
    column = [pixel(image, middle[0] + 30, y) for y in range(image.height)]
    west, east = outline(row, middle[0])
    north, south = outline(column, middle[1])
    assert (east - west) * wide_mm / image.width == pytest.approx(100_000 / scale, abs=0.5)
    assert (south - north) * tall_mm / image.height == pytest.approx(90_000 / scale, abs=0.5)
    assert (east + west) / 2 * wide_mm / image.width == pytest.approx(wide_mm / 2, abs=0.5)


@pytest.mark.parametrize("paper", ["a4", "a3"])
@pytest.mark.parametrize("turn", ["portrait", "landscape"])
def test_the_map_fills_its_place_on_the_paper_to_a_twentieth_of_a_millimetre(client, corner, paper, turn):
    reader = printed(client, paper=paper, turn=turn)
    box = reader.pages[0].mediabox
    assert (float(box.width) * MM_PER_POINT, float(box.height) * MM_PER_POINT) == pytest.approx(
        paper_mm(paper, turn), abs=0.05
    )
    assert placed(reader)[1] == pytest.approx(map_mm(paper, turn), abs=0.05)
    assert len(reader.pages) == 1


def test_a_sheet_says_what_it_shows_and_what_it_is_worth(client, corner, settings):
    settings.PUBLISHER_NAME = "Община Изток"
    text = printed(client, scale=1000, title="Терен на ъгъла").pages[0].extract_text()
    for words in (
        "Терен на ъгъла",
        "1 : 1,000",
        "BGS 2005",
        "Община Изток",
        "prevail over what is shown",
        "587100",
        "4790050",
    ):
        assert words in text, words


def test_the_legend_tells_of_what_is_on_the_sheet_and_of_nothing_else(client, corner):
    text = printed(client, scale=500, layers="*land,*water").pages[0].extract_text()
    assert "Plots for investors" in text
    assert "available" in text
    assert "reserved" not in text
    assert "Fire hydrant" not in text
    assert "Fire hydrant" in printed(client, scale=2500, layers="*land,*water").pages[0].extract_text()


def test_a_title_is_text_whatever_is_in_it(client, corner):
    text = printed(client, title="<b>&amp;</b><img src=x>").pages[0].extract_text()
    assert "<b>&amp;</b><img src=x>" in text


def pipes(client: Client) -> int:
    """How many lines a cut from south to north through the street meets."""
    image, _size = placed(printed(client, place=(EAST + 100, NORTH + 108), scale=500, layers="water_pipe"))
    return len(bands([pixel(image, image.width // 4, y) for y in range(image.height)]))


def test_nobody_prints_what_they_may_not_see(client, corner, ada: User):
    assert pipes(client) == 1
    client.force_login(ada)
    assert pipes(client) == 2


def test_layers_that_are_not_there_any_more_are_passed_over(client, corner):
    text = printed(client, layers="gone,*nothing,plots").pages[0].extract_text()
    assert "Plots for investors" in text


WRONG = [
    ("lng", None), ("lng", "x"), ("lng", "nan"), ("lng", "2.35"), ("lat", "91"), ("scale", "1"), ("scale", "1e3"),
    ("scale", "-500"), ("paper", "a0"), ("turn", "upside-down"), ("title", "x" * 81), ("layers", "x" * 4001),
    ("at", "yesterday"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wish_that_cannot_be_met_is_told_with_its_name(client, db, settings, name, value):
    settings.PUBLIC_HISTORY = True
    wish = {key: one for key, one in query(**{name: value}).items() if one is not None}
    answer = client.get("/print.pdf", wish, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["locator"]) == (400, name)


def test_more_sheets_than_the_server_can_draw_at_once_are_put_off(client, corner, monkeypatch):
    monkeypatch.setattr(takeaway, "PATIENCE_S", 0.01)
    with takeaway.few(), takeaway.few():
        answer = client.get("/print.pdf", query(), headers={"Accept": "application/json"})
    assert answer.status_code == 503
    assert "Too many files" in answer.json()["detail"]


def test_an_empty_place_is_a_sheet_without_a_legend(client, db):
    text = printed(client).pages[0].extract_text()
    assert "1 : 500" in text
    assert "Plots for investors" not in text
