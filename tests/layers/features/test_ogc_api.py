"""OGC API – Features, Parts 1 and 2, for reading."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client

from layers import crs
from registries.networks.models import Network
from tests.conftest import EAST, NORTH, Publish, line, pipe
from tests.layers.served import ODD, Served, apart, by_postgis

ITEMS = "/ogc/collections/water_pipe/items"
MILLIMETRE, DEGREES = 0.001, 1e-8


def told(response: HttpResponse | StreamingHttpResponse) -> Any:
    return json.loads(response.getvalue())


def link(body: dict[str, Any], rel: str) -> str:
    return next((one["href"] for one in body["links"] if one["rel"] == rel), "")


@pytest.mark.parametrize("address", ["/ogc", "/ogc/"])
def test_the_landing_page_leads_everywhere(client: Client, served: Served, address: str):
    landing = told(client.get(address))
    for rel in ("service-desc", "conformance", "data"):
        assert client.get(link(landing, rel)).status_code == 200


def test_conformance_names_the_core_and_reference_systems(client: Client, db: None):
    classes = told(client.get("/ogc/conformance"))["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in classes
    assert "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs" in classes


def test_the_definition_tells_the_largest_page_and_every_collection(client: Client, served: Served):
    response = client.get("/ogc/api", headers={"accept": "application/vnd.oai.openapi+json;version=3.0"})
    definition = told(response)
    assert response["Content-Type"].startswith("application/vnd.oai.openapi+json")
    assert definition["components"]["parameters"]["limit"]["schema"]["maximum"] == 10_000
    assert "/collections/water_pipe/items" in definition["paths"]


@pytest.mark.parametrize("name", ["limit", "bbox", "datetime", "crs", "bbox-crs"])
def test_parameters_are_defined_as_the_standard_wants_them(client: Client, served: Served, name: str):
    """OGC 17-069r4, 7.15.2 to 7.15.4; OGC 18-058r1, 6.2."""
    found = told(client.get("/ogc/api"))["components"]["parameters"][name]
    assert (found["in"], found["required"], found["style"], found["explode"]) == ("query", False, "form", False)


def test_collections_tell_place_and_systems(client: Client, served: Served):
    found = {one["id"]: one for one in told(client.get("/ogc/collections"))["collections"]}
    pipes = found["water_pipe"]
    west, south, east, north = pipes["extent"]["spatial"]["bbox"][0]
    assert 26 < west < east < 27
    assert 43 < south < north < 44
    assert pipes["storageCrs"] == crs.uri(7801)
    assert pipes["crs"][0] == crs.CRS84
    assert client.get(link(pipes, "items")).status_code == 200


def test_a_collection_leads_to_its_metadata_and_licence(client: Client, served: Served, settings: Any):
    settings.DATA_LICENCE = "https://creativecommons.org/licenses/by/4.0/"
    links = told(client.get("/ogc/collections/water_pipe"))["links"]
    record = next(one for one in links if one["rel"] == "describedby" and one["type"] == "application/xml")
    assert b"MD_Metadata" in client.get(record["href"]).content
    assert settings.DATA_LICENCE in [one["href"] for one in links if one["rel"] == "license"]


def test_pages_lead_to_each_other(client: Client, served: Served):
    first = told(client.get(f"{ITEMS}?limit=3"))
    second = told(client.get(link(first, "next")))
    third = told(client.get(link(second, "next")))
    ids = [feature["id"] for page in (first, second, third) for feature in page["features"]]
    assert ids == sorted(str(pipe.object_id) for pipe in served.pipes)
    assert [page["numberReturned"] for page in (first, second, third)] == [3, 3, 1]
    assert link(third, "next") == ""
    assert told(client.get(link(second, "prev")))["features"] == first["features"]


def test_real_numbers_keep_their_point_and_all_their_digits(client: Client, network: Network, publish: Publish):
    """From whole numbers without one, QGIS and GDAL take the column for an integer's and lose what comes later."""
    numbers = (100.0, 0.1 + 0.2, 1e20)
    publish([pipe(network, line((0, n), (9, n)), diameter_mm=number) for n, number in enumerate(numbers)])
    body = client.get(ITEMS).getvalue().decode()
    assert '"diameter_mm":100.0,' in body
    assert {feature["properties"]["diameter_mm"] for feature in json.loads(body)["features"]} == set(numbers)


def test_a_page_has_ten_features_unless_asked_otherwise(client: Client, served: Served):
    assert len(told(client.get(ITEMS))["features"]) == 7
    assert 'limit": 10' not in link(told(client.get(ITEMS)), "self")
    assert told(client.get(f"{ITEMS}?limit=100000"))["numberReturned"] == 7


@pytest.mark.parametrize(
    ("system", "srid", "flipped", "tolerance"),
    [
        (crs.CRS84, 4326, False, DEGREES),
        (crs.uri(7801), 7801, True, MILLIMETRE),
        (crs.uri(4326), 4326, True, DEGREES),
        (crs.uri(3857), 3857, False, MILLIMETRE),
        (crs.uri(32635), 32635, False, MILLIMETRE),
    ],
)
def test_coordinates_come_in_the_systems_own_order(
    client: Client, served: Served, system: str, srid: int, flipped: bool, tolerance: float
):
    response = client.get(ITEMS, {"crs": system})
    assert response["Content-Crs"] == f"<{system}>"
    features = {feature["id"]: feature for feature in told(response)["features"]}
    for laid in served.pipes:
        got = features[str(laid.object_id)]["geometry"]["coordinates"]
        assert apart(got, by_postgis("water_pipe", laid.object_id, srid, flipped=flipped)) <= tolerance


def test_a_bbox_is_in_degrees_or_in_the_system_named(client: Client, served: Served):
    (lon, lat), *_rest = by_postgis("water_hydrant", served.hydrants[0].object_id, 4326, flipped=False)
    hydrants = "/ogc/collections/water_hydrant/items"
    near = f"{lon - 1e-6},{lat - 1e-6},{lon + 1e-6},{lat + 1e-6}"
    assert told(client.get(f"{hydrants}?bbox={near}"))["numberMatched"] == 1
    assert told(client.get(f"{hydrants}?bbox=0,0,1,1"))["numberMatched"] == 0
    north_first = f"{NORTH + 29},{EAST + 29},{NORTH + 31},{EAST + 31}"
    assert told(client.get(hydrants, {"bbox": north_first, "bbox-crs": crs.uri(7801)}))["numberMatched"] == 1


@pytest.mark.parametrize(
    ("bbox", "matched"),
    [
        ("-180,-90,180,90", 7),
        ("177,65,-177,70", 0),
        ("20,40,-170,50", 7),
        ("26,43,0,27,44,100", 7),
        ("-1e300,-1e300,1e300,1e300", 7),
    ],
)
def test_wide_boxes_and_the_antimeridian_are_understood(client: Client, served: Served, bbox: str, matched: int):
    assert told(client.get(f"{ITEMS}?bbox={bbox}"))["numberMatched"] == matched


@pytest.mark.parametrize(
    ("time", "matched"),
    [
        ("2018-02-12T23:20:50Z", 0),
        ("../2018-02-12T23:20:50Z", 0),
        ("2018-02-12T00:00:00Z/..", 7),
        ("2018-02-12/2999-03-18", 7),
        ("2999-01-01", 7),
    ],
)
def test_time_finds_what_was_in_the_registry_by_then(client: Client, served: Served, time: str, matched: int):
    assert told(client.get(f"{ITEMS}?datetime={time}"))["numberMatched"] == matched


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=ten", "limit"),
        ("offset=-5", "offset"),
        ("bbox=1,2,3", "bbox"),
        ("bbox=nan,1,2,3", "bbox"),
        ("bbox=1,5,2,3", "bbox"),
        ("bbox=1,2,3,4&bbox-crs=EPSG:1", "bbox-crs"),
        ("crs=http://www.opengis.net/def/crs/EPSG/0/1", "crs"),
        ("datetime=2018-13-45", "datetime"),
        ("datetime=2020-01-01/2019-01-01", "datetime"),
        ("datetime=2018-02-12T23:20:50", "datetime"),
        ("unknown=1", "unknown"),
        ("f=shape", "f"),
    ],
)
def test_wrong_parameters_are_told(client: Client, served: Served, query: str, parameter: str):
    response = client.get(f"{ITEMS}?{query}")
    assert (response.status_code, told(response)["parameter"]) == (400, parameter)


@pytest.mark.parametrize(
    "address",
    ["/ogc/collections/nothing", "/ogc/collections/nothing/items", f"{ITEMS}/nothing", f"{ITEMS}/{UUID(int=9)}"],
)
def test_what_is_not_there_is_not_found(client: Client, served: Served, address: str):
    response = client.get(address)
    assert response.status_code == 404
    assert told(response)["code"] == "NotFound"


def test_one_feature_tells_itself_and_its_collection(client: Client, served: Served):
    address = f"{ITEMS}/{served.pipes[0].object_id}"
    response = client.get(address)
    feature = told(response)
    assert response["Content-Type"] == "application/geo+json"
    assert feature["id"] == str(served.pipes[0].object_id)
    assert feature["properties"]["label"] == ODD
    assert link(feature, "self").endswith(address)
    assert link(feature, "collection").endswith("/ogc/collections/water_pipe")


def test_values_that_only_partners_see_are_absent(client: Client, served: Served, olena: Any):
    assert all("capacity" not in feature["properties"] for feature in told(client.get(ITEMS))["features"])
    client.force_login(olena)
    assert all("capacity" in feature["properties"] for feature in told(client.get(ITEMS))["features"])


@pytest.mark.parametrize("address", ["/ogc/", "/ogc/collections", ITEMS])
def test_scripts_of_any_site_may_read_without_credentials(client: Client, served: Served, address: str):
    response = client.get(address)
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response


@pytest.mark.parametrize(("address", "status"), [("/ogc/collections", 405), (ITEMS, 401)])
def test_only_reading_is_offered(client: Client, served: Served, address: str, status: int):
    assert set(client.options(address)["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert client.post(address, {}).status_code == status


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/ogc/?f=html", "OGC API"),
        ("/ogc/collections?f=html", "Cadastral parcels"),
        ("/ogc/collections/parcels?f=html", "Cadastral parcels"),
        ("/ogc/conformance?f=html", "conf/core"),
        (f"{ITEMS}?f=html", ">FlatGeobuf</a>"),
    ],
)
def test_people_get_a_page(client: Client, served: Served, address: str, expected: str):
    response = client.get(address, headers={"accept-language": "en"})
    assert response["Content-Type"].startswith("text/html")
    assert expected in response.content.decode()


def test_a_browser_gets_a_page_without_asking(client: Client, served: Served):
    response = client.get("/ogc/collections", headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert response["Content-Type"].startswith("text/html")
