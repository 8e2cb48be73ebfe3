"""What comes as a shape before anybody asks where it lies."""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import LineString

from layers.writing.surroundings import arrived
from registries.core.errors import InvalidGeometry
from tests.conftest import line


@pytest.mark.parametrize("height", [1e308, -50_000.0])
def test_a_height_far_from_the_earth_is_refused(height: float) -> None:
    with pytest.raises(InvalidGeometry):
        arrived("networks.link", line((0, 0, 100), (10, 0, height)))


def test_heights_of_mountains_and_mines_are_taken() -> None:
    shape = arrived("networks.link", line((0, 0, -400), (10, 0, 2925)))
    assert isinstance(shape, LineString)
    assert [vertex[2] for vertex in shape.coords] == [-400, 2925]
