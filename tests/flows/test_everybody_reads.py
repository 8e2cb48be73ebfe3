"""Every reader that people use reads every public layer of the demonstration: as many features as there are, each in
its place, by every protocol and version, in the registry's system and in degrees.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.conf import settings as site
from django.core.management import call_command
from django.db import connection
from psycopg import sql
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from layers.access import reader_of
from layers.catalogue import catalogue_of
from layers.query import Query, where
from tests.flows import with_qgis
from tests.flows.readers import Shapes
from tests.own_database import own_database

pytestmark = pytest.mark.django_db
REGISTRY, DEGREES = site.REGISTRY_SRID, 4326
# A millimetre, and about as much in degrees.
TOLERANCE = {REGISTRY: 0.001, DEGREES: 1.5e-8}
SOURCES = [
    ("gdal-wfs-1.0.0", DEGREES),
    ("gdal-wfs-1.1.0", REGISTRY),
    ("owslib-wfs-1.1.0", DEGREES),
    ("owslib-wfs-2.0.0", REGISTRY),
    ("gdal-ogcapi", REGISTRY),
    ("owslib-ogcapi", DEGREES),
    ("geopandas-ogcapi", DEGREES),
]
QGIS_SOURCES = [
    ("wfs", "1.0.0", REGISTRY),
    ("wfs", "1.1.0", DEGREES),
    ("wfs", "2.0.0", REGISTRY),
    ("ogc", "", DEGREES),
]


@pytest.fixture(scope="module")
def address(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A portal that serves the demonstration, loaded once."""
    with own_database("readers", django_db_blocker):
        call_command("load_demo", verbosity=0)
        server = LiveServer("127.0.0.1")
        yield server.url
        server.stop()


@pytest.fixture(scope="module")
def expected(address: str) -> dict[int, Shapes]:
    """What PostGIS has of every public layer, by system."""
    return {srid: stored(srid) for srid in (REGISTRY, DEGREES)}


def stored(srid: int) -> Shapes:
    catalogue = catalogue_of(reader_of(None))
    found: Shapes = {}
    for layer in catalogue:
        query = Query(layer=layer, reader=catalogue.reader)
        shape = sql.SQL("ST_AsBinary(ST_Force2D(ST_Transform({}, {})))").format(layer.geom, sql.Literal(srid))
        statement = sql.SQL("SELECT t.id::text, encode({}, 'hex') FROM {} WHERE {}")
        with connection.cursor() as cursor:
            cursor.execute(statement.format(shape, layer.rows, where(query)))
            found[layer.key] = dict(cursor.fetchall())
    return found


def compare(read: Shapes, known: Shapes, srid: int) -> None:
    """Equal names, numbers and identities; no vertex farther than the tolerance from where it is stored."""
    assert set(read) == {layer for layer, features in known.items() if features}
    assert {layer: set(features) for layer, features in read.items()} == {layer: set(known[layer]) for layer in read}
    ids = [(layer, id) for layer, features in read.items() for id in features]
    theirs = shapely.from_wkb([read[layer][id] for layer, id in ids])
    ours = shapely.from_wkb([known[layer][id] for layer, id in ids])
    assert len(ids) > 2_000
    assert list(shapely.get_num_coordinates(theirs)) == list(shapely.get_num_coordinates(ours))
    apart = shapely.hausdorff_distance(theirs, ours)
    assert apart.max() <= TOLERANCE[srid], ids[int(apart.argmax())]


@pytest.mark.parametrize(("reader", "srid"), SOURCES)
def test_a_reader_gets_every_feature_where_it_lies(address: str, expected: dict[int, Shapes], reader: str, srid: int):
    script = Path(__file__).parent / "readers.py"
    given = {name: value for name, value in os.environ.items() if name not in ("PROJ_LIB", "GDAL_DATA")}
    done = subprocess.run(
        [sys.executable, script, address, reader, str(srid)], env=given, capture_output=True, timeout=570, check=False
    )
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    compare(json.loads(done.stdout), expected[srid], srid)


@pytest.mark.parametrize(("protocol", "version", "srid"), QGIS_SOURCES)
def test_qgis_gets_every_feature_where_it_lies(
    address: str, expected: dict[int, Shapes], qgis_environment: dict[str, str], protocol: str, version: str, srid: int
):
    layers = [layer for layer, features in expected[srid].items() if features]
    more: dict[str, Any] = {"srid": srid, "options": f"version='{version}'"} if protocol == "wfs" else {}
    steps = tuple((protocol, {"layer": layer, **more}) for layer in layers)
    found = with_qgis.run("qgis_client.py", address, qgis_environment, steps)
    assert [told["warnings"] for told in found] == [[]] * len(layers)
    read = {
        layer: identified([feature["wkb"] for feature in told["features"]], expected[srid][layer])
        for layer, told in zip(layers, found, strict=True)
    }
    compare(read, expected[srid], srid)


def identified(shapes: list[str], known: dict[str, str]) -> dict[str, str]:
    """Each shape under the identity of the nearest stored one that no other shape has: QGIS tells no identities."""
    assert len(shapes) == len(known)
    left = {id: shapely.from_wkb(wkb) for id, wkb in known.items()}
    found = {}
    for wkb in shapes:
        shape = shapely.from_wkb(wkb)
        ids = list(left)
        nearest = ids[int(shapely.hausdorff_distance(shape, list(left.values())).argmin())]
        found[nearest] = wkb
        del left[nearest]
    return found
