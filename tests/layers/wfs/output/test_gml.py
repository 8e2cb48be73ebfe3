"""GML as each version of WFS has it: what PostGIS stores comes back, under the names that the version knows."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.contrib.gis.geos import Polygon
from django.db import connection, transaction
from lxml import etree

from layers import crs
from layers.crs import Reference, named
from layers.wfs.output.formats import Format, format_of
from tests.conftest import EAST, NORTH, Publish, line, parcel, pipe, square
from tests.layers.served import ODD, Served, apart, by_postgis
from tests.layers.wfs.output.found import OWN, found, written

MILLIMETRE, DEGREES = 0.001, 1e-8
GML32, GML31, GML2 = format_of("GML32", "2.0.0"), format_of("GML3", "1.1.0"), format_of("GML2", "1.0.0")
FORMS = (GML32, GML31, GML2)
OLD_RINGS = (GML2, "outerBoundaryIs", "innerBoundaryIs")
ZONE = {"zone": "urn:gis-portal:registry"}


def names(form: Format) -> dict[str, str]:
    assert form.dialect
    return {**ZONE, "wfs": form.dialect.wfs, "gml": form.dialect.gml}


def read(form: Format, *keys: str, reference: Reference = OWN) -> etree._Element:
    return etree.fromstring(written(form, found(*keys, reference=reference)))


def all_of(form: Format, root: etree._Element, path: str) -> list:
    return root.xpath(path, namespaces=names(form))


def feature(form: Format, root: etree._Element, key: str, id: UUID) -> etree._Element:
    (one,) = all_of(form, root, f"//zone:{key}[@gml:id='{key}.{id}' or @fid='{key}.{id}']")
    return one


def vertices(form: Format, element: etree._Element) -> list[list[float]]:
    """Every vertex, in the order of the document."""
    found = []
    for text in all_of(form, element, ".//gml:pos | .//gml:posList | .//gml:coordinates"):
        flat = [float(number) for number in re.split(r"[ ,]", text.text)]
        found += [flat[start : start + 2] for start in range(0, len(flat), 2)]
    return found


@pytest.mark.parametrize(
    ("name", "srid", "tolerance"),
    [("urn:ogc:def:crs:EPSG::7801", 7801, MILLIMETRE), ("EPSG:7801", 7801, MILLIMETRE),
     ("urn:ogc:def:crs:EPSG::4326", 4326, DEGREES), ("EPSG:3857", 3857, MILLIMETRE)],
)  # fmt: skip
def test_coordinates_are_those_of_postgis(name: str, srid: int, tolerance: float, served: Served):
    """GML 2 writes x before y whatever the system is called."""
    for form in FORMS:
        reference = named(name, "srsName")
        flipped = reference.flipped and form is not GML2
        layers = {"water_pipe": served.pipes, "water_hydrant": served.hydrants, "parcels": served.parcels}
        for key, edits in layers.items():
            root = read(form, key, reference=reference)
            for edit in edits:
                expected = by_postgis(key, edit.object_id, srid, flipped=flipped)
                assert apart(vertices(form, feature(form, root, key, edit.object_id)), expected) <= tolerance


@pytest.mark.parametrize(
    ("form", "asked", "told"),
    [
        (GML32, "urn:ogc:def:crs:EPSG::7801", "urn:ogc:def:crs:EPSG::7801"),
        (GML32, "http://www.opengis.net/def/crs/EPSG/0/4326", "http://www.opengis.net/def/crs/EPSG/0/4326"),
        (GML32, "urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:OGC:1.3:CRS84"),
        (GML32, "EPSG:3857", "EPSG:3857"),
        (GML31, "urn:x-ogc:def:crs:EPSG:6.9:7801", "urn:x-ogc:def:crs:EPSG:6.9:7801"),
        (
            GML31,
            "http://www.opengis.net/gml/srs/epsg.xml#4326",
            "http://www.opengis.net/gml/srs/epsg.xml#4326",
        ),
        (GML2, "urn:ogc:def:crs:EPSG::7801", "http://www.opengis.net/gml/srs/epsg.xml#7801"),
    ],
)
def test_the_system_is_called_what_it_was_asked_for_by(form: Format, asked: str, told: str, served: Served):
    for key in ("water_pipe", "parcels"):
        root = read(form, key, reference=named(asked, "srsName"))
        assert set(all_of(form, root, "//@srsName")) == {told}


def test_texts_come_back_as_they_are(served: Served):
    for form in FORMS:
        one = feature(form, read(form, "water_pipe"), "water_pipe", served.pipes[0].object_id)
        assert one.findtext("zone:label", namespaces=ZONE) == ODD


def test_characters_that_xml_forbids_are_left_out(served: Served):
    change("UPDATE networks_link SET label = E'a\\x01\\x02\\uFFFF<b' WHERE label = 'P-1'")
    for form in FORMS:
        labels = {label.text for label in all_of(form, read(form, "water_pipe"), "//zone:label")}
        assert "a<b" in labels


@pytest.mark.parametrize(
    ("form", "layers"),
    [
        (GML32, {"parcels": "MultiSurface", "water_pipe": "LineString", "water_hydrant": "Point"}),
        (GML31, {"parcels": "MultiSurface", "water_pipe": "LineString", "water_hydrant": "Point"}),
        (GML2, {"parcels": "MultiPolygon", "water_pipe": "LineString", "water_hydrant": "Point"}),
    ],
)
def test_geometry_is_what_the_version_calls_it(form: Format, layers: dict[str, str], served: Served):
    for key, kind in layers.items():
        sent = all_of(form, read(form, key), "//zone:geom/*")
        assert {one.tag.rpartition("}")[2] for one in sent} == {kind}


def test_holes_and_parts_come_back(served: Served, publish: Publish):
    holed = square(500, 500)
    holed[0] = Polygon(holed[0][0].coords, square(520, 520, 20)[0][0].coords)
    publish([parcel("73626.1.3", holed)])
    for form, outer, inner in ((GML32, "exterior", "interior"), (GML31, "exterior", "interior"), OLD_RINGS):
        root = read(form, "parcels")
        rings = [len(all_of(form, root, f"//gml:Polygon/gml:{ring}/gml:LinearRing")) for ring in (outer, inner)]
        assert rings == [4, 1]


def test_heights_come_back(served: Served, publish: Publish):
    publish([pipe(served.network, line((500, 10, 181.5), (600, 10, 180.25)), label="high")])
    for form in FORMS:
        text = written(form, found("water_pipe")).decode()
        if form is GML2:
            assert f"<gml:coordinates>{EAST + 500:.0f},{NORTH + 10:.0f},181.5 " in text
        else:
            assert re.search(rf'srsDimension="3"[^>]*><gml:posList>{NORTH + 10:.0f} {EAST + 500:.0f} 181.5 ', text)


def test_a_feature_without_a_shape_has_no_element_for_it(served: Served):
    answer = found("water_pipe")
    change("ALTER TABLE networks_link ALTER geom DROP NOT NULL")
    change("UPDATE networks_link SET geom = NULL")
    for form in FORMS:
        root = etree.fromstring(written(form, answer))
        assert (len(all_of(form, root, "//zone:water_pipe")), all_of(form, root, "//zone:geom")) == (7, [])


def test_what_gml_knows_of_a_feature_comes_first(served: Served):
    change(
        """UPDATE networks_link SET standard_properties = '{"gml:name": "A & B", "gml:description": "<d>",
        "gml:identifier": "i-1", "gml:identifier@codeSpace": "urn:x:\\"y\\""}' WHERE label = 'P-1'"""
    )
    for form in FORMS:
        one = feature(form, read(form, "water_pipe"), "water_pipe", served.pipes[1].object_id)
        told = [(child.tag.rpartition("}")[2], child.text) for child in one if child.tag.startswith("{http")]
        expected = [("description", "<d>"), ("identifier", "i-1"), ("name", "A & B")]
        assert told == ([expected[0], expected[2]] if form is not GML32 else expected)
        assert form is not GML32 or one[1].get("codeSpace") == 'urn:x:"y"'


def test_what_nobody_wrote_has_no_element(served: Served):
    for form in FORMS:
        assert all_of(form, read(form, "water_pipe"), "//gml:name | //gml:description") == []


def test_each_version_calls_identifiers_its_own(served: Served):
    for form, attribute in ((GML32, "@gml:id"), (GML31, "@gml:id"), (GML2, "@fid")):
        ids = all_of(form, read(form, "water_hydrant"), f"//zone:water_hydrant/{attribute}")
        assert ids == [f"water_hydrant.{served.hydrants[0].object_id}"]


def test_identifiers_of_gml_32_are_unique_in_a_document(served: Served):
    ids = all_of(GML32, read(GML32, "parcels", "water_pipe"), "//@gml:id")
    assert len(ids) == len(set(ids)) > 9


def test_a_collection_of_1_0_says_that_its_place_is_unknown(served: Served):
    assert all_of(GML2, read(GML2, "water_pipe"), "/*/*[1]/gml:null")[0].text == "unknown"


def test_a_collection_of_1_1_counts_what_it_holds(served: Served):
    assert read(GML31, "water_pipe").get("numberOfFeatures") == "7"


def test_hits_of_1_1_are_counted_in_the_same_place(served: Served):
    root = etree.fromstring(written(GML31, found("water_pipe", hits=True)))
    assert (root.get("numberOfFeatures"), len(root)) == ("7", 0)


def test_hits_of_2_0_match_without_being_returned(served: Served):
    root = etree.fromstring(written(GML32, found("water_pipe", hits=True)))
    assert (root.get("numberMatched"), root.get("numberReturned"), len(root)) == ("7", "0", 0)


def test_an_empty_collection_is_whole(served: Served):
    for form in FORMS:
        root = etree.fromstring(written(form, found("buildings", "parcels", limit=0)))
        assert all_of(form, root, "//zone:*") == []


def test_several_queries_of_2_0_are_collections_in_the_collection(served: Served):
    root = read(GML32, "water_pipe", "water_hydrant")
    inner = all_of(GML32, root, "/wfs:FeatureCollection/wfs:member/wfs:FeatureCollection")
    assert [one.get("numberReturned") for one in inner] == ["7", "1"]
    assert root.get("numberReturned") == "8"


def test_several_queries_before_2_0_follow_one_another(served: Served):
    for form in FORMS[1:]:
        members = all_of(form, read(form, "water_pipe", "water_hydrant"), "/*/gml:featureMember/*")
        assert [one.tag.rpartition("}")[2] for one in members] == ["water_pipe"] * 7 + ["water_hydrant"]


def test_the_lock_is_told(served: Served):
    for form in FORMS:
        root = etree.fromstring(written(form, found("water_pipe", lock_id="lock-1")))
        assert root.get("lockId") == "lock-1"


def test_the_schema_of_all_types_is_pointed_to_in_the_words_of_the_version(served: Served):
    for form in FORMS:
        location = read(form, "water_pipe", "parcels").get("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation")
        assert form.dialect
        assert f"VERSION={form.dialect.version}" in location
        assert ("TYPENAMES=" if form is GML32 else "TYPENAME=") + "zone%3Awater_pipe%2Czone%3Aparcels" in location


def test_degrees_and_metres_have_the_digits_of_a_millimetre():
    assert (crs.authority(4326).decimals, crs.authority(7801).decimals) == (8, 3)


def change(statement: str) -> None:
    """Past the door."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('registries.door', 'open', true)")
        cursor.execute(statement)
