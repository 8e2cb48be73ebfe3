"""GetMap: what stands in the picture, and where."""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.test import Client

from registries.land.models import Zone
from registries.networks.models import Network
from tests.conftest import EAST, NORTH, Publish
from tests.layers.maps.conftest import ask, box, colour, is_empty, is_green, is_orange, picture, plot

pytestmark = pytest.mark.django_db
AREA = box(0, 0, 1000, 1000)
SIZE = (1000, 1000)


def in_srs(area: tuple[float, ...], srid: int) -> tuple[float, float, float, float]:
    """The box around `area` in another system, as PostGIS has it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_XMin(g), ST_YMin(g), ST_XMax(g), ST_YMax(g)"
            " FROM (SELECT ST_Transform(ST_Segmentize(ST_MakeEnvelope(%s, %s, %s, %s, 7801), 50), %s) AS g) q",
            [*area, srid],
        )
        return cursor.fetchone()


def place_in(
    shown_box: tuple[float, ...], size: tuple[int, int], east: float, north: float, srid: int
) -> tuple[int, int]:
    """Column and row of a place given in metres from the zone's corner, in a picture in another system."""
    point = Point(EAST + east, NORTH + north, srid=7801)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_X(g), ST_Y(g) FROM (SELECT ST_Transform(%s::geometry, %s) AS g) q", [point.ewkt, srid]
        )
        x, y = cursor.fetchone()
    west, south, east_edge, north_edge = shown_box
    return int((x - west) / (east_edge - west) * size[0]), int((north_edge - y) / (north_edge - south) * size[1])


def test_an_available_plot_is_green_where_it_lies(world: Zone, client: Client) -> None:
    assert is_green(colour(picture(ask(client, "plots", AREA, SIZE)), AREA, 150, 150))


def test_a_reserved_plot_is_orange_where_it_lies(world: Zone, client: Client) -> None:
    assert is_orange(colour(picture(ask(client, "plots", AREA, SIZE)), AREA, 450, 150))


def test_nothing_is_drawn_where_nothing_lies(world: Zone, client: Client) -> None:
    assert is_empty(colour(picture(ask(client, "plots", AREA, SIZE)), AREA, 800, 800))


def test_a_layer_that_was_not_asked_for_is_not_drawn(world: Zone, client: Client) -> None:
    assert is_empty(colour(picture(ask(client, "water_pipe", AREA, SIZE)), AREA, 150, 150))


def test_a_water_pipe_is_green(world: Zone, client: Client) -> None:
    assert is_green(colour(picture(ask(client, "water_pipe", AREA, SIZE)), AREA, 200.5, 500))


def test_a_hydrant_stands_on_its_pipe(world: Zone, client: Client) -> None:
    near = box(490, 490, 510, 510)
    shown = picture(ask(client, "water_hydrant", near, (200, 200)))
    assert not is_empty(colour(shown, near, 500, 500))
    assert is_empty(colour(shown, near, 495, 495))


@pytest.mark.parametrize("group", ["zone", "theme.water"])
def test_a_group_draws_its_layers(world: Zone, client: Client, group: str) -> None:
    assert is_green(colour(picture(ask(client, group, AREA, SIZE)), AREA, 200.5, 500))


def test_in_version_130_the_registrys_axes_are_north_then_east(world: Zone, client: Client) -> None:
    west, south, east, north = AREA
    flipped = (south, west, north, east)
    response = ask(client, "plots", flipped, SIZE, VERSION="1.3.0", CRS="EPSG:7801")
    assert is_green(colour(picture(response), AREA, 150, 150))


@pytest.mark.parametrize("srid", [3857, 4326, 4258, 32635])
def test_every_reference_system_shows_the_plot_where_postgis_says(world: Zone, client: Client, srid: int) -> None:
    shown_box = in_srs(AREA, srid)
    shown = picture(ask(client, "plots", shown_box, SIZE, SRS=f"EPSG:{srid}"))
    inside = shown.getpixel(place_in(shown_box, SIZE, 120, 120, srid))
    outside = shown.getpixel(place_in(shown_box, SIZE, 90, 120, srid))
    assert is_green(inside)
    assert is_empty(outside)


def test_cyrillic_labels_are_written_and_differ(zone: Zone, network: Network, publish: Publish, client: Client) -> None:
    """Missing letters would all be the same box."""
    publish([plot(zone, "ЖЖЖ", "available", 100), plot(zone, "ИИИ", "available", 400)])
    first = picture(ask(client, "plots", box(180, 180, 220, 220), (300, 300)))
    second = picture(ask(client, "plots", box(480, 180, 520, 220), (300, 300)))
    dark = [sum(shown.convert("RGB").convert("L").histogram()[:60]) for shown in (first, second)]
    assert min(dark) > 50
    assert first.tobytes() != second.tobytes()


@pytest.mark.parametrize("transparent", ["FALSE", "TRUE"])
def test_jpeg_has_a_white_ground(world: Zone, client: Client, transparent: str) -> None:
    response = ask(client, "plots", AREA, FORMAT="image/jpeg", TRANSPARENT=transparent)
    assert response["Content-Type"] == "image/jpeg"


def test_a_box_far_from_the_registry_is_a_blank_picture(client: Client) -> None:
    shown = picture(ask(client, "zone", (-100, -60, -90, -50), SRS="EPSG:4326"))
    assert shown.getchannel("A").getextrema() == (0, 0)


def test_the_whole_world_is_drawn_without_a_fault(world: Zone, client: Client) -> None:
    assert picture(ask(client, "zone", (-180, -90, 180, 90), SRS="EPSG:4326")).size == (256, 256)


def test_small_plots_are_not_drawn_below_their_layers_zoom(world: Zone, client: Client) -> None:
    wide = box(-200_000, -200_000, 200_000, 200_000)
    assert picture(ask(client, "plots", wide)).getchannel("A").getextrema() == (0, 0)


def test_a_known_answer_is_not_drawn_again(world: Zone, client: Client) -> None:
    first = ask(client, "plots", AREA)
    client.defaults["HTTP_IF_NONE_MATCH"] = first["ETag"]
    assert ask(client, "plots", AREA).status_code == 304


def test_a_publication_makes_another_answer(world: Zone, publish: Publish, client: Client) -> None:
    before = ask(client, "plots", AREA, SIZE)
    publish([plot(world, "Ж-3", "available", 700)])
    after = ask(client, "plots", AREA, SIZE)
    assert before["ETag"] != after["ETag"]
    assert is_green(colour(picture(after), AREA, 750, 150))
