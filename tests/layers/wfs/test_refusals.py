"""What is refused: the right code, locator and HTTP status, never a 500; nobody learns of what is hidden from them."""

from __future__ import annotations

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.layers.served import Served
from tests.layers.wfs.client import ADDRESS, Answer, ask, body

BY_ID = "urn:ogc:def:query:OGC-WFS::GetFeatureById"
INJECTION = "x' OR 1=1; DROP TABLE land_zone; --"


@pytest.mark.parametrize(
    ("request_name", "values", "status", "code", "locator"),
    [
        (None, {}, 400, "MissingParameterValue", "request"),
        ("GetFeature", {"service": None}, 400, "MissingParameterValue", "service"),
        ("GetFeature", {"service": "WMS"}, 400, "InvalidParameterValue", "service"),
        ("Nothing", {}, 400, "OperationNotSupported", "Nothing"),
        ("GetFeature", {"version": "1.2.0", "typeNames": "zones"}, 400, "InvalidParameterValue", "version"),
        ("DescribeFeatureType", {"version": "3"}, 400, "InvalidParameterValue", "version"),
        ("GetCapabilities", {"version": "newest"}, 400, "VersionNegotiationFailed", "version"),
        ("GetCapabilities", {"updateSequence": "9" * 40}, 400, "InvalidUpdateSequence", "updateSequence"),
        ("GetCapabilities", {"updateSequence": "x"}, 400, "InvalidUpdateSequence", "updateSequence"),
        ("GetCapabilities", {"sections": "Everything"}, 400, "InvalidParameterValue", "sections"),
        ("GetCapabilities", {"acceptVersions": "9.9.9"}, 400, "VersionNegotiationFailed", "acceptVersions"),
        ("GetFeature", {}, 400, "MissingParameterValue", "typeNames"),
        ("GetFeature", {"typeNames": "nothing"}, 400, "InvalidParameterValue", "typeNames"),
        ("GetFeature", {"typeNames": INJECTION}, 400, "InvalidParameterValue", "typeNames"),
        ("GetFeature", {"typeNames": "(zones)parcels"}, 400, "InvalidParameterValue", "typeNames"),
        (
            "GetFeature",
            {"typeNames": "(zones)(parcels)", "sortBy": "(a)(b)(c)"},
            400,
            "InvalidParameterValue",
            "sortBy",
        ),
        ("GetFeature", {"typeNames": "(zones)" * 101}, 400, "InvalidParameterValue", "typeNames"),
        ("GetFeature", {"typeNames": "zones", "as_of": "2020"}, 400, "InvalidParameterValue", "as_of"),
        ("GetFeature", {"body": "x"}, 400, "OperationParsingFailed", "body"),
        ("GetPropertyValue", {"typeNames": "zones"}, 400, "MissingParameterValue", "valueReference"),
        (
            "GetPropertyValue",
            {"typeNames": "zones", "valueReference": ""},
            400,
            "InvalidParameterValue",
            "valueReference",
        ),
        (
            "GetPropertyValue",
            {"typeNames": "zones", "valueReference": "x"},
            400,
            "InvalidParameterValue",
            "valueReference",
        ),
        ("DropStoredQuery", {"storedQuery_Id": "urn:x"}, 400, "OperationNotSupported", "request"),
        ("DescribeFeatureType", {"typeNames": "nothing"}, 400, "InvalidParameterValue", "typeNames"),
        ("GetFeature", {"typeNames": "zones", "count": "-1"}, 400, "InvalidParameterValue", "count"),
        ("GetFeature", {"typeNames": "zones", "startIndex": "-5"}, 400, "InvalidParameterValue", "startIndex"),
        ("GetFeature", {"typeNames": "zones", "bbox": "5,5,1,1"}, 400, "InvalidParameterValue", "bbox"),
        ("GetFeature", {"typeNames": "zones", "srsName": "EPSG:1"}, 400, "InvalidParameterValue", "srsName"),
        ("GetFeature", {"typeNames": "zones", "srsName": INJECTION}, 400, "InvalidParameterValue", "srsName"),
        ("GetFeature", {"typeNames": "zones", "sortBy": INJECTION}, 400, "InvalidParameterValue", "sortBy"),
        ("GetFeature", {"typeNames": "zones", "sortBy": "geom"}, 400, "InvalidParameterValue", "sortBy"),
        ("GetFeature", {"typeNames": "zones", "propertyName": INJECTION}, 400, "InvalidParameterValue", "propertyName"),
        ("GetFeature", {"typeNames": "zones", "outputFormat": "shape"}, 400, "InvalidParameterValue", "outputFormat"),
        ("GetFeature", {"typeNames": "zones", "resultType": "all"}, 400, "InvalidParameterValue", "resultType"),
        ("GetFeature", {"typeNames": "zones", "filter": "<Filter/>"}, 400, "OperationParsingFailed", "filter"),
        ("GetFeature", {"typeNames": "zones", "filter": "zone = 'east'"}, 400, "OperationParsingFailed", "filter"),
        (
            "GetFeature",
            {"storedQuery_Id": BY_ID, "id": "zones.x", "filter": "x"},
            400,
            "InvalidParameterValue",
            "filter",
        ),
        ("GetFeature", {"typeNames": "zones", "resolve": "remote"}, 400, "OptionNotSupported", "resolve"),
        ("GetFeature", {"storedQuery_Id": "urn:x"}, 400, "InvalidParameterValue", "storedQuery_Id"),
        ("DescribeStoredQueries", {"storedQuery_Id": "urn:x"}, 400, "InvalidParameterValue", "storedQuery_Id"),
        ("GetFeature", {"storedQuery_Id": BY_ID, "id": "zones.nothing"}, 404, "NotFound", "ID"),
        ("GetFeature", {"storedQuery_Id": BY_ID, "id": INJECTION}, 404, "NotFound", "ID"),
    ],
)
def test_a_wrong_request_gets_its_exception(
    client: Client, db: None, request_name: str | None, values: dict, status: int, code: str, locator: str
):
    answer = ask(client, request_name, **values)
    assert (answer.status, answer.code, answer.locator) == (status, code, locator)
    assert answer.text("//ows:ExceptionText")


def test_an_identifier_of_another_type_is_refused(client: Client, served: Served):
    id = f"water_pipe.{served.pipes[0].object_id}"
    condition = f'<Filter xmlns="http://www.opengis.net/fes/2.0"><ResourceId rid="{id}"/></Filter>'
    for way in ({"resourceId": id}, {"filter": condition}):
        answer = ask(client, typeNames="zones", **way)
        assert (answer.status, answer.code, answer.locator) == (400, "InvalidParameterValue", "resourceId")


def test_sql_in_an_identifier_finds_nothing(client: Client, served: Served):
    assert ask(client, typeNames="water_pipe", resourceId=f"water_pipe.{INJECTION}").ids == []


@pytest.mark.parametrize(
    ("posted", "charset"), [("&".join(f"a{n}=1" for n in range(2000)), "utf-8"), ("service=WFS", "utf-16")]
)
def test_a_form_that_cannot_be_read_is_refused_in_the_services_words(client: Client, db: None, posted, charset):
    form = f"application/x-www-form-urlencoded; charset={charset}"
    response = client.post(ADDRESS, posted.encode(), content_type=form)
    answer = Answer(response.status_code, response["Content-Type"], body(response))
    assert (answer.status, answer.code) == (400, "OperationParsingFailed")


def test_a_huge_post_is_refused(client: Client, db: None):
    response = client.post(ADDRESS, b"x=" + bytes(50_000_000), content_type="application/x-www-form-urlencoded")
    answer = Answer(response.status_code, response["Content-Type"], body(response))
    assert (answer.status, answer.code) == (413, "OperationParsingFailed")


def test_other_methods_are_refused(client: Client, db: None):
    response = client.delete(ADDRESS)
    assert response.status_code == 400


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.dictionaries(
        st.sampled_from(["bbox", "count", "startIndex", "sortBy", "resourceId", "propertyName", "srsName", "id"]),
        st.one_of(
            st.text(max_size=40),
            st.lists(st.floats(), min_size=4, max_size=4).map(lambda found: ",".join(map(str, found))),
            st.integers().map(str),
        ),
        max_size=4,
    )
)
def test_no_value_of_any_parameter_breaks_the_service(client: Client, served: Served, values: dict[str, str]):
    answer = ask(client, typeNames="water_pipe", **values)
    assert answer.status in (200, 400, 404)
    assert answer.xml is not None
