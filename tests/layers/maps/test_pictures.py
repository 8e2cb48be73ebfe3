"""Pictures of a place: as large as asked for, true to scale, the thing they are about outlined."""

from __future__ import annotations

import pytest
from PIL import Image

from layers.access import reader_of
from layers.catalogue import Catalogue, catalogue_of
from layers.maps.pictures import SCALES, Sheet, picture
from layers.styles import GROUND
from registries.core.models import User
from registries.land.models import Plot, Zone
from tests.conftest import EAST, NORTH
from tests.layers.maps.conftest import Box, box, is_green, is_orange

pytestmark = pytest.mark.django_db
AREA = box(0, 0, 1000, 1000)
EDGE = (0x14, 0x21, 0x3D)


@pytest.fixture
def catalogue(world: Zone) -> Catalogue:
    return catalogue_of(reader_of(None))


def pixel(shown: Image.Image, area: Box, east: float, north: float) -> tuple[int, ...]:
    """The colour at a place given in metres from the zone's corner."""
    column = int((EAST + east - area[0]) / (area[2] - area[0]) * shown.width)
    row = int((area[3] - NORTH - north) / (area[3] - area[1]) * shown.height)
    return tuple(shown.convert("RGBA").getpixel((column, row)))


def dark_around(shown: Image.Image, area: Box, east: float, north: float) -> int:
    """How many pixels of the edge's colour lie in the row through a place, left and right of it."""
    row = int((area[3] - NORTH - north) / (area[3] - area[1]) * shown.height)
    column = int((EAST + east - area[0]) / (area[2] - area[0]) * shown.width)
    return sum(shown.getpixel((column + x, row)) == EDGE for x in range(-15, 16))


def test_a_picture_is_opaque_and_lies_on_the_maps_ground(catalogue: Catalogue) -> None:
    shown = picture(catalogue, AREA, (500, 500), srid=7801, keys=("plots",))
    assert (shown.mode, shown.size) == ("RGB", (500, 500))
    assert pixel(shown, AREA, 800, 800)[:3] == tuple(int(GROUND[i : i + 2], 16) for i in (1, 3, 5))


def test_plots_are_drawn_by_status_where_they_lie(catalogue: Catalogue) -> None:
    shown = picture(catalogue, AREA, (1000, 1000), srid=7801, keys=("plots",))
    assert is_green(pixel(shown, AREA, 150, 150))
    assert is_orange(pixel(shown, AREA, 450, 150))


def test_the_outline_stands_on_the_edge_of_the_plot(catalogue: Catalogue) -> None:
    plot = Plot.objects.get(code="Ж-1")
    shown = picture(catalogue, AREA, (1000, 1000), srid=7801, keys=("plots",), outline=plot.geom)
    assert dark_around(shown, AREA, 100, 150) >= 2
    assert dark_around(shown, AREA, 400, 150) == 0


def test_what_lies_around_the_outline_grows_pale(catalogue: Catalogue) -> None:
    plot = Plot.objects.get(code="Ж-1")
    plain = picture(catalogue, AREA, (1000, 1000), srid=7801, keys=("plots",))
    shown = picture(catalogue, AREA, (1000, 1000), srid=7801, keys=("plots",), outline=plot.geom)
    assert pixel(shown, AREA, 150, 150) == pixel(plain, AREA, 150, 150)
    assert sum(pixel(shown, AREA, 450, 150)) > sum(pixel(plain, AREA, 450, 150)) + 60


def test_print_has_thicker_lines_of_the_same_place(catalogue: Catalogue) -> None:
    plot = Plot.objects.get(code="Ж-1")
    near = box(50, 50, 350, 350)
    screen = picture(catalogue, near, (600, 600), srid=7801, keys=("plots",), outline=plot.geom)
    paper = picture(catalogue, near, (1200, 1200), srid=7801, scale=2, keys=("plots",), outline=plot.geom)
    assert dark_around(paper, near, 100, 150) >= 2 * dark_around(screen, near, 100, 150) > 0


def test_only_what_the_reader_may_see_is_drawn(catalogue: Catalogue, olena: User) -> None:
    """The gas network is internal."""
    area = box(400, 680, 440, 720)
    public = picture(catalogue, area, (400, 400), srid=7801)
    staff = picture(catalogue_of(reader_of(olena)), area, (400, 400), srid=7801)
    assert len(public.getcolors()) < len(staff.getcolors())


def test_a_sheet_is_true_to_a_round_scale() -> None:
    sheet = Sheet.around((0, 0, 200, 100), (180, 100))
    west, south, east, north = sheet.bounds
    assert sheet.scale in SCALES
    assert (east - west) * 1000 / sheet.scale == pytest.approx(180)
    assert (north - south) * 1000 / sheet.scale == pytest.approx(100)


def test_a_sheet_shows_the_whole_plot_with_its_surroundings() -> None:
    west, south, east, north = Sheet.around((0, 0, 200, 100), (180, 100)).bounds
    assert (west, south) < (-49, -24)
    assert (east, north) > (249, 124)


@pytest.mark.parametrize("side", [10, 130, 999, 5_000])
def test_the_bar_of_the_scale_has_a_round_length_and_fits(side: float) -> None:
    sheet = Sheet.around((0, 0, side, side), (180, 100))
    assert str(sheet.bar_m)[0] in "125"
    assert sheet.bar_mm <= 45
    assert sheet.bar_mm * sheet.scale / 1000 == pytest.approx(sheet.bar_m)
