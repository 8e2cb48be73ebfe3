"""Several queries and types in one request, joins, and the values of one property."""

from __future__ import annotations

import pytest
from django.test import Client

from layers.wfs import features
from tests.layers.served import Served
from tests.layers.wfs.client import ask, post

START = (
    '<GetFeature xmlns="http://www.opengis.net/wfs/2.0" xmlns:fes="http://www.opengis.net/fes/2.0"'
    ' xmlns:zone="urn:gis-portal:registry" service="WFS" version="2.0.0"'
)


@pytest.fixture
def joined() -> str:
    """Each pipe with each parcel that it meets."""
    return (
        '<Query typeNames="zone:water_pipe zone:parcels" aliases="w p"><fes:Filter><fes:Intersects>'
        "<fes:ValueReference>w/zone:geom</fes:ValueReference><fes:ValueReference>p/zone:geom</fes:ValueReference>"
        "</fes:Intersects></fes:Filter></Query>"
    )


def test_several_queries_are_collections_within_the_collection(client: Client, served: Served):
    answer = ask(client, typeNames="(water_pipe)(parcels)")
    inner = answer.all("/*/wfs:member/wfs:FeatureCollection")
    assert [one.get("numberMatched") for one in inner] == ["7", "2"]
    assert (answer.text("/*/@numberMatched"), answer.text("/*/@numberReturned")) == ("9", "9")


def test_a_page_goes_over_the_results_of_all_queries(client: Client, served: Served):
    answer = ask(client, typeNames="(water_pipe)(parcels)", startIndex=6, count=2)
    inner = answer.all("/*/wfs:member/wfs:FeatureCollection")
    assert [one.get("numberReturned") for one in inner] == ["1", "1"]
    assert [len(one.findall("./{*}member")) for one in inner] == [1, 1]


def test_hits_of_several_queries_are_added(client: Client, served: Served):
    assert ask(client, typeNames="(water_pipe)(parcels)", resultType="hits").text("/*/@numberMatched") == "9"


def test_types_without_a_condition_between_them_are_queries_of_their_own(client: Client, served: Served):
    assert len(ask(client, typeNames="water_pipe,parcels").all("//wfs:FeatureCollection/wfs:member/*[@gml:id]")) == 9


def test_identifiers_of_several_types_are_found(client: Client, served: Served):
    wanted = [f"water_pipe.{served.pipes[0].object_id}", f"parcels.{served.parcels[0].object_id}"]
    assert ask(client, resourceId=",".join(wanted)).ids == wanted


def test_several_filters_hold_each_for_its_query(client: Client, served: Served):
    filters = "".join(
        '(<fes:Filter xmlns:fes="http://www.opengis.net/fes/2.0"><fes:PropertyIsEqualTo><fes:ValueReference>label'
        f"</fes:ValueReference><fes:Literal>{label}</fes:Literal></fes:PropertyIsEqualTo></fes:Filter>)"
        for label in ("P-1", "P-2")
    )
    answer = ask(client, typeNames="(water_pipe)(water_pipe)", filter=filters)
    assert [label.text for label in answer.all("//zone:label")] == ["P-1", "P-2"]


def test_in_1_1_the_features_of_all_types_follow_one_another(client: Client, served: Served):
    answer = ask(client, version="1.1.0", typeNames="water_pipe,parcels")
    assert answer.xml.get("numberOfFeatures") == "9"
    assert answer.xml.tag == "{http://www.opengis.net/wfs}FeatureCollection"


def test_joined_features_come_in_tuples(client: Client, served: Served, joined: str):
    answer = post(client, f"{START}>{joined}</GetFeature>")
    tuples = answer.all("/*/wfs:member/wfs:Tuple")
    assert answer.status == 200, answer.content
    assert [[feature[0].tag.rpartition("}")[2] for feature in one] for one in tuples] == [["water_pipe", "parcels"]]
    assert answer.text("//zone:national_cadastral_reference") == "73626.1.1"


def test_tuples_are_counted_and_paged(client: Client, served: Served, joined: str):
    assert post(client, f'{START} resultType="hits">{joined}</GetFeature>').text("/*/@numberMatched") == "1"
    answer = post(client, f'{START} startIndex="1">{joined}</GetFeature>')
    assert answer.all("//wfs:Tuple") == []


def test_a_feature_that_comes_again_is_told_by_reference(client: Client, served: Served):
    """An identifier may stand in a document but once."""
    for values in (
        {"typeNames": "(water_pipe)(water_pipe)"},
        {"typeNames": "water_pipe,water_pipe", "version": "1.1.0"},
    ):
        answer = ask(client, **values)
        ids = [one.get(key) for one in answer.xml.iter() for key in one.attrib if key.endswith("}id")]
        assert len(ids) == len(set(ids))
        hrefs = answer.xml.xpath("//@x:href", namespaces={"x": "http://www.w3.org/1999/xlink"})
        assert sorted(hrefs) == sorted(f"#water_pipe.{pipe.object_id}" for pipe in served.pipes)


def test_a_join_in_pairs(client: Client, served: Served):
    condition = (
        '<fes:Filter xmlns:fes="http://www.opengis.net/fes/2.0"><fes:PropertyIsLessThan>'
        "<fes:ValueReference>a/diameter_mm</fes:ValueReference><fes:ValueReference>b/diameter_mm</fes:ValueReference>"
        "</fes:PropertyIsLessThan></fes:Filter>"
    )
    answer = ask(client, typeNames="(water_pipe,water_pipe)", aliases="(a,b)", filter=f"({condition})", count=2)
    assert answer.text("/*/@numberMatched") == "21"
    assert len(answer.all("//wfs:Tuple")) == 2


def test_a_join_shows_nobody_more_than_its_types(client: Client, served: Served, joined: str):
    answer = post(client, f"{START}>{joined.replace('w/zone:geom', 'w/zone:capacity')}</GetFeature>")
    assert answer.status == 400


def test_a_join_of_too_many_is_refused_and_counted(
    client: Client, served: Served, joined: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(features, "JOIN_MOST_TUPLES", 0)
    answer = post(client, f"{START}>{joined}</GetFeature>")
    assert (answer.status, answer.code, answer.locator) == (400, "OptionNotSupported", "filter")
    assert post(client, f'{START} resultType="hits">{joined}</GetFeature>').text("/*/@numberMatched") == "1"


def test_cql2_is_a_filter_too(client: Client, served: Served):
    answer = ask(client, typeNames="water_pipe", cql_filter="diameter_mm > 102 AND material = 'PE'")
    assert {label.text for label in answer.all("//zone:label")} == {"P-3", "P-5"}


@pytest.mark.parametrize(
    ("values", "locator"),
    [
        ({"typeNames": "water_pipe,parcels", "aliases": "a,b"}, "filter"),
        ({"typeNames": "water_pipe", "cql_filter": "label = 'x'", "filter": "<Filter/>"}, "cql_filter"),
        ({"typeNames": "(water_pipe)(parcels)", "outputFormat": "csv"}, "outputFormat"),
    ],
)
def test_what_cannot_be_joined_or_mixed_is_told(client: Client, served: Served, values: dict[str, str], locator: str):
    answer = ask(client, **values)
    assert (answer.status, answer.locator) == (400, locator)


def values_of(client: Client, **values: object):
    return ask(client, "GetPropertyValue", **values)


def test_the_values_of_a_property_are_elements(client: Client, served: Served):
    answer = values_of(client, typeNames="water_pipe", valueReference="zone:diameter_mm", sortBy="diameter_mm")
    assert [float(value.text) for value in answer.all("/wfs:ValueCollection/wfs:member/zone:diameter_mm")] == [
        100.0 + number for number in range(7)
    ]


def test_a_feature_without_a_value_has_none_in_the_collection(client: Client, served: Served):
    answer = values_of(client, typeNames="water_pipe", valueReference="pressure_kpa")
    assert (answer.text("/*/@numberMatched"), answer.all("//wfs:member")) == ("0", [])


@pytest.mark.parametrize("path", ["@gml:id", "zone:water_pipe/@gml:id"])
def test_identifiers_are_values_too(client: Client, served: Served, path: str):
    found = [one.text for one in values_of(client, typeNames="water_pipe", valueReference=path).all("//wfs:member")]
    assert found == ask(client, typeNames="water_pipe").ids


def test_geometries_are_values_too(client: Client, served: Served):
    answer = values_of(client, typeNames="water_hydrant", valueReference="zone:geom", srsName="EPSG:7801")
    assert answer.text("//wfs:member/zone:geom/gml:Point/gml:pos") == "587030 4790030"


def test_values_are_counted_and_paged(client: Client, served: Served):
    asked = {"typeNames": "water_pipe", "valueReference": "label"}
    assert values_of(client, **asked, resultType="hits").text("/*/@numberMatched") == "7"
    page = values_of(client, **asked, count=3, startIndex=3)
    assert (len(page.all("//wfs:member")), page.text("/*/@numberReturned")) == (3, "3")
    assert "startIndex=6" in page.text("/*/@next")


def test_values_of_a_hidden_column_are_not_told(client: Client, served: Served):
    answer = values_of(client, typeNames="water_pipe", valueReference="capacity")
    assert (answer.status, answer.locator) == (400, "valueReference")
