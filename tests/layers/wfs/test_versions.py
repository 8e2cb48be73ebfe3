"""Which version is spoken, and that reports are written in the words of theirs."""

from __future__ import annotations

import pytest
from django.test import Client
from lxml import etree

from layers.wfs import versions
from layers.wfs.exceptions import VersionNotServed
from layers.wfs.names import OGC, OWS, OWS_1_0
from registries.core.errors import BadInput
from tests.layers.wfs.client import ADDRESS, body


@pytest.mark.parametrize(
    ("wanted", "spoken"),
    [
        ("", "2.0.0"),
        ("2.0.0", "2.0.0"),
        ("2.0.2", "2.0.0"),
        ("3.0", "2.0.0"),
        ("1.1.0", "1.1.0"),
        ("1.2", "1.1.0"),
        ("1.0.5", "1.0.0"),
        ("0.0.1", "1.0.0"),
    ],
)
def test_the_old_negotiation_ends_at_the_nearest_lower_version(wanted: str, spoken: str):
    assert versions.nearest(wanted) == spoken


def test_of_the_clients_versions_the_first_that_is_served_is_spoken():
    assert versions.accepted(["9.9.9", "1.1.0", "2.0.0"]) == "1.1.0"
    with pytest.raises(VersionNotServed):
        versions.accepted(["9.9.9"])


@pytest.mark.parametrize("text", ["1.2.0", "two", "2"])
def test_another_operation_names_a_version_that_is_served(text: str):
    with pytest.raises(BadInput):
        versions.spoken(text)


def refused(client: Client, version: str) -> tuple[int, etree._Element]:
    pairs = {"service": "WFS", "version": version, "request": "GetFeature", "typeName": "nothing"}
    response = client.get(ADDRESS, pairs)
    return response.status_code, etree.fromstring(body(response))


def test_a_report_of_2_0_comes_with_its_status(client: Client, db: None):
    status, report = refused(client, "2.0.0")
    assert (status, report.tag, report.get("version")) == (400, f"{{{OWS}}}ExceptionReport", "2.0.0")


def test_a_report_of_1_1_is_read_with_status_200(client: Client, db: None):
    status, report = refused(client, "1.1.0")
    assert (status, report.tag, report.get("version")) == (200, f"{{{OWS_1_0}}}ExceptionReport", "1.1.0")
    assert report[0].get("locator") == "typeNames"
    assert "nothing" in report[0][0].text


def test_a_report_of_1_0_is_a_service_exception(client: Client, db: None):
    status, report = refused(client, "1.0.0")
    assert (status, report.tag, report.get("version")) == (200, f"{{{OGC}}}ServiceExceptionReport", "1.2.0")
    assert "nothing" in report[0].text
