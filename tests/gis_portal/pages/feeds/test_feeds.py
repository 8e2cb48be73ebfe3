"""Offers as feeds: Atom (RFC 4287) and JSON Feed 1.1."""

import re
from datetime import datetime
from uuid import UUID
from xml.etree import ElementTree

import pytest

from registries.changes.edits import Edit
from registries.core.models import History
from tests.flows import world

ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = ("/offers.atom", "/offers.json")
OFFER = {
    "right": "sale", "procedure": "auctionOpen", "price": "20", "basis": "perM2", "decision_document": "№ 13",
    "open_period": "[2026-01-01,)", "state": "published",
}  # fmt: skip


@pytest.fixture
def offers(corner, publish) -> tuple[UUID, UUID]:
    """Of П-4, which is available, and П-2, which is reserved; that of the corner's П-1 has an end."""
    edits = [Edit.create("land.offer", {**OFFER, "plot": world.plot_id(number)}) for number in (4, 2)]
    publish(edits)
    return edits[0].object_id, edits[1].object_id


def atom(client, query: str = "lang=en") -> ElementTree.Element:
    answer = client.get(f"/offers.atom?{query}")
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(answer.content)


def items(client, query: str = "lang=en") -> list[dict]:
    return client.get(f"/offers.json?{query}").json()["items"]


def plots(client, query: str = "lang=en") -> set[str]:
    return {item["_offer"]["plot"] for item in items(client, query)}


def test_an_atom_feed_has_all_that_the_standard_asks_for(client, offers):
    feed = atom(client)
    for element in (feed, *feed.iter(f"{ATOM}entry")):
        assert UUID(element.findtext(f"{ATOM}id", "").removeprefix("urn:uuid:"))
        assert element.findtext(f"{ATOM}title")
        assert datetime.fromisoformat(element.findtext(f"{ATOM}updated", "")).tzinfo is not None
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    assert {link.get("rel") for link in feed.findall(f"{ATOM}link")} == {"self", "alternate"}


def test_an_entry_is_known_by_its_offer_in_both_languages_and_both_forms(client, offers):
    ids = {f"urn:uuid:{offer}" for offer in offers}
    for query in ("lang=en&status=available&status=reserved", "lang=bg&status=available&status=reserved"):
        assert ids <= {entry.findtext(f"{ATOM}id") for entry in atom(client, query).iter(f"{ATOM}entry")}
        assert ids <= {item["id"] for item in items(client, query)}


def test_an_entry_leads_to_the_plots_page_in_its_language(client, offers):
    urls = {item["_offer"]["plot"]: item["url"] for item in items(client)}
    assert urls["П-4"] == "http://testserver/plots/%D0%9F-4/?zone=east&lang=en"


def test_an_entry_was_updated_when_it_or_its_plot_was_published_last(client, offers, publish):
    before = {item["_offer"]["plot"]: item for item in items(client)}["П-4"]
    publish([Edit.update("land.offer", offers[0], {"price": "19"})])
    after = {item["_offer"]["plot"]: item for item in items(client)}["П-4"]
    assert after["date_published"] == before["date_published"]
    last = History.objects.filter(object_id=offers[0]).order_by("version").last()
    assert last is not None
    assert after["date_modified"] == last.period.lower.isoformat() > before["date_modified"]


def test_the_latest_stands_first(client, offers, publish):
    publish([Edit.update("land.offer", offers[1], {"price": "19"})])
    assert items(client)[0]["_offer"]["plot"] == "П-2"


@pytest.mark.parametrize(
    ("query", "expected"),
    [("status=reserved", {"П-2"}), ("q=П-4", {"П-4"}), ("area_min=100000", set())],
    ids=["status", "text", "nothing"],
)
def test_a_feed_has_the_offers_of_the_plots_that_match(client, offers, query, expected):
    assert plots(client, f"lang=en&{query}") == expected


def test_plots_without_a_published_offer_are_no_entries(client, offers, publish):
    publish([Edit.update("land.offer", offers[0], {"state": "closed"})])
    assert "П-4" not in plots(client)


def test_a_json_feed_is_one(client, offers):
    answer = client.get("/offers.json?lang=en&status=reserved")
    assert answer["Content-Type"] == "application/feed+json; charset=utf-8"
    content = answer.json()
    assert content["version"] == "https://jsonfeed.org/version/1.1"
    assert content["feed_url"] == "http://testserver/offers.json?lang=en&status=reserved"
    assert content["home_page_url"] == "http://testserver/plots/?status=reserved&lang=en"


def test_signs_that_xml_has_no_place_for_are_left_out_and_others_escaped(client, offers, settings):
    settings.PUBLISHER_NAME = "Park & \x07 <East>\x00"
    assert atom(client).findtext(f"{ATOM}author/{ATOM}name") == "Park &  <East>"


@pytest.mark.parametrize("path", FEEDS)
def test_a_reader_that_has_the_feed_is_told_so(client, offers, path):
    first = client.get(f"{path}?lang=en")
    assert client.get(f"{path}?lang=en", headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert client.get(f"{path}?lang=en", headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 304


@pytest.mark.parametrize("path", FEEDS)
def test_after_a_publication_the_reader_gets_it_anew(client, offers, publish, path):
    first = client.get(f"{path}?lang=en")
    publish([Edit.update("land.offer", offers[0], {"price": "18"})])
    assert client.get(f"{path}?lang=en", headers={"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("path", FEEDS)
def test_staff_get_the_publics_feed(client, offers, olena, path):
    public = client.get(f"{path}?lang=en").content
    client.force_login(olena)
    assert client.get(f"{path}?lang=en").content == public


@pytest.mark.parametrize("path", FEEDS)
def test_a_search_that_cannot_be_meant_is_refused_by_name(client, db, path):
    answer = client.get(f"{path}?area_min=x", headers={"Accept": "application/json"})
    assert (answer.status_code, "area_min" in answer.json()["locator"]) == (400, True)


@pytest.mark.parametrize("path", ["/plots/", "/"])
def test_pages_that_search_name_the_feed_of_what_they_show(client, corner, path):
    text = client.get(f"{path}?lang=en&status=available").content.decode()
    link = re.search(r'<link rel="alternate" type="application/atom\+xml"[^>]*href="([^"]+)"', text)
    assert link
    assert link[1] == "/offers.atom?status=available&amp;lang=en"
