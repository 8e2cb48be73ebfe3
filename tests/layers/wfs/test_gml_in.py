"""Geometry in GML of every version comes in as GDAL and PostGIS read it, and nothing that is none comes in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest
from django.contrib.gis.gdal import OGRGeometry
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from layers.crs import Reference, authority
from layers.wfs.gml_in import AGGREGATES, SIMPLE, geometry
from layers.wfs.markup import parse
from layers.wfs.requests import Version
from registries.core.errors import BadInput, InvalidGeometry, RegistryError

GML_2, GML_3 = "http://www.opengis.net/gml", "http://www.opengis.net/gml/3.2"
URN = "urn:ogc:def:crs:EPSG::4326"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


def element(content: str, namespace: str = GML_3) -> etree._Element:
    """`content` with its names in GML's namespace, the root having a system."""
    return parse(f'<member xmlns="{namespace}">{content}</member>'.encode())[0]


def read(content: str, version: Version = "1.0.0", namespace: str = GML_3) -> GEOSGeometry:
    return geometry(element(content, namespace), authority(7801), version)


def ring(*numbers: int) -> str:
    return f"<LinearRing><posList>{' '.join(map(str, numbers))}</posList></LinearRing>"


OUTER, INNER = ring(0, 0, 9, 0, 9, 9, 0, 9, 0, 0), ring(1, 1, 1, 2, 2, 2, 1, 1)
LINE = "<LineString><posList>1 2 3 4</posList></LineString>"
NEXT_LINE = "<LineString><posList>3 4 5 5</posList></LineString>"
POLYGON = f"<Polygon><exterior>{OUTER}</exterior></Polygon>"
POINT = "<Point><pos>1 2</pos></Point>"
# PostGIS wants to be told.
IN_SPACE = '<Point><pos srsDimension="3">1 2 3</pos></Point>'
# What OGR reads as we do.
READ_ALIKE = [
    "<Point><pos>1.5 -2</pos></Point>",
    "<Point><pos>1 2 3</pos></Point>",
    "<Point><coordinates>1,2</coordinates></Point>",
    '<Point><coordinates cs="," ts=" " decimal=".">1.25,2e3</coordinates></Point>',
    "<Point><coord><X>1</X><Y>2</Y></coord></Point>",
    "<Point><coord><X>1</X><Y>2</Y><Z>3</Z></coord></Point>",
    LINE,
    "<LineString><pos>1 2</pos><pos>3 4</pos></LineString>",
    "<LineString><coordinates>1,2 3,4\n5,6</coordinates></LineString>",
    "<LineString><coordinates>1,2,3 4,5,6</coordinates></LineString>",
    "<LineString><coord><X>1</X><Y>2</Y></coord><coord><X>3</X><Y>4</Y></coord></LineString>",
    '<LineString><posList srsDimension="3">1 2 3 4 5 6</posList></LineString>',
    '<LineString srsDimension="3"><posList>1 2 3 4 5 6</posList></LineString>',
    POLYGON,
    f"<Polygon><exterior>{OUTER}</exterior><interior>{INNER}</interior></Polygon>",
    f"<Polygon><outerBoundaryIs>{OUTER}</outerBoundaryIs><innerBoundaryIs>{INNER}</innerBoundaryIs></Polygon>",
    "<Box><coordinates>1,2 3,4</coordinates></Box>",
    "<Envelope><lowerCorner>1 2</lowerCorner><upperCorner>3 4</upperCorner></Envelope>",
    f"<MultiPoint><pointMember>{POINT}</pointMember><pointMember>{POINT}</pointMember></MultiPoint>",
    f"<MultiPoint><pointMembers>{POINT}{POINT}</pointMembers></MultiPoint>",
    f"<MultiLineString><lineStringMember>{LINE}</lineStringMember></MultiLineString>",
    f"<MultiPolygon><polygonMember>{POLYGON}</polygonMember></MultiPolygon>",
    f"<MultiGeometry><geometryMember>{POINT}</geometryMember><geometryMember>{LINE}</geometryMember></MultiGeometry>",
]
# The same with straight curves, of which OGR makes kinds of its own; with what they come to.
CURVES = [
    ("<Curve><segments><LineStringSegment><posList>1 2 3 4</posList></LineStringSegment></segments></Curve>", LINE),
    (
        "<Curve><segments><LineStringSegment><posList>1 2 3 4</posList></LineStringSegment>"
        '<LineStringSegment interpolation="linear"><pos>3 4</pos><pos>5 5</pos></LineStringSegment></segments></Curve>',
        "<LineString><posList>1 2 3 4 5 5</posList></LineString>",
    ),
    (
        f"<CompositeCurve><curveMember>{LINE}</curveMember><curveMember>{NEXT_LINE}</curveMember></CompositeCurve>",
        "<LineString><posList>1 2 3 4 5 5</posList></LineString>",
    ),
    (
        f'<OrientableCurve orientation="-"><baseCurve>{LINE}</baseCurve></OrientableCurve>',
        "<LineString><posList>3 4 1 2</posList></LineString>",
    ),
    (
        f"<MultiCurve><curveMember>{LINE}</curveMember></MultiCurve>",
        f"<MultiLineString><lineStringMember>{LINE}</lineStringMember></MultiLineString>",
    ),
    (f"<Surface><patches><PolygonPatch><exterior>{OUTER}</exterior></PolygonPatch></patches></Surface>", POLYGON),
    (
        f"<Polygon><exterior><Ring><curveMember>{OUTER.replace('LinearRing', 'LineString')}</curveMember></Ring>"
        "</exterior></Polygon>",
        POLYGON,
    ),
    (
        f"<MultiSurface><surfaceMember>{POLYGON}</surfaceMember></MultiSurface>",
        f"<MultiPolygon><polygonMember>{POLYGON}</polygonMember></MultiPolygon>",
    ),
    (
        f"<CompositeSurface><surfaceMember>{POLYGON}</surfaceMember><surfaceMember>{POLYGON}</surfaceMember>"
        "</CompositeSurface>",
        f"<MultiPolygon><polygonMember>{POLYGON}</polygonMember><polygonMember>{POLYGON}</polygonMember></MultiPolygon>",
    ),
    ("<LineString><pointProperty><Point><pos>1 2</pos></Point></pointProperty><pos>3 4</pos></LineString>", LINE),
    ("<LinearRing><posList>1 2 3 4 5 6 1 2</posList></LinearRing>",
     "<LineString><posList>1 2 3 4 5 6 1 2</posList></LineString>"),
]  # fmt: skip


def by_gdal(content: str) -> GEOSGeometry:
    found = OGRGeometry.from_gml(etree.tostring(element(content)).decode()).geos
    found.srid = 7801
    return found


@pytest.mark.parametrize("content", READ_ALIKE)
@pytest.mark.parametrize("namespace", [GML_2, GML_3, ""])
def test_geometry_is_read_as_gdal_reads_it(content: str, namespace: str):
    assert read(content, namespace=namespace).hexewkb == by_gdal(content).hexewkb


@pytest.mark.parametrize(("content", "plain"), CURVES)
def test_curves_of_straight_lines_are_lines(content: str, plain: str):
    assert read(content).hexewkb == by_gdal(plain).hexewkb


@pytest.mark.parametrize("name", [URN, "urn:ogc:def:crs:EPSG::7801", "urn:ogc:def:crs:EPSG::32635", "EPSG:4326"])
@pytest.mark.parametrize("content", [READ_ALIKE[0], IN_SPACE, READ_ALIKE[11], POLYGON, READ_ALIKE[-1]])
def test_axes_are_those_of_postgis_from_version_1_1_on(db: None, content: str, name: str):
    named = element(content.replace(">", f' srsName="{name}">', 1), GML_2)
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(ST_AsEWKB(ST_GeomFromGML(%s)), 'hex')", [etree.tostring(named).decode()])
        (expected,) = cursor.fetchone()
    for version in ("1.1.0", "2.0.0"):
        assert geometry(named, None, version).hexewkb == GEOSGeometry(expected).hexewkb


@pytest.mark.parametrize(
    ("name", "version", "expected"),
    [
        (URN, "1.0.0", "SRID=4326;POINT (25 42)"),
        (URN, "1.1.0", "SRID=4326;POINT (42 25)"),
        (URN, "2.0.0", "SRID=4326;POINT (42 25)"),
        ("http://www.opengis.net/def/crs/EPSG/0/4326", "2.0.0", "SRID=4326;POINT (42 25)"),
        ("http://www.opengis.net/gml/srs/epsg.xml#4326", "1.1.0", "SRID=4326;POINT (25 42)"),
        ("EPSG:4326", "2.0.0", "SRID=4326;POINT (25 42)"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "2.0.0", "SRID=4326;POINT (25 42)"),
        ("urn:ogc:def:crs:EPSG::3857", "2.0.0", "SRID=3857;POINT (25 42)"),
        (" EPSG:7801\n", "1.1.0", "SRID=7801;POINT (25 42)"),
    ],
)
def test_the_name_of_the_system_tells_the_order_of_axes(name: str, version: Version, expected: str):
    assert read(f'<Point srsName="{name}"><pos>25 42</pos></Point>', version).ewkt == expected


@pytest.mark.parametrize(
    "content",
    [
        f'<MultiPoint srsName="{URN}"><pointMember><Point><pos>42 25</pos></Point></pointMember></MultiPoint>',
        f'<MultiPoint><pointMember><Point srsName="{URN}"><pos>42 25</pos></Point></pointMember></MultiPoint>',
        f'<MultiPoint><pointMember><Point><pos srsName="{URN}">42 25</pos></Point></pointMember></MultiPoint>',
    ],
)
def test_the_system_may_stand_on_any_part(content: str):
    assert read(content, "2.0.0").ewkt == "SRID=4326;MULTIPOINT ((25 42))"


def test_the_system_of_gml_around_holds():
    around = element(
        f'<MultiPoint srsName="{URN}"><pointMember><Point><pos>42 25</pos></Point></pointMember></MultiPoint>'
    )
    assert geometry(around[0][0], authority(7801), "2.0.0").ewkt == "SRID=4326;POINT (25 42)"


def test_the_default_holds_without_a_name():
    assert read(POINT, "2.0.0").ewkt == "SRID=7801;POINT (2 1)"
    assert read(POINT, "1.0.0").ewkt == "SRID=7801;POINT (1 2)"
    assert geometry(element(POINT), Reference(3857), "2.0.0").ewkt == "SRID=3857;POINT (1 2)"


@pytest.mark.parametrize("name", ["EPSG:1", "", "urn:ogc:def:crs:EPSG::99999", "7801", "https://evil.example/crs"])
def test_an_unknown_system_is_told(name: str):
    with pytest.raises(BadInput) as failure:
        read(f'<Point srsName="{name}"><pos>1 2</pos></Point>')
    assert failure.value.locator == "geom"


def test_no_system_is_guessed():
    with pytest.raises(BadInput, match="reference system"):
        geometry(element(POINT), None, "2.0.0")


def test_parts_in_different_systems_are_refused():
    points = "".join(
        f'<pointMember><Point srsName="EPSG:{n}"><pos>1 2</pos></Point></pointMember>' for n in (4326, 7801)
    )
    with pytest.raises(BadInput, match="different reference systems"):
        read(f"<MultiPoint>{points}</MultiPoint>")


def test_separators_are_those_that_the_coordinates_name():
    content = '<LineString><coordinates cs=" " ts=";" decimal=",">1,5 2;3 4,25</coordinates></LineString>'
    assert read(content).ewkt == "SRID=7801;LINESTRING (1.5 2, 3 4.25)"


def test_blanks_around_commas_do_not_matter():
    assert read("<LineString><coordinates>1, 2 3 ,4</coordinates></LineString>").ewkt == read(LINE).ewkt


def test_boxes_without_width_are_points_and_lines():
    assert read("<Box><coordinates>1,2 1,2</coordinates></Box>").ewkt == "SRID=7801;POINT (1 2)"
    assert read("<Box><coordinates>1,2 1,3</coordinates></Box>").ewkt == "SRID=7801;LINESTRING (1 2, 1 3)"


def test_boxes_have_two_positions_too():
    assert read("<Envelope><pos>1 2</pos><pos>3 4</pos></Envelope>").extent == (1, 2, 3, 4)


def test_ten_thousand_positions_are_read():
    many = " ".join(f"{n} {n + 0.5}" for n in range(10_000))
    assert read(f"<LineString><posList>{many}</posList></LineString>", "2.0.0")[9_999] == (9999.5, 9999)


@pytest.mark.parametrize(
    "content",
    [
        *(f"<{name}/>" for name in SIMPLE),
        *(f"<{name}/>" for name in ("MultiPoint", "MultiCurve", "MultiSurface", "MultiGeometry")),
        "<Point><pos/></Point>",
        "<Point><pos> </pos></Point>",
        "<Point><coordinates></coordinates></Point>",
        "<Point><coord/></Point>",
        "<Point><coord><X>1</X></coord></Point>",
        "<Point><pos>1</pos></Point>",
        "<Point><pos>1 2 3 4</pos></Point>",
        "<Point><pos>1 2</pos><pos>3 4</pos></Point>",
        *(f"<Point><pos>1 {number}</pos></Point>" for number in ("NaN", "inf", "1e999", "x", "1_0", "١", "1,5", "0x1")),
        "<LineString><posList/></LineString>",
        "<LineString><posList>1 2</posList></LineString>",
        "<LineString><posList>1 2 3</posList></LineString>",
        '<LineString><posList srsDimension="3">1 2 3 4</posList></LineString>',
        '<LineString><posList srsDimension="0">1 2 3 4</posList></LineString>',
        '<LineString><posList srsDimension="many">1 2 3 4</posList></LineString>',
        "<LineString><pos>1 2</pos><pos>1 2 3</pos></LineString>",
        "<LineString><coordinates>1,2 3,4,5</coordinates></LineString>",
        "<LineString><coordinates>1,2,3 4 5,6</coordinates></LineString>",
        "<LineString><coordinates>1,2 3,</coordinates></LineString>",
        '<LineString><coordinates cs="," ts=",">1,2 3,4</coordinates></LineString>',
        '<LineString><coordinates cs="">1,2 3,4</coordinates></LineString>',
        f"<Polygon><exterior>{ring(0, 0, 9, 0, 9, 9, 0, 9)}</exterior></Polygon>",
        f"<Polygon><exterior>{ring(0, 0, 9, 0, 0, 0)}</exterior></Polygon>",
        f"<Polygon><interior>{INNER}</interior></Polygon>",
        "<Polygon><exterior/></Polygon>",
        f"<Polygon><exterior>{OUTER}</exterior><interior/></Polygon>",
        f"<Polygon><exterior>{OUTER}</exterior><exterior>{OUTER}</exterior></Polygon>",
        f"<Polygon><exterior>{POINT}</exterior></Polygon>",
        "<Box><coordinates>3,4 1,2</coordinates></Box>",
        "<Envelope><lowerCorner>1 2</lowerCorner></Envelope>",
        "<MultiPoint><pointMember/></MultiPoint>",
        f"<MultiPoint><pointMember>{LINE}</pointMember></MultiPoint>",
        f"<CompositeSurface><surfaceMember>{LINE}</surfaceMember></CompositeSurface>",
        f"<CompositeCurve><curveMember>{LINE}</curveMember><curveMember>{LINE}</curveMember></CompositeCurve>",
        "<Curve><segments><Arc><posList>0 0 1 1 2 0</posList></Arc></segments></Curve>",
        "<Curve><segments><LineStringSegment interpolation='geodesic'><posList>0 0 1 1</posList></LineStringSegment>"
        "</segments></Curve>",
        "<Surface><patches><Cone/></patches></Surface>",
        "<Solid/>",
        "<Null>unknown</Null>",
    ],
)  # fmt: skip
def test_what_is_no_geometry_is_told(content: str):
    with pytest.raises(InvalidGeometry) as failure:
        read(content)
    assert failure.value.locator == "geom"


PARTS = ("pointMember", "geometryMember", "segments", "exterior", "pos", "posList", "coordinates", "coord", "X", "Y")
NAMES = st.sampled_from([*SIMPLE, *AGGREGATES, *PARTS, "lowerCorner", "upperCorner", "LineStringSegment"])
TEXTS = st.sampled_from(["", "1 2", "1,2 3,4", "0 0 1 0 1 1 0 0", "x", "1", "1e308 -1e308 0", "nan nan"])
TREES = st.recursive(
    TEXTS,
    lambda inner: st.builds(
        lambda name, parts: f"<{name}>{''.join(parts)}</{name}>", NAMES, st.lists(inner, min_size=1, max_size=4)
    ),
    max_leaves=12,
)


def read_or_refuse(content: str, version: Version) -> None:
    with suppress(RegistryError):
        for one in parse(f'<member xmlns="{GML_3}">{content}</member>'.encode()):
            assert not geometry(one, authority(7801), version).empty


@given(TREES, st.sampled_from(["1.0.0", "2.0.0"]))
def test_whatever_elements_come_is_a_geometry_or_refused(content: str, version: Version):
    read_or_refuse(content, version)


@given(st.sampled_from(READ_ALIKE), st.data())
def test_broken_geometry_is_a_geometry_or_refused(content: str, data: st.DataObject):
    start, length = data.draw(st.integers(0, len(content))), data.draw(st.integers(0, 3))
    put_in = data.draw(st.text('<>/ 12,.-eE"=Zx\0', max_size=3))
    read_or_refuse(content[:start] + put_in + content[start + length :], "2.0.0")
