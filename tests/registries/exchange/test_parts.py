"""Features of several parts: assets have one, so that each part becomes an object, and the counts stay of features."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.gis.geos import MultiLineString, MultiPoint

from registries.changes import door
from registries.core.models import User
from registries.networks.models import Link, Node
from tests.conftest import SRID, line, point
from tests.registries.exchange.conftest import Import, Write

WATER = {"network": "Водопровод"}
WHOLE = MultiLineString(line((0, 0), (50, 0)), line((60, 0), (90, 0)), srid=SRID)
ANOTHER = MultiLineString(line((0, 9), (50, 9)), srid=SRID)
# Its second part crosses itself.
HALF_BAD = MultiLineString(line((0, 20), (50, 20)), line((0, 30), (9, 39), (9, 30), (0, 39)), srid=SRID)
# Its second part ends where it begins, which only the rules find.
RING = MultiLineString(line((0, 40), (50, 40)), line((0, 50), (9, 59), (9, 50), (0, 50)), srid=SRID)

pytestmark = pytest.mark.usefixtures("zone", "asset_types")


@pytest.fixture
def pipes(write: Write) -> Path:
    rows = [(WHOLE, {"id": 1}), (ANOTHER, {"id": 2}), (HALF_BAD, {"id": 3}), (RING, {"id": 4})]
    return write("pipes.gpkg", rows)


def test_each_part_becomes_an_object_and_the_feature_counts_once(run: Import, pipes: Path) -> None:
    report = run(pipes, "water_pipe", **WATER)
    assert (report.read, report.created, len(report.refused)) == (4, 2, 2)
    assert report.change_set.items.filter(registry="networks.link").count() == 3


def test_a_bad_part_refuses_its_feature_whole(run: Import, pipes: Path) -> None:
    report = run(pipes, "water_pipe", **WATER)
    assert [number for number, _reason in report.refused] == [3, 4]
    assert "NET-007" in dict(report.refused)[4]


def test_parts_are_known_again(run: Import, write: Write, pipes: Path, boris: User) -> None:
    first = run(pipes, "water_pipe", **WATER)
    door.approve(boris, first.change_set, "For a test.")
    door.publish(boris, first.change_set)
    assert Link.objects.count() == 3
    longer = MultiLineString(*WHOLE, line((100, 0), (120, 0)), srid=SRID)
    again = run(write("again.gpkg", [(longer, {"id": 1}), (ANOTHER, {"id": 2})]), "water_pipe", **WATER)
    assert (again.read, again.created, again.updated, again.unchanged) == (2, 0, 1, 1)


def test_points_are_taken_apart_too(run: Import, write: Write, boris: User) -> None:
    path = write("hydrants.gpkg", [(MultiPoint(point(1, 1), point(9, 9), srid=SRID), {"id": 1})])
    report = run(path, "water_hydrant", **WATER)
    door.approve(boris, report.change_set, "For a test.")
    door.publish(boris, report.change_set)
    assert (report.created, Node.objects.count()) == (1, 2)
