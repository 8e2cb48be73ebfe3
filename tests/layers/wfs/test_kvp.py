"""Parsing: names are case-insensitive, values are checked, nothing that is not served is passed over."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.crs import Reference
from layers.wfs.kvp import parse
from layers.wfs.parameters import LARGEST, bbox
from layers.wfs.requests import AdHocQuery, Box, GetFeature, Request, StoredCall
from registries.core.errors import BadInput

BASE = (("SERVICE", "WFS"), ("VERSION", "2.0.0"), ("REQUEST", "GetFeature"), ("TYPENAMES", "zone:parcels"))
NAMES = [
    *("service", "VERSION", "request", "typeNames", "TYPENAME", "bbox", "count", "startIndex", "sortBy"),
    *("resourceId", "propertyName", "srsName", "resultType", "outputFormat", "namespaces", "filter", "storedQuery_Id"),
    *("id", "acceptVersions", "sections", "resolve"),
]
WORDS = st.sampled_from(
    [
        *("WFS", "2.0.0", "GetFeature", "GetCapabilities", "parcels", "zone:parcels", "1,2,3,4", "-1", "nan,inf,1,1"),
        *(
            "EPSG:7801",
            "urn:ogc:def:crs:EPSG::7801",
            "hits",
            "(a,b)",
            "*",
            "code DESC",
            "'; DROP TABLE x; --",
            "9" * 30,
        ),
    ]
)


def with_(**values: str) -> GetFeature:
    request = parse([*BASE, *values.items()])
    assert isinstance(request, GetFeature)
    return request


def query_with(**values: str) -> AdHocQuery:
    (query,) = with_(**values).queries
    assert isinstance(query, AdHocQuery)
    return query


def wrong(*pairs: tuple[str, str]) -> BadInput:
    with pytest.raises(BadInput) as caught:
        parse(pairs)
    return caught.value


def test_names_of_parameters_are_case_insensitive():
    assert parse([("sErViCe", "WFS"), ("rEqUeSt", "GetFeature"), ("tYpEnAmEs", "zone:parcels")]) == with_()


def test_the_same_parameter_with_two_values_is_refused():
    assert wrong(*BASE, ("count", "1"), ("COUNT", "2")).locator == "COUNT"


def test_qgis_names_the_type_twice():
    query = query_with(TYPENAME="zone:parcels", NAMESPACES="xmlns(zone,http://example.org/zone)")
    assert query.type_names == ("parcels",)


def test_an_unbound_prefix_is_refused():
    assert wrong(*BASE[:3], ("typeNames", "other:parcels")).locator == "typeNames"


@pytest.mark.parametrize("value", ["-1", "1.5", "x", "1e3", "٣"])
@pytest.mark.parametrize("name", ["count", "startIndex"])
def test_what_is_no_whole_number_is_refused(name: str, value: str):
    assert wrong(*BASE, (name, value)).locator == name


def test_a_count_beyond_every_bigint_is_cut():
    assert with_(count="9" * 40).count == LARGEST


@pytest.mark.parametrize(
    "value", ["1,2,3", "1,2,3,4,5,6", "a,b,c,d", "nan,1,2,3", "1,2,inf,4", "5,1,2,3", "1,5,2,3", "1,2,3,4,EPSG:9999"]
)
def test_a_wrong_bbox_is_refused(value: str):
    assert wrong(*BASE, ("bbox", value)).locator == "bbox"


def test_a_bbox_carries_its_system():
    box = query_with(bbox="42,25,43,26,urn:ogc:def:crs:EPSG::4326").bbox
    assert box == Box((42, 25, 43, 26), Reference(4326, flipped=True))


def test_the_short_name_of_a_system_means_x_y():
    assert query_with(srsName="EPSG:4326").reference == Reference(4326, flipped=False, is_authority=False)


def test_sort_by_takes_both_spellings():
    assert query_with(sortBy="zone:code DESC,label A,area_m2").sort_by == (
        ("code", True),
        ("label", False),
        ("area_m2", False),
    )


def test_what_is_not_served_is_refused_by_name():
    problem = wrong(*BASE, ("featureVersion", "x"))
    assert (problem.code, problem.locator) == ("OptionNotSupported", "featureVersion")  # type: ignore[attr-defined]


def test_what_is_not_our_own_is_an_argument_of_a_stored_query():
    request = parse([*BASE[:3], ("storedQuery_Id", "urn:x"), ("ID", "parcels.1"), ("count", "3")])
    assert isinstance(request, GetFeature)
    assert request.queries == (StoredCall(id="urn:x", arguments={"id": "parcels.1"}),)


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.one_of(WORDS, st.text(max_size=30))), max_size=12))
def test_any_pairs_make_a_request_or_a_clear_refusal(pairs: list[tuple[str, str]]):
    refused = None
    try:
        request = parse(pairs)
    except BadInput as problem:
        refused = problem
    if refused is None:
        assert isinstance(request, Request)
    else:
        assert str(refused)
        assert refused.locator


@given(st.text(max_size=60))
def test_any_bbox_is_a_box_or_refused(value: str):
    refused = None
    try:
        box = bbox(value)
    except BadInput as problem:
        refused = problem
    if refused is None:
        assert box is None or (box.corners[0] <= box.corners[2] and box.corners[1] <= box.corners[3])
    else:
        assert refused.locator == "bbox"
