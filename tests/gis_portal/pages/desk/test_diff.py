"""The map of a change set over HTTP: who may see it, how it is kept, what bad questions get."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from gis_portal.pages.picture import SVG
from layers.tiles.answers import MVT
from registries.changes import door
from registries.changes.edits import Edit
from registries.changes.models import ChangeSet
from registries.core.models import User
from registries.land.models import Zone
from tests.conftest import Publish, square
from tests.layers.tiles.decoding import tile_of

PARTS = ("diff.json", "diff/things?item={item}", "diff/{z}/{x}/{y}.mvt", "items/{item}.svg")


@pytest.fixture
def change_set(olena: User, publish: Publish, zone: Zone) -> ChangeSet:
    hall = Edit.create("land.building", {"zone": zone.pk, "name": "Hall"}, square(100, 100, 40))
    publish([hall])
    moved = Edit.update("land.building", hall.object_id, {}, square(120, 100, 40))
    return door.propose(olena, [moved], title="Move the hall")


@pytest.fixture
def signed_in(client: Client, olena: User) -> Client:
    client.force_login(olena)
    return client


def address(change_set: ChangeSet, part: str, base: str = "") -> str:
    zoom, column, row = tile_of(square(100, 100, 60), 16)
    place = part.format(item=change_set.items.get().pk, z=zoom, x=column, y=row)
    return (base or f"/desk/changes/{change_set.pk}/") + place


def about(client: Client, change_set: ChangeSet) -> dict[str, Any]:
    found: dict[str, Any] = client.get(address(change_set, "diff.json")).json()
    return found


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("name", ["olena", "boris", "ada"])
def test_author_and_reviewers_see_it(
    client: Client, change_set: ChangeSet, name: str, part: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(name))
    assert client.get(address(change_set, part)).status_code == 200


@pytest.mark.parametrize("part", PARTS)
def test_a_stranger_is_refused(client: Client, change_set: ChangeSet, stranger: User, part: str) -> None:
    client.force_login(stranger)
    assert client.get(address(change_set, part)).status_code == 403


@pytest.mark.parametrize("part", PARTS)
def test_whoever_is_not_signed_in_is_sent_to_the_log_in(client: Client, change_set: ChangeSet, part: str) -> None:
    assert client.get(address(change_set, part)).status_code == 302


@pytest.mark.parametrize("part", PARTS)
def test_an_outside_reviewer_sees_the_one_set_of_the_link(
    client: Client, change_set: ChangeSet, olena: User, ada: User, part: str
) -> None:
    door.submit(olena, change_set)
    secret = door.name_reviewer(ada, change_set, "Engineer", "engineer@example.com", timedelta(days=1))
    client.get(f"/desk/review/{secret}/")
    assert client.get(address(change_set, part, "/desk/review/")).status_code == 200
    assert client.get(address(change_set, part)).status_code == 302


@pytest.mark.parametrize("part", PARTS)
def test_without_a_link_there_is_no_review(client: Client, change_set: ChangeSet, part: str) -> None:
    assert client.get(address(change_set, part, "/desk/review/")).status_code == 403


@pytest.mark.parametrize("part", ["diff.json", "diff/things?item=1", "diff/16/1/1.mvt", "items/1.svg"])
def test_a_set_that_is_not_there_is_404(signed_in: Client, part: str) -> None:
    assert signed_in.get(f"/desk/changes/999999/{part}").status_code == 404


@pytest.mark.parametrize("part", PARTS)
def test_it_is_only_read(signed_in: Client, change_set: ChangeSet, part: str) -> None:
    assert signed_in.post(address(change_set, part)).status_code == 405


def test_the_summary_leads_to_tiles_and_things(signed_in: Client, change_set: ChangeSet) -> None:
    found = about(signed_in, change_set)
    assert (found["counts"]["changed"], found["unplaced"]) == (1, 0)
    zoom, column, row = tile_of(square(100, 100, 60), 16)
    tile = signed_in.get(found["tiles"].format(z=zoom, x=column, y=row))
    assert (tile.status_code, tile["Content-Type"]) == (200, MVT)
    lng, lat, _east, _north = square(125, 105, 1).transform(4326, clone=True).extent
    things = signed_in.get(found["things"], {"lng": lng, "lat": lat, "zoom": 18}).json()["features"]
    assert [one["properties"]["side"] for one in things] == ["old", "new"]


def test_a_tile_is_kept_by_this_browser_under_its_edition(signed_in: Client, change_set: ChangeSet) -> None:
    zoom, column, row = tile_of(square(100, 100, 60), 16)
    tile = signed_in.get(about(signed_in, change_set)["tiles"].format(z=zoom, x=column, y=row))
    assert tile["Cache-Control"] == "private, max-age=3600"
    assert "Cookie" in tile["Vary"]


def test_a_tile_of_another_edition_is_present_and_not_kept(signed_in: Client, change_set: ChangeSet) -> None:
    tile = signed_in.get(address(change_set, "diff/{z}/{x}/{y}.mvt") + "?edition=old")
    assert (tile.status_code, tile["Cache-Control"]) == (200, "private, no-cache")


def test_a_known_tile_is_304_until_the_draft_changes(signed_in: Client, change_set: ChangeSet, olena: User) -> None:
    place = address(change_set, "diff/{z}/{x}/{y}.mvt")
    tag = signed_in.get(place)["ETag"]
    again = signed_in.get(place, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    known = change_set.items.get().object_id
    door.propose(olena, [Edit.update("land.building", known, {}, square(130, 100, 40))], change_set=change_set)
    assert signed_in.get(place, headers={"If-None-Match": tag}).status_code == 200


def test_a_person_who_lost_the_right_gets_no_304(client: Client, change_set: ChangeSet, boris: User) -> None:
    client.force_login(boris)
    place = address(change_set, "diff/{z}/{x}/{y}.mvt")
    tag = client.get(place)["ETag"]
    boris.grants.all().delete()
    assert client.get(place, headers={"If-None-Match": tag}).status_code == 403


def test_where_nothing_differs_is_204(signed_in: Client, change_set: ChangeSet) -> None:
    response = signed_in.get(f"/desk/changes/{change_set.pk}/diff/16/0/0.mvt")
    assert (response.status_code, response.content) == (204, b"")


@pytest.mark.parametrize(
    ("part", "locator"),
    [
        ("diff/things?item=x", "item"),
        ("diff/things?item=-1", "item"),
        ("diff/things?item=99999999999999999999", "item"),
        ("diff/things?item=%00", "item"),
        ("diff/things", "lng"),
        ("diff/things?lng=1&lat=NaN&zoom=1", "lat"),
        ("diff/things?lng=1&lat=1&zoom=99", "zoom"),
        ("diff/23/0/0.mvt", "z"),
        ("diff/1/2/0.mvt", "x"),
        ("diff/a/b/c.mvt", "z/x/y"),
    ],
)
def test_bad_questions_are_400_and_say_where(signed_in: Client, change_set: ChangeSet, part: str, locator: str) -> None:
    response = signed_in.get(f"/desk/changes/{change_set.pk}/{part}")
    assert (response.status_code, response.json()["locator"]) == (400, locator)


def test_an_item_of_another_set_is_not_told(signed_in: Client, change_set: ChangeSet, olena: User, zone: Zone) -> None:
    edit = Edit.create("land.building", {"zone": zone.pk}, square(300, 100, 40))
    other = door.propose(olena, [edit], title="Other").items.get().pk
    base = f"/desk/changes/{change_set.pk}/"
    assert signed_in.get(f"{base}diff/things?item={other}").json()["features"] == []
    assert signed_in.get(f"{base}items/{other}.svg").status_code == 404


def test_the_picture_reads_aloud_in_the_readers_language(signed_in: Client, change_set: ChangeSet) -> None:
    response = signed_in.get(address(change_set, "items/{item}.svg") + "?lang=en")
    text = response.content.decode()
    assert response["Content-Type"] == SVG
    assert '<title id="title">Changed: building Hall</title>' in text
    assert "Before 1,600 m², after 1,600 m²" in text
    assert "4 corners are new" in text


def test_a_name_cannot_become_markup_in_the_picture(signed_in: Client, olena: User, zone: Zone) -> None:
    edit = Edit.create("land.building", {"zone": zone.pk, "name": "<script>x</script>"}, square(300, 100, 40))
    nasty = door.propose(olena, [edit], title="Nasty")
    text = signed_in.get(address(nasty, "items/{item}.svg")).content.decode()
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_the_page_of_the_set_shows_map_and_drawing(signed_in: Client, change_set: ChangeSet) -> None:
    page = signed_in.get(f"/desk/changes/{change_set.pk}/").content.decode()
    assert f'data-source="{address(change_set, "diff.json")}"' in page
    assert f'src="{address(change_set, "items/{item}.svg")}"' in page


def test_a_change_without_a_place_has_no_drawing_on_the_page(signed_in: Client, olena: User, zone: Zone) -> None:
    network = Edit.create("networks.network", {"zone": zone.pk, "theme": "gas", "name": "Gas"})
    change_set = door.propose(olena, [network], title="No place")
    assert '.svg" alt' not in signed_in.get(f"/desk/changes/{change_set.pk}/").content.decode()


@pytest.fixture
def disputed(change_set: ChangeSet, publish: Publish) -> ChangeSet:
    """While Olena moves the hall to one side, somebody publishes it on another."""
    publish([Edit.update("land.building", change_set.items.get().object_id, {}, square(100, 120, 40))])
    return change_set


def test_a_shape_in_conflict_is_drawn_three_times(signed_in: Client, disputed: ChangeSet) -> None:
    way = address(disputed, "items/{item}/conflict.svg")
    assert f'src="{way}"' in signed_in.get(f"/desk/changes/{disputed.pk}/").content.decode()
    response = signed_in.get(way, {"lang": "en"})
    text = response.content.decode()
    assert response["Content-Type"] == SVG
    assert [label in text for label in ("Was", "Published meanwhile", "Proposed here")] == [True] * 3
    assert len(set(re.findall(r'<path d="(M[^"]+Z)"', text))) == 3


def test_a_shape_in_no_conflict_has_no_such_drawing(signed_in: Client, change_set: ChangeSet) -> None:
    assert signed_in.get(address(change_set, "items/{item}/conflict.svg")).status_code == 404


def test_a_stranger_sees_no_drawing_of_a_conflict(client: Client, disputed: ChangeSet, stranger: User) -> None:
    client.force_login(stranger)
    assert client.get(address(disputed, "items/{item}/conflict.svg")).status_code == 403
