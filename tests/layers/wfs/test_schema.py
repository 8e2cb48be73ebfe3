"""The schema of feature types in each version of GML."""

from __future__ import annotations

import pytest
from lxml import etree

from layers.access import reader_of
from layers.catalogue import catalogue_of
from layers.wfs import schema
from layers.wfs.output.dialects import GML2, GML31, GML32, Dialect
from registries.core.models import CodeValue, User
from tests.layers.served import Served

XSD = {"xsd": "http://www.w3.org/2001/XMLSchema", "zone": "urn:gis-portal:registry"}


def written(dialect: Dialect, *keys: str, person: User | None = None) -> etree._Element:
    catalogue = catalogue_of(reader_of(person))
    return etree.fromstring(schema.write([layer for layer in catalogue if layer.key in keys], dialect))


def types(root: etree._Element) -> dict[str, str]:
    found = root.xpath("//xsd:sequence/xsd:element", namespaces=XSD)
    return {one.get("name"): one.get("type") for one in found}


@pytest.mark.parametrize(
    ("dialect", "point", "line", "area"),
    [
        (GML2, "Point", "LineString", "MultiPolygon"),
        (GML31, "Point", "Curve", "MultiSurface"),
        (GML32, "Point", "Curve", "MultiSurface"),
    ],
)
def test_geometry_is_of_the_types_that_gml_has(dialect: Dialect, point: str, line: str, area: str, served: Served):
    kinds = [types(written(dialect, key))["geom"] for key in ("water_hydrant", "water_pipe", "parcels")]
    assert kinds == [f"gml:{kind}PropertyType" for kind in (point, line, area)]


@pytest.mark.parametrize(
    ("dialect", "head", "location"),
    [
        (GML2, "gml:_Feature", "gml/2.1.2/feature.xsd"),
        (GML31, "gml:_Feature", "gml/3.1.1/base/gml.xsd"),
        (GML32, "gml:AbstractFeature", "gml/3.2.1/gml.xsd"),
    ],
)
def test_feature_types_stand_where_gml_has_features(dialect: Dialect, head: str, location: str, served: Served):
    root = written(dialect, "parcels")
    assert root.xpath("/*/xsd:element/@substitutionGroup", namespaces=XSD) == [head]
    (imported,) = root.xpath("/*/xsd:import", namespaces=XSD)
    assert (imported.get("namespace"), imported.get("schemaLocation")[-len(location) :]) == (dialect.gml, location)
    assert root.nsmap["gml"] == dialect.gml


def test_values_are_of_built_in_types_only(served: Served):
    for dialect in (GML2, GML31, GML32):
        found = types(written(dialect, "water_pipe", "parcels", "zones"))
        assert all(kind.startswith(("xsd:", "gml:")) for kind in found.values())


def test_whole_numbers_are_of_a_type_that_conformance_tests_compare(served: Served):
    assert types(written(GML32, "buildings"))["floors"] == "xsd:integer"


def test_what_is_computed_says_so(served: Served):
    root = written(GML31, "water_pipe")
    read_only = root.xpath("//xsd:element[xsd:annotation/xsd:appinfo/zone:readOnly='true']/@name", namespaces=XSD)
    assert "length_m" in read_only
    assert "label" not in read_only


def test_columns_are_those_that_the_reader_may_see(served: Served, ada: User):
    assert "capacity" not in types(written(GML32, "water_pipe"))
    assert "capacity" in types(written(GML32, "water_pipe", person=ada))


def test_codes_that_xml_cannot_hold_are_told_without_what_it_forbids(served: Served):
    CodeValue.objects.get_or_create(
        code_list="material", value="odd\x02", defaults={"title_bg": "особен\x03", "title_en": "odd\x03"}
    )
    told = written(GML32, "water_pipe").xpath("//zone:code/@title", namespaces=XSD)
    assert {"odd", "особен"} & set(told)
