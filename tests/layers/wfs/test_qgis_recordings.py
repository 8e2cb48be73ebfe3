"""The reading requests that QGIS 3.40 really sent, replayed with our type in place of theirs."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from django.test import Client

from layers.wfs.names import GEOMETRY
from tests.layers.served import Served
from tests.layers.wfs.client import Answer, body

FOLDER = Path(os.environ.get("RECORDINGS", Path(__file__).parents[4] / "shared" / "recordings")) / "qgis-3.40-wfs"
TYPES = {"hydrant": "water_hydrant", "pipe": "water_pipe", "pipez": "water_pipe", "parcel": "parcels"}
# Systems of the toy service that was recorded.
THEIR_SYSTEMS = re.compile(r"EPSG::(28408|32639)")


def requests(operation: str) -> list[str]:
    """The query strings of WFS 2.0 requests for `operation`, as sent."""
    files = sorted(FOLDER.glob(f"*_2.0.0_plain_{operation}.txt")) if FOLDER.is_dir() else []
    sent = [path.read_text().split(" ", 2)[1].partition("?")[2] for path in files]
    return list(dict.fromkeys(sent))


def replay(client: Client, query: str) -> Answer:
    query = re.sub(r"zone:(\w+)", lambda name: f"zone:{TYPES[name[1]]}", query)
    response = client.get(f"/ows/wfs?{THEIR_SYSTEMS.sub('EPSG::7801', query)}")
    return Answer(response.status_code, response["Content-Type"], body(response))


pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"no recordings at {FOLDER}; set RECORDINGS to their folder"
)


def test_there_are_recordings():
    assert requests("GetCapabilities")
    assert requests("DescribeFeatureType")
    assert len(requests("GetFeature")) > 3


def test_capabilities_are_read(client: Client, served: Served):
    for query in requests("GetCapabilities"):
        answer = replay(client, query)
        assert (answer.status, answer.text("/*/@version")) == (200, "2.0.0")


def test_types_are_described(client: Client, served: Served):
    for query in requests("DescribeFeatureType"):
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
