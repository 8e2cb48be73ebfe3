"""A zone with two parcels, two pipes and a hydrant, and the reading of its tiles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from registries.changes.edits import Edit
from registries.land.models import Zone
from registries.networks.models import Network
from tests.conftest import Publish, hydrant, line, parcel, pipe, point, square
from tests.layers.tiles.decoding import Feature, Tile, body, decode, tile_of

Read = Callable[..., dict[str, list[Feature]]]


@dataclass(frozen=True)
class Place:
    pipe: Edit
    branch: Edit
    hydrant: Edit
    parcel: Edit


@pytest.fixture
def place(publish: Publish, network: Network, zone: Zone) -> Place:
    main = pipe(network, line((100, 100), (150, 120), (200, 100)), label="W-1", diameter_mm=110, capacity=7)
    branch = pipe(network, line((150, 120), (150, 160)), label="")
    stand = hydrant(network, point(150, 120), label="H-1")
    field = parcel("73626.1.1", square(100, 100), zone.pk, ownership="private")
    other = parcel("73626.1.2", square(200, 100), zone.pk)
    publish([main, branch, stand, field, other])
    return Place(main, branch, stand, field)


def address(client: Client, tileset: str, tile: Tile) -> str:
    """The present address of a tile, as a map finds it."""
    template: str = client.get(f"/tiles/{tileset}.json").json()["tiles"][0]
    return template.format(z=tile[0], x=tile[1], y=tile[2])


def fetch(client: Client, tileset: str, tile: Tile, **more: Any) -> Any:
    return client.get(address(client, tileset, tile), **more)


@pytest.fixture
def read(client: Client, tmp_path: Path) -> Read:
    """Layers of the tile around an edit's shape."""

    def layers(tileset: str, zoom: int, edit: Edit, visitor: Client = client) -> dict[str, list[Feature]]:
        assert edit.geom is not None
        tile = tile_of(edit.geom, zoom)
        response = fetch(visitor, tileset, tile)
        assert response.status_code in (200, 204)
        return decode(body(response), tile, tmp_path) if response.status_code == 200 else {}

    return layers
