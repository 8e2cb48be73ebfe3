"""The map of two days over HTTP: who may ask, what comes back, what bad questions get."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from registries.changes.edits import Edit
from registries.core.models import User
from registries.land.models import Zone
from tests.conftest import Publish, square
from tests.layers.tiles.decoding import tile_of

PARTS = ("/compare/diff.json", "/compare/diff/things", "/compare/diff/16/1/1.mvt")


@pytest.fixture
def asked(publish: Publish, zone: Zone, settings: Any) -> dict[str, str]:
    """The days before and after a hall was built, which everybody may ask for."""
    settings.PUBLIC_HISTORY = True
    before = timezone.now().isoformat()
    publish([Edit.create("land.building", {"zone": zone.pk, "name": "Hall"}, square(100, 100, 40))])
    return {"from": before, "to": ""}


def test_the_summary_leads_to_tiles_and_things(client: Client, asked: dict[str, str]) -> None:
    found = client.get("/compare/diff.json", asked).json()
    assert found["counts"] == {"added": 1, "changed": 0, "removed": 0}
    zoom, column, row = tile_of(square(100, 100, 40), 16)
    tile = client.get(found["tiles"].format(z=zoom, x=column, y=row))
    assert (tile.status_code, tile["Cache-Control"]) == (200, "private, max-age=3600")
    lng, lat, _east, _north = square(125, 105, 1).transform(4326, clone=True).extent
    things = client.get(found["things"], {**asked, "lng": lng, "lat": lat, "zoom": 18}).json()["features"]
    assert [one["properties"]["title"] for one in things] == ["Hall"]
    item = things[0]["properties"]["item"]
    assert client.get("/compare/diff/things", {**asked, "item": item}).json()["features"] == things


@pytest.mark.parametrize("path", PARTS)
def test_where_the_past_is_for_staff_others_are_refused(
    client: Client, asked: dict[str, str], settings: Any, stranger: User, path: str
) -> None:
    settings.PUBLIC_HISTORY = False
    assert client.get(path, asked).status_code == 403
    client.force_login(stranger)
    assert client.get(path, asked).status_code == 403


@pytest.mark.parametrize(
    ("query", "locator"),
    [
        ({"from": "yesterday"}, "from"),
        ({"to": "2026-13-01"}, "to"),
        ({"item": "nothing/1"}, "item"),
        ({"item": "land.plot"}, "item"),
        ({"item": "land.plot/\x00"}, "item"),
        ({}, "lng"),
    ],
)
def test_bad_questions_are_400_and_say_where(
    client: Client, asked: dict[str, str], query: dict[str, str], locator: str
) -> None:
    response = client.get("/compare/diff/things", {**asked, **query})
    assert (response.status_code, response.json()["locator"]) == (400, locator)


@pytest.mark.parametrize("path", PARTS)
def test_it_is_only_read(client: Client, asked: dict[str, str], path: str) -> None:
    assert client.post(path).status_code == 405
