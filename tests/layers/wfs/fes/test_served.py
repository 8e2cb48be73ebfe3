"""Filters of every version find the same features through the service's door."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.conftest import EAST, NORTH
from tests.layers.served import Served
from tests.layers.wfs.client import ask, body
from tests.layers.wfs.fes.written import DIALECTS, FES_2, Dialect


def labels(client: Client, dialect: Dialect, content: str) -> list[str]:
    """The labels of the pipes that the filter finds."""
    type_name = "typeNames" if dialect.version == "2.0.0" else "typeName"
    pairs = {"service": "WFS", "version": dialect.version, "request": "GetFeature", type_name: "zone:water_pipe"}
    response = client.get("/ows/wfs", {**pairs, "filter": dialect.filter(content)})
    assert response.status_code == 200
    return sorted(re.findall(r"<zone:label>(P-\d)</zone:label>", body(response).decode()))


def of(dialect: Dialect, name: str) -> str:
    return f"<{dialect.property}>zone:{name}</{dialect.property}>"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_values_are_compared(client: Client, served: Served, dialect: Dialect):
    equal = f"<PropertyIsEqualTo>{of(dialect, 'material')}<Literal>PE</Literal></PropertyIsEqualTo>"
    large = f"<PropertyIsGreaterThan>{of(dialect, 'diameter_mm')}<Literal>101.5</Literal></PropertyIsGreaterThan>"
    marks = f'wildCard="*" singleChar="." {dialect.escape}="!"'
    like = f"<PropertyIsLike {marks}>{of(dialect, 'label')}<Literal>P-.</Literal></PropertyIsLike>"
    assert labels(client, dialect, f"<And>{equal}{large}{like}</And>") == ["P-3", "P-5"]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_box_finds_what_lies_in_it(client: Client, served: Served, dialect: Dialect):
    corners = [(EAST, NORTH + 300), (EAST + 100, NORTH + 350)]
    if dialect.version == "1.0.0":
        written = " ".join(f"{x},{y}" for x, y in corners)
        box = f'<gml:Box srsName="EPSG:7801"><gml:coordinates>{written}</gml:coordinates></gml:Box>'
    else:
        lower, upper = (f"{y} {x}" for x, y in corners)
        box = (
            f'<gml:Envelope srsName="urn:ogc:def:crs:EPSG::7801"><gml:lowerCorner>{lower}</gml:lowerCorner>'
            f"<gml:upperCorner>{upper}</gml:upperCorner></gml:Envelope>"
        )
    assert labels(client, dialect, f"<BBOX>{of(dialect, 'geom')}{box}</BBOX>") == ["P-3"]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_distance_finds_what_lies_near(client: Client, served: Served, dialect: Dialect):
    here = f'<gml:Point srsName="EPSG:7801"><gml:coordinates>{EAST + 10},{NORTH + 200}</gml:coordinates></gml:Point>'
    length = f'<Distance {dialect.unit}="km">0.05</Distance>'
    assert labels(client, dialect, f"<DWithin>{of(dialect, 'geom')}{here}{length}</DWithin>") == ["P-2"]


def test_a_wrong_filter_is_told_by_its_place(client: Client, db: None):
    answer = ask(client, typeNames="zones", filter=FES_2.filter("<Not>" * 10_000 + "</Not>" * 10_000))
    assert (answer.status, answer.code, answer.locator) == (400, "OperationParsingFailed", "filter")


@pytest.mark.parametrize("corners", ["", "<gml:lowerCorner>1 2 3</gml:lowerCorner>"])
def test_wrong_corners_are_told(client: Client, db: None, corners: str):
    answer = ask(client, typeNames="zones", filter=FES_2.filter(f"<BBOX><gml:Envelope>{corners}</gml:Envelope></BBOX>"))
    assert (answer.status, answer.code, answer.locator) == (400, "InvalidParameterValue", "filter")
