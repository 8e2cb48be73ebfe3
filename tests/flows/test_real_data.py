"""Real files go all the way: imported and published through the door, read back over the network vertex by vertex, and
seen in a tile, in a picture and on the page.

Everything is imported once, into a database of the module's own, because importing takes longer than looking.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen
from uuid import UUID

import numpy as np
import pyogrio
import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry, Point
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.management import call_command
from django.db import connection
from django.test.testcases import LiveServerThread
from django.test.utils import override_settings
from PIL import Image
from playwright.sync_api import Page, expect

from layers import crs
from layers.maps import configuration, editions
from registries.changes import door
from registries.changes.edits import Edit
from registries.core.models import Role
from registries.land import pattern
from registries.networks.models import Network
from tests.conftest import person
from tests.flows.conftest import open_map
from tests.layers.tiles.decoding import decode, stored, tile_of, unit_m
from tests.own_database import own_database

PROFILES = Path(__file__).parent.parent.parent / "fixtures" / "profiles"
PLOVDIV, SEWER = "osm_plovdiv/plovdiv_bbbike.osm.pbf", "zaatari_sewer/Pipes_SolidFree_2017_03"
MILLIMETRE = 0.001
Colour = tuple[int, int, int]
Vertices = dict[UUID, Any]

COPY = "import sys, geopandas; geopandas.read_file(sys.argv[1], layer=sys.argv[2]).to_file(sys.argv[3])"
needs_gdal = pytest.mark.skipif(shutil.which("ogr2ogr") is None, reason="ogr2ogr (package gdal-bin) is not installed")


@dataclass(frozen=True)
class File:
    """One import: what it is told, and how many features it must read, create and refuse."""

    path: str
    to: str
    counts: tuple[int, int, int]
    layer: str | None = None
    profile: str = ""
    network: str = ""


FILES = (
    # Of the 71 areas one is a ring of two points.
    File(PLOVDIV, "zones", (71, 70, 1), "multipolygons", "osm_industrial_zones"),
    File(PLOVDIV, "electricity_line_hv", (55, 55, 0), "lines", "osm_power_lines", "Пловдив"),
    File(PLOVDIV, "electricity_tower", (636, 636, 0), "points", "osm_power_towers", "Пловдив"),
    # Twelve pipes cross themselves or end where they begin.
    File(f"{SEWER}.shp.zip", "sewer_pipe", (2096, 2084, 12), network="Zaatari (SHP)"),
    File(f"{SEWER}.kml", "sewer_pipe", (2096, 2084, 12), network="Zaatari (KML)"),
    File("cadastre_es/parcel.gpkg", "parcels", (186, 186, 0), profile="inspire_parcels"),
)


@dataclass(frozen=True)
class Layer:
    """What a layer holds: where its rows lie in the database, how many they are, and its colour on maps.

    `point` is SQL of a place on a feature where the colour must be, laid over the ground with `opacity`.
    """

    table: str
    count: int
    colour: Colour
    point: str
    opacity: float = 1

    def over(self, ground: Colour) -> Colour:
        red, green, blue = (
            round(self.opacity * own + (1 - self.opacity) * under)
            for own, under in zip(self.colour, ground, strict=True)
        )
        return red, green, blue


INSIDE, MIDDLE = "ST_PointOnSurface(geom)", "ST_LineInterpolatePoint(geom, 0.5)"
ON_EDGE = "ST_LineInterpolatePoint(ST_ExteriorRing(ST_GeometryN(geom, 1)), 0.5)"
LAYERS = {
    "zones": Layer("land_zone", 70, (0xE9, 0xE4, 0xD4), INSIDE, 0.45),
    "electricity_line_hv": Layer("networks_link", 55, (0x8C, 0x14, 0x14), MIDDLE),
    "electricity_tower": Layer("networks_node", 636, (0x8C, 0x14, 0x14), "geom"),
    "sewer_pipe": Layer("networks_link", 2 * 2084, (0x8A, 0x5A, 0x2C), MIDDLE),
    "parcels": Layer("land_parcel", 186, (0x8A, 0x84, 0x74), ON_EDGE, 0.8),
}
each_layer = pytest.mark.parametrize("layer", LAYERS)


def bring(real_data: Path, file: File) -> tuple[int, int, int]:
    """Import and publish `file`; how many features were read, created and refused."""
    told = io.StringIO()
    options = {"layer": file.layer, "network": file.network, "map": file.profile and PROFILES / f"{file.profile}.json"}
    given = {name: value for name, value in options.items() if value}
    call_command("import_features", real_data / file.path, to=file.to, zone="none", publish=True, stdout=told, **given)
    (sums,) = re.findall(r"^\D*(\d+) = \D*(\d+) \+ \D*(\d+) \+ \D*(\d+) \+ \D*(\d+)$", told.getvalue(), re.MULTILINE)
    read, created, updated, unchanged, refused = map(int, sums)
    assert (updated, unchanged) == (0, 0)
    return read, created, refused


def forget_the_extent() -> None:
    """What this process has worked out once from REGISTRY_EXTENT, which never changes outside tests."""
    crs.safe_bounds.cache_clear()
    configuration.registry_grid.cache_clear()


def open_to_the_public() -> None:
    """Networks made by an import are closed; an edit through the door opens them."""
    olena, boris = person("olena", Role.EDITOR), person("boris", Role.REVIEWER)
    edits = [Edit.update("networks.network", network.pk, {"visibility": 0}) for network in Network.objects.all()]
    change_set = door.propose(olena, edits, title="open the networks")
    door.submit(olena, change_set)
    door.approve(boris, change_set, "For a test.")
    door.publish(boris, change_set)


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: Any, real_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[File, tuple[int, int, int]]]:
    """Every file imported and published; what the imports counted."""
    anywhere = override_settings(
        REGISTRY_EXTENT=[-180.0, -90.0, 180.0, 90.0], CADASTRAL_REFERENCE_PATTERN="^[0-9A-Z]{14}$", BASEMAPS=[]
    )
    cache = tmp_path_factory.mktemp("maps")
    with anywhere, own_database("real_data", django_db_blocker), pytest.MonkeyPatch.context() as patch:
        for module in (editions, configuration):
            patch.setattr(module, "CACHE_DIR", cache)
        forget_the_extent()
        pattern.enforce()
        call_command("load_catalogue", verbosity=0)
        counts = {file: bring(real_data, file) for file in FILES}
        open_to_the_public()
        yield counts
    forget_the_extent()


@pytest.fixture(scope="module")
def site(world: object) -> Iterator[str]:
    """The address of a server on that database."""
    thread = LiveServerThread("127.0.0.1", StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    assert thread.error is None
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()


def rows(sql: str, *values: object) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def only(layer: str) -> str:
    """SQL that tells a layer's rows from others of its table."""
    return f"asset_type_id = '{layer}'" if LAYERS[layer].table.startswith("networks") else "TRUE"


def in_database(layer: str) -> Vertices:
    """Every vertex of every feature, as PostGIS has it stored; rings run the way that GML and GeoJSON ask for."""
    # For lines that function turns the direction.
    geom = "geom" if LAYERS[layer].table.startswith("networks") else "ST_ForcePolygonCCW(geom)"
    found = rows(
        "SELECT t.id, array_agg(ARRAY[ST_X(p.geom), ST_Y(p.geom)] ORDER BY p.path)"
        f" FROM {LAYERS[layer].table} t, ST_DumpPoints({geom}) p WHERE {only(layer)} GROUP BY t.id"
    )
    return {id: np.array(vertices) for id, vertices in found}


def pick(layer: str) -> tuple[UUID, Point]:
    """The largest feature of a layer, and a place on it."""
    about = LAYERS[layer]
    found = rows(
        f"SELECT id, {about.point} FROM {about.table} WHERE {only(layer)}"
        " ORDER BY ST_Area(geom) + ST_Length(geom) DESC, id LIMIT 1"
    )
    place = GEOSGeometry(found[0][1])
    assert isinstance(place, Point)
    return found[0][0], place


def by_gdal(path: Path) -> Vertices:
    """The vertices of each feature of a file that GDAL has copied from the WFS."""
    meta, _fids, shapes, columns = pyogrio.raw.read(path)
    names = columns[list(meta["fields"]).index("gml_id")]
    pairs = zip(names, shapely.from_wkb(shapes), strict=True)
    return {UUID(name.rpartition(".")[2]): shapely.get_coordinates(shape) for name, shape in pairs}


def assert_same(found: Vertices, layer: str) -> None:
    expected = in_database(layer)
    assert len(found) == len(expected) == LAYERS[layer].count
    assert found.keys() == expected.keys()
    for id, vertices in expected.items():
        assert found[id].shape == vertices.shape
        assert np.abs(found[id] - vertices).max() <= MILLIMETRE


def run_gdal(*command: str) -> str:
    """What a tool of the distribution's GDAL says; it must not meet the data files of the wheels' GDAL."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PROJ_LIB", "GDAL_DATA")}
    done = subprocess.run(command, check=True, env=environment, capture_output=True, text=True, timeout=120)
    return done.stdout


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.path}-{file.to}")
def test_every_feature_is_created_or_refused(world: dict[File, tuple[int, int, int]], file: File):
    assert world[file] == file.counts


def test_names_are_in_cyrillic(world: object):
    assert rows("SELECT count(*) FROM land_zone WHERE name ~ '[А-я]'")[0][0] == 10


@needs_gdal
@each_layer
def test_ogrinfo_counts_what_is_stored(site: str, layer: str):
    told = run_gdal("ogrinfo", "-so", f"WFS:{site}/ows/wfs", f"zone:{layer}")
    assert f"Feature Count: {LAYERS[layer].count}\n" in told


@needs_gdal
@each_layer
def test_ogr2ogr_reads_every_vertex_over_wfs(site: str, tmp_path: Path, layer: str):
    target = tmp_path / "read.gpkg"
    run_gdal("ogr2ogr", str(target), f"WFS:{site}/ows/wfs", f"zone:{layer}")
    assert_same(by_gdal(target), layer)


@each_layer
def test_geopandas_reads_every_vertex_over_wfs(site: str, tmp_path: Path, layer: str):
    target = tmp_path / "read.gpkg"
    # In a process of its own: pyogrio keeps other threads waiting, and the server is one of them.
    command = [sys.executable, "-c", COPY, f"WFS:{site}/ows/wfs", f"zone:{layer}", str(target)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    assert_same(by_gdal(target), layer)


@each_layer
def test_ogc_api_gives_every_vertex(site: str, layer: str):
    crs = "http://www.opengis.net/def/crs/EPSG/0/7801"
    with urlopen(f"{site}/ogc/collections/{layer}/items?limit=10000&crs={crs}", timeout=60) as answer:
        collection = json.load(answer)
    assert collection["numberMatched"] == LAYERS[layer].count
    # North comes first in EPSG:7801.
    assert_same(
        {
            UUID(one["id"]): shapely.get_coordinates(shapely.geometry.shape(one["geometry"]))[:, ::-1]
            for one in collection["features"]
        },
        layer,
    )


@each_layer
def test_a_tile_shows_the_feature_where_postgis_has_it(site: str, tmp_path: Path, layer: str):
    id, place = pick(layer)
    tile = tile_of(place, 16)
    with urlopen(f"{site}/tiles/zone.json", timeout=30) as answer:
        template = json.load(answer)["tiles"][0]
    with urlopen(template.format(z=tile[0], x=tile[1], y=tile[2]), timeout=30) as answer:
        features = decode(answer.read(), tile, tmp_path)[layer]
    (drawn,) = [shape for properties, shape in features if properties["id"] == str(id)]
    truth = stored(LAYERS[layer].table, id)
    assert all(truth.distance(shapely.Point(vertex)) < 1.5 * unit_m(16) for vertex in shapely.get_coordinates(drawn))


def shows(picture: Image.Image, wanted: Colour, tolerance: float, radius: int = 6) -> bool:
    """Whether a pixel near the centre has the colour; thin lines are blended over two pixels and a palette rounds."""
    column, row = picture.width // 2, picture.height // 2
    around = picture.crop((column - radius, row - radius, column + radius, row + radius))
    pixels = np.array(around.convert("RGBA")).reshape(-1, 4).astype(int)
    drawn = pixels[pixels[:, 3] > 50][:, :3]
    return bool(np.any(np.abs(drawn - wanted).max(axis=1) <= tolerance)) if len(drawn) else False


@each_layer
def test_getmap_has_the_features_colour_where_postgis_has_it(site: str, layer: str):
    _id, place = pick(layer)
    query = "service=WMS&version=1.1.1&request=GetMap&styles=&srs=EPSG:7801&width=200&height=200&format=image/png"
    bbox = ",".join(str(bound) for bound in (place.x - 50, place.y - 50, place.x + 50, place.y + 50))
    with urlopen(f"{site}/ows/wms?{query}&transparent=true&layers={layer}&bbox={bbox}", timeout=60) as answer:
        picture = Image.open(io.BytesIO(answer.read())).convert("RGBA")
    assert shows(picture, LAYERS[layer].colour, 30)


@each_layer
def test_the_page_shows_the_feature(page: Page, site: str, tolerated: list[str], layer: str):
    tolerated.append("console: Canvas2D: Multiple readback")
    _id, place = pick(layer)
    place.transform(4326)
    # Alone on the ground: no other layer is switched on.
    open_map(page, site, f"&map=18/{place.y:.7f}/{place.x:.7f}&layers={layer}")
    picture = Image.open(io.BytesIO(page.locator("#map").screenshot()))
    ground = page.locator("#map").evaluate("map => getComputedStyle(map).backgroundColor.match(/\\d+/g).map(Number)")
    wanted = LAYERS[layer].over(ground)
    # Thin lines mix with the ground at their edges.
    distance = max(abs(one - other) for one, other in zip(wanted, ground, strict=True))
    assert shows(picture, wanted, distance / 3)
    page.locator("#map").click()
    expect(page.locator("#card")).to_be_visible()
    expect(page).to_have_url(re.compile(f"selected={layer}/"))
