"""GetFeature: what comes back, in which order, page by page, and exactly as stored."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.contrib.gis.geos import LinearRing, Polygon
from django.db import connection, transaction
from django.test import Client

from layers.wfs.names import GEOJSON_TYPE, GML_TYPE
from registries.changes import door
from registries.core import overlay
from registries.core.models import User
from tests.conftest import EAST, NORTH, Publish, line, parcel, pipe, square
from tests.layers.served import ODD, Served, apart, by_postgis
from tests.layers.wfs.client import ADDRESS, NAMES, Answer, ask, body, numbers

MILLIMETRE = 0.001
# A millimetre in degrees.
DEGREES = 1e-8


def follow(client: Client, address: str) -> Answer:
    parts = urlsplit(address)
    assert parts.path == ADDRESS
    response = client.get(ADDRESS, dict(parse_qsl(parts.query)))
    return Answer(response.status_code, response["Content-Type"], body(response))


def test_all_features_come_in_the_order_of_their_keys(client: Client, served: Served):
    answer = ask(client, typeNames="zone:water_pipe")
    assert answer.ids == sorted(f"water_pipe.{pipe.object_id}" for pipe in served.pipes)


def test_the_counts_are_told(client: Client, served: Served):
    answer = ask(client, typeNames="zone:water_pipe", count=2)
    assert (answer.text("/*/@numberMatched"), answer.text("/*/@numberReturned")) == ("7", "2")


def test_hits_are_counted_without_features(client: Client, served: Served):
    answer = ask(client, typeNames="water_pipe", resultType="hits")
    assert (answer.text("/*/@numberMatched"), answer.text("/*/@numberReturned"), answer.ids) == ("7", "0", [])


def test_following_next_reads_every_feature_once(client: Client, served: Served):
    pages = [ask(client, typeNames="water_pipe", count=3)]
    while address := "".join(pages[-1].all("/*/@next")):
        pages.append(follow(client, address))
    ids = [id for page in pages for id in page.ids]
    assert [len(page.ids) for page in pages] == [3, 3, 1]
    assert ids == ask(client, typeNames="water_pipe").ids


def test_previous_leads_back(client: Client, served: Served):
    first = ask(client, typeNames="water_pipe", count=3)
    second = follow(client, first.text("/*/@next"))
    assert follow(client, second.text("/*/@previous")).ids == first.ids


def test_next_of_hits_is_the_first_page(client: Client, served: Served):
    hits = ask(client, typeNames="water_pipe", resultType="hits", count=3)
    assert follow(client, hits.text("/*/@next")).ids == ask(client, typeNames="water_pipe", count=3).ids


def test_a_start_beyond_the_end_is_an_empty_page(client: Client, served: Served):
    answer = ask(client, typeNames="water_pipe", startIndex=10**15, count=5)
    assert (answer.status, answer.text("/*/@numberMatched"), answer.ids) == (200, "7", [])


def test_texts_come_back_as_they_are(client: Client, served: Served):
    answer = ask(client, typeNames="water_pipe", resourceId=f"water_pipe.{served.pipes[0].object_id}")
    assert answer.text("//zone:label") == ODD


def test_characters_that_xml_forbids_are_left_out(client: Client, served: Served):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('registries.door', 'open', true)")
        cursor.execute("UPDATE networks_link SET label = E'a\\x01\\x02\\uFFFF<b' WHERE label = 'P-1'")
    labels = {label.text for label in ask(client, typeNames="water_pipe").all("//zone:label")}
    assert "a<b" in labels


def test_null_has_no_element(client: Client, served: Served):
    answer = ask(client, typeNames="water_pipe")
    assert answer.all("//zone:pressure_kpa") == []
    assert len(answer.all("//zone:diameter_mm")) == 7


def test_values_are_written_as_xml_schema_has_them(client: Client, served: Served):
    answer = ask(client, typeNames="water_pipe", resourceId=f"water_pipe.{served.pipes[1].object_id}")
    assert answer.text("//zone:installed_on") == "2020-05-17"
    assert float(answer.text("//zone:diameter_mm")) == 101
    hydrants = ask(client, typeNames="water_hydrant")
    assert hydrants.text("//zone:is_open") == "true"
    begun = ask(client, typeNames="parcels").all("//zone:begin_lifespan_version")[0].text
    assert begun.endswith("+00:00")
    assert "T" in begun


def test_identifiers_in_a_document_are_unique(client: Client, served: Served):
    for layer in ("parcels", "water_pipe", "water_hydrant"):
        ids = ask(client, typeNames=layer).all("//@gml:id")
        assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("srs_name", "srid", "flipped", "tolerance"),
    [
        ("urn:ogc:def:crs:EPSG::7801", 7801, True, MILLIMETRE),
        ("http://www.opengis.net/def/crs/EPSG/0/7801", 7801, True, MILLIMETRE),
        ("EPSG:7801", 7801, False, MILLIMETRE),
        ("urn:ogc:def:crs:EPSG::4326", 4326, True, DEGREES),
        ("EPSG:4326", 4326, False, DEGREES),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", 4326, False, DEGREES),
        ("urn:ogc:def:crs:EPSG::4258", 4258, True, DEGREES),
        ("urn:ogc:def:crs:EPSG::3857", 3857, False, MILLIMETRE),
        ("urn:ogc:def:crs:EPSG::32635", 32635, False, MILLIMETRE),
    ],
)
def test_axes_follow_the_name_of_the_system(
    client: Client, served: Served, srs_name: str, srid: int, flipped: bool, tolerance: float
):
    for layer, edit in (("water_pipe", served.pipes[0]), ("parcels", served.parcels[1])):
        answer = ask(client, typeNames=layer, resourceId=f"{layer}.{edit.object_id}", srsName=srs_name)
        got = [place for part in answer.all("//gml:posList") for place in numbers(part.text)]
        assert apart(got, by_postgis(layer, edit.object_id, srid, flipped=flipped)) <= tolerance


def test_without_a_system_the_registrys_own_is_written_north_first(client: Client, served: Served):
    answer = ask(client, typeNames="water_hydrant")
    assert answer.text("//gml:Point/@srsName") == "urn:ogc:def:crs:EPSG::7801"
    north, east = answer.text("//gml:pos").split()
    assert (float(north), float(east)) == (NORTH + 30, EAST + 30)


def test_the_number_of_axes_is_left_to_the_system(client: Client, served: Served):
    """ISO 19136, 10.1.3.2: srsDimension stands only beside a srsName, never alone on a pos or posList."""
    for layer in ("water_hydrant", "water_pipe", "parcels"):
        assert ask(client, typeNames=layer).all("//@srsDimension") == []


def test_a_line_with_heights_tells_that_it_has_three_axes(client: Client, served: Served, publish: Publish):
    high = pipe(served.network, line((500, 10, 181.5), (600, 10, 180.25)), label="high")
    publish([high])
    answer = ask(client, typeNames="water_pipe", resourceId=f"water_pipe.{high.object_id}")
    assert answer.text("//gml:LineString[@srsName]/@srsDimension") == "3"
    assert numbers(answer.text("//gml:posList"), 3) == [
        [NORTH + 10, EAST + 500, 181.5],
        [NORTH + 10, EAST + 600, 180.25],
    ]


def test_areas_lie_to_the_left_of_their_rings_however_they_were_stored(
    client: Client, served: Served, publish: Publish
):
    """ISO 19107, 6.4.34: outer rings run counter-clockwise."""
    clockwise = square(900, 0)
    clockwise[0] = Polygon([*reversed(clockwise[0][0].coords)])
    edits = [parcel("73626.2.1", clockwise), parcel("73626.2.2", square(1100, 0))]
    publish(edits)
    for edit in edits:
        answer = ask(client, typeNames="parcels", resourceId=f"parcels.{edit.object_id}")
        ring = [(east, north) for north, east in numbers(answer.text("//gml:posList"))]
        assert LinearRing(ring).is_counterclockwise


def test_an_area_is_a_multi_surface_with_all_its_parts(client: Client, served: Served):
    answer = ask(client, typeNames="parcels", resourceId=f"parcels.{served.parcels[1].object_id}")
    assert len(answer.all("//zone:geom/gml:MultiSurface/gml:surfaceMember/gml:Polygon")) == 2


@pytest.mark.parametrize(
    "bbox",
    [
        f"{NORTH},{EAST},{NORTH + 50},{EAST + 100}",
        f"{NORTH},{EAST},{NORTH + 50},{EAST + 100},urn:ogc:def:crs:EPSG::7801",
        f"{EAST},{NORTH},{EAST + 100},{NORTH + 50},EPSG:7801",
    ],
)
def test_a_bbox_is_read_in_the_order_of_its_system(client: Client, served: Served, bbox: str):
    assert ask(client, typeNames="water_pipe", bbox=bbox).ids == [f"water_pipe.{served.pipes[0].object_id}"]


def test_a_bbox_takes_what_crosses_its_edge(client: Client, served: Served):
    bbox = f"{EAST + 20},{NORTH},{EAST + 21},{NORTH + 50},EPSG:7801"
    assert len(ask(client, typeNames="water_pipe", bbox=bbox).ids) == 1


@pytest.mark.parametrize("srid", [4326, 4258, 3857, 32635])
def test_a_bbox_in_another_system_finds_what_postgis_puts_there(client: Client, served: Served, srid: int):
    (x, y), *_rest = by_postgis("water_hydrant", served.hydrants[0].object_id, srid, flipped=False)
    near = 1e-6 if srid in (4326, 4258) else 0.1
    bbox = f"{x - near},{y - near},{x + near},{y + near},EPSG:{srid}"
    assert len(ask(client, typeNames="water_hydrant", bbox=bbox).ids) == 1


@pytest.mark.parametrize(
    ("bbox", "matched"),
    [
        ("-1e300,-1e300,1e300,1e300", 7),
        ("-1e300,-1e300,1e300,1e300,EPSG:4326", 7),
        ("-90,-180,90,180,urn:ogc:def:crs:EPSG::4326", 7),
        ("-1e9,-1e9,1e9,1e9,EPSG:3857", 7),
        ("500,500,600,600,EPSG:4326", 0),
        ("-80,-170,-79,-169,urn:ogc:def:crs:EPSG::4326", 0),
        ("0,0,0,0", 0),
    ],
)
def test_an_absurd_bbox_is_answered(client: Client, served: Served, bbox: str, matched: int):
    answer = ask(client, typeNames="water_pipe", bbox=bbox, resultType="hits")
    assert (answer.status, answer.text("/*/@numberMatched")) == (200, str(matched))


def test_sort_by_orders_and_ends_in_the_key(client: Client, served: Served):
    answer = ask(client, typeNames="water_pipe", sortBy="material DESC,diameter_mm DESC")
    pairs = [
        (
            member.findtext(".//zone:material", namespaces=NAMES),
            float(member.findtext(".//zone:diameter_mm", namespaces=NAMES)),
        )
        for member in answer.all("//wfs:member")
    ]
    assert pairs == sorted(pairs, reverse=True)


def test_only_the_properties_asked_for_are_written(client: Client, served: Served):
    answer = ask(client, typeNames="water_pipe", propertyName="zone:label,material", count=1)
    assert [child.tag.rpartition("}")[2] for child in answer.all("//wfs:member/*/*")] == ["label", "material"]


def test_identifiers_find_their_features_with_or_without_the_type(client: Client, served: Served):
    wanted = sorted(f"water_pipe.{pipe.object_id}" for pipe in served.pipes[:2])
    assert ask(client, resourceId=",".join(wanted)).ids == wanted
    assert ask(client, typeNames="water_pipe", resourceId=",".join(wanted)).ids == wanted


def test_an_identifier_that_nothing_has_finds_nothing(client: Client, served: Served):
    answer = ask(client, typeNames="water_pipe", resourceId="water_pipe.nothing")
    assert (answer.status, answer.ids) == (200, [])


def test_geojson_is_in_degrees_unless_asked_otherwise(client: Client, served: Served):
    answer = ask(
        client, typeNames="water_pipe", outputFormat="geojson", resourceId=f"water_pipe.{served.pipes[2].object_id}"
    )
    collection = json.loads(answer.content)
    (feature,) = collection["features"]
    assert answer.content_type == GEOJSON_TYPE
    assert "crs" not in collection
    assert feature["id"] == f"water_pipe.{served.pipes[2].object_id}"
    expected = by_postgis("water_pipe", served.pipes[2].object_id, 4326, flipped=False)
    assert apart(feature["geometry"]["coordinates"], expected) <= DEGREES


def test_geojson_in_another_system_says_so_and_keeps_x_before_y(client: Client, served: Served):
    answer = ask(client, typeNames="water_pipe", outputFormat="application/json", srsName="urn:ogc:def:crs:EPSG::7801")
    collection = json.loads(answer.content)
    feature = next(f for f in collection["features"] if f["id"].endswith(str(served.pipes[2].object_id)))
    assert collection["crs"]["properties"]["name"] == "urn:ogc:def:crs:EPSG::7801"
    expected = by_postgis("water_pipe", served.pipes[2].object_id, 7801, flipped=False)
    assert apart(feature["geometry"]["coordinates"], expected) <= MILLIMETRE


def test_geojson_tells_the_counts_and_the_values(client: Client, served: Served):
    collection = json.loads(ask(client, typeNames="water_pipe", outputFormat="geojson", count=3).content)
    assert (collection["numberMatched"], collection["numberReturned"], len(collection["features"])) == (7, 3, 3)
    labels = {
        feature["properties"]["label"]
        for feature in json.loads(ask(client, typeNames="water_pipe", outputFormat="geojson").content)["features"]
    }
    assert ODD in labels


def test_an_empty_layer_is_an_empty_collection_in_both_formats(client: Client, served: Served):
    assert ask(client, typeNames="plots").text("/*/@numberMatched") == "0"
    assert json.loads(ask(client, typeNames="plots", outputFormat="geojson").content)["features"] == []


def test_the_answer_may_be_read_by_scripts_of_any_site(client: Client, served: Served):
    response = client.get(ADDRESS, {"service": "WFS", "request": "GetCapabilities"})
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response


def test_pairs_may_be_posted_as_a_form(client: Client, served: Served):
    pairs = {"service": "WFS", "version": "2.0.0", "request": "GetFeature", "typeNames": "water_pipe", "count": 2}
    response = client.post(
        ADDRESS, "&".join(f"{k}={v}" for k, v in pairs.items()), content_type="application/x-www-form-urlencoded"
    )
    assert (response.status_code, response["Content-Type"]) == (200, GML_TYPE)
    assert len(Answer(200, GML_TYPE, body(response)).ids) == 2


def test_head_tells_the_format_without_a_download(client: Client, served: Served):
    response = client.head(ADDRESS, {"service": "WFS", "request": "GetFeature", "typeNames": "water_pipe"})
    assert (response.status_code, response["Content-Type"]) == (200, GML_TYPE)


def test_within_a_draft_the_service_speaks_of_the_draft(client: Client, served: Served, olena: User):
    added = pipe(served.network, line((200, 10), (300, 10)), label="drafted")
    change_set = door.propose(olena, [added], title="one more pipe")
    with overlay.draft(change_set.pk):
        assert f"water_pipe.{added.object_id}" in ask(client, typeNames="water_pipe").ids
        assert ask(client, typeNames="water_pipe", resultType="hits").text("/*/@numberMatched") == "8"
    assert len(ask(client, typeNames="water_pipe").ids) == 7


def test_as_of_an_earlier_day_the_service_speaks_of_that_day(client: Client, served: Served):
    with overlay.as_of(datetime(2001, 1, 1, tzinfo=UTC)):
        assert ask(client, typeNames="water_pipe").ids == []
