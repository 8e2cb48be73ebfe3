"""The grid of coordinates on paper."""

import pytest
from django.conf import settings
from pyproj import Transformer

from gis_portal.pages.tools.paper import PAPERS, SCALES, TURNS, Wish, eastings, map_mm, northings, step_m


def wish(scale: int = 1000, place: tuple[float, float] = (587_012.5, 4_790_030)) -> Wish:
    lng, lat = Transformer.from_crs(settings.REGISTRY_SRID, 4326, always_xy=True).transform(*place)
    return Wish(lng, lat, scale, "a4", "portrait", "", None)


def test_lines_of_the_grid_stand_where_their_coordinates_are():
    sheet = wish().sheet()
    assert [tick.value for tick in eastings(sheet)] == [586_950, 587_000, 587_050, 587_100]
    assert [tick.mm for tick in eastings(sheet)] == pytest.approx([32.5, 82.5, 132.5, 182.5], abs=0.001)
    middle = next(tick for tick in northings(sheet) if tick.value == 4_790_050)
    assert middle.mm == pytest.approx(sheet.size_mm[1] / 2 - 20, abs=0.001)


@pytest.mark.parametrize("scale", SCALES)
def test_lines_of_the_grid_are_neither_crowded_nor_lost(scale):
    assert 25 <= step_m(scale) * 1_000 / scale <= 100


def test_a_sheet_covers_exactly_what_its_size_means_at_its_scale():
    sheet = wish(scale=2500).sheet()
    west, south, east, north = sheet.bounds
    assert (east - west, north - south) == pytest.approx(tuple(side * 2.5 for side in map_mm("a4", "portrait")))


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("turn", TURNS)
def test_the_map_takes_most_of_the_paper(paper, turn):
    wide, tall = map_mm(paper, turn)
    assert wide * tall > 0.6 * PAPERS[paper][0] * PAPERS[paper][1]
