"""OWSLib reads capabilities, schema and features of each version."""

from __future__ import annotations

import re

import pytest
from lxml import etree
from owslib.feature.schema import get_schema
from owslib.wfs import WebFeatureService
from pytest_django.live_server_helper import LiveServer

from tests.layers.served import Served, apart, by_postgis

MILLIMETRE = 0.001


@pytest.mark.parametrize(("version", "flipped"), [("2.0.0", True), ("1.1.0", True), ("1.0.0", False)])
def test_owslib_reads_features(
    transactional_db: None, live_server: LiveServer, served: Served, version: str, flipped: bool
):
    service = WebFeatureService(f"{live_server.url}/ows/wfs", version=version)
    assert {"zone:water_pipe", "zone:parcels"} <= set(service.contents)
    got = etree.fromstring(service.getfeature(typename=["zone:water_hydrant"]).read())
    (text,) = got.xpath("//*[local-name()='pos' or local-name()='coordinates']/text()")
    place = [float(number) for number in re.split("[ ,]", text)]
    expected = by_postgis("water_hydrant", served.hydrants[0].object_id, 7801, flipped=flipped)
    assert apart([place], expected) <= MILLIMETRE


# It takes every surface of GML 3 for one with heights.
@pytest.mark.parametrize(
    ("version", "geometry"), [("2.0.0", "3D MultiPolygon"), ("1.1.0", "3D MultiPolygon"), ("1.0.0", "MultiPolygon")]
)
def test_owslib_reads_schemas(
    transactional_db: None, live_server: LiveServer, served: Served, version: str, geometry: str
):
    schema = get_schema(f"{live_server.url}/ows/wfs", "zone:parcels", version)
    assert schema is not None
    assert schema["properties"]["national_cadastral_reference"] == "string"
    assert (schema["geometry_column"], schema["geometry"]) == ("geom", geometry)
