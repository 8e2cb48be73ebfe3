"""Extents as services tell them."""

from __future__ import annotations

from layers.access import reader_of
from layers.catalogue import catalogue_of
from layers.crs import Bounds
from layers.known import extent_of
from registries.networks.models import Network
from tests.conftest import Publish, hydrant, point
from tests.layers.served import by_postgis


def extent(key: str) -> Bounds:
    catalogue = catalogue_of(reader_of(None))
    layer = catalogue.get(key)
    assert layer is not None
    return extent_of(catalogue, layer)


def test_a_single_point_has_an_extent_with_an_area(network: Network, publish: Publish):
    """QGIS opens no WMS layer whose extent is empty."""
    publish([hydrant(network, point(30, 30))])
    west, south, east, north = extent("water_hydrant")
    assert east > west
    assert north > south


def test_features_lie_inside_however_their_coordinates_are_rounded(network: Network, publish: Publish):
    edit = hydrant(network, point(30, 30))
    publish([edit])
    west, south, east, north = extent("water_hydrant")
    ((x, y),) = by_postgis("water_hydrant", edit.object_id, 4326, flipped=False)
    assert west < round(x, 6) < east
    assert south < round(y, 6) < north


def test_extents_are_told_in_few_digits(network: Network, publish: Publish):
    publish([hydrant(network, point(30, 30))])
    bounds = extent("water_hydrant")
    assert [round(value, 6) for value in bounds] == list(bounds)
