"""GDAL reads every layer over the network with equal counts and the stored coordinates."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.conftest import EAST, NORTH
from tests.layers.served import Served, apart, by_postgis

pytestmark = pytest.mark.skipif(shutil.which("ogr2ogr") is None, reason="ogr2ogr (package gdal-bin) is not installed")
MILLIMETRE = 0.001
ODD_LABEL = 'Тръба <1> & "2"\nвтори ред'


def read(source: str, layer: str, folder: Path, *options: str) -> list[dict[str, Any]]:
    """The features of a layer as ogr2ogr reads them, in EPSG:7801 with x to the east."""
    target = folder / f"{layer.replace(':', '_')}.geojson"
    environment = {name: value for name, value in os.environ.items() if name not in ("PROJ_LIB", "GDAL_DATA")}
    subprocess.run(
        [
            "ogr2ogr",
            "-f",
            "GeoJSON",
            "-lco",
            "RFC7946=NO",
            "-lco",
            "COORDINATE_PRECISION=6",
            *options,
            target,
            source,
            layer,
        ],
        check=True,
        env=environment,
        capture_output=True,
        timeout=120,
    )
    return json.loads(target.read_text())["features"]


def vertices(coordinates: list[Any]) -> list[list[float]]:
    if coordinates and isinstance(coordinates[0], float | int):
        return [coordinates[:2]]
    return [place for part in coordinates for place in vertices(part)]


def compare(layer: str, features: list[dict[str, Any]], name: str, ids: list[UUID]) -> None:
    assert len(features) == len(ids)
    found = {
        UUID(feature["properties"].get(name, feature.get("id", "")).rpartition(".")[2]): feature for feature in features
    }
    for id in ids:
        got = vertices(found[id]["geometry"]["coordinates"])
        assert apart(got, by_postgis(layer, id, 7801, flipped=False)) <= MILLIMETRE


@pytest.mark.parametrize("page", [2, 100])
def test_gdal_reads_wfs_page_by_page(
    transactional_db: None, live_server: LiveServer, served: Served, tmp_path: Path, page: int
):
    source = f"WFS:{live_server.url}/ows/wfs"
    options = ("--config", "OGR_WFS_PAGE_SIZE", str(page))
    layers = {"water_pipe": served.pipes, "water_hydrant": served.hydrants, "parcels": served.parcels}
    for layer, edits in layers.items():
        features = read(source, f"zone:{layer}", tmp_path, *options)
        compare(layer, features, "gml_id", [edit.object_id for edit in edits])


def test_gdal_reads_what_lies_in_an_area(
    transactional_db: None, live_server: LiveServer, served: Served, tmp_path: Path
):
    """It asks with a filter of a single BBOX, whose corners are in the authority's order of axes."""
    area = ("-spat", str(EAST), str(NORTH), str(EAST + 100), str(NORTH + 150))
    features = read(f"WFS:{live_server.url}/ows/wfs", "zone:water_pipe", tmp_path, *area)
    compare("water_pipe", features, "gml_id", [pipe.object_id for pipe in served.pipes[:2]])


@pytest.mark.parametrize("version", ["1.1.0", "1.0.0"])
def test_gdal_reads_older_versions(
    transactional_db: None, live_server: LiveServer, served: Served, tmp_path: Path, version: str
):
    source = f"WFS:{live_server.url}/ows/wfs?VERSION={version}"
    layers = {"water_pipe": served.pipes, "water_hydrant": served.hydrants, "parcels": served.parcels}
    for layer, edits in layers.items():
        compare(layer, read(source, f"zone:{layer}", tmp_path), "gml_id", [edit.object_id for edit in edits])


def test_gdal_reads_texts_and_types(transactional_db: None, live_server: LiveServer, served: Served, tmp_path: Path):
    features = read(f"WFS:{live_server.url}/ows/wfs", "zone:water_pipe", tmp_path)
    properties = {feature["properties"]["label"]: feature["properties"] for feature in features}
    odd = properties[ODD_LABEL]
    assert (odd["diameter_mm"], odd["material"], odd["installed_on"].replace("/", "-")) == (
        100.0,
        "steel",
        "2020-05-17",
    )


def test_gdal_reads_ogc_api_features(transactional_db: None, live_server: LiveServer, served: Served, tmp_path: Path):
    features = read(f"OAPIF:{live_server.url}/ogc", "water_pipe", tmp_path, "-t_srs", "EPSG:7801")
    assert len(features) == len(served.pipes)
    by_label = {feature["properties"]["label"]: feature for feature in features}
    got = vertices(by_label["P-3"]["geometry"]["coordinates"])
    expected = by_postgis("water_pipe", served.pipes[3].object_id, 7801, flipped=False)
    assert apart(got, expected) <= 2 * MILLIMETRE
