"""GDAL and OWSLib read every feature of the OGC API where PostGIS says that it lies."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from owslib.ogcapi.features import Features
from pytest_django.live_server_helper import LiveServer

from layers import crs
from tests.layers.served import Served, apart, by_postgis

MILLIMETRE, DEGREES = 0.001, 1e-8


@pytest.mark.skipif(shutil.which("ogr2ogr") is None, reason="ogr2ogr (package gdal-bin) is not installed")
def test_gdal_reads_page_by_page(transactional_db: None, live_server: LiveServer, served: Served, tmp_path: Path):
    target = tmp_path / "pipes.geojson"
    environment = {name: value for name, value in os.environ.items() if name not in ("PROJ_LIB", "GDAL_DATA")}
    source = f"OAPIF:{live_server.url}/ogc/"
    command = ["ogr2ogr", "-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=10", "-oo", "PAGE_SIZE=3", str(target), source]
    subprocess.run([*command, "water_pipe"], check=True, env=environment, capture_output=True, timeout=120)
    features = json.loads(target.read_text())["features"]
    found = {feature["properties"].get("id", feature.get("id")): feature for feature in features}
    assert set(found) == {str(pipe.object_id) for pipe in served.pipes}
    for pipe in served.pipes:
        places = found[str(pipe.object_id)]["geometry"]["coordinates"]
        assert apart(places, by_postgis("water_pipe", pipe.object_id, 4326, flipped=False)) <= DEGREES


def test_owslib_reads_descriptions_and_features(transactional_db: None, live_server: LiveServer, served: Served):
    service = Features(f"{live_server.url}/ogc/")
    assert {"water_pipe", "water_hydrant", "parcels"} <= set(service.feature_collections())
    assert "diameter_mm" in service.collection_queryables("water_pipe")["properties"]
    assert service.collection_schema("water_pipe")["properties"]["geom"]["format"] == "geometry-linestring"
    told = service.collection_items("water_pipe", limit=100, filter="diameter_mm > 103", crs=crs.uri(7801))
    assert told["numberMatched"] == 3
    for feature in told["features"]:
        expected = by_postgis("water_pipe", feature["id"], 7801, flipped=True)
        assert apart(feature["geometry"]["coordinates"], expected) <= MILLIMETRE
