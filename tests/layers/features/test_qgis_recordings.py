"""What QGIS 3.40 sent to an OGC API to read and edit a layer, replayed with our layer in place of its own."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from registries.changes.models import ChangeItem
from tests.conftest import EAST, NORTH
from tests.layers.features.api import Answer, Api
from tests.layers.features.conftest import World

FOLDER = Path(os.environ.get("RECORDINGS", Path(__file__).parents[4] / "shared" / "recordings")) / "qgis-3.40-ogcapi"
# Columns of the toy service, and ours that hold the like.
COLUMNS = {"code": "label", "diameter": "diameter_mm", "built": "installed_on"}
OTHERS = re.compile(r'"(?:active|inspected|note|material)":[^,}]+,?')
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no recordings at {FOLDER}; set RECORDINGS to their folder"),
]


def recorded(number: int) -> tuple[str, str, dict[str, str], str]:
    """Method, address, headers and body of one recorded request, in our words."""
    (path,) = FOLDER.glob(f"{number:03}_*.txt")
    head, _blank, rest = path.read_text().partition("\n\n")
    first, *lines = head.splitlines()
    headers = dict(line.split(": ", 1) for line in lines)
    for name in ("Host", "Authorization", "Content-Length", "Connection"):
        headers.pop(name, None)
    sent = rest.partition("--- body ---\n")[2].partition("\n--- response")[0].strip()
    method, _space, address = first.partition(" ")
    return method, ours(address), {name: ours(value) for name, value in headers.items()}, body(sent)


def ours(text: str) -> str:
    text = text.replace("/patch", "/ogc").replace("/pipe", "/water_pipe").replace("EPSG/0/32639", "EPSG/0/7801")
    for theirs, own in COLUMNS.items():
        text = text.replace(theirs, own)
    return text.replace("W-1", "P-1").replace("'w%25'", "'p%25'")


def body(sent: str) -> str:
    """QGIS swaps the axes of systems that have the north first, of which the toy service had none."""
    place = r"\[(\d+\.\d+),(\d+\.\d+),(\d+\.\d+)\]"

    def moved(found: re.Match[str]) -> str:
        x, y, z = (float(number) for number in found.groups())
        return f"[{NORTH + 900 + y - 5_900_000},{EAST + 100 + x - 300_000},{z}]"

    sent = OTHERS.sub("", re.sub(place, moved, sent)).replace(",}", "}")
    for theirs, own in COLUMNS.items():
        sent = sent.replace(f'"{theirs}"', f'"{own}"')
    return sent


def replay(api: Api, number: int, id: str = "") -> Answer:
    method, address, headers, sent = recorded(number)
    if id:
        address = re.sub(r"/items/\d+", f"/items/{id}", address)
    return api.ask(method, address, sent or None, **headers)


def test_a_layer_is_opened(api: Api):
    for number in range(1, 7):
        assert replay(api, number).status == 200, number
    assert replay(api, 6).told["numberReturned"] == 7


def test_a_layer_can_be_edited(api: Api, world: World):
    assert "POST" in replay(api, 7).allowed
    assert replay(api, 8, str(world.served.pipes[0].object_id)).allowed >= {"PUT", "PATCH", "DELETE"}


def test_features_are_read_with_and_without_a_filter(api: Api, world: World):
    assert len(replay(api, 9).ids) == 7
    assert replay(api, 15).ids == [str(world.served.pipes[1].object_id)]


def test_a_feature_is_drawn_and_read_back(api: Api):
    made = replay(api, 10)
    assert made.status == 201
    read = replay(api, 11, made.headers["Location"].rpartition("/")[2])
    assert (read.told["properties"]["label"], read.told["properties"]["installed_on"]) == ("N1", "2021-01-02")
    assert [place[2] for place in read.told["geometry"]["coordinates"]] == [1.0, 2.0]


def test_attributes_and_shapes_are_changed_and_a_feature_is_removed(api: Api, world: World):
    first, second = (str(pipe.object_id) for pipe in world.served.pipes[:2])
    assert replay(api, 12, first).status == 204
    assert replay(api, 13, first).status == 204
    assert replay(api, 14, second).status == 204
    changed = api.get(f"/ogc/collections/water_pipe/items/{first}").told
    assert (changed["properties"]["label"], len(changed["geometry"]["coordinates"])) == ("upd", 2)
    assert len(replay(api, 16).ids) == 6
    items = ChangeItem.objects.filter(change_set__state="draft", change_set__author=world.olena)
    assert sorted(items.values_list("action", flat=True)) == ["delete", "update"]
