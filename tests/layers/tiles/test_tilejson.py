"""What a map client is told before it asks for tiles."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

from tests.layers.tiles.conftest import Place
from tests.layers.tiles.decoding import tile_of


@pytest.fixture
def document(client: Client, place: Place) -> dict:
    return client.get("/tiles/zone.json", headers={"Accept-Language": "en"}).json()


def test_it_is_tilejson_3(document: dict) -> None:
    assert document["tilejson"] == "3.0.0"
    assert (document["minzoom"], document["maxzoom"]) == (0, 18)


def test_the_template_is_absolute_and_leads_to_tiles(client: Client, document: dict, place: Place) -> None:
    (template,) = document["tiles"]
    assert template.startswith("http://testserver/tiles/zone/")
    zoom, column, row = tile_of(place.pipe.geom, 14)
    assert client.get(template.format(z=zoom, x=column, y=row)).status_code == 200


def test_layers_are_those_that_tiles_hold(document: dict) -> None:
    found = {layer["id"] for layer in document["vector_layers"]}
    assert {"zones", "parcels", "water_pipe", "water_hydrant"} <= found


def test_fields_tell_type_and_label(document: dict) -> None:
    pipes = next(layer for layer in document["vector_layers"] if layer["id"] == "water_pipe")
    assert pipes["fields"]["diameter_mm"] == "Number: diameter (mm)"
    assert pipes["fields"]["id"] == "String"
    assert "capacity" not in pipes["fields"]


def test_labels_follow_the_language(client: Client, place: Place) -> None:
    found = client.get("/tiles/land.json", headers={"Accept-Language": "bg"}).json()
    assert found["vector_layers"][0]["description"] == "Индустриални зони"


def test_bounds_are_those_of_the_data(document: dict) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b) FROM"
            " (SELECT ST_Extent(ST_Transform(geom_3857, 4326)) AS b FROM land_zone) q"
        )
        assert document["bounds"] == pytest.approx(cursor.fetchone(), abs=1e-6)


def test_it_is_asked_again_each_time(client: Client, place: Place) -> None:
    assert client.get("/tiles/zone.json")["Cache-Control"] == "no-cache"
