"""Requests in XML say what those in pairs say, in all versions; what is wrong with them is told."""

from __future__ import annotations

import gzip
import zlib

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from layers.crs import Reference
from layers.wfs import kvp, markup, xml
from layers.wfs.bodies import inflated
from layers.wfs.exceptions import NotParsed, TooLarge
from layers.wfs.requests import AdHocQuery, GetCapabilities, GetFeature, Request, StoredCall
from registries.core.errors import BadInput
from tests.layers.served import Served
from tests.layers.wfs.client import ADDRESS, Answer, body, post

V2 = (
    'xmlns="http://www.opengis.net/wfs/2.0" xmlns:fes="http://www.opengis.net/fes/2.0"'
    ' xmlns:zone="urn:gis-portal:registry" service="WFS" version="2.0.0"'
)
V1 = 'xmlns="http://www.opengis.net/wfs" xmlns:ogc="http://www.opengis.net/ogc" xmlns:zone="urn:gis-portal:registry"'


def read(text: str) -> Request:
    return xml.parse(markup.parse(text.encode()))


def query(text: str) -> AdHocQuery:
    request = read(text)
    assert isinstance(request, GetFeature)
    (found,) = request.queries
    assert isinstance(found, AdHocQuery)
    return found


def paired(**values: str) -> Request:
    return kvp.parse([("service", "WFS"), *values.items()])


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        (
            f'<GetFeature {V2} count="3" startIndex="2" resultType="hits">'
            '<Query typeNames="zone:parcels" srsName="EPSG:4326"><PropertyName>zone:label</PropertyName>'
            "<fes:SortBy><fes:SortProperty><fes:ValueReference>zone:label</fes:ValueReference>"
            "<fes:SortOrder>DESC</fes:SortOrder></fes:SortProperty></fes:SortBy></Query></GetFeature>",
            {"request": "GetFeature", "typeNames": "zone:parcels", "count": "3", "startIndex": "2",
             "resultType": "hits", "srsName": "EPSG:4326", "propertyName": "zone:label", "sortBy": "zone:label DESC"},
        ),
        (
            f'<GetFeature {V1} service="WFS" version="1.1.0" maxFeatures="5"><Query typeName="zone:parcels"/>'
            "</GetFeature>",
            {"request": "GetFeature", "version": "1.1.0", "typeName": "zone:parcels", "maxFeatures": "5"},
        ),
        (
            f'<GetFeature {V2}><StoredQuery id="urn:x"><Parameter name="ID">parcels.1</Parameter></StoredQuery>'
            "</GetFeature>",
            {"request": "GetFeature", "storedQuery_Id": "urn:x", "ID": "parcels.1"},
        ),
        (
            f'<DescribeFeatureType {V2}><TypeName>zone:parcels</TypeName></DescribeFeatureType>',
            {"request": "DescribeFeatureType", "typeNames": "zone:parcels"},
        ),
        (
            f'<DescribeStoredQueries {V2}><StoredQueryId>urn:x</StoredQueryId></DescribeStoredQueries>',
            {"request": "DescribeStoredQueries", "storedQuery_Id": "urn:x"},
        ),
        (
            f'<GetPropertyValue {V2} valueReference="zone:label"><Query typeNames="zone:parcels"/></GetPropertyValue>',
            {"request": "GetPropertyValue", "typeNames": "zone:parcels", "valueReference": "zone:label"},
        ),
        (f"<ListStoredQueries {V2}/>", {"request": "ListStoredQueries"}),
    ],
)  # fmt: skip
def test_xml_says_what_pairs_say(text: str, pairs: dict[str, str]):
    assert read(text) == paired(**pairs)


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ('<GetCapabilities xmlns="http://www.opengis.net/wfs/2.0" service="WFS"/>', "2.0.0"),
        ('<GetCapabilities xmlns="http://www.opengis.net/wfs" service="WFS"/>', "1.1.0"),
        ('<GetCapabilities xmlns="http://www.opengis.net/wfs" service="WFS" version="1.0.0"/>', "1.0.0"),
        (
            '<GetCapabilities xmlns="http://www.opengis.net/wfs/2.0" xmlns:o="http://www.opengis.net/ows/1.1">'
            "<o:AcceptVersions><o:Version>9.0</o:Version><o:Version>1.1.0</o:Version></o:AcceptVersions>"
            "<o:Sections><o:Section>FeatureTypeList</o:Section></o:Sections></GetCapabilities>",
            "1.1.0",
        ),
    ],
)
def test_the_version_of_capabilities_is_negotiated(text: str, version: str):
    request = read(text)
    assert isinstance(request, GetCapabilities)
    assert request.version == version


def test_the_attribute_decides_the_version_not_the_namespace():
    assert read(
        '<GetFeature xmlns="http://www.opengis.net/wfs" version="2.0.0"><Query typeName="a"/></GetFeature>'
    ) == (paired(request="GetFeature", typeNames="a"))


def test_in_1_0_x_comes_first_whatever_the_system_is_called():
    found = query(
        f'<GetFeature {V1} version="1.0.0"><Query typeName="a" srsName="urn:ogc:def:crs:EPSG::7801"/></GetFeature>'
    )
    assert found.reference == Reference(7801, flipped=False, is_authority=False)


def test_several_types_of_1_1_are_several_queries():
    request = read(f'<GetFeature {V1} version="1.1.0"><Query typeName="zone:parcels zone:zones"/></GetFeature>')
    assert isinstance(request, GetFeature)
    assert [one.type_names for one in request.queries if isinstance(one, AdHocQuery)] == [("parcels",), ("zones",)]


def test_several_types_with_a_filter_are_a_join():
    found = query(
        f'<GetFeature {V2}><Query typeNames="zone:parcels zone:zones" aliases="p z"><fes:Filter>'
        "<fes:PropertyIsEqualTo><fes:ValueReference>p/zone</fes:ValueReference>"
        "<fes:ValueReference>z/code</fes:ValueReference></fes:PropertyIsEqualTo></fes:Filter></Query></GetFeature>"
    )
    assert (found.type_names, found.aliases) == (("parcels", "zones"), ("p", "z"))


def test_a_stored_query_is_called_with_names_of_any_case():
    request = read(
        f'<GetFeature {V2}><StoredQuery id="urn:x"><Parameter name="Id">1</Parameter></StoredQuery></GetFeature>'
    )
    assert isinstance(request, GetFeature)
    assert request.queries == (StoredCall(id="urn:x", arguments={"id": "1"}),)


@pytest.mark.parametrize(
    ("text", "locator"),
    [
        ("<GetFeature/>", "GetFeature"),
        (f"<Nothing {V2}/>", "Nothing"),
        (f"<GetFeature {V2}/>", "Query"),
        (f"<GetFeature {V2}><Query/></GetFeature>", "typeNames"),
        (f"<GetFeature {V2}><Nothing/></GetFeature>", "Nothing"),
        (f'<GetFeature {V2} count="-1"><Query typeNames="a"/></GetFeature>', "count"),
        (f'<GetFeature {V2} resultType="all"><Query typeNames="a"/></GetFeature>', "resultType"),
        (f'<GetFeature {V2} resolve="remote"><Query typeNames="a"/></GetFeature>', "resolve"),
        (f'<GetFeature {V2}><Query typeNames="other:a"/></GetFeature>', "typeNames"),
        (f'<GetFeature {V2} xmlns:other="urn:other"><Query typeNames="other:a"/></GetFeature>', "typeNames"),
        (f'<GetFeature {V2}><Query typeNames="a" srsName="EPSG:1"/></GetFeature>', "srsName"),
        (f'<GetFeature {V2}><Query typeNames="a" featureVersion="1"/></GetFeature>', "featureVersion"),
        (f'<GetPropertyValue {V2}><Query typeNames="a"/></GetPropertyValue>', "valueReference"),
        (V2.join(('<GetFeature ', '><Query typeNames="a"/></GetFeature>')).replace("2.0.0", "4"), "version"),
        (V2.join(('<GetFeature ', '><Query typeNames="a"/></GetFeature>')).replace("WFS", "WMS"), "service"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_by_name(text: str, locator: str):
    with pytest.raises(BadInput) as caught:
        read(text)
    assert caught.value.locator == locator


@given(st.text(max_size=200))
def test_any_text_is_a_request_or_refused(text: str):
    refused = None
    try:
        read(f"<GetFeature {V2}>{text}</GetFeature>")
    except BadInput as problem:
        refused = problem
    assert refused is not None  # at least because text is no query


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress])
def test_a_compressed_body_is_what_it_was(pack):
    assert inflated(pack(b"<GetFeature/>"), 100) == b"<GetFeature/>"


def test_a_bomb_is_refused_before_it_is_in_memory():
    with pytest.raises(TooLarge):
        inflated(gzip.compress(bytes(50_000_000)), 1_000_000)


@pytest.mark.parametrize("data", [b"", b"x", gzip.compress(b"<GetFeature/>", mtime=0)[:-12]])
def test_a_broken_stream_is_told(data: bytes):
    with pytest.raises(NotParsed):
        inflated(data, 100)


FIRST_TWO = f'<GetFeature {V2} count="2"><Query typeNames="zone:water_pipe"/></GetFeature>'


def test_a_posted_request_is_answered(client: Client, served: Served):
    answer = post(client, FIRST_TWO)
    assert (answer.status, len(answer.ids), answer.text("/*/@numberMatched")) == (200, 2, "7")


def test_the_service_may_also_stand_in_the_address(client: Client, served: Served):
    response = client.post(f"{ADDRESS}?SERVICE=WFS", FIRST_TWO, content_type="text/xml")
    assert len(Answer(200, "", body(response)).ids) == 2


def test_the_pages_of_a_posted_request_are_linked(client: Client, served: Served):
    ids, answer = [], post(client, FIRST_TWO)
    while True:
        ids += answer.ids
        if not (address := "".join(answer.all("/*/@next"))):
            break
        response = client.get(address)
        answer = Answer(response.status_code, response["Content-Type"], body(response))
    assert len(ids) == len(set(ids)) == 7


def test_a_compressed_request_is_answered(client: Client, served: Served):
    response = client.post(
        ADDRESS, gzip.compress(FIRST_TWO.encode()), content_type="text/xml", headers={"Content-Encoding": "gzip"}
    )
    assert len(Answer(200, "", body(response)).ids) == 2


def test_a_compressed_bomb_is_refused_with_413(client: Client, db: None):
    bomb = gzip.compress(bytes(20_000_000))
    response = client.post(ADDRESS, bomb, content_type="text/xml", headers={"Content-Encoding": "gzip"})
    assert response.status_code == 413


def test_an_unknown_encoding_is_told(client: Client, db: None):
    response = client.post(ADDRESS, FIRST_TWO, content_type="text/xml", headers={"Content-Encoding": "br"})
    answer = Answer(response.status_code, "", body(response))
    assert (answer.status, answer.locator) == (400, "Content-Encoding")
