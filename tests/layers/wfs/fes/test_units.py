"""Distances are metres, whatever unit they are written in."""

import pytest
from django.utils.translation import override

from layers.filters.nodes import Distance
from layers.wfs.exceptions import NotParsed
from registries.core.errors import BadInput
from tests.layers.wfs.fes.written import node_2


def metres(text: str, unit: str) -> float:
    point = "<gml:Point><gml:pos>1 2</gml:pos></gml:Point>"
    length = f'<Distance uom="{unit}">{text}</Distance>'
    node = node_2(f"<DWithin><ValueReference>geom</ValueReference>{point}{length}</DWithin>")
    assert isinstance(node, Distance)
    return node.metres


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("m", 2),
        ("Metre", 2),
        ("meters", 2),
        ("#m", 2),
        ("urn:ogc:def:uom:EPSG::9001", 2),
        ("http://www.opengis.net/def/uom/EPSG/0/9001", 2),
        ("urn:ogc:def:uom:UCUM::m", 2),
        ("http://www.uomdict.com/uom.html#meters", 2),
        ("km", 2000),
        ("kilometers", 2000),
        ("cm", 0.02),
        ("ft", 0.6096),
        ("[ft_i]", 0.6096),
        ("urn:ogc:def:uom:EPSG::9003", 2400 / 3937),
        ("mi", 3218.688),
        ("[nmi_i]", 3704),
    ],
)
def test_units(unit: str, expected: float):
    assert metres("2", unit) == pytest.approx(expected)


@pytest.mark.parametrize("text", ["0", " 10\n", "1e3", ".5", "+2.", "1000000"])
def test_numbers(text: str):
    assert metres(text, "m") == float(text)


@pytest.mark.parametrize("text", ["", "x", "-1", "nan", "inf", "1e999", "1_0", "1,5", "١"])
def test_what_is_no_distance_is_told(text: str):
    with pytest.raises(BadInput) as failure:
        metres(text, "m")
    assert failure.value.locator == "filter"


@pytest.mark.parametrize("unit", ["degree", "deg", "urn:ogc:def:uom:EPSG::9102", "rad"])
def test_degrees_are_no_distance(unit: str):
    with override("en"), pytest.raises(BadInput, match="metres"):
        metres("1", unit)


def test_units_are_not_guessed():
    with pytest.raises(BadInput, match="furlong"):
        metres("1", "furlong")
    with pytest.raises(NotParsed):
        metres("1", " ")
