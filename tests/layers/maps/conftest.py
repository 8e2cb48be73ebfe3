"""A published world that Mapnik's own connection can see: committed for a module of tests, and removed after it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from PIL import Image
from pytest_django import DjangoDbBlocker

from layers.maps import editions
from registries.changes import door
from registries.changes.edits import Edit
from registries.core.models import Role, User
from registries.networks.models import AssetType
from tests.conftest import EAST, NORTH, line, parcel, person, point, square

Box = tuple[float, float, float, float]
TYPES = {"water_pipe": ("water", "link"), "water_hydrant": ("water", "node"), "gas_pipe": ("gas", "link")}


@dataclass(frozen=True)
class World:
    """A zone of 1 km² with one parcel, two plots, a public pipe with a hydrant, and an internal gas pipe."""

    olena: User
    boris: User


def publish(world: World, edits: list[Edit]) -> None:
    change_set = door.propose(world.olena, edits, title="made for a test")
    door.submit(world.olena, change_set)
    door.approve(world.boris, change_set)
    door.publish(world.boris, change_set)


def build() -> World:
    world = World(person("olena", Role.EDITOR), person("boris", Role.REVIEWER))
    for key, (theme, kind) in TYPES.items():
        AssetType.objects.create(
            key=key, theme=theme, geometry_kind=kind, title_bg=f"{key} бг", title_en=f"{key} en", symbol=""
        )
    zone = Edit.create("land.zone", {"code": "east", "name": "Индустриална зона Изток"}, square(0, 0, 1000))
    publish(world, [zone])
    water, gas = (
        Edit.create("networks.network", {"zone": zone.object_id, "theme": theme, "name": name, "visibility": visible})
        for theme, name, visible in (("water", "Водопровод", 0), ("gas", "Газопровод", 2))
    )
    publish(world, [water, gas])
    plot = {"zone": zone.object_id, "status": "available", "code": "Ж-1"}
    publish(
        world,
        [
            parcel("73626.1.1", square(100, 100, 200), zone.object_id, label="1"),
            Edit.create("land.plot", plot, square(100, 100, 200)),
            Edit.create("land.plot", {**plot, "status": "reserved", "code": "Ж-2"}, square(400, 100, 200)),
            Edit.create(
                "networks.link",
                {"network": water.object_id, "asset_type": "water_pipe"},
                line((50, 500), (950, 500)),
            ),
            Edit.create("networks.node", {"network": water.object_id, "asset_type": "water_hydrant"}, point(500, 500)),
            Edit.create(
                "networks.link", {"network": gas.object_id, "asset_type": "gas_pipe"}, line((50, 700), (950, 700))
            ),
        ],
    )
    return world


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with django_db_blocker.unblock():
        made = build()
        yield made
        call_command("flush", interactive=False, verbosity=0)
        # Mapnik keeps its connections: they would hold up the removal of the test database.
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND application_name = 'mapnik'"
            )


@pytest.fixture(autouse=True)
def cache_dir(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Tiles of tests lie apart from the site's."""
    monkeypatch.setattr(editions, "CACHE_DIR", tmp_path / "maps")
    return tmp_path / "maps"


def box(west: float, south: float, east: float, north: float) -> Box:
    """Metres from the zone's corner, in the registry's CRS."""
    return EAST + west, NORTH + south, EAST + east, NORTH + north


def get_map(client: Client, layers: str, area: Box, size: tuple[int, int] = (256, 256), **more: str) -> Image.Image:
    """A WMS 1.1.1 picture in the registry's CRS, x being east."""
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
        **more,
    }
    response = client.get("/ows/wms", asked)
    assert response["Content-Type"] == "image/png", response.content
    return Image.open(io.BytesIO(response.content)).convert("RGBA")


def pixel(picture: Image.Image, area: Box, east: float, north: float) -> tuple[int, ...]:
    """The colour at a place given in metres from the zone's corner."""
    column = int((EAST + east - area[0]) / (area[2] - area[0]) * picture.width)
    row = int((area[3] - NORTH - north) / (area[3] - area[1]) * picture.height)
    return picture.getpixel((column, row))
