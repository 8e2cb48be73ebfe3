from __future__ import annotations

import pytest
from django.test import Client

from tests.layers.maps.conftest import World, box, get_map, pixel

pytestmark = pytest.mark.django_db
AREA = box(0, 0, 1000, 1000)


def is_green(colour: tuple[int, ...]) -> bool:
    return colour[3] > 60 and colour[1] > colour[0] + 30


def is_orange(colour: tuple[int, ...]) -> bool:
    return colour[3] > 60 and colour[0] > colour[2] + 60


def test_an_available_plot_is_green_where_it_lies(world: World, client: Client) -> None:
    assert is_green(pixel(get_map(client, "plots", AREA, (1000, 1000)), AREA, 150, 150))


def test_a_reserved_plot_is_orange_where_it_lies(world: World, client: Client) -> None:
    assert is_orange(pixel(get_map(client, "plots", AREA, (1000, 1000)), AREA, 450, 150))


def test_nothing_is_drawn_where_nothing_lies(world: World, client: Client) -> None:
    assert pixel(get_map(client, "plots", AREA, (1000, 1000)), AREA, 800, 800)[3] == 0
