"""What the audit notes of downloads: signed-in people, what the public does not see, and that once an hour."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from registries.changes.edits import Edit
from registries.core import audit
from registries.core.models import AuditEntry, User
from tests.conftest import Publish, hydrant, point, square

pytestmark = pytest.mark.django_db
WFS = {"SERVICE": "WFS", "VERSION": "2.0.0", "REQUEST": "GetFeature"}


@pytest.fixture
def plot(publish: Publish, zone: Any, network: Any) -> UUID:
    """A plot whose offer somebody won, and a hydrant of a public network."""
    edit = Edit.create("land.plot", {"zone": zone.pk, "code": "П-1", "status": "occupied"}, square(0, 0))
    publish([edit, hydrant(network, point(10, 10))])
    offer = {
        "plot": edit.object_id, "right": "sale", "procedure": "auctionOpen", "price": "100", "state": "awarded",
        "open_period": "[2020-01-01,2020-07-01)", "decision_document": "№ 3", "awarded_party": "Иван Иванов",
    }  # fmt: skip
    publish([Edit.create("land.offer", offer)])
    return edit.object_id


def wfs(client: Client, **more: str) -> bytes:
    answer = client.get("/ows/wfs", {**WFS, **more})
    assert answer.status_code == 200
    return answer.getvalue()


def exports() -> list[tuple[str, dict[str, Any]]]:
    found = AuditEntry.objects.filter(action="export").order_by("pk")
    return list(found.values_list("subject", "details"))


@pytest.fixture
def desk(client: Client, olena: User, plot: UUID) -> Client:
    client.force_login(olena)
    return client


def test_a_download_with_what_the_public_does_not_see_is_noted(desk, olena):
    assert "Иван Иванов".encode() in wfs(desk, typeNames="offers", outputFormat="application/json")
    entry = AuditEntry.objects.get(action="export")
    assert (entry.actor, entry.subject) == (olena, "layer offers")
    assert entry.details == {"format": "application/geo+json", "filter": "", "whole": True}


def test_ogc_features_are_noted_as_well(desk):
    answer = desk.get("/ogc/collections/offers/items?limit=100")
    assert "Иван Иванов".encode() in answer.getvalue()
    assert exports() == [("layer offers", {"format": "application/geo+json", "filter": "", "whole": True})]


def test_one_feature_by_its_identifier_is_noted_as_such(desk):
    (offer,) = json.loads(desk.get("/ogc/collections/offers/items").getvalue())["features"]
    desk.get(f"/ogc/collections/offers/items/{offer['id']}")
    wfs(desk, STOREDQUERY_ID="urn:ogc:def:query:OGC-WFS::GetFeatureById", ID=f"offers.{offer['id']}")
    assert [details["filter"] for _subject, details in exports()[1:]] == [
        f"id={offer['id']}",
        f"storedquery_id=urn:ogc:def:query:OGC-WFS::GetFeatureById&id=offers.{offer['id']}",
    ]


def test_pages_of_one_download_are_one_entry(desk):
    for start in "012":
        wfs(desk, typeNames="offers", startIndex=start, count="1")
    assert len(exports()) == 1


def test_a_map_that_moves_is_one_entry(desk):
    for west in "123":
        wfs(desk, typeNames="offers", bbox=f"{west},1,5,5,EPSG:7801")
    assert [details["place"] for _subject, details in exports()] == ["1,1,5,5,EPSG:7801"]


def test_what_narrows_a_download_is_told(desk):
    wfs(desk, typeNames="offers", resourceId="offers.1")
    assert [details["filter"] for _subject, details in exports()] == ["resourceid=offers.1"]


@pytest.mark.parametrize("address", ["/ogc/collections/zones/items", "/ogc/collections/plots/items"])
def test_what_everybody_sees_is_nobody_s_business(desk, address):
    desk.get(address).getvalue()
    assert exports() == []


def test_assets_with_columns_for_partners_are_noted_for_those_who_see_them(desk, client, stranger):
    desk.get("/ogc/collections/water_hydrant/items").getvalue()
    assert [subject for subject, _details in exports()] == ["layer water_hydrant"]
    client.force_login(stranger)
    client.get("/ogc/collections/water_hydrant/items").getvalue()
    assert len(exports()) == 1


def test_counting_and_looking_ahead_are_no_downloads(desk):
    wfs(desk, typeNames="offers", resultType="hits")
    desk.head("/ogc/collections/offers/items")
    desk.head("/ows/wfs", {**WFS, "typeNames": "offers"})
    assert exports() == []


def test_a_download_that_is_refused_is_not_noted(desk):
    desk.get("/ows/wfs", {**WFS, "typeNames": "offers", "bbox": "nowhere"})
    desk.get("/ogc/collections/offers/items?bbox=nowhere")
    desk.get("/ogc/collections/offers/items/nothing")
    assert exports() == []


def test_the_public_costs_no_question_of_the_audit(client, plot, monkeypatch):
    """Public downloads are quick: the audit is not even asked."""
    monkeypatch.setattr(audit, "_note_once", pytest.fail)
    assert b"awarded" in wfs(client, typeNames="offers", outputFormat="application/json")
    assert b"features" in client.get("/ogc/collections/water_hydrant/items").getvalue()
