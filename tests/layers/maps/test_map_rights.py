"""What a reader may not see is unavailable in every request, alone and in groups."""

from __future__ import annotations

import pytest
from django.test import Client

from registries.changes.edits import Edit
from registries.core.models import User
from registries.land.models import Zone
from tests.conftest import Publish, line
from tests.layers.maps.conftest import ask, box, colour, is_empty, is_yellow, picture

pytestmark = pytest.mark.django_db
AREA = box(0, 0, 1000, 1000)
SIZE = (1000, 1000)
GAS = (200.5, 700)


def described(client: Client, service: str) -> str:
    asked = {"SERVICE": service.upper(), "REQUEST": "GetCapabilities"}
    return client.get(f"/ows/{service}", asked).content.decode()


@pytest.mark.parametrize("group", ["theme.gas", "zone", "gas_pipe"])
def test_staff_see_the_internal_network(world: Zone, client: Client, olena: User, group: str) -> None:
    client.force_login(olena)
    assert is_yellow(colour(picture(ask(client, group, AREA, SIZE)), AREA, *GAS))


@pytest.mark.parametrize("name", ["gas_pipe", "theme.gas"])
def test_the_internal_network_does_not_exist_for_the_public(world: Zone, client: Client, name: str) -> None:
    """Iva has no account."""
    assert b"LayerNotDefined" in ask(client, name, AREA).content


def test_the_whole_does_not_show_the_internal_network_to_the_public(world: Zone, client: Client) -> None:
    assert not is_yellow(colour(picture(ask(client, "zone", AREA, SIZE)), AREA, *GAS))


def test_a_public_layer_hides_the_rows_of_internal_networks(world: Zone, publish: Publish, client: Client) -> None:
    """The same kind of asset in two networks, one of them public."""
    public = Edit.create("networks.network", {"zone": world.pk, "theme": "gas", "name": "Обща", "visibility": 0})
    publish([public])
    shown = {"network": public.object_id, "asset_type": "gas_pipe"}
    publish([Edit.create("networks.link", shown, line((50, 900), (950, 900)))])
    found = picture(ask(client, "gas_pipe", AREA, SIZE))
    assert is_yellow(colour(found, AREA, 200.5, 900))
    assert is_empty(colour(found, AREA, *GAS))


@pytest.mark.parametrize("service", ["wms", "wmts"])
def test_an_internal_kind_of_asset_is_told_to_staff_only(
    world: Zone, client: Client, olena: User, service: str
) -> None:
    assert "secret_pipe" not in described(client, service)
    client.force_login(olena)
    assert "secret_pipe" in described(client, service)


def test_an_internal_kind_of_asset_does_not_exist_for_the_public(world: Zone, client: Client) -> None:
    assert b"LayerNotDefined" in ask(client, "secret_pipe", AREA).content
    assert client.get("/ows/wmts/secret_pipe/GLOBAL_WEBMERCATOR/10/587/375.png").status_code == 400


def test_the_whole_does_not_show_an_internal_kind_of_asset_to_the_public(world: Zone, client: Client) -> None:
    assert not is_yellow(colour(picture(ask(client, "zone", AREA, SIZE)), AREA, 200.5, 800))


def test_a_stranger_with_an_account_sees_no_more_than_the_public(world: Zone, client: Client, stranger: User) -> None:
    client.force_login(stranger)
    assert b"LayerNotDefined" in ask(client, "gas_pipe", AREA).content


def test_what_staff_saw_is_not_given_to_the_public(world: Zone, client: Client, olena: User) -> None:
    address = "/ows/wmts/zone/GLOBAL_WEBMERCATOR/10/587/375.png"
    client.force_login(olena)
    staff = client.get(address)
    client.logout()
    public = client.get(address)
    assert staff["Cache-Control"] == "private, no-cache"
    assert staff["ETag"] != public["ETag"]
