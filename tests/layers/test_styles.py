"""Styles: the subset that is checked, the look that follows theme and symbol, and the documents that are published."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from psycopg import sql

from layers import checks, styles
from layers.assets import link_columns, node_columns
from layers.expressions import evaluate, spelled_out
from layers.land import PLOTS
from layers.layer import Layer
from layers.style_subset import SLOTS, problems
from registries.core.models import User
from registries.land.models import PlotStatus
from registries.networks.models import Network
from tests.conftest import Publish, hydrant, pipe, point
from tests.conftest import line as line_of

GOOD: dict[str, Any] = {
    "id": "x", "type": "line", "metadata": {"slot": "line"},
    "paint": {"line-color": "#ff0000", "line-width": ["interpolate", ["linear"], ["zoom"], 12, 1, 16, 3]},
}  # fmt: skip


def asset_layer(**more: Any) -> Layer:
    """A layer of pipes, as the asset catalogue would make it."""
    basis = {"key": "a_pipe", "theme": "water", "geometry": "LineString", "columns": tuple(link_columns())}
    words = {"title_bg": "", "title_en": "", "registry": "", "source": sql.SQL(""), "per_network": True}
    return Layer(**{**words, **basis, **more})


def paint(layer: Layer, name: str, key: str) -> Any:
    return next(s for s in styles.layers_of(layer) if s["id"] == f"{layer.key}-{name}")["paint"][key]


def test_every_style_of_the_product_is_in_the_subset() -> None:
    assert checks.styles_in_subset() == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"type": "heatmap"}, "type"),
        ({"source": "x"}, "source"),
        ({"metadata": {}}, "metadata.slot"),
        ({"layout": {"line-blur": 1}}, "line-blur"),
        ({"paint": {"line-color": ["rgb", 1, 2, 3]}}, "line-color: the operator 'rgb'"),
        ({"paint": {"line-width": ["get", "width"]}}, "line-width: a feature property"),
        ({"paint": {"line-dasharray": ["match", ["get", "a"], "b", 1, 2]}}, "line-dasharray: must be the same"),
        ({"paint": {"line-width": ["match", ["get", "a"], "b", ["zoom"], 2]}}, "line-width: the zoom"),
        ({"filter": [">", ["get", "a"], 1]}, "filter: the operator '>'"),
        (
            {"paint": {"line-color": ["match", ["get", "a"], "b", "#000", "#fff"],
                       "line-width": ["match", ["get", "c"], "d", 1, 2]}},
            "look: depends on a, c",
        ),
    ],
)  # fmt: skip
def test_what_lies_outside_the_subset_is_told_by_property(change: dict[str, Any], told: str) -> None:
    assert [problem for problem in problems({**GOOD, **change}) if problem.startswith(told)]


def test_a_style_inside_the_subset_has_no_problems() -> None:
    assert list(problems(GOOD)) == []


def test_the_check_names_file_layer_and_column() -> None:
    blind = replace(PLOTS, columns=())
    assert any(text.startswith("plots.json, fill, status:") for text in styles.check(blind))


@pytest.mark.parametrize(
    ("expression", "zoom", "expected"),
    [
        (["interpolate", ["linear"], ["zoom"], 10, 1, 12, 3], 11, 2),
        (["interpolate", ["linear"], ["zoom"], 10, 1, 12, 3], 9, 1),
        (["interpolate", ["linear"], ["zoom"], 10, 1, 12, 3], 15, 3),
        (["interpolate", ["exponential", 2], ["zoom"], 10, 1, 12, 4], 11, 2),
        (["step", ["coalesce", ["get", "d"], 5], "thin", 10, "thick"], 0, "thin"),
        (["step", ["get", "wide"], "thin", 10, "thick"], 0, "thick"),
        (["match", ["get", "s"], ["a", "b"], 1, "c", 2, 3], 0, 2),
        (["match", ["get", "none"], "a", 1, 3], 0, 3),
        (["in", ["get", "s"], ["literal", ["c", "d"]]], 0, True),
        (["!", ["has", "none"]], 0, True),
        (["all", ["==", ["get", "s"], "c"], ["!=", ["get", "s"], "d"]], 0, True),
        (["concat", ["get", "s"], "-", ["get", "none"]], 0, "c-"),
    ],
)
def test_expressions_have_maplibres_values(expression: Any, zoom: float, expected: Any) -> None:
    assert evaluate(expression, zoom, {"s": "c", "wide": 10}) == expected


AMONG = ["in", ["get", "a"], ["literal", ["b", "c"]]]


@pytest.mark.parametrize("value", ["b", "c", "d", None])
@pytest.mark.parametrize(
    "expression",
    [AMONG, ["!", AMONG], ["all", AMONG, ["has", "a"]], ["match", ["get", "a"], "b", 1, ["c", "x"], ["zoom"], 3]],
)
def test_a_published_expression_means_what_the_written_one_means(expression: Any, value: str | None) -> None:
    properties = {"a": value}
    assert evaluate(spelled_out(expression), 9, properties) == evaluate(expression, 9, properties)


def test_published_documents_use_only_what_old_clients_read(client: Client, db: None) -> None:
    """QGIS before 3.24 takes single labels for none and shows everything where it finds `in`."""
    body = client.get("/styles/land.json").getvalue().decode()
    assert '["in",' not in body
    assert '["match",["get","status"],["available"],' in body


@pytest.mark.parametrize("status", PlotStatus.values)
def test_every_plot_status_has_a_colour_and_a_sign_of_its_own(status: str) -> None:
    fill = paint(PLOTS, "fill", "fill-color")
    label = next(s for s in styles.layers_of(PLOTS) if s["id"] == "plots-code-status")["layout"]["text-field"]
    others = [one for one in PlotStatus.values if one != status]
    for expression in (fill, label):
        own = evaluate(expression, 16, {"status": status, "code": "1"})
        assert own not in [evaluate(expression, 16, {"status": one, "code": "1"}) for one in others]


def test_an_asset_has_the_colour_of_its_theme() -> None:
    water, gas = asset_layer(symbol="pipe"), asset_layer(theme="gas", symbol="pipe")
    assert paint(water, "pipe", "line-color") == "#1e8e4e"
    assert paint(gas, "pipe", "line-color") == "#e0b000"


def test_an_unknown_theme_and_symbol_are_drawn_too() -> None:
    assert styles.layers_of(asset_layer(theme="pneumatic_post", symbol="tube"))


def test_a_point_symbol_with_a_letter_shows_it() -> None:
    found = styles.layers_of(asset_layer(geometry="Point", columns=tuple(node_columns()), symbol="hydrant"))
    assert [style["layout"]["text-field"] for style in found if style["id"] == "a_pipe-letter"] == ["Х"]


def test_no_style_begins_below_its_layers_zoom() -> None:
    assert min(style["minzoom"] for style in styles.layers_of(asset_layer(min_zoom=14))) == 14


def test_the_drawing_goes_from_areas_up_to_labels() -> None:
    slots = [style["metadata"]["slot"] for style in styles.in_order(checks.sample_layers())]
    assert slots == sorted(slots, key=SLOTS.index)


@pytest.mark.django_db
def test_the_document_is_complete(client: Client) -> None:
    found = client.get("/styles/land.json").json()
    assert found["version"] == 8
    assert found["sources"]["portal"] == {"type": "vector", "url": "http://testserver/tiles/land.json"}
    ids = [layer["id"] for layer in found["layers"]]
    assert len(set(ids)) == len(ids)
    assert all(layer["source"] == "portal" and layer["source-layer"] for layer in found["layers"][1:])


@pytest.mark.django_db
def test_a_published_asset_type_is_in_the_document_of_networks(
    client: Client, network: Network, publish: Publish
) -> None:
    publish([pipe(network, line_of((0, 0), (10, 0))), hydrant(network, point(5, 5))])
    found = client.get("/styles/networks.json").json()
    assert {layer.get("source-layer") for layer in found["layers"][1:]} == {"water_pipe", "water_hydrant"}


@pytest.mark.django_db
def test_an_unknown_tileset_is_not_found(client: Client) -> None:
    assert client.get("/styles/nonsense.json").status_code == 404


@pytest.mark.django_db
def test_the_document_of_a_person_is_not_shared(client: Client, olena: User) -> None:
    client.force_login(olena)
    assert "private" in client.get("/styles/zone.json")["Cache-Control"]
