"""Tiles of another day than today: what they show, how long they may be kept, and who gets them."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

import pytest
from django.test import Client

from layers.tiles import editions
from registries.changes.edits import Edit
from tests.conftest import Publish, line
from tests.layers.tiles.conftest import Place
from tests.layers.tiles.decoding import body, decode, tile_of
from tests.layers.tiles.test_lane import Way

LONG_AGO = "2020-01-01"


@pytest.fixture(autouse=True)
def open_history(settings):
    settings.PUBLIC_HISTORY = True


@pytest.fixture
def day(place: Place, publish: Publish) -> datetime:
    """When the pipe was called W-1 and the branch was there."""
    moment = publish([Edit.update("networks.node", place.hydrant.object_id, {"label": "H-2"})]).published_at
    edits = [Edit.update("networks.link", place.pipe.object_id, {"label": "W-9"}, line((100, 100), (120, 100)))]
    publish([*edits, Edit.delete("networks.link", place.branch.object_id)])
    assert moment is not None
    return moment


def address(client: Client, day: str, tile: tuple[int, int, int], tileset: str = "zone") -> str:
    template = client.get(f"/tiles/{tileset}.json", {"at": day}).json()["tiles"][0]
    return template.removeprefix("http://testserver").format(z=tile[0], x=tile[1], y=tile[2])


def shown(client: Client, place: Place, day: datetime, zoom: int, folder) -> list[str]:
    """Labels of the pipes of the tile around the pipe."""
    tile = tile_of(place.pipe.geom, zoom)
    found = decode(body(client.get(address(client, day.isoformat(), tile))), tile, folder)
    return sorted(values.get("label") or "" for values, _shape in found["water_pipe"])


def test_a_tile_shows_what_was_published_then(client, place, day, tmp_path):
    assert shown(client, place, day, 16, tmp_path) == ["", "W-1"]


def test_days_do_not_mix(client, place, day, tmp_path):
    tile = tile_of(place.pipe.geom, 16)
    today = client.get("/tiles/zone.json").json()["tiles"][0].format(z=16, x=tile[1], y=tile[2])
    for _turn in range(3):
        assert shown(client, place, day, 16, tmp_path) == ["", "W-1"]
        now = decode(body(client.get(today)), tile, tmp_path)["water_pipe"]
        assert [values["label"] for values, _shape in now] == ["W-9"]


def test_what_cannot_change_any_more_is_kept_for_ever(client, place):
    answer = client.get(address(client, LONG_AGO, (16, 0, 0)))
    assert (answer.status_code, answer["Cache-Control"]) == (204, "public, max-age=31536000, immutable")


def test_what_has_just_been_is_asked_for_again(client, place, day):
    answer = client.get(address(client, day.isoformat(), tile_of(place.pipe.geom, 16)))
    assert answer["Cache-Control"] == "public, no-cache"


def test_the_address_of_a_past_day_outlives_publications(client, place, publish):
    before = address(client, LONG_AGO, (16, 0, 0))
    publish([Edit.update("networks.link", place.pipe.object_id, {"label": "W-2"})])
    assert address(client, LONG_AGO, (16, 0, 0)) == before


def test_what_only_staff_may_ask_for_is_never_shared(client, place, olena, settings):
    settings.PUBLIC_HISTORY = False
    client.force_login(olena)
    assert client.get(address(client, LONG_AGO, (16, 0, 0)))["Cache-Control"].startswith("private")


@pytest.mark.parametrize("path", ["/tiles/zone.json", "/tiles/zone/1/16/0/0.mvt", "/styles/zone.json"])
def test_without_the_right_the_past_is_refused(client, place, settings, path):
    settings.PUBLIC_HISTORY = False
    assert client.get(path, {"at": LONG_AGO}).status_code == 403


@pytest.mark.parametrize("path", ["/tiles/zone.json", "/tiles/zone/1/16/0/0.mvt", "/styles/zone.json"])
@pytest.mark.parametrize("at", ["yesterday", "2020-13-01", "2020-01-01\x00", "'; DROP TABLE x", "9" * 5000])
def test_a_wrong_day_is_bad_input(client, place, path, at):
    assert client.get(path, {"at": at}).status_code == 400


def test_the_short_way_serves_the_past_too(client, place, day):
    path, _mark, query = address(client, day.isoformat(), tile_of(place.pipe.geom, 16)).partition("?")
    status, _headers, content = Way().get(path, QUERY_STRING=query)
    assert (status, content) == ("200 OK", client.get(f"{path}?{query}").content)


@pytest.mark.parametrize("at", ["yesterday", LONG_AGO])
def test_refusals_are_told_by_the_long_way(place, settings, at):
    settings.PUBLIC_HISTORY = False
    status, _headers, _content = Way().get("/tiles/zone/1/16/0/0.mvt", QUERY_STRING=urlencode({"at": at}))
    assert status == "299 The long way"


def test_days_asked_for_at_random_leave_todays_edition_alone(client, place):
    kept = editions.present("zone")
    for number in range(editions.PAST_KEPT + 5):
        day = f"20{number + 10}-01-01" if number < 16 else f"2000-01-{number - 10:02}"
        assert client.get("/tiles/zone.json", {"at": day}).status_code == 200
    assert editions.present("zone") is kept
    assert len(editions._past) == editions.PAST_KEPT


def test_the_style_leads_to_the_tiles_of_the_day(client, place):
    style = client.get("/styles/zone.json", {"at": LONG_AGO}).json()
    assert style["sources"]["portal"]["url"] == f"http://testserver/tiles/zone.json?at={LONG_AGO}"
