"""What comes back from an editor: vertices that were not moved are the stored ones, with their heights."""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import GEOSGeometry, LineString, MultiPolygon, Point, Polygon

from layers.writing.heights import restored
from tests.conftest import SRID

OLD = LineString([(0, 0, 10), (100, 0, 20), (200, 0, 40)], srid=SRID)


def heights(*places: tuple[float, float], old: GEOSGeometry = OLD) -> list[float]:
    found = restored(LineString(places, srid=SRID), old)
    return [round(vertex[2], 6) for vertex in found.coords]  # type: ignore[attr-defined]


def test_vertices_that_stay_keep_their_heights() -> None:
    assert heights((0, 0), (100, 0), (200, 0)) == [10, 20, 40]


def test_an_unchanged_shape_is_the_stored_one() -> None:
    assert restored(LineString([(0.0004, 0), (100, -0.0004), (200, 0)], srid=SRID), OLD) is OLD


def test_more_than_a_millimetre_is_a_move() -> None:
    assert restored(LineString([(0, 0), (100, 0.0011), (200, 0)], srid=SRID), OLD) is not OLD


def test_a_new_vertex_lies_evenly_between_its_neighbours() -> None:
    assert heights((0, 0), (50, 0), (100, 0), (200, 0)) == [10, 15, 20, 40]


def test_a_moved_vertex_gets_its_height_from_its_neighbours() -> None:
    assert heights((0, 0), (100, 50), (200, 0)) == [10, 25, 40]


def test_a_vertex_beyond_the_end_has_the_height_of_the_end() -> None:
    assert heights((0, 0), (100, 0), (200, 0), (300, 0)) == [10, 20, 40, 40]


def test_a_line_drawn_backwards_keeps_the_heights_of_its_places() -> None:
    assert heights((200, 0), (100, 0), (0, 0)) == [40, 20, 10]


def test_a_line_that_was_moved_as_a_whole_keeps_its_profile() -> None:
    assert heights((0, 9), (100, 9), (200, 9)) == [10, 20, 40]


def test_a_moved_point_keeps_its_height() -> None:
    assert restored(Point(5, 5, srid=SRID), Point(0, 0, 7, srid=SRID)).coords == (5, 5, 7)  # type: ignore[attr-defined]


def test_heights_that_come_along_are_taken() -> None:
    found = restored(LineString([(0, 0, 1), (100, 0, 2), (200, 0, 3)], srid=SRID), OLD)
    assert [vertex[2] for vertex in found.coords] == [1, 2, 3]  # type: ignore[attr-defined]


def test_a_point_whose_height_alone_changed_is_changed() -> None:
    assert restored(Point(0, 0, 8, srid=SRID), Point(0, 0, 7, srid=SRID)).coords[2] == 8  # type: ignore[attr-defined]


def test_heights_are_given_where_there_were_none() -> None:
    found = restored(LineString([(0, 0, 1), (9, 0, 2)], srid=SRID), LineString([(0, 0), (9, 0)], srid=SRID))
    assert found.hasz


RING = [(0.00012, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0), (0.00012, 0.0)]


@pytest.mark.parametrize("ring", [RING, RING[::-1], RING[1:] + RING[1:2]])
def test_how_a_ring_is_turned_and_where_it_begins_says_nothing(ring: list[tuple[float, float]]) -> None:
    old = MultiPolygon(Polygon(RING), srid=SRID)
    assert restored(MultiPolygon(Polygon([(round(x, 3), y) for x, y in ring]), srid=SRID), old) is old


def test_corners_that_stay_are_the_stored_ones_to_the_last_digit() -> None:
    old = MultiPolygon(Polygon(RING), srid=SRID)
    moved = [(0.0, 0.0), (150.0, 0.0), (100.0, 100.0), (0.0, 100.0), (0.0, 0.0)]
    found = restored(MultiPolygon(Polygon(moved), srid=SRID), old)
    assert found.coords[0][0][:2] == ((0.00012, 0.0), (150.0, 0.0))  # type: ignore[attr-defined]


def test_the_same_corners_in_another_order_are_another_shape() -> None:
    cross = Polygon([(0, 0), (4, 0), (4, 4), (2, 1), (0, 4), (0, 0)])
    other = Polygon([(0, 0), (4, 0), (2, 1), (4, 4), (0, 4), (0, 0)])
    old = MultiPolygon(cross, srid=SRID)
    assert restored(MultiPolygon(other, srid=SRID), old) is not old


def test_a_hole_is_kept() -> None:
    hole = [(10.0, 10.0), (20.0, 10.0), (20.0, 20.0), (10.0, 10.0)]
    old = MultiPolygon(Polygon(RING, hole), srid=SRID)
    assert restored(MultiPolygon(Polygon(RING), srid=SRID), old).area > old.area
