import json

import pytest
from django.contrib.gis.geos import Point
from django.db import connection

from layers.access import reader_of
from layers.catalogue import catalogue_of
from layers.pick import features, features_at
from layers.query import Query
from tests.conftest import Publish, point
from tests.flows import world


@pytest.fixture
def corner(publish: Publish) -> None:
    world.asset_types()
    publish([*world.land(), *world.networks()])


def degrees(place: Point) -> tuple[float, float]:
    """As PostGIS transforms it."""
    with connection.cursor() as cursor:
        point = "SELECT ST_Transform(%s::geometry, 4326) AS p"
        cursor.execute(f"SELECT ST_X(p), ST_Y(p) FROM ({point}) q", [bytes(place.ewkb)])
        return cursor.fetchone()


def picked(x: float, y: float, user=None, tolerance_m: float = 2.0) -> list[str]:
    """Titles of what is hit at metres from the zone's corner."""
    catalogue = catalogue_of(reader_of(user))
    layers = [layer for layer in catalogue if layer.key != "offers"]
    found = features_at(catalogue, layers, degrees(point(x, y)), tolerance_m)
    return [str(one.values.get("label") or one.values.get("code")) for one in found]


def test_a_plot_is_hit_before_its_parcel_and_the_zone_around_it(corner):
    assert picked(90, 50) == ["П-1", "11", "east"]


def test_beside_a_plot_only_the_zone_is_hit(corner):
    assert picked(145, 50) == ["east"]


def test_outside_the_zone_nothing_is_hit(corner):
    assert picked(-50, -50) == []


def test_a_line_is_hit_within_the_tolerance(corner):
    assert "В-1" in picked(300, 113.9)


def test_a_line_is_missed_beyond_the_tolerance(corner):
    assert "В-1" not in picked(300, 114.1)


def test_a_point_lies_above_the_line_it_stands_on(corner):
    assert picked(200, 112)[:2] == ["ПХ-1", "В-1"]


def test_an_asset_of_a_network_that_is_not_public_cannot_be_hit_by_a_visitor(corner):
    assert "Т-1" not in picked(300, 105)


def test_who_may_see_the_network_hits_its_assets(corner, boris):
    assert "Т-1" in picked(300, 105, boris)


@pytest.mark.parametrize("lnglat", [(-179.0, -84.0), (0.0, 0.0), (180.0, 85.0)])
def test_far_from_the_registry_nothing_is_hit(corner, lnglat):
    catalogue = catalogue_of(reader_of(None))
    assert features_at(catalogue, catalogue, lnglat, 1000) == []


def test_no_layers_are_no_hits(corner):
    assert features_at(catalogue_of(reader_of(None)), [], degrees(point(90, 50)), 2) == []


def test_the_geometry_is_the_stored_one(corner):
    catalogue = catalogue_of(reader_of(None))
    plots = catalogue.get("plots")
    assert plots is not None
    (feature,) = features(Query(layer=plots, reader=catalogue.reader, ids=(world.plot_id(1),)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT ST_AsGeoJSON(ST_Transform(geom, 4326), 8) FROM land_plot WHERE code = 'П-1'")
        assert feature.geometry == json.loads(cursor.fetchone()[0])


def test_the_anchor_of_a_line_is_its_middle(corner):
    catalogue = catalogue_of(reader_of(None))
    road = catalogue.get("road_axis")
    assert road is not None
    (feature,) = features(Query(layer=road, reader=catalogue.reader))
    assert feature.anchor == pytest.approx(point(200, 120).coords)
