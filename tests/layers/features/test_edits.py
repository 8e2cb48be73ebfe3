"""OGC API – Features, Part 4: what is created, changed and removed lands in the person's own draft."""

from __future__ import annotations

from uuid import uuid4

import pytest

from layers import crs
from registries.changes.models import ChangeItem
from registries.core.models import AccessToken
from registries.networks.models import Link
from tests.conftest import EAST, NORTH, person
from tests.layers.features.api import Api
from tests.layers.features.conftest import World

pytestmark = pytest.mark.django_db
PIPES = "collections/water_pipe/items"
METRES = {"Content-Crs": crs.uri(7801)}


def north_first(*places: tuple[float, ...]) -> dict:
    """A line through places in metres from the zone's corner, as EPSG:7801 orders axes."""
    return {"type": "LineString", "coordinates": [[NORTH + y, EAST + x, *z] for x, y, *z in places]}


def feature(geometry: dict | None = None, **properties: object) -> dict:
    shape = north_first((10, 900), (60, 910)) if geometry is None else geometry
    return {"type": "Feature", "geometry": shape, "properties": properties}


@pytest.fixture
def own(world: World) -> str:
    """The address of a published pipe."""
    return f"{PIPES}/{world.served.pipes[3].object_id}"


def test_a_new_feature_is_created_and_read_back(api: Api):
    made = api.ask("POST", PIPES, feature(label="N-1", diameter_mm=80, length_m=None, network=None), **METRES)
    assert (made.status, made.body) == (201, b"")
    read = api.get(made.headers["Location"], Accept="application/geo+json")
    assert (read.told["properties"]["label"], read.told["properties"]["diameter_mm"]) == ("N-1", 80.0)
    assert made.headers["Location"].endswith(f"/{PIPES}/{read.told['id']}")


def test_coordinates_are_taken_in_the_order_of_their_system(api: Api):
    for system, written in ((crs.uri(7801), METRES), (f"<{crs.uri(7801)}>", {"Content-Crs": f"<{crs.uri(7801)}>"})):
        made = api.ask("POST", PIPES, feature(), **written)
        read = api.get(f"{made.headers['Location']}?crs={crs.uri(7801)}").told["geometry"]
        assert read == north_first((10, 900), (60, 910)), system


def test_without_a_system_coordinates_are_longitude_and_latitude(api: Api, own: str):
    shape = api.get(own).told["geometry"]
    made = api.ask("POST", PIPES, feature(shape))
    there = api.get(f"{own}?crs={crs.uri(7801)}").told["geometry"]["coordinates"]
    copied = api.get(f"{made.headers['Location']}?crs={crs.uri(7801)}").told["geometry"]["coordinates"]
    assert all(abs(a - b) < 0.002 for p, q in zip(there, copied, strict=True) for a, b in zip(p, q, strict=True))


def test_swapped_axes_are_refused_with_a_hint(api: Api):
    swapped = {"type": "LineString", "coordinates": [[EAST + 10, NORTH + 900], [EAST + 60, NORTH + 910]]}
    answer = api.ask("POST", PIPES, feature(swapped), **METRES)
    assert answer.status == 400
    assert "ax" in answer.told["hint"] or "оси" in answer.told["hint"]


def test_heights_are_kept(api: Api):
    made = api.ask("POST", PIPES, feature(north_first((10, 900, 190.5), (60, 910, 191.25))), **METRES)
    places = api.get(f"{made.headers['Location']}?crs={crs.uri(7801)}").told["geometry"]["coordinates"]
    assert [place[2] for place in places] == [190.5, 191.25]


def test_nobody_else_sees_the_draft(api: Api):
    made = api.ask("POST", PIPES, feature(label="N-1"), **METRES)
    stranger = Api()
    assert stranger.get(made.headers["Location"]).status == 404
    assert stranger.get(PIPES).told["numberMatched"] == 7
    assert api.get(PIPES).told["numberMatched"] == 8


def test_a_session_of_a_browser_sees_no_draft_and_writes_nothing(api: Api, world: World):
    api.ask("POST", PIPES, feature(), **METRES)
    browser = Api()
    browser.client.force_login(world.olena)
    assert browser.get(PIPES).told["numberMatched"] == 7
    assert browser.ask("POST", PIPES, feature(), **METRES).status == 401
    assert "POST" not in browser.ask("OPTIONS", PIPES).allowed


def test_a_patch_changes_what_it_names(api: Api, own: str):
    before = api.get(own).told["properties"]
    done = api.ask("PATCH", own, {"properties": {"label": "upd", "material": None}})
    assert (done.status, done.body) == (204, b"")
    after = api.get(own).told["properties"]
    changed = {name for name in after if after[name] != before[name]}
    assert (changed, after["label"]) == ({"label", "material"}, "upd")


def test_a_patch_of_the_geometry_leaves_the_rest(api: Api, own: str):
    before = api.get(own).told["properties"]
    assert api.ask("PATCH", own, {"geometry": north_first((10, 305), (60, 310))}, **METRES).status == 204
    assert api.get(f"{own}?crs={crs.uri(7801)}").told["geometry"] == north_first((10, 305), (60, 310))
    assert api.get(own).told["properties"]["label"] == before["label"]


def test_a_whole_feature_is_replaced_by_what_was_read(api: Api, own: str):
    """Computed values come along and change nothing; what is left out is unknown from then on."""
    read = api.get(own).told
    read["properties"] |= {"label": "put"}
    del read["properties"]["diameter_mm"]
    assert api.ask("PUT", own, read).status == 204
    after = api.get(own).told["properties"]
    assert (after["label"], after["diameter_mm"], after["material"]) == ("put", None, read["properties"]["material"])


def test_a_feature_is_removed_from_the_draft_only(api: Api, own: str, world: World):
    assert api.ask("DELETE", own).status == 204
    assert api.get(own).status == 404
    assert Link.objects.filter(pk=world.served.pipes[3].object_id).exists()
    assert api.ask("DELETE", own).status == 404


def test_a_collection_is_added_whole_or_not_at_all(api: Api):
    bad = feature(label="B", material=["no", "text"])
    answer = api.ask("POST", PIPES, {"type": "FeatureCollection", "features": [feature(label="A"), bad]}, **METRES)
    assert (answer.status, ChangeItem.objects.filter(change_set__state="draft").count()) == (400, 0)
    good = {"type": "FeatureCollection", "features": [feature(label="A"), feature(north_first((9, 3), (20, 4)))]}
    made = api.ask("POST", PIPES, good, **METRES)
    assert (made.status, len(made.told["created"])) == (201, 2)


def test_the_answer_holds_the_feature_if_preferred(api: Api, own: str):
    wish = {"Prefer": "return=representation"}
    made = api.ask("POST", PIPES, feature(label="N"), **METRES, **wish)
    assert (made.status, made.told["properties"]["label"]) == (201, "N")
    done = api.ask("PATCH", own, {"properties": {"label": "upd"}}, **wish)
    assert (done.status, done.told["properties"]["label"]) == (200, "upd")
    assert done.headers["Preference-Applied"] == "return=representation"


def test_a_stale_tag_is_refused_and_the_present_one_taken(api: Api, own: str):
    first = api.get(own).headers["ETag"]
    second = api.ask("PATCH", own, {"properties": {"label": "one"}}, If_Match=first).headers["ETag"]
    stale = api.ask("PATCH", own, {"properties": {"label": "two"}}, If_Match=first)
    assert (stale.status, api.get(own).told["properties"]["label"]) == (412, "one")
    assert api.ask("PATCH", own, {"properties": {"label": "two"}}, If_Match=second).status == 204
    assert api.ask("DELETE", own, If_Match="*").status == 204


def test_the_tag_counts_in_every_system_and_form(api: Api, own: str):
    tag = api.get(f"{own}?crs={crs.uri(3857)}").headers["ETag"]
    assert tag != api.get(own).headers["ETag"]
    assert api.ask("PUT", own, api.get(own).told, If_Match=tag).status == 204


def test_what_is_known_is_not_sent_again(api: Api, own: str):
    tag = api.get(own).headers["ETag"]
    known = api.get(own, If_None_Match=tag)
    assert (known.status, known.body) == (304, b"")


def test_a_tag_of_what_is_not_there_is_stale(api: Api):
    assert api.ask("PUT", f"{PIPES}/{uuid4()}", feature(), If_Match="*", **METRES).status == 412
    assert api.ask("PUT", f"{PIPES}/{uuid4()}", feature(), **METRES).status == 404


def test_methods_are_allowed_by_the_rights_of_who_asks(api: Api, own: str, world: World):
    """QGIS makes a layer editable by them; it asks for a feature that cannot be where there is none."""
    assert api.ask("OPTIONS", PIPES).allowed == {"GET", "HEAD", "OPTIONS", "POST"}
    for address in (own, f"{PIPES}/unknown_id"):
        assert api.ask("OPTIONS", address).allowed == {"GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"}
    for other in (Api(), Api.of(person("stranger")), Api.of(world.olena, AccessToken.Scope.READ)):
        assert other.ask("OPTIONS", PIPES).allowed == {"GET", "HEAD", "OPTIONS"}
        assert other.ask("OPTIONS", own).allowed == {"GET", "HEAD", "OPTIONS"}


def test_who_may_not_edit_is_refused(api: Api, own: str, world: World):
    for other, status in (
        (Api(), 401),
        (Api.of(person("stranger")), 403),
        (Api.of(world.olena, AccessToken.Scope.READ), 403),
    ):
        for method, address in (("POST", PIPES), ("PUT", own), ("PATCH", own), ("DELETE", own)):
            assert other.ask(method, address, feature(), **METRES).status == status
    assert "Bearer" in Api().ask("DELETE", own).headers["WWW-Authenticate"]
    assert not ChangeItem.objects.filter(change_set__state="draft").exists()


def test_a_feature_of_anothers_draft_is_not_there(api: Api):
    made = api.ask("POST", PIPES, feature(), **METRES)
    other = Api.of(person("petar", "editor"))
    assert other.ask("PATCH", made.headers["Location"], {"properties": {"label": "mine"}}).status == 404


@pytest.mark.parametrize(
    ("method", "body", "headers", "status", "locator"),
    [
        ("POST", "{", {}, 400, "body"),
        ("POST", "[" * 100_000, {}, 400, "body"),
        ("POST", b"\xff\xfe", {}, 400, "body"),
        ("POST", [], {}, 400, "body"),
        ("POST", {"type": "Thing"}, {}, 400, "type"),
        ("POST", {"type": "FeatureCollection", "features": []}, {}, 400, "features"),
        ("POST", {"type": "FeatureCollection", "features": [1]}, {}, 400, "features/0"),
        ("POST", feature({"type": "Curve", "coordinates": []}), {}, 400, "geometry"),
        ("POST", feature({"type": "LineString", "coordinates": [[1, 2]]}), {}, 400, "geometry"),
        ("POST", feature({"type": "LineString", "coordinates": [[1, "2"], [3, 4]]}), {}, 400, "geometry"),
        ("POST", '{"type":"Feature","geometry":{"type":"Point","coordinates":[NaN,1]}}', {}, 400, "body"),
        ("POST", feature(), {"Content-Crs": "http://www.opengis.net/def/crs/EPSG/0/1"}, 400, "Content-Crs"),
        ("POST", feature(), {"Content-Type": "text/plain"}, 415, "Content-Type"),
        ("POST", feature(), {"Content-Encoding": "gzip"}, 415, "Content-Type"),
        ("PATCH", {"properties": {"length_m": 5000}}, {}, 400, "length_m"),
        ("PATCH", {"properties": {"nothing": 1}}, {}, 400, "nothing"),
        ("PATCH", {"properties": {"id": "1"}}, {}, 400, "id"),
        ("PATCH", {"properties": {"diameter_mm": "wide"}}, {}, 400, "diameter_mm"),
        ("PATCH", {"geometry": None}, {}, 400, "geometry"),
        ("PATCH", {"geometry": {"type": "LineString", "coordinates": []}}, {}, 400, "geom"),
        ("PATCH", {"properties": None}, {}, 400, "properties"),
        ("PATCH", {"properties": {}}, {"Content-Type": "application/geo+json"}, 415, "Content-Type"),
        ("DELETE", None, {"If-Match": 'W/"1-x"'}, 412, "If-Match"),
    ],
)
def test_wrong_bodies_are_refused_and_nothing_is_kept(
    api: Api, own: str, method: str, body: object, headers: dict[str, str], status: int, locator: str
):
    answer = api.ask(method, PIPES if method == "POST" else own, body, **{**METRES, **headers})
    assert (answer.status, answer.told["parameter"]) == (status, locator)
    assert not ChangeItem.objects.filter(change_set__state="draft").exists()


def test_words_reach_who_sees_the_status_line_only(api: Api, own: str):
    """In Latin letters, because nothing else passes there."""
    answer = api.ask("PATCH", own, {"properties": {"diameter_mm": "wide"}}, Accept_Language="bg")
    assert answer.reason.isascii()
    assert answer.reason not in ("Bad Request", "")
    assert "diamet" in answer.reason.lower()


@pytest.mark.parametrize(("method", "address"), [("PUT", PIPES), ("DELETE", PIPES), ("POST", f"{PIPES}/1")])
def test_a_method_that_makes_no_sense_names_those_that_do(api: Api, method: str, address: str):
    answer = api.ask(method, address, feature())
    assert answer.status == 405
    assert method not in answer.allowed


def test_scripts_of_other_sites_may_write_with_a_token(api: Api):
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    answer = Api().ask("OPTIONS", PIPES, **asked)
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in answer.headers
    made = api.ask("POST", PIPES, feature(), Origin="https://example.org", Sec_Fetch_Site="cross-site", **METRES)
    assert (made.status, made.headers["Access-Control-Allow-Origin"]) == (201, "*")
