"""Status, caching and compression of tiles, and what bad addresses get."""

from __future__ import annotations

import gzip

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from layers.tiles.answers import MVT
from registries.changes.edits import Edit
from registries.networks.models import Network
from tests.conftest import Publish, line, pipe
from tests.layers.tiles.conftest import Place, Read, address, fetch
from tests.layers.tiles.decoding import Tile, tile_of


@pytest.fixture
def tile(place: Place) -> Tile:
    return tile_of(place.pipe.geom, 16)


def test_a_tile_says_what_it_is(client: Client, tile: Tile) -> None:
    response = fetch(client, "zone", tile)
    assert response["Content-Type"] == MVT
    assert response["Content-Length"] == str(len(response.content))
    assert response["X-Content-Type-Options"] == "nosniff"


def test_the_present_revision_is_kept_for_ever(client: Client, tile: Tile) -> None:
    assert fetch(client, "zone", tile)["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("revision", ["1", "unknown", "'; DROP TABLE land_zone; --", "%00"])
def test_another_revision_gets_present_data_that_is_not_kept(client: Client, tile: Tile, revision: str) -> None:
    response = client.get("/tiles/zone/{}/{}/{}/{}.mvt".format(revision, *tile))
    assert response.content == fetch(client, "zone", tile).content
    assert response["Cache-Control"] == "public, no-cache"


def test_nothing_there_is_204(client: Client, place: Place) -> None:
    response = fetch(client, "zone", (16, 0, 0))
    assert (response.status_code, response.content) == (204, b"")
    assert "immutable" in response["Cache-Control"]


def test_a_registry_without_layers_of_networks_gives_204(client: Client, zone: object) -> None:
    assert fetch(client, "networks", (0, 0, 0)).status_code == 204


def test_what_is_known_is_304_without_drawing(client: Client, tile: Tile) -> None:
    first = fetch(client, "zone", tile)
    again = fetch(client, "zone", tile, headers={"If-None-Match": f'"other", {first["ETag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert (again["ETag"], again["Cache-Control"]) == (first["ETag"], first["Cache-Control"])


def test_a_publication_changes_the_address_and_the_tag(
    client: Client, place: Place, tile: Tile, publish: Publish
) -> None:
    before = address(client, "networks", tile)
    tag = client.get(before)["ETag"]
    publish([Edit.update("networks.link", place.pipe.object_id, {"label": "W-2"})])
    assert address(client, "networks", tile) != before
    late = client.get(before, headers={"If-None-Match": tag})
    assert late.status_code == 200
    assert late["Cache-Control"] == "public, no-cache"


def test_a_publication_shows_in_the_very_next_tile(place: Place, publish: Publish, read: Read) -> None:
    assert len(read("networks", 16, place.pipe)["water_pipe"]) == 2
    publish([pipe(Network.objects.get(), line((120, 100), (180, 90)))])
    assert len(read("networks", 16, place.pipe)["water_pipe"]) == 3


def test_a_publication_of_land_leaves_tiles_of_networks_as_they_are(
    client: Client, place: Place, tile: Tile, publish: Publish
) -> None:
    before = {name: address(client, name, tile) for name in ("land", "networks")}
    publish([Edit.update("land.parcel", place.parcel.object_id, {"label": "1"})])
    assert address(client, "networks", tile) == before["networks"]
    assert address(client, "land", tile) != before["land"]


def test_a_tile_is_compressed_for_who_takes_it(client: Client, tile: Tile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("layers.tiles.answers.COMPRESSED_FROM_BYTES", 100)
    plain = fetch(client, "zone", tile)
    packed = fetch(client, "zone", tile, headers={"Accept-Encoding": "br, gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert "Accept-Encoding" in plain["Vary"]
    assert packed["Content-Length"] == str(len(packed.content))


@pytest.mark.parametrize(
    ("place", "locator"),
    [
        ("23/0/0", "z"),
        ("-1/0/0", "z/x/y"),
        ("2/4/0", "x"),
        ("2/0/4", "y"),
        ("2/-1/0", "z/x/y"),
        ("a/0/0", "z/x/y"),
        ("2/1.5/0", "z/x/y"),
        ("٢/0/0", "z/x/y"),
        ("99999999999999999999/0/0", "z/x/y"),
        ("2/1%3BSELECT%201/0", "z/x/y"),
    ],
)
def test_a_place_outside_the_grid_is_400(client: Client, zone: object, place: str, locator: str) -> None:
    response = client.get(f"/tiles/zone/1/{place}.mvt")
    assert response.status_code == 400
    assert response.json()["locator"] == locator


@pytest.mark.parametrize("zoom", [0, 22])
def test_the_last_tile_of_the_grid_is_there(client: Client, zone: object, zoom: int) -> None:
    last = 2**zoom - 1
    assert client.get(f"/tiles/zone/1/{zoom}/{last}/{last}.mvt").status_code in (200, 204)


@pytest.mark.parametrize("path", ["/tiles/nothing/1/0/0/0.mvt", "/tiles/nothing.json"])
def test_an_unknown_tileset_is_404_and_names_the_known(client: Client, zone: object, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert "land, networks, zone" in response.json()["hint"]
    assert len(response.content) < 500


@pytest.mark.parametrize("path", ["/tiles/zone/1/0/0/0.mvt", "/tiles/zone.json"])
def test_tiles_are_only_read(client: Client, zone: object, path: str) -> None:
    assert client.post(path).status_code == 405


def test_a_public_tile_asks_nothing_of_the_orm(client: Client, tile: Tile) -> None:
    path = address(client, "zone", tile)
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(path).status_code == 200
    assert len(queries) == 0


def test_a_tile_of_a_person_asks_who_that_is(client: Client, tile: Tile, olena: object) -> None:
    client.force_login(olena)
    path = address(client, "zone", tile)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    # Session, user, second factor, grants, networks.
    assert len(queries) <= 5
