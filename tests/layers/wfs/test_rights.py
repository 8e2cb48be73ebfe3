"""Who sees what over WFS: a hidden layer is unknown, a hidden column does not exist, a closed network has no pipes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from registries.changes.edits import Edit
from registries.core.models import Audience, User
from registries.networks.models import AssetType, Network
from tests.conftest import Publish, line, pipe
from tests.layers.served import Served
from tests.layers.wfs.client import ask

SignIn = Callable[[User], Client]


@pytest.fixture
def signed_in(client: Client) -> SignIn:
    def sign_in(user: User) -> Client:
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def closed(publish: Publish, network: Network) -> Network:
    """A network that only the municipality's own people see, with one pipe."""
    edit = Edit.create("networks.network", {"zone": network.zone_id, "theme": "water", "name": "Таен", "visibility": 2})
    publish([edit])
    found = Network.objects.get(pk=edit.object_id)
    publish([pipe(found, line((0, 0), (10, 10)), label="secret")])
    return found


@pytest.fixture
def hidden_type(served: Served) -> AssetType:
    AssetType.objects.filter(pk="water_hydrant").update(audience=Audience.INTERNAL)
    return AssetType.objects.get(pk="water_hydrant")


@pytest.fixture(autouse=True)
def fresh_layers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Layers are remembered by revision; a type that a test hides past the door raises none."""
    monkeypatch.setattr("layers.assets._known", {})


def test_iva_reads_public_layers_without_an_account(client: Client, served: Served):
    assert len(ask(client, typeNames="water_pipe").ids) == 7


def test_iva_does_not_see_a_closed_network(client: Client, served: Served, closed: Network):
    answer = ask(client, typeNames="water_pipe")
    assert answer.text("/*/@numberMatched") == "7"
    assert "secret" not in answer.content.decode()


def test_a_stranger_sees_no_more_than_iva(signed_in: SignIn, served: Served, closed: Network, stranger: User):
    assert len(ask(signed_in(stranger), typeNames="water_pipe").ids) == 7


def test_olena_sees_the_closed_network(signed_in: SignIn, served: Served, closed: Network, olena: User):
    assert len(ask(signed_in(olena), typeNames="water_pipe").ids) == 8


def test_a_closed_pipe_is_not_found_by_its_identifier(client: Client, served: Served, closed: Network, olena: User):
    client.force_login(olena)
    everything = set(ask(client, typeNames="water_pipe").ids)
    client.logout()
    (secret,) = everything - set(ask(client, typeNames="water_pipe").ids)
    assert ask(client, typeNames="water_pipe", resourceId=secret).ids == []
    by_id = ask(client, storedQuery_Id="urn:ogc:def:query:OGC-WFS::GetFeatureById", id=secret)
    assert (by_id.status, by_id.code) == (404, "NotFound")


def test_a_hidden_column_is_nowhere_for_iva(client: Client, served: Served):
    described = ask(client, "DescribeFeatureType", typeNames="water_pipe")
    assert described.all("//xsd:element[@name='capacity']") == []
    assert ask(client, typeNames="water_pipe").all("//zone:capacity") == []
    for parameter in ("sortBy", "propertyName"):
        answer = ask(client, typeNames="water_pipe", **{parameter: "capacity"})
        assert (answer.status, answer.locator) == (400, parameter)


def test_olena_sees_the_column(signed_in: SignIn, served: Served, olena: User):
    answer = ask(signed_in(olena), typeNames="water_pipe", sortBy="capacity")
    assert len(answer.all("//zone:capacity")) == 7


def test_a_hidden_layer_is_unknown_to_iva(client: Client, hidden_type: AssetType):
    assert "water_hydrant" not in ask(client, "GetCapabilities").content.decode()
    unknown = ask(client, typeNames="water_hydrant")
    assert (unknown.status, unknown.code) == (400, "InvalidParameterValue")
    assert unknown.text("//ows:ExceptionText") == ask(client, typeNames="nothing").text("//ows:ExceptionText").replace(
        "nothing", "water_hydrant"
    )


def test_olena_knows_the_hidden_layer(signed_in: SignIn, hidden_type: AssetType, olena: User):
    assert len(ask(signed_in(olena), typeNames="water_hydrant").ids) == 1
