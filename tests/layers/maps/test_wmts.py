"""Tiles by key and value and by address, in both grids, and what is kept of them on disk."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from lxml import etree

from layers.tasks import clear_map_caches
from registries.core.models import User
from registries.land.models import Zone
from tests.conftest import EAST, NORTH, Publish
from tests.layers.maps.conftest import is_empty, is_green, picture, plot

pytestmark = pytest.mark.django_db
ZOOM = 17
WMTS = {"w": "http://www.opengis.net/wmts/1.0", "o": "http://www.opengis.net/ows/1.1"}


def web_tile(east: float, north: float, zoom: int) -> tuple[int, int, int, int]:
    """Column, row, and the pixel within the tile, of a place in metres from the zone's corner, as PostGIS has it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_X(g), ST_Y(g) FROM (SELECT ST_Transform(%s::geometry, 3857) AS g) q",
            [Point(EAST + east, NORTH + north, srid=7801).ewkt],
        )
        x, y = cursor.fetchone()
    side = 2 * 20037508.342789244 / 2**zoom
    column, row = (x + 20037508.342789244) / side, (20037508.342789244 - y) / side
    return int(column), int(row), int(column % 1 * 256), int(row % 1 * 256)


def address(layer: str, column: int, row: int, grid: str = "GLOBAL_WEBMERCATOR", level: object = ZOOM) -> str:
    return f"/ows/wmts/{layer}/{grid}/{level}/{column}/{row}.png"


def by_key(client: Client, **change: str | None) -> HttpResponse:
    column, row, *_pixel = web_tile(200, 200, ZOOM)
    asked = {
        "SERVICE": "WMTS", "REQUEST": "GetTile", "VERSION": "1.0.0", "LAYER": "plots", "STYLE": "",
        "TILEMATRIXSET": "GLOBAL_WEBMERCATOR", "TILEMATRIX": str(ZOOM), "TILECOL": str(column), "TILEROW": str(row),
        "FORMAT": "image/png", **change,
    }  # fmt: skip
    given = {name: value for name, value in asked.items() if value is not None}
    return cast(HttpResponse, client.get("/ows/wmts", given))


def test_a_tile_shows_the_plot_where_postgis_says(world: Zone, client: Client) -> None:
    column, row, *pixel = web_tile(120, 120, ZOOM)
    assert is_green(picture(client.get(address("plots", column, row))).getpixel(tuple(pixel)))


def test_a_tile_is_empty_beside_the_plot(world: Zone, client: Client) -> None:
    column, row, *pixel = web_tile(90, 90, ZOOM)
    assert is_empty(picture(client.get(address("plots", column, row))).getpixel(tuple(pixel)))


def test_both_ways_give_the_same_tile(world: Zone, client: Client) -> None:
    column, row, *_pixel = web_tile(200, 200, ZOOM)
    assert by_key(client).content == client.get(address("plots", column, row)).content


def test_the_registrys_grid_has_the_plot_in_its_place(world: Zone, client: Client) -> None:
    found = etree.fromstring(client.get("/ows/wmts/1.0.0/WMTSCapabilities.xml").content)
    matrix = "//w:TileMatrixSet[o:Identifier='EPSG7801']/w:TileMatrix[o:Identifier='%s']/w:%s/text()"
    level = "12"
    corner = found.xpath(matrix % (level, "TopLeftCorner"), namespaces=WMTS)[0].split()
    scale = float(found.xpath(matrix % (level, "ScaleDenominator"), namespaces=WMTS)[0])
    side = scale * 0.00028 * 256
    # EPSG:7801 is written north, east.
    column = (EAST + 150 - float(corner[1])) / side
    row = (float(corner[0]) - NORTH - 150) / side
    shown = picture(client.get(address("plots", int(column), int(row), "EPSG7801", level)))
    assert is_green(shown.getpixel((int(column % 1 * 256), int(row % 1 * 256))))


@pytest.mark.parametrize(
    "ask", ["/ows/wmts?SERVICE=WMTS&REQUEST=GetCapabilities", "/ows/wmts/1.0.0/WMTSCapabilities.xml"]
)
def test_capabilities_list_layers_and_grids(world: Zone, client: Client, ask: str) -> None:
    found = etree.fromstring(client.get(ask).content)
    names = found.xpath("//w:Contents/w:Layer/o:Identifier/text()", namespaces=WMTS)
    assert {"zone", "theme.water", "water_pipe", "plots"} <= set(names)
    grids = found.xpath("//w:Contents/w:TileMatrixSet/o:Identifier/text()", namespaces=WMTS)
    assert set(grids) == {"GLOBAL_WEBMERCATOR", "EPSG7801"}


def test_the_template_in_capabilities_leads_to_a_tile(world: Zone, client: Client) -> None:
    found = etree.fromstring(client.get("/ows/wmts/1.0.0/WMTSCapabilities.xml").content)
    template = found.xpath("//w:Layer[o:Identifier='plots']/w:ResourceURL/@template", namespaces=WMTS)[0]
    column, row, *_pixel = web_tile(200, 200, ZOOM)
    words = {"TileMatrixSet": "GLOBAL_WEBMERCATOR", "TileMatrix": ZOOM, "TileCol": column, "TileRow": row}
    assert client.get(template.removeprefix("http://testserver").format(**words))["Content-Type"] == "image/png"


def test_who_names_no_style_gets_the_only_one(world: Zone, client: Client) -> None:
    assert by_key(client, STYLE=None).content == by_key(client).content
    assert picture(by_key(client, STYLE=None)).size == (256, 256)


def test_capabilities_do_not_offer_feature_information(client: Client) -> None:
    assert b"GetFeatureInfo" not in client.get("/ows/wmts?SERVICE=WMTS&REQUEST=GetCapabilities").content


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"VERSION": "2.0.0"}, "InvalidParameterValue"),
        ({"REQUEST": "GetCapabilities", "ACCEPTVERSIONS": "2.0.0,1.1.0"}, "VersionNegotiationFailed"),
        ({"SERVICE": None}, "MissingParameterValue"),
        ({"REQUEST": None}, "MissingParameterValue"),
        ({"REQUEST": "GetFeatureInfo"}, "OperationNotSupported"),
        ({"LAYER": "nonsense"}, "InvalidParameterValue"),
        ({"LAYER": None}, "MissingParameterValue"),
        ({"TILEMATRIXSET": "nonsense"}, "InvalidParameterValue"),
        ({"TILEMATRIX": "99"}, "TileOutOfRange"),
        ({"TILEMATRIX": "-1"}, "InvalidParameterValue"),
        ({"TILECOL": "99999999"}, "TileOutOfRange"),
        ({"TILEROW": "1 OR 1=1"}, "InvalidParameterValue"),
        ({"FORMAT": "image/tiff"}, "InvalidParameterValue"),
        ({"STYLE": "rainbow"}, "InvalidParameterValue"),
    ],
)
def test_a_wrong_request_is_refused_by_its_code(client: Client, change: dict[str, str | None], code: str) -> None:
    response = by_key(client, **change)
    assert response.status_code == 400
    assert etree.fromstring(response.content)[0].get("exceptionCode") == code


@pytest.mark.parametrize("level", ["99", "x", "-1"])
def test_a_wrong_address_is_refused(client: Client, level: str) -> None:
    response = client.get(address("plots", 0, 0, level=level))
    assert response.status_code == 400
    assert etree.fromstring(response.content)[0].tag == "{http://www.opengis.net/ows/1.1}Exception"


def kept(cache_dir: Path) -> list[Path]:
    return [path for path in cache_dir.rglob("*.png") if path.is_file()]


def test_a_public_tile_is_kept_on_disk(world: Zone, client: Client, cache_dir: Path) -> None:
    by_key(client)
    assert kept(cache_dir)


def test_no_tile_of_staff_is_kept(world: Zone, client: Client, olena: User, cache_dir: Path) -> None:
    client.force_login(olena)
    assert picture(by_key(client)).size == (256, 256)
    assert not kept(cache_dir)


def test_a_publication_makes_another_tile(world: Zone, publish: Publish, client: Client) -> None:
    column, row, *pixel = web_tile(750, 150, ZOOM)
    assert is_empty(picture(client.get(address("plots", column, row))).getpixel(tuple(pixel)))
    publish([plot(world, "Ж-3", "available", 700)])
    assert is_green(picture(client.get(address("plots", column, row))).getpixel(tuple(pixel)))


def test_the_nightly_job_removes_what_is_no_longer_published_so(
    world: Zone, publish: Publish, client: Client, cache_dir: Path
) -> None:
    by_key(client)
    before = set(kept(cache_dir))
    publish([plot(world, "Ж-3", "available", 700)])
    by_key(client)
    clear_map_caches(0)
    after = set(kept(cache_dir))
    assert after
    assert not after & before
