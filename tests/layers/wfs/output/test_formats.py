"""Which format a client's words mean, in each version."""

from __future__ import annotations

from datetime import date

import pytest

from layers.wfs.exceptions import OptionNotServed
from layers.wfs.output.formats import FORMATS, format_of, of_version, schema_format_of
from layers.wfs.requests import Version
from layers.wfs.versions import VERSIONS
from registries.core.errors import BadInput
from tests.layers.served import Served
from tests.layers.wfs.output.found import found

GML2, GML31, GML32 = "text/xml; subtype=gml/2.1.2", "text/xml; subtype=gml/3.1.1", "application/gml+xml; version=3.2"


@pytest.mark.parametrize(
    ("version", "name", "media_type"),
    [
        ("1.0.0", "", GML2),
        ("1.1.0", "", GML31),
        ("2.0.0", "", GML32),
        ("1.0.0", "XMLSCHEMA", GML2),
        ("1.1.0", "text/xml", GML31),
        ("2.0.0", "gml", GML32),
        ("1.0.0", "GML3", GML31),
        ("1.1.0", "text/gml; subtype=gml/3.1.1", GML31),
        ("1.1.0", "TEXT/XML;subtype=gml/2.1.2", GML2),
        ("2.0.0", "application/gml xml; version=3.2", GML32),
        ("2.0.0", "text/xml; subtype=gml/3.2.1", GML32),
        ("1.1.0", "gml32", GML32),
        ("2.0.0", "application/json", "application/geo+json"),
        ("1.0.0", "json", "application/geo+json"),
        ("2.0.0", "csv", "text/csv; charset=utf-8"),
        ("2.0.0", "application/geopackage sqlite3", "application/geopackage+sqlite3"),
        ("1.1.0", "shape-zip", "application/zip"),
    ],
)
def test_a_name_means_a_format(version: Version, name: str, media_type: str):
    assert format_of(name, version).media_type == media_type


@pytest.mark.parametrize("version", VERSIONS)
def test_no_name_means_two_formats(version: Version):
    names = [name.lower().replace(" ", "") for one in FORMATS for name in set(map(str.lower, one.names[version]))]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("version", VERSIONS)
def test_each_declared_name_leads_to_its_format(version: Version):
    for one in of_version(version):
        assert format_of(one.names[version][0], version) is one


def test_formats_of_1_0_are_declared_by_names_of_elements():
    assert all(one.names["1.0.0"][0].replace("-", "").isalnum() for one in FORMATS)


def test_an_unknown_name_is_refused_with_the_known_ones():
    with pytest.raises(BadInput, match="application/geo") as refusal:
        format_of("image/png", "2.0.0")
    assert refusal.value.locator == "outputFormat"


def test_a_schema_is_one_of_gml_only():
    assert schema_format_of("", "1.0.0").media_type == GML2
    with pytest.raises(BadInput):
        schema_format_of("json", "2.0.0")


def test_a_table_holds_one_feature_type(served: Served):
    format_of("csv", "2.0.0").require(found("parcels").results)
    with pytest.raises(OptionNotServed):
        format_of("csv", "2.0.0").require(found("parcels", "water_pipe").results)


def test_what_people_save_is_named_by_layer_and_day(served: Served):
    results, day = found("parcels").results, date(2026, 5, 1)
    assert format_of("gpkg", "2.0.0").file_name(results, day) == "parcels-2026-05-01.gpkg"
    assert format_of("gml", "2.0.0").file_name(results, day) == ""
