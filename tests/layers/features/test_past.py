"""OGC API – Features of another day than today."""

import json
from datetime import datetime

import pytest

from registries.changes.edits import Edit
from registries.networks.models import Network
from tests.conftest import Publish, parcel, square

PARCELS = "/ogc/collections/parcels/items"


@pytest.fixture(autouse=True)
def open_history(settings):
    settings.PUBLIC_HISTORY = True


@pytest.fixture
def day(publish: Publish, zone) -> datetime:
    """When one parcel was there with its old label; since then it was changed and another one came."""
    edit = parcel("73626.1.1", square(0, 0), zone.pk, label="old")
    moment = publish([edit]).published_at
    publish(
        [Edit.update("land.parcel", edit.object_id, {"label": "new"}), parcel("73626.1.2", square(200, 0), zone.pk)]
    )
    assert moment is not None
    return moment


def told(client, when, path=PARCELS, **more):
    answer = client.get(path, {"datetime": when, "limit": 100, **more})
    body = answer.getvalue()
    assert answer.status_code == 200, body
    return json.loads(body)


def labels(page):
    return sorted(feature["properties"]["label"] for feature in page["features"])


def test_an_instant_shows_what_was_published_then(client, day):
    page = told(client, day.isoformat())
    assert (page["numberMatched"], page["numberReturned"], labels(page)) == (1, 1, ["old"])


def test_an_open_interval_shows_each_feature_once_as_it_was_last(client, day):
    assert labels(told(client, f"{day.isoformat()}/..")) == ["", "new"]


def test_an_interval_up_to_an_instant_shows_what_was_there_by_then(client, day):
    assert labels(told(client, f"../{day.isoformat()}")) == ["old"]


def test_one_feature_can_be_asked_for_as_it_was(client, day):
    id = told(client, day.isoformat())["features"][0]["id"]
    answer = client.get(f"{PARCELS}/{id}", {"datetime": day.isoformat()})
    assert json.loads(answer.content)["properties"]["label"] == "old"


def test_before_the_registry_began_a_collection_is_empty(client, day):
    assert told(client, "1999-01-01")["numberMatched"] == 0


def test_the_next_page_stays_on_the_day(client, publish, zone, day):
    answer = client.get(PARCELS, {"datetime": "2999-01-01", "limit": 1})
    links = {link["rel"]: link["href"] for link in json.loads(answer.getvalue())["links"]}
    assert "datetime=2999-01-01" in links["next"]


def test_without_the_right_the_past_is_refused_in_the_apis_words(client, day, settings):
    settings.PUBLIC_HISTORY = False
    answer = client.get(PARCELS, {"datetime": day.isoformat()})
    assert answer.status_code == 403
    assert json.loads(answer.content)["parameter"] == "datetime"


def test_staff_may_ask_where_the_public_may_not(client, day, settings, boris):
    settings.PUBLIC_HISTORY = False
    client.force_login(boris)
    assert told(client, day.isoformat())["numberMatched"] == 1


def test_a_network_that_was_public_once_stays_closed(client, publish, served, network: Network):
    moment = publish([Edit.update("networks.network", network.pk, {"name": "Водопровод 2"})]).published_at
    publish([Edit.update("networks.network", network.pk, {"visibility": 2})])
    answer = client.get("/ogc/collections/water_pipe/items", {"datetime": moment.isoformat()})
    assert answer.status_code == 404


def test_assets_that_are_no_more_are_still_found_on_their_day(client, publish, served):
    moment = publish([parcel("73626.9.9", square(900, 900, 10))]).published_at
    publish([Edit.delete("networks.link", pipe.object_id) for pipe in served.pipes])
    assert client.get("/ogc/collections/water_pipe/items").status_code == 404
    assert told(client, moment.isoformat(), "/ogc/collections/water_pipe/items")["numberMatched"] == 7


def test_what_is_kept_of_today_is_not_told_of_the_past(client, day):
    assert told(client, "2999-01-01")["numberMatched"] == 2
    assert told(client, day.isoformat())["numberMatched"] == 1
    assert told(client, "2999-01-01")["numberMatched"] == 2
