"""Whatever is sent, the answer is no failure of ours, and a refusal keeps nothing."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers import crs
from layers.features.parameters import ITEMS
from layers.features.reasons import LONGEST, phrase
from registries.changes.models import ChangeItem
from tests.conftest import EAST, NORTH
from tests.layers.features.api import Api
from tests.layers.features.conftest import World

pytestmark = pytest.mark.django_db
PIPES = "collections/water_pipe/items"
QUIETLY = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
LEAVES = st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)
NUMBERS = st.sampled_from([EAST, NORTH, 0, -1e300, 1e18, 26.5, 43.2]) | st.floats()
PLACES = st.lists(st.lists(NUMBERS, max_size=4), max_size=4)
SHAPES = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["Point", "LineString", "Polygon", "MultiPolygon", "MultiPoint", "GeometryCollection"]),
        "coordinates": st.one_of(st.lists(NUMBERS, max_size=4), PLACES, st.lists(PLACES, max_size=2), ANYTHING),
    }
)
NAMES = st.sampled_from(
    ["label", "diameter_mm", "installed_on", "status", "network", "length_m", "gml:name", "id", "x"]
)
FEATURES = st.fixed_dictionaries(
    {
        "type": st.just("Feature"),
        "geometry": SHAPES | ANYTHING,
        "properties": st.dictionaries(NAMES, ANYTHING, max_size=3) | ANYTHING,
    }
)
SYSTEMS = st.sampled_from(["", crs.uri(7801), f"<{crs.uri(4326)}>", crs.CRS84, "EPSG:7801", "x"])
WORDS = st.sampled_from(
    ["label", "'x'", "=", "<", "AND", "NOT", "(", ")", "diameter_mm", "1e400", "IN", "LIKE", "'%'", "BETWEEN",
     "S_INTERSECTS(geom,POINT(1 2))", "T_AFTER(installed_on,DATE('2020-01-01'))", "CASEI(", "/", "0", "IS NULL",
     "\\", "\x00"]
)  # fmt: skip
VALUES = (
    st.text(max_size=12) | WORDS | st.sampled_from(["1,2,3,4", "-1", "10", "../..", "2020-01-01", "cql2-json", "html"])
)


@QUIETLY
@given(body=FEATURES | ANYTHING, system=SYSTEMS, method=st.sampled_from(["POST", "PUT", "PATCH"]))
def test_no_body_makes_the_server_fail(api: Api, world: World, body: object, system: str, method: str):
    kept = ChangeItem.objects.count()
    address = PIPES if method == "POST" else f"{PIPES}/{world.served.pipes[0].object_id}"
    answer = api.ask(method, address, json.dumps(body), **{"Content-Crs": system})
    assert answer.status in (201, 204, 400, 403, 404, 409, 422), answer.body
    if answer.status >= 400:
        assert answer.told["detail"]
        assert ChangeItem.objects.count() == kept


@pytest.mark.parametrize(
    "body",
    [
        {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [10**400, 43]}},
        {"type": "Feature", "properties": {"\ud800": 1}, "geometry": None},
        {"type": "Feature", "properties": {"network": "\0"}, "geometry": None},
        {"type": "Feature", "properties": {"network": "\ud800"}, "geometry": None},
    ],
)
def test_what_neither_a_number_nor_a_text_can_hold_is_refused(api: Api, world: World, body: object):
    assert api.ask("POST", PIPES, body).status == 400


@QUIETLY
@given(body=st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_no_bytes_make_the_server_fail(api: Api, body: bytes):
    # Django's client names no media type where there is no body.
    assert api.ask("POST", PIPES, body).status in ((400,) if body else (400, 415))


@QUIETLY
@given(asked=st.dictionaries(st.sampled_from([*ITEMS, "label", "diameter_mm", "status"]), VALUES, max_size=4))
def test_no_parameter_makes_the_server_fail(world: World, asked: dict[str, str]):
    answer = Api().get(f"{PIPES}?{urlencode(asked, errors='replace')}")
    assert answer.status in (200, 400, 403), asked


@QUIETLY
@given(words=st.lists(WORDS, min_size=1, max_size=7))
def test_no_filter_makes_the_server_fail(world: World, words: list[str]):
    assert Api().get(f"{PIPES}?{urlencode({'filter': ' '.join(words)})}").status in (200, 400)


@given(st.text())
def test_a_reason_is_one_short_line_of_ascii(text: str):
    told = phrase(text)
    assert told.isascii()
    assert told.isprintable()
    assert len(told) <= LONGEST


def test_a_reason_spells_bulgarian_as_the_law_does(db: None):
    assert phrase("„Щъркел“ – чист\nжълт юнак, №5") == '"Shtarkel" - chist zhalt yunak, No 5'
