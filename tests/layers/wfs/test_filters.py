"""The filter of a single box, and that nothing else passes for one."""

from __future__ import annotations

import pytest
from django.test import Client

from layers.wfs.exceptions import NotParsed, OptionNotServed
from layers.wfs.filters import LENGTH_MOST, read
from registries.core.errors import BadInput
from tests.conftest import EAST, NORTH
from tests.layers.served import Served
from tests.layers.wfs.client import ask

START = '<Filter xmlns="http://www.opengis.net/fes/2.0" xmlns:gml="http://www.opengis.net/gml/3.2">'
CORNERS = "<gml:lowerCorner>1 2</gml:lowerCorner><gml:upperCorner>3 4</gml:upperCorner>"
BOX = f"<gml:Envelope>{CORNERS}</gml:Envelope>"


def filtered(content: str) -> str:
    return f"{START}{content}</Filter>"


@pytest.mark.parametrize(
    ("content", "bbox"),
    [
        (f"<BBOX><ValueReference>geom</ValueReference>{BOX}</BBOX>", "1,2,3,4"),
        (f"<BBOX><ValueReference>zone:plots/zone:geom</ValueReference>{BOX}</BBOX>", "1,2,3,4"),
        (f"<!-- all around --><BBOX>{BOX}</BBOX>", "1,2,3,4"),
        (f'<BBOX><gml:Envelope srsName="EPSG:4326">{CORNERS}</gml:Envelope></BBOX>', "1,2,3,4,EPSG:4326"),
    ],
)
def test_a_box_is_read_as_the_parameter_would_be(content: str, bbox: str):
    assert read(filtered(content)).box == bbox
    assert read(f"({filtered(content)})").box == bbox


@pytest.mark.parametrize(
    "content",
    [
        "",
        "<BBOX/>",
        "<BBOX><ValueReference>geom</ValueReference></BBOX>",
        f"<BBOX><ValueReference>label</ValueReference>{BOX}</BBOX>",
        f"<BBOX><Literal>geom</Literal>{BOX}</BBOX>",
        f"<BBOX>{BOX}</BBOX><BBOX>{BOX}</BBOX>",
        f"<And><BBOX>{BOX}</BBOX><BBOX>{BOX}</BBOX></And>",
        f"<Not><BBOX>{BOX}</BBOX></Not>",
        f"<Within><ValueReference>geom</ValueReference>{BOX}</Within>",
        '<ResourceId rid="zones.1"/>',
        " " * LENGTH_MOST,
    ],
)
def test_any_other_filter_is_refused(content: str):
    with pytest.raises(OptionNotServed):
        read(filtered(content))


@pytest.mark.parametrize("text", ["", "label = 'x'", "<Filter>", f"{START}&nothing;</Filter>", "<Filter/><Filter/>"])
def test_what_is_no_xml_is_told(text: str):
    with pytest.raises(NotParsed):
        read(text)


def test_no_file_is_read_for_an_entity():
    stranger = '<!DOCTYPE Filter [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    content = "<BBOX><gml:Envelope><gml:lowerCorner>&x;</gml:lowerCorner></gml:Envelope></BBOX>"
    with pytest.raises(BadInput):
        read(f"{stranger}{filtered(content)}")


def test_a_filter_finds_what_lies_in_its_box(client: Client, served: Served):
    corners = f"{NORTH} {EAST}", f"{NORTH + 50} {EAST + 50}"
    box = "<gml:lowerCorner>{}</gml:lowerCorner><gml:upperCorner>{}</gml:upperCorner>".format(*corners)
    found = ask(client, typeNames="water_pipe", filter=filtered(f"<BBOX><gml:Envelope>{box}</gml:Envelope></BBOX>"))
    assert found.ids == [f"water_pipe.{served.pipes[0].object_id}"]


@pytest.mark.parametrize("corners", ["", "<gml:lowerCorner>1 2 3</gml:lowerCorner>", CORNERS.replace("1", "x")])
def test_wrong_corners_are_told(client: Client, db: None, corners: str):
    content = f"<BBOX><gml:Envelope>{corners}</gml:Envelope></BBOX>"
    answer = ask(client, typeNames="zones", filter=filtered(content))
    assert (answer.status, answer.code) == (400, "InvalidParameterValue")


def test_a_filter_and_a_bbox_exclude_each_other(client: Client, db: None):
    answer = ask(client, typeNames="zones", bbox="1,2,3,4", filter=filtered(f"<BBOX>{BOX}</BBOX>"))
    assert (answer.status, answer.code) == (400, "InvalidParameterValue")
