"""A filter as a whole: how it comes in, what of it is the time, and that nothing breaks the reader."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from layers.filters.nodes import MOST_NODES, All, Compare, Ids, Property, Shape, Spatial, Value
from layers.moment import When, instant
from layers.wfs.exceptions import NotParsed, OptionNotServed
from layers.wfs.fes import Filter, read, texts
from layers.wfs.fes.operators import PREDICATES
from layers.wfs.markup import parse
from layers.wfs.requests import Version
from registries.core.errors import BadInput, RegistryError
from tests.layers.wfs.fes.written import FES, FES_2, GML_3, node_2, read_2

EQUAL = "<PropertyIsEqualTo><ValueReference>label</ValueReference><Literal>x</Literal></PropertyIsEqualTo>"
IS_EQUAL = Compare("=", Property("label"), Value("x"))
AT = "<TEquals><ValueReference>zone:begin_lifespan_version</ValueReference><Literal>2020-05-01</Literal></TEquals>"
PERIOD = (
    "<gml:TimePeriod><gml:beginPosition>2020-05-01T00:00:00Z</gml:beginPosition>"
    "<gml:endPosition>2020-06-01T00:00:00Z</gml:endPosition></gml:TimePeriod>"
)
POINT = "<gml:Point><gml:pos>1 2</gml:pos></gml:Point>"
WITHIN = f"<Within><ValueReference>geom</ValueReference>{POINT}</Within>"


@pytest.mark.parametrize(
    "text",
    [
        FES_2.filter(EQUAL),
        f'\n<?xml version="1.0" encoding="ISO-8859-1"?>{FES_2.filter(EQUAL)}',
        f"<Filter>{EQUAL}</Filter>",
        f'<fes:Filter xmlns:fes="{FES}">{EQUAL}</fes:Filter>',
        "<ogc:Filter>" + EQUAL.replace("<", "<ogc:").replace("<ogc:/", "</ogc:") + "</ogc:Filter>",
        "<fes:Filter>" + EQUAL.replace("label", "zone:label") + "</fes:Filter>",
    ],
)
@pytest.mark.parametrize("version", ["1.0.0", "1.1.0", "2.0.0"])
def test_every_namespace_and_none_is_read(text: str, version: Version):
    assert read(text, version) == Filter(IS_EQUAL)


def test_geometry_needs_no_namespace_either():
    node = read(f"<Filter>{WITHIN.replace('gml:', '')}</Filter>", "1.0.0").node
    assert isinstance(node, Spatial)
    assert isinstance(node.right, Shape)


def test_letters_beyond_latin_1_come_in():
    text = f'<?xml version="1.0" encoding="ISO-8859-1"?>{FES_2.filter(EQUAL.replace(">x<", ">Парцел<"))}'
    assert read(text, "2.0.0").node == Compare("=", Property("label"), Value("Парцел"))


def test_an_element_is_read_as_its_text():
    assert read(parse(FES_2.filter(EQUAL).encode()), "2.0.0") == Filter(IS_EQUAL)


def test_geometry_without_a_system_is_in_the_default_one():
    node = node_2(WITHIN)
    assert isinstance(node, Spatial)
    assert isinstance(node.right, Shape)
    assert node.right.geom.ewkt == "SRID=7801;POINT (2 1)"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("<F/>", ["<F/>"]),
        ("(<F/>)", ["<F/>"]),
        ("(<F/>)(<G/>)", ["<F/>", "<G/>"]),
        ("( <F/> ) (\n<G/>)", ["<F/>", "<G/>"]),
        ("()(<F/>)()", ["", "<F/>", ""]),
        ("(<F>x)(y</F>)(<G/>)", ["<F>x)(y</F>", "<G/>"]),
        ("(<F>x)(</F>)(<G/>)", ["<F>x)(</F>", "<G/>"]),
    ],
)
def test_a_parameter_may_hold_several_filters(value: str, expected: list[str]):
    assert texts(value) == expected


def test_too_many_filters_are_refused():
    with pytest.raises(NotParsed):
        texts("()" * 100_000)


def test_parentheses_that_do_not_close_are_refused():
    with pytest.raises(BadInput):
        texts("(")


def test_a_time_alone_is_no_condition():
    assert read_2(AT) == Filter(None, instant("2020-05-01", ""))


def test_a_time_may_stand_beside_conditions():
    when = instant("2020-05-01", "")
    assert read_2(f"<And>{AT}{EQUAL}</And>") == Filter(IS_EQUAL, when)
    assert read_2(f"<And>{EQUAL}{AT}{EQUAL}</And>") == Filter(All((IS_EQUAL, IS_EQUAL)), when)
    assert read_2(f"<And>{AT}</And>") == Filter(None, when)


@pytest.mark.parametrize("name", ["validity", "zone:validity", "zone:plots/zone:begin_lifespan_version"])
def test_the_time_of_the_registry_has_two_names(name: str):
    assert read_2(AT.replace("zone:begin_lifespan_version", name)).when == instant("2020-05-01", "")


@pytest.mark.parametrize(
    ("operator", "content", "expected"),
    [
        ("After", PERIOD, ("2020-06-01T00:00:00.000001+00:00", None)),
        ("Before", PERIOD, (None, "2020-04-30T23:59:59.999999+00:00")),
        ("Before", "<gml:timePosition>2020-05-01T00:00:00.000001Z</gml:timePosition>",
         (None, "2020-05-01T00:00:00+00:00")),
        ("After", "<Literal>2020-05-01T00:00:00Z</Literal>", ("2020-05-01T00:00:00.000001+00:00", None)),
        ("During", "<gml:TimePeriod><gml:beginPosition>2020-05-01T00:00:00Z</gml:beginPosition>"
                   "<gml:endPosition>2020-06-01T00:00:00Z</gml:endPosition></gml:TimePeriod>",
         ("2020-05-01T00:00:00+00:00", "2020-06-01T00:00:00+00:00")),
        ("AnyInteracts", '<gml:TimePeriod><gml:beginPosition indeterminatePosition="unknown"/>'
                         "<gml:endPosition>2020-06-01T00:00:00Z</gml:endPosition></gml:TimePeriod>",
         (None, "2020-06-01T00:00:00+00:00")),
    ],
)  # fmt: skip
def test_stretches_of_the_past(operator: str, content: str, expected: tuple[str | None, str | None]):
    when = read_2(f"<{operator}><ValueReference>validity</ValueReference>{content}</{operator}>").when
    assert isinstance(when, When)
    assert tuple(one and one.isoformat() for one in (when.start, when.end)) == expected


@pytest.mark.parametrize(
    "content",
    [
        f"<Not>{AT}</Not>",
        f"<Or>{AT}{EQUAL}</Or>",
        f"<And>{AT}{AT}</And>",
        f"<And>{EQUAL}<And>{AT}{EQUAL}</And></And>",
        AT.replace("TEquals", "TOverlaps"),
        AT.replace("TEquals", "Begins"),
    ],
)
def test_the_past_is_asked_about_at_the_top_only(content: str):
    with pytest.raises(OptionNotServed) as failure:
        read_2(content)
    assert failure.value.locator == "filter"


@pytest.mark.parametrize(
    "content",
    [AT.replace("TEquals", "During"), AT.replace("2020-05-01", "May"), AT.replace("2020-05-01", "2020-05-01T12:00:00"),
     AT.replace("<Literal>2020-05-01</Literal>", ""), AT.replace("<Literal>2020-05-01</Literal>", "<gml:Point/>")],
)  # fmt: skip
def test_a_wrong_time_is_told(content: str):
    with pytest.raises(BadInput) as failure:
        read_2(content)
    assert failure.value.locator == "filter"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "label = 'x'",
        "<Filter>",
        "<Filter/>",
        "<Filter/><Filter/>",
        "<Query/>",
        f'<Filter xmlns="urn:other">{EQUAL}</Filter>',
        '<!DOCTYPE Filter [<!ENTITY x SYSTEM "file:///etc/hostname">]><Filter>&x;</Filter>',
        "<Filter>" + "<Not>" * 10_000 + EQUAL + "</Not>" * 10_000 + "</Filter>",
        "<Filter>" + "<Not>" * 70 + EQUAL + "</Not>" * 70 + "</Filter>",
        "<Filter><And>" + EQUAL * (MOST_NODES // 3 + 1) + "</And></Filter>",
        "\ud800",
    ],
    ids=range(12),
)
def test_what_is_no_filter_is_told(text: str):
    with pytest.raises(NotParsed) as failure:
        read(text, "2.0.0")
    assert failure.value.locator == "filter"


def test_a_wide_filter_is_read():
    node = node_2(f"<Or>{EQUAL * 1000}</Or>")
    assert node


NAMES = st.sampled_from([*PREDICATES, "ValueReference", "Literal", "Add", "Distance", "LowerBoundary",
                         "UpperBoundary",
                         "gml:Point", "gml:pos", "gml:Envelope", "gml:lowerCorner", "gml:TimeInstant", "gml:TimePeriod",
                         "gml:timePosition", "gml:beginPosition", "gml:endPosition", "gml:end"])  # fmt: skip
ATTRIBUTES = st.dictionaries(
    st.sampled_from(["rid", "fid", "version", "name", "uom", "wildCard", "singleChar", "escapeChar", "matchCase",
                     "indeterminatePosition", "srsName", "previousRid"]),
    st.sampled_from(["", "x", "*", "now", "unknown", "EPSG:4326", "7", "true", "m", "2020-01-01"]),
    max_size=3,
)  # fmt: skip
TREES = st.recursive(
    st.sampled_from(["", "x", "1 2", "5", "2020-05-01", "validity", "zone:label", "@gml:id", "a/b/c", "1e999"]),
    lambda inner: st.builds(
        lambda name, attributes, parts: (
            f"<{name}{''.join(f' {key}={chr(34)}{value}{chr(34)}' for key, value in attributes.items())}>"
            f"{''.join(parts)}</{name}>"
        ),
        NAMES,
        ATTRIBUTES,
        st.lists(inner, max_size=4),
    ),
    max_leaves=20,
)


def read_or_refuse(text: str, version: Version) -> None:
    with suppress(RegistryError):
        assert isinstance(read(text, version), Filter)


@given(TREES, st.sampled_from(["1.0.0", "2.0.0"]))
def test_whatever_elements_come_is_read_or_refused(content: str, version: Version):
    read_or_refuse(FES_2.filter(content), version)


@given(st.text())
def test_whatever_text_comes_is_read_or_refused(text: str):
    read_or_refuse(text, "2.0.0")
    with suppress(RegistryError):
        assert texts(text)


VALID = FES_2.filter(
    f'<And>{EQUAL}{WITHIN}<Not><PropertyIsLike wildCard="*" singleChar="?" escapeChar="!"><ValueReference>label'
    "</ValueReference><Literal>a*</Literal></PropertyIsLike></Not><ResourceId rid='plots.7'/>"
    "<During><ValueReference>installed_on</ValueReference><gml:TimePeriod><gml:beginPosition>2020-01-01"
    "</gml:beginPosition><gml:endPosition>2021-01-01</gml:endPosition></gml:TimePeriod></During></And>"
)


@given(st.data())
def test_a_broken_filter_is_read_or_refused(data: st.DataObject):
    start, length = data.draw(st.integers(0, len(VALID))), data.draw(st.integers(0, 20))
    put_in = data.draw(st.text('<>/ 12,.-eE"=Zx&;!', max_size=4))
    read_or_refuse(VALID[:start] + put_in + VALID[start + length :], "2.0.0")


@given(st.data())
def test_a_filter_with_other_elements_is_read_or_refused(data: st.DataObject):
    root = parse(VALID.encode())
    everything = list(root.iter())
    for _n in range(data.draw(st.integers(1, 4))):
        one, other = (data.draw(st.sampled_from(everything)) for _side in range(2))
        one.tag, other.text = other.tag, one.text
        if one is not other and one not in other.iterancestors():
            other.append(one)
    read_or_refuse(etree.tostring(root, encoding="unicode"), "2.0.0")


def test_the_identifiers_of_gml_are_read():
    node = read(f'<Filter xmlns:gml="{GML_3}"><GmlObjectId gml:id="plots.x"/></Filter>', "2.0.0").node
    assert isinstance(node, Ids)
