"""Every operator of every version becomes the same condition."""

from __future__ import annotations

import pytest

from layers.filters.nodes import (
    All,
    AnyOf,
    Between,
    Call,
    Compare,
    Distance,
    IsNull,
    Like,
    Not,
    Property,
    Shape,
    Spatial,
    Temporal,
    Truth,
    Value,
)
from layers.wfs.exceptions import NotParsed, NotProcessed
from layers.wfs.fes.operators import COMPARISONS, SPATIAL
from layers.wfs.fes.times import TEMPORAL
from registries.core.errors import BadInput
from tests.layers.wfs.fes.written import DIALECTS, FES_2, Dialect, node_2

LABEL = "<ValueReference>label</ValueReference>"
GEOM = "<ValueReference>geom</ValueReference>"
LITERAL = "<Literal>x</Literal>"
POINT = "<gml:Point><gml:pos>1 2</gml:pos></gml:Point>"
EQUAL = f"<PropertyIsEqualTo>{LABEL}{LITERAL}</PropertyIsEqualTo>"
IS_EQUAL = Compare("=", Property("label"), Value("x"))
CORNERS = "<gml:lowerCorner>1 2</gml:lowerCorner><gml:upperCorner>3 4</gml:upperCorner>"
MARKS = 'wildCard="*" singleChar="?" escapeChar="!"'


def label(dialect: Dialect) -> str:
    return f"<{dialect.property}>zone:label</{dialect.property}>"


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(("name", "operator"), COMPARISONS.items())
def test_comparisons(dialect: Dialect, name: str, operator: str):
    assert dialect.node(f"<{name}>{label(dialect)}<Literal> 5</Literal></{name}>") == Compare(
        operator,
        Property("label"),
        Value(" 5"),
    )


@pytest.mark.parametrize("bounds", ["<Literal>x</Literal>", f"<Literal>{POINT}</Literal>"])
def test_geometries_are_not_compared(bounds: str):
    """OGC 09-025r2, 7.5: that is no wrong value but something that cannot be done."""
    with pytest.raises(NotProcessed):
        node_2(f"<PropertyIsLessThan>{bounds}<ValueReference>gml:boundedBy</ValueReference></PropertyIsLessThan>")
    with pytest.raises(NotProcessed):
        node_2(f"<PropertyIsEqualTo>{LABEL}<Literal>{POINT}</Literal></PropertyIsEqualTo>")


@pytest.mark.parametrize("operator", ["PropertyIsEqualTo", "PropertyIsNotEqualTo"])
@pytest.mark.parametrize(("written", "expected"), [("true", True), ("1", True), ("false", False), ("0", False)])
def test_case_may_not_matter(operator: str, written: str, expected: bool):
    node = node_2(f'<{operator} matchCase="{written}" matchAction="All">{LABEL}{LITERAL}</{operator}>')
    assert isinstance(node, Compare)
    assert node.match_case is expected


@pytest.mark.parametrize("dialect", DIALECTS)
def test_between(dialect: Dialect):
    content = "<LowerBoundary><Literal>1</Literal></LowerBoundary><UpperBoundary><Literal>2</Literal></UpperBoundary>"
    node = dialect.node(f"<PropertyIsBetween>{label(dialect)}{content}</PropertyIsBetween>")
    assert node == Between(Property("label"), Value("1"), Value("2"))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_value_may_be_missing(dialect: Dialect):
    assert dialect.node(f"<PropertyIsNull>{label(dialect)}</PropertyIsNull>") == IsNull(Property("label"))


@pytest.mark.parametrize("reason", ["", 'nilReason="unknown"'])
def test_nothing_is_told_as_nil(reason: str):
    missing = IsNull(Property("label"))
    assert node_2(f"<PropertyIsNil {reason}>{LABEL}</PropertyIsNil>") == All((missing, Not(missing)))
    with pytest.raises(NotParsed):
        node_2(f"<PropertyIsNil {reason}>{LABEL}{LABEL}</PropertyIsNil>")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_like(dialect: Dialect):
    marks = f'wildCard="*" singleChar="?" {dialect.escape}="!"'
    node = dialect.node(f"<PropertyIsLike {marks}>{label(dialect)}<Literal>a*b?</Literal></PropertyIsLike>")
    assert node == Like(Property("label"), "a%b_")


@pytest.mark.parametrize(
    ("marks", "text", "pattern"),
    [
        (MARKS, "100%_\\", "100\\%\\_\\\\"),
        (MARKS, "!*!?!!!a!", "*?!a!"),
        (MARKS, "", ""),
        ('wildCard="%" singleChar="_" escapeChar="\\"', "a%b_c\\%d\\_e\\\\f", "a%b_c\\%d\\_e\\\\f"),
        ('wildCard=".*" singleChar="." escapeChar="\\\\"', "a.*b.c\\\\.d", "a%b_c.d"),
        ('wildCard="*" singleChar="" escapeChar=""', "a*?!", "a%?!"),
        ('wildCard="" singleChar="" escapeChar=""', "a*b", "a*b"),
    ],
)
def test_patterns_keep_their_meaning(marks: str, text: str, pattern: str):
    node = node_2(f'<PropertyIsLike {marks} matchCase="false">{LABEL}<Literal>{text}</Literal></PropertyIsLike>')
    assert node == Like(Property("label"), pattern, match_case=False)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(("name", "operator"), [one for one in SPATIAL.items() if one[0] != "BBOX"])
def test_relations_in_space(dialect: Dialect, name: str, operator: str):
    node = dialect.node(f"<{name}>{label(dialect)}{POINT}</{name}>")
    assert isinstance(node, Spatial)
    assert (node.operator, node.left) == (operator, Property("label"))
    assert isinstance(node.right, Shape)
    # 7801 has north before east, but not in WFS 1.0.0.
    assert node.right.geom.ewkt == f"SRID=7801;POINT ({'1 2' if dialect.version == '1.0.0' else '2 1'})"


@pytest.mark.parametrize(
    ("dialect", "box"),
    [
        (FES_2, f"<gml:Envelope>{CORNERS}</gml:Envelope>"),
        (DIALECTS[1], '<gml:Envelope srsName="urn:ogc:def:crs:EPSG::4326">'
                      f"{CORNERS}</gml:Envelope>"),
        (DIALECTS[2], '<gml:Box srsName="EPSG:7801"><gml:coordinates>2,1 4,3</gml:coordinates></gml:Box>'),
    ],
)  # fmt: skip
@pytest.mark.parametrize("named", [True, False])
def test_boxes(dialect: Dialect, box: str, named: bool):
    operand = f"<{dialect.property}>geom</{dialect.property}>" if named else ""
    node = dialect.node(f"<BBOX>{operand}{box}</BBOX>")
    assert isinstance(node, Spatial)
    assert (node.operator, node.left) == ("bbox", Property("geom"))
    assert isinstance(node.right, Shape)
    assert node.right.geom.extent == (2, 1, 4, 3)


def test_properties_stand_on_both_sides_in_a_join():
    content = "<ValueReference>a/geom</ValueReference><ValueReference>b/geom</ValueReference>"
    expected = Property("geom", "a"), Property("geom", "b")
    assert node_2(f"<Intersects>{content}</Intersects>") == Spatial("intersects", *expected)
    assert node_2(f"<BBOX>{content}</BBOX>") == Spatial("bbox", *expected)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(("name", "beyond"), [("DWithin", False), ("Beyond", True)])
def test_distances(dialect: Dialect, name: str, beyond: bool):
    node = dialect.node(f'<{name}>{label(dialect)}{POINT}<Distance {dialect.unit}="km">1.5</Distance></{name}>')
    assert isinstance(node, Distance)
    assert (node.left, node.metres, node.beyond) == (Property("label"), 1500.0, beyond)


@pytest.mark.parametrize(("name", "operator"), TEMPORAL.items())
def test_relations_in_time(name: str, operator: str):
    node = node_2(f"<{name}><ValueReference>installed_on</ValueReference><Literal>2020-05-01</Literal></{name}>")
    assert isinstance(node, Temporal)
    assert (node.operator, node.left) == (operator, Property("installed_on"))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_logic(dialect: Dialect):
    one = f"<PropertyIsEqualTo>{label(dialect)}{LITERAL}</PropertyIsEqualTo>"
    node = dialect.node(f"<And>{one}<Or>{one}<Not>{one}</Not></Or></And>")
    assert node == All((IS_EQUAL, AnyOf((IS_EQUAL, Not(IS_EQUAL)))))


def test_a_function_may_be_true():
    assert node_2(f'<Function name="isOpen">{LABEL}</Function>') == Truth(Call("isopen", (Property("label"),)))


@pytest.mark.parametrize(
    "content",
    [
        "",
        EQUAL * 2,
        "<Nothing/>",
        f"<gml:PropertyIsEqualTo>{LABEL}{LITERAL}</gml:PropertyIsEqualTo>",
        LABEL,
        LITERAL,
        POINT,
        "<And/>",
        "<Or/>",
        "<Not/>",
        f"<Not>{EQUAL}{EQUAL}</Not>",
        f"<And>{EQUAL}{LABEL}</And>",
        *(f"<{name}>{LABEL}</{name}>" for name in (*COMPARISONS, *SPATIAL, *TEMPORAL, "DWithin", "PropertyIsLike")),
        f"<PropertyIsEqualTo>{LABEL}{LITERAL}{LITERAL}</PropertyIsEqualTo>",
        f'<PropertyIsEqualTo matchCase="perhaps">{LABEL}{LITERAL}</PropertyIsEqualTo>',
        f'<PropertyIsEqualTo matchAction="Most">{LABEL}{LITERAL}</PropertyIsEqualTo>',
        f"<PropertyIsEqualTo>{EQUAL}{LITERAL}</PropertyIsEqualTo>",
        f"<PropertyIsLike>{LABEL}{LITERAL}</PropertyIsLike>",
        f'<PropertyIsLike wildCard="*" singleChar="?">{LABEL}{LITERAL}</PropertyIsLike>',
        f'<PropertyIsLike wildCard="*" singleChar="*" escapeChar="!">{LABEL}{LITERAL}</PropertyIsLike>',
        f"<PropertyIsLike {MARKS}>{LABEL}{LABEL}</PropertyIsLike>",
        "<PropertyIsNull/>",
        f"<PropertyIsBetween>{LABEL}{LITERAL}{LITERAL}</PropertyIsBetween>",
        f"<PropertyIsBetween>{LABEL}<UpperBoundary>{LITERAL}</UpperBoundary><LowerBoundary>{LITERAL}</LowerBoundary>"
        "</PropertyIsBetween>",
        f"<PropertyIsBetween>{LABEL}<LowerBoundary/><UpperBoundary/></PropertyIsBetween>",
        "<BBOX/>",
        f"<BBOX>{GEOM}{POINT}</BBOX>",
        f"<DWithin>{GEOM}{POINT}</DWithin>",
        f"<DWithin>{GEOM}{POINT}{LITERAL}</DWithin>",
        f"<DWithin>{GEOM}{POINT}<Distance>5</Distance></DWithin>",
    ],
)
def test_what_is_no_condition_is_told(content: str):
    with pytest.raises(NotParsed) as failure:
        node_2(content)
    assert failure.value.locator == "filter"


@pytest.mark.parametrize(
    "content",
    [
        "<BBOX><gml:Envelope/></BBOX>",
        f"<BBOX><gml:Envelope>{CORNERS.replace('1 2', '5 6')}</gml:Envelope></BBOX>",
        f'<Within>{GEOM}<gml:Point srsName="EPSG:1"><gml:pos>1 2</gml:pos></gml:Point></Within>',
        f"<Within>{GEOM}<gml:Point/></Within>",
        f"<Within>{GEOM}<gml:Arc/></Within>",
    ],
)
def test_wrong_geometry_is_told(content: str):
    with pytest.raises(BadInput) as failure:
        node_2(content)
    assert failure.value.locator == "filter"
