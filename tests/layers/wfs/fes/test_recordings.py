"""Every filter and every geometry that QGIS 3.40 sent is read."""

from __future__ import annotations

import re

import pytest

from layers.filters.nodes import Ids
from layers.wfs.fes import read
from layers.wfs.gml_in import AGGREGATES, SIMPLE, geometry
from layers.wfs.gml_positions import local, own
from layers.wfs.markup import parse
from layers.wfs.requests import Version
from tests.layers.wfs.test_qgis_recordings import FOLDER

# Systems of the toy service that was recorded.
THEIR_SYSTEMS = re.compile(r"(EPSG)(::?|[^\s\"]*#)(28408|32639)")
VERSION = re.compile(r'<Transaction[^>]* version="([0-9.]+)"')

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"no recordings at {FOLDER}; set RECORDINGS to their folder"
)


def transactions() -> list[tuple[Version, bytes]]:
    """The bodies of what QGIS sent, with their versions; systems of the toy service are ours."""
    found: list[tuple[Version, bytes]] = []
    for path in sorted(FOLDER.glob("*_Transaction.txt")):
        body = path.read_text().partition("--- request body ---\n")[2].partition("\n\n--- response")[0]
        version = VERSION.search(body)
        assert version is not None, path
        found.append((version[1], THEIR_SYSTEMS.sub(r"\1\g<2>7801", body).encode()))
    return found


def test_geometry_comes_in_with_x_east():
    count = 0
    for version, body in transactions():
        for element in parse(body).iter():
            around = element.getparent()
            if not own(element) or local(element) not in {*SIMPLE, *AGGREGATES} or (around is not None and own(around)):
                continue
            found = geometry(element, None, version)
            assert not found.empty
            count += 1
            if found.srid == 4326 and version == "1.0.0":
                # The toy service lies at 53° north and 50° east.
                assert found.extent[0] < found.extent[1]
    assert count > 20


def test_filters_name_features():
    count = 0
    for version, body in transactions():
        for element in parse(body).iter("{http://www.opengis.net/ogc}Filter"):
            node = read(element, version).node
            assert isinstance(node, Ids)
            assert len(node.ids) == len(element)
            assert all(one.key in ("hydrant", "pipe", "pipez", "parcel") for one in node.ids)
            count += 1
    assert count > 10
