"""Mapnik must not lead the other libraries of the process, or its children, to its own data files."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from pyproj import Transformer

from layers.maps.mapnik_adapter import reach, style_zoom

SCRIPT = """
import json, os, subprocess, sys
import django
django.setup()
from django.contrib.gis.gdal import CoordTransform, SpatialReference
from django.contrib.gis.geos import Point
from pyproj import Transformer

def places():
    point = Point(26.57, 43.25, srid=4326)
    point.transform(CoordTransform(SpatialReference(4326), SpatialReference(7801)))
    return [Transformer.from_crs(4326, 7801, always_xy=True).transform(26.57, 43.25), point.coords]

before = places()
environment = {name: os.environ.get(name) for name in ("PROJ_LIB", "GDAL_DATA")}
from layers.maps import mapnik_adapter
after = places()
child = subprocess.run(
    [sys.executable, "-c", "import os; print(os.environ.get('PROJ_LIB'), os.environ.get('GDAL_DATA'))"],
    capture_output=True, text=True, check=True,
)
mapnik = mapnik_adapter.mapnik
drawn = mapnik.ProjTransform(mapnik.Projection("epsg:4326"), mapnik.Projection("epsg:7801"))
there = drawn.forward(mapnik.Coord(26.57, 43.25))
print(json.dumps({"before": before, "after": after, "child": child.stdout.split(), "mapnik": [there.x, there.y],
                  "kept": environment == {name: os.environ.get(name) for name in environment}}))
"""


@pytest.fixture(scope="module")
def found() -> dict[str, object]:
    """What a fresh process saw that imported Mapnik after the other libraries."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PROJ_LIB", "GDAL_DATA")}
    environment |= {"DJANGO_SETTINGS_MODULE": "gis_portal.settings", "DEMO": "yes"}
    ended = subprocess.run(
        [sys.executable, "-W", "error::ImportWarning", "-c", SCRIPT],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(ended.stdout.splitlines()[-1])


def test_transformations_are_the_same_with_mapnik(found: dict[str, object]) -> None:
    assert found["after"] == found["before"]


def test_mapnik_transforms_like_the_others(found: dict[str, list[float]]) -> None:
    assert found["mapnik"] == pytest.approx(Transformer.from_crs(4326, 7801, always_xy=True).transform(26.57, 43.25))


def test_the_environment_is_as_it_was(found: dict[str, object]) -> None:
    assert found["kept"]


def test_children_do_not_inherit_mapniks_paths(found: dict[str, object]) -> None:
    assert found["child"] == ["None", "None"]


def test_the_zoom_of_a_web_tile_is_one_below_its_level() -> None:
    """Tiles are 256 px wide, styles speak of 512 px."""
    side = 2 * 20037508.342789244 / 2**15
    assert style_zoom((0, 0, side, side), (256, 256), 3857) == 14.0


def test_the_zoom_does_not_depend_on_the_reference_system() -> None:
    box = (587_000, 4_790_000, 588_000, 4_791_000)
    web = Transformer.from_crs(7801, 3857, always_xy=True).transform_bounds(*box)
    assert style_zoom(box, (500, 500), 7801) == pytest.approx(style_zoom(web, (500, 500), 3857), abs=0.2)


def test_nothing_is_read_for_a_box_far_away() -> None:
    assert reach((-10_000_000, -10_000_000, -9_000_000, -9_000_000), (256, 256), 3857, 128) is None


def test_a_boundless_box_is_read_where_the_registry_may_lie() -> None:
    found = reach((-1e9, -1e9, 1e9, 1e9), (256, 256), 7801, 128)
    assert found is not None
    assert all(abs(number) < 2.1e7 for number in found)
