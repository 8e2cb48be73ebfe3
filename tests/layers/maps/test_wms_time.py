"""WMS TIME (OGC 06-042, annex C and D): a map of another day, and how it is told of."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client
from django.utils.timezone import localdate

from registries.changes.edits import Edit
from registries.land.models import Plot, Zone
from tests.conftest import Publish
from tests.layers.maps.conftest import ask, box, colour, is_green, is_orange, picture

pytestmark = pytest.mark.django_db
AREA, SIZE = box(0, 0, 1000, 1000), (500, 500)


@pytest.fixture(autouse=True)
def open_history(settings):
    settings.PUBLIC_HISTORY = True


@pytest.fixture
def day(world: Zone, publish: Publish) -> datetime:
    """When the first plot was available; it is reserved now."""
    plots = {one.code: one.pk for one in Plot.objects.all()}
    moment = publish([Edit.update("land.plot", plots["Ж-2"], {"description": "x"})]).published_at
    publish([Edit.update("land.plot", plots["Ж-1"], {"status": "reserved"})])
    assert moment is not None
    return moment


def at(client: Client, time: str) -> tuple[int, ...]:
    """The colour of the first plot."""
    return colour(picture(ask(client, "plots", AREA, SIZE, TIME=time)), AREA, 200, 120)


def test_a_map_shows_what_was_published_then(client, day):
    assert is_green(at(client, day.isoformat()))
    assert is_orange(at(client, "current"))


def test_one_day_is_not_taken_for_another_by_its_tag(client, day):
    assert ask(client, "plots", AREA, SIZE, TIME=day.isoformat())["ETag"] != ask(client, "plots", AREA, SIZE)["ETag"]


def test_a_map_of_the_past_is_kept_by_no_one_but_the_reader(client, day):
    assert "private" in ask(client, "plots", AREA, SIZE, TIME=day.isoformat())["Cache-Control"]


@pytest.mark.parametrize("time", ["yesterday", "2020-05", "2020-01-01/2020-02-01", "2020-01-01,2020-01-02", "\x00"])
def test_a_wrong_time_is_refused_by_name(client, world, time):
    answer = ask(client, "plots", AREA, SIZE, VERSION="1.3.0", CRS="EPSG:7801", TIME=time).content.decode()
    assert 'code="InvalidDimensionValue"' in answer
    assert 'locator="time"' in answer


def test_without_the_right_the_past_is_refused(client, world, settings):
    settings.PUBLIC_HISTORY = False
    assert "InvalidDimensionValue" in ask(client, "plots", AREA, SIZE, TIME="2020-01-01").content.decode()


@pytest.mark.parametrize(
    ("version", "element"),
    [("1.3.0", '<Dimension name="time" units="ISO8601" default="current">{}</Dimension>'),
     ("1.1.1", '<Dimension name="time" units="ISO8601"/><Extent name="time" default="current">{}</Extent>')],
)  # fmt: skip
def test_the_capabilities_tell_of_time_once_for_all_layers(client, world, version, element):
    query = {"service": "WMS", "request": "GetCapabilities", "version": version}
    text = client.get("/ows/wms", query).content.decode()
    today = localdate().isoformat()
    assert text.count(element.format(f"{today}/{today}/P1D")) == 1


def test_the_capabilities_are_silent_for_whom_it_is_closed(client, world, settings):
    settings.PUBLIC_HISTORY = False
    text = client.get("/ows/wms", {"service": "WMS", "request": "GetCapabilities"}).content.decode()
    assert "<WMS_Capabilities" in text
    assert "Dimension" not in text


def test_wmts_says_that_its_tiles_are_of_today(client, world):
    query = {"service": "WMTS", "request": "GetTile", "version": "1.0.0", "layer": "plots", "style": "default"}
    query |= {"tilematrixset": "GLOBAL_WEBMERCATOR", "tilematrix": "14", "tilerow": "1", "tilecol": "1"}
    answer = client.get("/ows/wmts", {**query, "format": "image/png", "time": "2020-01-01"})
    assert answer.status_code == 400
    assert 'locator="time"' in answer.content.decode()
