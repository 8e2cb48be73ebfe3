"""A QGIS user's first hour, with QGIS itself: layers are added, read, filtered by the view and drawn."""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import Point
from django.db import connection

from registries.networks.models import Network
from tests.conftest import EAST, NORTH, Publish, line, pipe
from tests.flows.with_qgis import Found, Qgis

MILLIMETRE, DEGREES = 0.001, 1e-8
TABLES = {
    "plots": ("land_plot", "code"),
    "parcels": ("land_parcel", "national_cadastral_reference"),
    "water_pipe": ("networks_link", "label"),
    "water_hydrant": ("networks_node", "label"),
}
# Metres from the zone's corner: in a plot on offer beside its code, in the next one that is reserved, outside.
AVAILABLE, RESERVED, OUTSIDE = (60, 30), (170, 30), (-20, -60)


def stored(layer: str) -> int:
    """How many features of public networks PostGIS holds."""
    table, _name = TABLES[layer]
    public = " JOIN networks_network n ON n.id = t.network_id WHERE n.visibility = 0 AND t.asset_type_id = %s"
    with connection.cursor() as cursor:
        if table.startswith("networks"):
            cursor.execute(f"SELECT count(*) FROM {table} t{public}", [layer])
        else:
            cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


def apart(layer: str, feature: Found, srid: int) -> float:
    """How far the shape that QGIS has lies from the stored one, as PostGIS measures it in the units of `srid`."""
    table, name = TABLES[layer]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_HausdorffDistance(ST_SetSRID(ST_GeomFromWKB(%s), %s), ST_Transform(geom, %s))"
            f" FROM {table} WHERE {name} = %s",
            [bytes.fromhex(feature["wkb"]), srid, srid, feature["values"][name]],
        )
        return cursor.fetchone()[0]


def place(east: float, north: float, srid: int) -> list[float]:
    """A place in metres from the zone's corner, in `srid` as PostGIS transforms it."""
    with connection.cursor() as cursor:
        point = Point(EAST + east, NORTH + north, srid=7801).ewkt
        cursor.execute("SELECT ST_X(g), ST_Y(g) FROM (SELECT ST_Transform(%s::geometry, %s) AS g) q", [point, srid])
        return list(cursor.fetchone())


def view(srid: int, south_west: tuple[float, float] = (-100, -100), north_east: tuple[float, float] = (500, 500)):
    return [*place(*south_west, srid), *place(*north_east, srid)]


@pytest.mark.parametrize(("srid", "tolerance"), [(7801, MILLIMETRE), (4326, DEGREES)])
def test_qgis_reads_every_feature_of_wfs_where_it_lies(qgis: Qgis, srid: int, tolerance: float):
    """In small pages, because QGIS drops what begins like the page before."""
    layers = list(TABLES)
    options = "pagingEnabled='true' pageSize='2'"
    found = qgis(*(("wfs", {"layer": layer, "srid": srid, "options": options}) for layer in layers))
    for layer, told in zip(layers, found, strict=True):
        assert (told["valid"], told["crs"], told["warnings"]) == (True, f"EPSG:{srid}", [])
        assert told["count"] == len(told["features"]) == stored(layer)
        assert max(apart(layer, feature, srid) for feature in told["features"]) <= tolerance


@pytest.mark.parametrize("srid", [7801, 4326])
def test_qgis_reads_lines_with_heights_where_they_lie(qgis: Qgis, publish: Publish, srid: int):
    """Three numbers to a place, taken for two, would scatter it."""
    network = Network.objects.get(theme="water", visibility=0)
    publish([pipe(network, line((10, 20, 191.5), (50, 20, 190.25), (90, 30, 189)), label="З-1")])
    (told,) = qgis(("wfs", {"layer": "water_pipe", "srid": srid}))
    high = next(feature for feature in told["features"] if feature["values"]["label"] == "З-1")
    assert apart("water_pipe", high, srid) <= (MILLIMETRE if srid == 7801 else DEGREES)


def test_qgis_takes_columns_of_wfs_for_what_they_are(qgis: Qgis):
    (plots,) = qgis(("wfs", {"layer": "plots", "srid": 7801}))
    assert plots["types"]["density_max_pct"] == "double"
    assert {feature["values"]["code"] for feature in plots["features"]} == {f"П-{n}" for n in range(1, 7)}
    assert {feature["values"]["density_max_pct"] for feature in plots["features"]} == {60.0}


def test_qgis_asks_wfs_for_what_lies_in_view(qgis: Qgis):
    """The box is in the authority's order of axes, which a service that overlooks it answers with nothing."""
    boxes = {srid: view(srid, (30, 5), (160, 60)) for srid in (7801, 4326)}
    options = "restrictToRequestBBOX='1'"
    found = qgis(*(("wfs", {"layer": "plots", "srid": s, "options": options, "box": b}) for s, b in boxes.items()))
    codes = [sorted(feature["values"]["code"] for feature in told["features"]) for told in found]
    assert codes == [["П-1", "П-2"]] * 2


def test_qgis_reads_every_feature_of_the_ogc_api_where_it_lies(qgis: Qgis):
    layers = list(TABLES)
    found = qgis(*(("ogc", {"layer": layer}) for layer in layers))
    for layer, told in zip(layers, found, strict=True):
        assert (told["valid"], told["warnings"]) == (True, [])
        assert told["count"] == len(told["features"]) == stored(layer)
        assert max(apart(layer, feature, 4326) for feature in told["features"]) <= DEGREES


def test_qgis_asks_the_ogc_api_for_what_lies_in_view(qgis: Qgis):
    (told,) = qgis(("ogc", {"layer": "plots", "box": view(4326, (30, 5), (160, 60))}))
    assert sorted(feature["values"]["code"] for feature in told["features"]) == ["П-1", "П-2"]


def test_qgis_draws_maps_and_tiles_in_their_place(qgis: Qgis):
    """Two services and two grids show the plots in like colours, and nothing beside them."""
    steps = []
    for srid, grid in ((7801, "EPSG7801"), (3857, "GLOBAL_WEBMERCATOR")):
        where = {"box": view(srid), "places": [place(*one, srid) for one in (AVAILABLE, RESERVED, OUTSIDE)]}
        steps += [("wms", {"layer": "plots", "srid": srid, **where})]
        steps += [("wmts", {"layer": "plots", "srid": srid, "grid": grid, **where})]
    found = qgis(*steps)
    assert [(told["valid"], told["errors"], told["warnings"]) for told in found] == [(True, [], [])] * 4
    available, reserved, outside = found[0]["colours"]
    assert available[1] > max(available[0], available[2])
    assert reserved[0] > reserved[2]
    assert outside == [255, 255, 255]
    for told in found[1:]:
        assert max(abs(a - b) for one, other in zip(told["colours"], found[0]["colours"], strict=True)
                   for a, b in zip(one, other, strict=True)) <= 3  # fmt: skip


def test_qgis_opens_a_map_layer_of_a_single_point(qgis: Qgis):
    """It has an extent, without which QGIS opens no layer, and is drawn around its place."""
    around = [place(200 + step / 10, 112, 7801) for step in range(-10, 11)]
    where = {"box": view(7801, (190, 102), (210, 122)), "places": around}
    (told,) = qgis(("wms", {"layer": "water_hydrant", "srid": 7801, **where}))
    assert told["valid"]
    assert any(colour != [255, 255, 255] for colour in told["colours"])


def test_qgis_draws_vector_tiles_in_our_style(qgis: Qgis):
    where = {"box": view(3857), "places": [place(*one, 3857) for one in (AVAILABLE, RESERVED, OUTSIDE)]}
    (told,) = qgis(("tiles", {"layer": "land", "srid": 3857, **where}))
    available, reserved, outside = told["colours"]
    assert told["valid"]
    assert available[1] > max(available[0], available[2])
    assert reserved[0] > reserved[2]
    assert outside not in (available, reserved)
