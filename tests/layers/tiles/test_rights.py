"""Who sees what in a tile, and that nobody gets a tile that was drawn for another."""

from __future__ import annotations

import pytest
from django.test import Client

from registries.changes.edits import Edit
from registries.core.models import Audience, User
from registries.networks.models import Network
from tests.conftest import Publish
from tests.layers.tiles.conftest import Place, Read, address, fetch
from tests.layers.tiles.decoding import tile_of


@pytest.fixture
def closed(place: Place, publish: Publish) -> Network:
    """The network of the place, shown to staff only."""
    network = Network.objects.get()
    publish([Edit.update("networks.network", network.pk, {"visibility": Audience.INTERNAL})])
    return network


@pytest.fixture
def staff(olena: User) -> Client:
    client = Client()
    client.force_login(olena)
    return client


def test_the_public_does_not_see_a_closed_network(place: Place, closed: Network, read: Read) -> None:
    assert read("networks", 16, place.pipe) == {}


def test_staff_see_a_closed_network(place: Place, closed: Network, read: Read, staff: Client) -> None:
    assert set(read("networks", 16, place.pipe, staff)) == {"water_pipe", "water_hydrant"}


def test_a_stranger_sees_what_the_public_sees(place: Place, closed: Network, read: Read, stranger: User) -> None:
    visitor = Client()
    visitor.force_login(stranger)
    assert read("networks", 16, place.pipe, visitor) == {}


def test_a_tile_of_staff_is_kept_by_their_browser_only(place: Place, closed: Network, staff: Client) -> None:
    response = fetch(staff, "networks", tile_of(place.pipe.geom, 16))
    assert response["Cache-Control"] == "private, max-age=31536000, immutable"


def test_the_address_of_staff_gives_the_public_its_own_tile(
    place: Place, closed: Network, staff: Client, client: Client
) -> None:
    secret = address(staff, "networks", tile_of(place.pipe.geom, 16))
    assert staff.get(secret).status_code == 200
    response = client.get(secret)
    assert response.status_code == 204
    assert response["Cache-Control"] == "public, no-cache"


def test_the_public_address_is_never_immutable_for_staff_who_see_more(
    place: Place, closed: Network, staff: Client, client: Client
) -> None:
    response = staff.get(address(client, "networks", tile_of(place.pipe.geom, 16)))
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-cache"


def test_the_tag_of_staff_is_not_taken_from_the_public(
    place: Place, closed: Network, staff: Client, client: Client
) -> None:
    tile = tile_of(place.pipe.geom, 16)
    tag = fetch(staff, "networks", tile)["ETag"]
    assert fetch(client, "networks", tile, headers={"If-None-Match": tag}).status_code == 204


def test_signing_out_ends_what_a_cookie_showed(place: Place, closed: Network, staff: Client) -> None:
    staff.cookies["sessionid"] = "forged"
    assert fetch(staff, "networks", tile_of(place.pipe.geom, 16)).status_code == 204


def test_tilejson_of_the_public_is_silent_about_closed_networks(place: Place, closed: Network, client: Client) -> None:
    document = client.get("/tiles/networks.json").json()
    assert document["bounds"] == [22.3, 41.2, 28.7, 44.3]
