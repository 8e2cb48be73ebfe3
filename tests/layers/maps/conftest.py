"""What the map tests look at: plots, a public pipe with a hydrant, internal gas pipes; and how to look."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import cast

import pytest
from django.http import HttpResponse
from django.test import Client
from PIL import Image

from layers.maps import configuration, editions
from registries.changes.edits import Edit
from registries.land.models import Zone
from registries.networks.models import AssetType, Network
from tests.conftest import EAST, NORTH, Publish, hydrant, line, parcel, pipe, point, square

Box = tuple[float, float, float, float]


@pytest.fixture
def world(publish: Publish, zone: Zone, network: Network) -> Zone:
    """Metres from the corner: plots Ж-1 (available, 100–300 both ways) and Ж-2 (reserved, from 400 to the east),
    a water pipe at 500 to the north with a hydrant in its middle, an internal gas pipe at 700."""
    AssetType.objects.update_or_create(
        key="gas_pipe",
        defaults={"theme": "gas", "geometry_kind": "link", "title_bg": "Газопровод", "title_en": "Gas pipe"},
    )
    AssetType.objects.update_or_create(
        key="secret_pipe",
        defaults={"theme": "gas", "geometry_kind": "link", "title_bg": "Тайно", "title_en": "Secret", "audience": 2},
    )
    gas = Edit.create("networks.network", {"zone": zone.pk, "theme": "gas", "name": "Газова мрежа", "visibility": 2})
    publish([gas])
    gas_pipe = {"network": gas.object_id, "asset_type": "gas_pipe"}
    publish(
        [
            parcel("73626.1.1", square(100, 100, 200), zone.pk, label="1"),
            plot(zone, "Ж-1", "available", 100),
            plot(zone, "Ж-2", "reserved", 400),
            pipe(network, line((50, 500), (950, 500))),
            hydrant(network, point(500, 500)),
            Edit.create("networks.link", gas_pipe, line((50, 700), (950, 700))),
            Edit.create("networks.link", {**gas_pipe, "asset_type": "secret_pipe"}, line((50, 800), (950, 800))),
        ]
    )
    return zone


def plot(zone: Zone, code: str, status: str, east: float, north: float = 100) -> Edit:
    return Edit.create("land.plot", {"zone": zone.pk, "code": code, "status": status}, square(east, north, 200))


@pytest.fixture(autouse=True)
def cache_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Tiles of tests lie apart from the site's."""
    found = tmp_path / "maps"
    for module in (editions, configuration):
        monkeypatch.setattr(module, "CACHE_DIR", found)
    return found


def box(west: float, south: float, east: float, north: float) -> Box:
    """Metres from the zone's corner, in the registry's CRS."""
    return EAST + west, NORTH + south, EAST + east, NORTH + north


def ask(client: Client, layers: str, area: Box, size: tuple[int, int] = (256, 256), **more: str) -> HttpResponse:
    """A WMS 1.1.1 GetMap in the registry's CRS, x being east."""
    asked = {
        "SERVICE": "WMS",
        "VERSION": "1.1.1",
        "REQUEST": "GetMap",
        "LAYERS": layers,
        "STYLES": "",
        "SRS": "EPSG:7801",
        "BBOX": ",".join(map(str, area)),
        "WIDTH": str(size[0]),
        "HEIGHT": str(size[1]),
        "FORMAT": "image/png",
        "TRANSPARENT": "TRUE",
    }
    given = {name: value for name, value in {**asked, **more}.items() if value is not None}
    return cast(HttpResponse, client.get("/ows/wms", given))


def picture(response: HttpResponse) -> Image.Image:
    assert response["Content-Type"] == "image/png", response.content
    return Image.open(io.BytesIO(response.content)).convert("RGBA")


def colour(shown: Image.Image, area: Box, east: float, north: float) -> tuple[int, ...]:
    """The colour (RGBA) at a place given in metres from the zone's corner."""
    column = int((EAST + east - area[0]) / (area[2] - area[0]) * shown.width)
    row = int((area[3] - NORTH - north) / (area[3] - area[1]) * shown.height)
    found = shown.getpixel((column, row))
    assert isinstance(found, tuple)
    return found


def is_green(found: Iterable[int]) -> bool:
    red, green, _blue, alpha = found
    return alpha > 100 and green > red + 40


def is_orange(found: Iterable[int]) -> bool:
    red, green, blue, alpha = found
    return alpha > 100 and red > green > blue + 40


def is_yellow(found: Iterable[int]) -> bool:
    red, green, blue, alpha = found
    return alpha > 100 and min(red, green) > blue + 100


def is_empty(found: Iterable[int]) -> bool:
    return tuple(found)[3] == 0
