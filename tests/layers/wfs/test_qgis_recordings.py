"""The reading requests that QGIS 3.40 really sent, replayed with our type in place of theirs."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from django.test import Client

from layers.wfs.names import GEOMETRY, GML_3_1
from tests.layers.served import Served
from tests.layers.wfs.client import Answer, body

FOLDER = Path(os.environ.get("RECORDINGS", Path(__file__).parents[4] / "shared" / "recordings")) / "qgis-3.40-wfs"
TYPES = {"hydrant": "water_hydrant", "pipe": "water_pipe", "pipez": "water_pipe", "parcel": "parcels"}
VERSIONS = ("2.0.0", "1.1.0", "1.0.0")
# Systems of the toy service that was recorded.
THEIR_SYSTEMS = re.compile(r"EPSG:(:?)(28408|32639)")


def requests(operation: str, version: str = "2.0.0") -> list[str]:
    """The query strings of requests for `operation`, as sent."""
    files = sorted(FOLDER.glob(f"*_{version}_plain_{operation}.txt")) if FOLDER.is_dir() else []
    sent = [path.read_text().splitlines()[0].split(" ")[1].partition("?")[2] for path in files]
    return list(dict.fromkeys(sent))


def replay(client: Client, query: str) -> Answer:
    query = re.sub(r"zone:(\w+)", lambda name: f"zone:{TYPES[name[1]]}", query)
    query = THEIR_SYSTEMS.sub(r"EPSG:\g<1>7801", query)
    response = client.get(f"/ows/wfs?{query}")
    return Answer(response.status_code, response["Content-Type"], body(response))


pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"no recordings at {FOLDER}; set RECORDINGS to their folder"
)


@pytest.mark.parametrize("version", VERSIONS)
def test_there_are_recordings(version: str):
    assert requests("GetCapabilities", version)
    assert requests("DescribeFeatureType", version)
    assert len(requests("GetFeature", version)) > 3


def test_capabilities_are_read(client: Client, served: Served):
    for query in requests("GetCapabilities"):
        answer = replay(client, query)
        assert (answer.status, answer.text("/*/@version")) == (200, "2.0.0")


@pytest.mark.parametrize("version", VERSIONS)
def test_types_are_described(client: Client, served: Served, version: str):
    for query in requests("DescribeFeatureType", version):
        answer = replay(client, query)
        assert answer.status == 200
        assert answer.text(f"//xsd:element[@name='{GEOMETRY}']/@type").startswith("gml:")


def test_pages_are_read(client: Client, served: Served):
    for query in requests("GetFeature"):
        answer = replay(client, query)
        assert answer.status == 200, query
        count = int(query.partition("COUNT=")[2].partition("&")[0])
        matched, start = int(answer.text("/*/@numberMatched")), int(query.partition("STARTINDEX=")[2].partition("&")[0])
        assert len(answer.ids) == max(0, min(count, matched - start))


@pytest.mark.parametrize("version", ["1.1.0", "1.0.0"])
def test_pages_of_older_versions_are_read(client: Client, served: Served, version: str):
    held = {"water_pipe": 7, "water_hydrant": 1, "parcels": 2}
    for query in requests("GetFeature", version):
        answer = replay(client, query)
        layer = TYPES[query.partition("TYPENAME=zone:")[2].partition("&")[0]]
        members = answer.xml.findall(f".//{{{GML_3_1}}}featureMember")
        asked = {name: int(query.partition(f"{name}=")[2].partition("&")[0]) for name in ("STARTINDEX", "MAXFEATURES")}
        assert len(members) == max(0, min(asked["MAXFEATURES"], held[layer] - asked["STARTINDEX"])), query
