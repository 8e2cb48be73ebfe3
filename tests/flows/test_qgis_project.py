"""QGIS itself opens what "Open in QGIS" gives: without a word of complaint, complete, and looking like our maps."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from layers.expressions import evaluate
from layers.land import LAND_LAYERS
from layers.layer import Layer
from layers.projects.phrases import phrase
from layers.projects.scales import scale_of
from layers.style_subset import Style, values
from layers.styles import asset_templates, layers_of
from registries.core import codes, tokens
from registries.core.models import AccessToken, User
from tests.flows import with_qgis
from tests.flows.test_qgis import AVAILABLE, OUTSIDE, RESERVED, place, stored, view
from tests.flows.with_qgis import Found, Qgis

SCRIPT = "qgis_projects.py"
COUNTED = ("plots", "parcels", "water_pipe", "water_hydrant")


@pytest.fixture
def qgis(qgis: Qgis, qgis_environment: dict[str, str], portal: str) -> Qgis:
    codes.load()
    return lambda *steps: with_qgis.run(SCRIPT, portal, qgis_environment, steps)


@pytest.fixture
def found(qgis: Qgis) -> Found:
    (told,) = qgis(("project", {"path": "/ows/project.qgz?lang=bg"}))
    return told


def complaints(told: Found) -> dict[str, Any]:
    return {name: told[name] for name in ("read", "error", "said", "warnings")}


NOTHING_TO_SAY = {"read": True, "error": "", "said": [], "warnings": []}


def test_the_project_opens_complete_and_without_a_warning(found: Found):
    assert complaints(found) == NOTHING_TO_SAY
    assert {id: layer["valid"] for id, layer in found["layers"].items()} == dict.fromkeys(found["layers"], True)
    for layer in COUNTED:
        told = found["layers"][f"registry_{layer}"]
        assert (told["count"], told["held"], told["crs"]) == (stored(layer), stored(layer), "EPSG:7801")
    assert found["crs"] == "EPSG:7801"
    assert found["groups"][:3] == ["Земя", "Пътища и улици", "Водоснабдяване"]
    assert found["relations"] == dict.fromkeys(("buildings_zone", "offers_plot", "parcels_zone", "plots_zone"), True)
    west, south, east, north = view(7801, (0, 0), (400, 240))
    left, bottom, right, top = found["extent"]
    assert left < west < east < right
    assert bottom < south < north < top
    plots = found["layers"]["registry_plots"]
    assert plots["name"] == "Терени за инвеститори"
    assert plots["aliases"]["status"] == "Статус"
    assert {"свободен": "available"} in plots["choices"]["status"]
    assert not plots["editable"]


def test_the_project_shows_plots_in_our_colours(qgis: Qgis):
    near = view(7801, (-100, -100), (500, 500))
    places = [place(*one, 7801) for one in (AVAILABLE, RESERVED, OUTSIDE)]
    (told,) = qgis(("picture", {"box": near, "places": places}))
    assert (told["errors"], complaints(told)) == ([], NOTHING_TO_SAY)
    available, reserved, outside = told["colours"]
    assert available[1] > max(available[0], available[2])
    assert reserved[0] > reserved[2]
    # The ground of our own map.
    assert outside == [245, 243, 238]


def test_a_single_layer_is_added_to_any_project(qgis: Qgis):
    (told,) = qgis(("definition", {"layer": "plots"}))
    assert (told["read"], told["error"], told["warnings"]) == (True, "", [])
    (layer,) = told["layers"]
    assert (layer["valid"], layer["count"], layer["renderer"]) == (True, 6, "categorizedSymbol")


def test_a_persons_project_reads_as_that_person_by_a_configuration_that_only_their_qgis_has(
    qgis: Qgis, portal: str, olena: User, tmp_path: Path
):
    token = tokens.issue(olena, "QGIS", AccessToken.Scope.EDIT, timedelta(days=1))
    client = Client()
    client.force_login(olena)
    host = portal.removeprefix("http://")
    file = tmp_path / "mine.qgz"
    file.write_bytes(client.get("/ows/project.qgz", {"authcfg": "abc1234"}, headers={"Host": host}).content)
    asked = {"path": str(file), "authcfg": "abc1234", "name": "olena", "token": token, "layer": "registry_water_pipe"}
    (told,) = qgis(("personal", asked))
    assert complaints(told) == NOTHING_TO_SAY
    assert told["valid"]
    assert told["editable"]
    # With the network that is nobody's business.
    assert told["held"] == stored_links() > stored("water_pipe")


def stored_links() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM networks_link WHERE asset_type_id = 'water_pipe'")
        return cursor.fetchone()[0]


PIPES = Layer(
    key="pipes", title_bg="", title_en="", theme="water", registry="networks.link", source=LAND_LAYERS[0].source,
    geometry="LineString", per_network=True, symbol="pipe", min_zoom=12,
)  # fmt: skip
ZOOMS = (9.5, 12.7, 15, 16.3, 18.4, 21)
FEATURES: list[dict[str, Any]] = [
    {"status": "available", "code": "П-1 'а'", "diameter_mm": 90.0, "label": None},
    {"status": "disused", "code": "", "diameter_mm": None, "label": "В\\1"},
    {"status": None, "code": None, "diameter_mm": 300.0, "label": "x"},
]


def expressions() -> list[Any]:
    """Every expression of the styles of plots and pipes that is no plain value."""
    styles: list[Style] = [*layers_of(LAND_LAYERS[2]), *asset_templates(PIPES)]
    parts = [value for style in styles for value in (style.get("filter"), *values(style).values())]
    return [part for part in parts if isinstance(part, list) and isinstance(part[0], str) and "DejaVu" not in part[0]]


def test_expressions_mean_to_qgis_what_they_mean_to_us(qgis: Qgis):
    ours = [evaluate(one, zoom, values) for one in expressions() for zoom in ZOOMS for values in FEATURES]
    texts = [phrase(one, {}) for one in expressions()]
    scales = [scale_of(zoom) for zoom in ZOOMS]
    (told,) = qgis(("evaluate", {"expressions": texts, "scales": scales, "features": FEATURES}))
    assert len(told["values"]) == len(ours) > 200
    for theirs, expected in zip(told["values"], ours, strict=True):
        if isinstance(expected, (int, float)) and not isinstance(expected, bool):
            assert theirs == pytest.approx(expected, rel=1e-3)
        else:
            assert theirs == expected
