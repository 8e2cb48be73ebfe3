"""Properties by their paths, literals, functions and arithmetic."""

from __future__ import annotations

import pytest

from layers.filters.nodes import Call, Compare, Expression, IsNull, Property, Shape, Spatial, Value
from layers.wfs.exceptions import NotParsed, OptionNotServed
from layers.wfs.fes import read
from layers.wfs.names import NAMESPACE
from registries.core.errors import BadInput
from tests.layers.wfs.fes.written import DIALECTS, FES, GML_3, Dialect, node_2

IS_NULL = "<PropertyIsNull><ValueReference>{}</ValueReference></PropertyIsNull>"


def left(content: str) -> Expression:
    node = node_2(f"<PropertyIsEqualTo>{content}<Literal>x</Literal></PropertyIsEqualTo>")
    assert isinstance(node, Compare)
    return node.left


def by_path(path: str) -> Expression:
    return left(f"<ValueReference>{path}</ValueReference>")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("label", Property("label")),
        (" zone:label\n", Property("label")),
        ("zone:label[1]", Property("label")),
        ("./label", Property("label")),
        ("//zone:label", Property("label")),
        ("*/zone:label", Property("label")),
        ("zone:plots/zone:label", Property("label", "plots")),
        ("/zone:plots/zone:label", Property("label", "plots")),
        ("a/label", Property("label", "a")),
        ("етикет", Property("етикет")),
        ("@gml:id", Property("@gml:id")),
        ("@id", Property("@gml:id")),
        ("gml:id", Property("@gml:id")),
        ("zone:plots/@gml:id", Property("@gml:id", "plots")),
        ("gml:name", Property("gml:name")),
        ("zone:plots/gml:identifier", Property("gml:identifier", "plots")),
    ],
)
def test_properties_have_paths(path: str, expected: Property):
    assert by_path(path) == expected


@pytest.mark.parametrize("path", ["", " "])
def test_a_property_has_a_name(path: str):
    with pytest.raises(NotParsed):
        by_path(path)


@pytest.mark.parametrize(
    "path",
    [
        "schema-element(zone:plots)/zone:label",
        "label[2]",
        "label[.='x']",
        "a/b/c",
        "../label",
        "@label",
        "@gml:id/label",
        "*",
        "text()",
        "a b",
        "count(//*)",
        "x' OR 1=1; --",
    ],
)
def test_other_paths_are_refused(path: str):
    with pytest.raises(OptionNotServed) as failure:
        by_path(path)
    assert failure.value.locator == "filter"


def test_a_prefix_stands_for_our_namespace_only():
    filter = f'<Filter xmlns="{FES}" xmlns:z="{{}}">{IS_NULL.format("z:label")}</Filter>'
    assert read(filter.format(NAMESPACE), "2.0.0").node == IsNull(Property("label"))
    with pytest.raises(BadInput, match="urn:other"):
        read(filter.format("urn:other"), "2.0.0")


def test_a_prefix_of_gml_is_known_by_its_namespace():
    filter = f'<Filter xmlns="{FES}" xmlns:g="{GML_3}">{IS_NULL.format("g:name")}</Filter>'
    assert read(filter, "2.0.0").node == IsNull(Property("gml:name"))


@pytest.mark.parametrize("text", ["", "x", " x ", "5", "Ж&amp;&lt;", "<![CDATA[<x>]]>"])
def test_literals_are_verbatim(text: str):
    expected = {"Ж&amp;&lt;": "Ж&<", "<![CDATA[<x>]]>": "<x>"}.get(text, text)
    assert left(f"<Literal>{text}</Literal>") == Value(expected)


def test_a_literal_may_hold_a_geometry():
    literal = "<Literal><gml:Point><gml:pos>1 2</gml:pos></gml:Point></Literal>"
    node = node_2(f"<Intersects><ValueReference>geom</ValueReference>{literal}</Intersects>")
    assert isinstance(node, Spatial)
    assert isinstance(node.right, Shape)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_functions(dialect: Dialect):
    call = f'<Function name="Area"><{dialect.property}>geom</{dialect.property}><Literal>2</Literal></Function>'
    node = dialect.node(f"<PropertyIsGreaterThan>{call}<Literal>1</Literal></PropertyIsGreaterThan>")
    assert node == Compare(">", Call("area", (Property("geom"), Value("2"))), Value("1"))


@pytest.mark.parametrize(("name", "operator"), [("Add", "+"), ("Sub", "-"), ("Mul", "*"), ("Div", "/")])
def test_arithmetic(name: str, operator: str):
    inner = f"<{name}><Literal>1</Literal><Literal>2</Literal></{name}>"
    call = Call(operator, (Value("1"), Value("2")))
    assert left(inner) == call
    assert left(f"<{name}>{inner}{inner}</{name}>") == Call(operator, (call, call))


@pytest.mark.parametrize(
    "content",
    [
        "<Function/>",
        '<Function name=" "/>',
        "<Add><Literal>1</Literal></Add>",
        "<Literal><b>x</b></Literal>",
        "<Literal><gml:Point><gml:pos>1 2</gml:pos></gml:Point><gml:Null/></Literal>",
        "<ValueReference>a<b/></ValueReference>",
        "<Nothing/>",
        '<x xmlns="urn:x"/>',
    ],
)
def test_what_is_no_expression_is_told(content: str):
    with pytest.raises(NotParsed):
        left(content)
