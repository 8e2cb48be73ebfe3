"""The comparison of two days: how much of what, object by object, for whoever may look into the past."""

import re
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from registries.changes.edits import Edit
from registries.networks.models import Link, Node
from tests.conftest import Publish
from tests.flows import world

TICK = timedelta(microseconds=1)


@pytest.fixture(autouse=True)
def open_history(settings):
    settings.PUBLIC_HISTORY = True


@pytest.fixture
def days(corner, publish: Publish) -> tuple[datetime, datetime]:
    """Between them a plot was changed twice, another removed, a hydrant removed, and a building added."""
    building = Edit.create("land.building", {"name": "Склад", "zone": world.ZONE}, world.rectangle(10, 10, 20, 20))
    first = publish([building]).published_at
    assert first is not None
    publish([Edit.update("land.plot", world.plot_id(1), {"status": "reserved"})])
    publish([Edit.update("land.plot", world.plot_id(1), {"status": "contracted"})])
    publish([Edit.delete("land.plot", world.plot_id(4)), Edit.delete("networks.node", Node.objects.get().pk)])
    return first - TICK, timezone.now()


def text(client, days=None, **query) -> str:
    asked = {"from": days[0].isoformat(), "to": days[1].isoformat()} if days else {}
    answer = client.get("/compare/", {"lang": "en", **asked, **query})
    assert answer.status_code == 200
    return answer.content.decode()


def numbers(html: str) -> dict[str, list[str]]:
    """The table of kinds: added, changed, removed."""
    table = html.split('<h2 id="list">')[0]
    rows = re.findall(r'<tr><th scope="row">([^<]+)</th>(.*?)</tr>', table)
    return {kind: re.findall(r'class="number">(?:<a[^>]*>)?([^<]+)', cells) for kind, cells in rows}


def objects(html: str) -> list[tuple[str, str]]:
    return re.findall(r'role="rowheader"><a href="[^"]*">([^<]*)</a>.*?data-action="(\w+)"', html)


def test_things_are_counted_by_kind_and_by_what_happened(client, days):
    assert numbers(text(client, days)) == {
        "Building": ["1", "–", "–"],
        "Plot": ["–", "1", "1"],
        "Fire hydrant": ["–", "–", "1"],
    }


def test_each_object_stands_in_the_list_once(client, days):
    found = [("Склад", "added"), ("П-1", "changed"), ("П-4", "removed"), ("ПХ-1", "removed")]
    assert sorted(objects(text(client, days))) == sorted(found)


def test_a_number_leads_to_just_these_objects(client, days):
    [link] = re.findall(r'href="([^"]*registry=land.plot[^"]*action=removed[^"]*)#list"', text(client, days))
    html = client.get("/compare/" + link.replace("&amp;", "&")).content.decode()
    assert objects(html) == [("П-4", "removed")]


def test_the_list_leads_to_the_history_of_the_object(client, days):
    assert f'href="/history/land.plot/{world.plot_id(1)}/?lang=en"' in text(client, days)


def test_the_map_is_asked_for_the_same_days(client, days):
    source = re.search(r'data-source="([^"]*)"', text(client, days))[1].replace("&amp;", "&")
    counts = client.get(source).json()["counts"]
    assert counts == {"added": 1, "changed": 1, "removed": 2}


def test_what_came_and_went_between_the_days_is_no_difference(client, corner, publish):
    before = timezone.now()
    building = Edit.create("land.building", {"name": "x", "zone": world.ZONE}, world.rectangle(10, 10, 20, 20))
    publish([building])
    publish([Edit.delete("land.building", building.object_id)])
    assert "Nothing changed between these days" in text(client, (before, timezone.now()))


def test_what_was_changed_back_is_no_difference(client, corner, publish):
    before = timezone.now()
    for status in ("reserved", "available"):
        publish([Edit.update("land.plot", world.plot_id(1), {"status": status})])
    assert "Nothing changed between these days" in text(client, (before, timezone.now()))


def test_one_day_with_itself_shows_nothing_and_says_what_to_do(client, days):
    assert "Choose an earlier first day" in text(client, (days[0], days[0]))


def test_without_days_the_last_thirty_are_compared(client, days):
    assert numbers(text(client))["Building"] == ["1", "–", "–"]


def test_a_visitor_learns_nothing_of_a_network_that_is_not_public(client, corner, publish, boris):
    before = timezone.now()
    publish([Edit.update("networks.link", Link.objects.get(label="Т-1").pk, {"label": "Т-2"})])
    assert "Т-2" not in text(client, (before, timezone.now()))
    client.force_login(boris)
    assert "Т-2" in text(client, (before, timezone.now()))


def test_a_visitor_learns_nothing_of_an_offer_that_is_not_published(client, corner, publish, boris):
    before = timezone.now()
    columns = {"plot": world.plot_id(4), "right": "sale", "procedure": "auctionOpen", "state": "draft"}
    publish([Edit.create("land.offer", columns)])
    assert "Nothing changed between these days" in text(client, (before, timezone.now()))


def test_where_history_is_closed_a_visitor_is_refused(client, days, settings, boris):
    settings.PUBLIC_HISTORY = False
    assert client.get("/compare/").status_code == 403
    client.force_login(boris)
    assert client.get("/compare/").status_code == 200


@pytest.mark.parametrize("name", ["from", "to"])
@pytest.mark.parametrize("day", ["yesterday", "2020-13-01", "2020-01-01T10:00:00", "\x00", "<script>", "9" * 3000])
def test_a_wrong_day_is_bad_input(client, corner, name, day):
    assert client.get("/compare/", {name: day}).status_code == 400


def test_days_in_the_wrong_order_are_refused(client, corner):
    assert client.get("/compare/", {"from": "2020-02-01", "to": "2020-01-01"}).status_code == 400


@pytest.mark.parametrize(
    "query",
    [{"page": "-1"}, {"page": "x"}, {"registry": "'; DROP TABLE x"}, {"kind": "\x00"}, {"action": "<script>"}],
)
def test_a_page_or_a_kind_that_is_not_there_is_no_failure(client, days, query):
    html = text(client, days, **query)
    assert "<script>" not in html
    assert objects(html) or "None of these." in html


def test_more_differences_ask_the_database_no_more(client, days, publish, django_assert_max_num_queries):
    publish([Edit.update("land.plot", world.plot_id(n), {"description": "x"}) for n in (2, 3, 5, 6)])
    text(client)
    with django_assert_max_num_queries(14):
        text(client)
