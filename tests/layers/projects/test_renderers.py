"""The look of a layer in QGIS: what categories it has, in which colours, and from which scale on it is shown."""

from __future__ import annotations

import pytest
from django.test import Client
from lxml import etree


@pytest.fixture
def drawn(client: Client):
    return lambda key: etree.fromstring(client.get(f"/ows/layers/{key}.qlr", {"lang": "en"}).content)


def categories(document: etree._Element) -> dict[str, str]:
    return {one.get("value"): one.get("label") for one in document.xpath("//category")}


def symbol(document: etree._Element, value: str) -> etree._Element:
    (number,) = document.xpath(f"//category[@value='{value}']/@symbol")
    return document.xpath(f"//renderer-v2/symbols/symbol[@name='{number}']")[0]


def setting(element: etree._Element, kind: str, name: str) -> str:
    return element.xpath(f"layer[@class='{kind}']/Option/Option[@name='{name}']/@value")[0]


def test_plots_have_a_category_for_each_status(drawn):
    found = categories(drawn("plots"))
    assert found["available"] == "available"
    assert list(found)[-1] == ""
    assert len(found) == 8


@pytest.mark.parametrize(("status", "colour"), [("available", "53,179,126,158"), ("reserved", "240,163,43,128")])
def test_plots_have_the_colours_of_the_style(drawn, status: str, colour: str):
    assert setting(symbol(drawn("plots"), status), "SimpleFill", "color") == colour


def test_only_planned_plots_have_a_dashed_edge(drawn):
    document = drawn("plots")
    dashed = [value for value in categories(document) if symbol(document, value).xpath(".//Option[@name='customdash']")]
    assert dashed == ["planned", "withdrawn"]


def test_values_that_look_alike_are_one_category_under_their_name(drawn):
    assert categories(drawn("water_pipe"))[""] == "functional"


def test_many_values_that_look_alike_are_others(drawn):
    assert categories(drawn("parcels"))[""] == "others"


def test_a_layer_that_looks_the_same_everywhere_has_no_categories(drawn):
    assert drawn("zones").xpath("//renderer-v2/@type") == ["singleSymbol"]


def test_widths_follow_column_and_scale(drawn):
    (width,) = symbol(drawn("water_pipe"), "").xpath(
        "layer[.//Option[@name='line_color' and starts-with(@value, '30,142,78')]]"
        "//Option[@name='outlineWidth']/Option[@name='expression']/@value"
    )
    assert '"diameter_mm"' in width
    assert "@map_scale" in width


def test_a_circle_is_as_wide_as_radius_and_stroke(drawn):
    expression = symbol(drawn("water_hydrant"), "").xpath("//Option[@name='size']/Option[@name='expression']/@value")[0]
    assert expression.count("CASE") == 2


def test_a_layer_is_shown_from_its_smallest_zoom_on(drawn):
    (layer,) = drawn("parcels").xpath("//maplayer")
    assert layer.get("hasScaleBasedVisibilityFlag") == "1"
    # Zoom 13 with tiles of 512 px, on the ground at the latitude of Bulgaria and 96 dots per inch.
    assert 26_000 < float(layer.get("minScale")) < 27_500


def test_no_symbol_needs_a_file_or_a_font(drawn):
    for key in ("plots", "water_pipe", "water_hydrant", "road_axis"):
        text = etree.tostring(drawn(key), encoding="unicode")
        assert "SvgMarker" not in text
        assert "fontFamily" not in text


def test_several_labels_share_a_layer_by_scale(drawn):
    rules = drawn("plots").xpath("//labeling[@type='rule-based']/rules/rule")
    ranges = [(float(rule.get("scalemindenom")), float(rule.get("scalemaxdenom"))) for rule in rules]
    assert ranges[0][0] == ranges[1][1]


def test_a_single_label_is_simple(drawn):
    assert drawn("parcels").xpath("//labeling/@type") == ["simple"]
