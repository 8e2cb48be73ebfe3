"""The definition of one layer, to be added to a project that somebody has already."""

from __future__ import annotations

import pytest
from django.test import Client
from lxml import etree

from registries.core.models import User
from tests.layers.projects.conftest import SECRET, UNUSED


def test_it_is_a_layer_definition_of_qgis(client: Client):
    response = client.get("/ows/layers/plots.qlr", {"lang": "en"})
    assert response["Content-Type"] == "application/x-qgis-layer-definition"
    assert response["Content-Disposition"] == 'attachment; filename="plots-en.qlr"'
    assert response.content.startswith(b"<!DOCTYPE qgis-layer-definition>")


def test_it_holds_the_layer_with_its_look_and_form(client: Client):
    document = etree.fromstring(client.get("/ows/layers/plots.qlr").content)
    assert document.xpath("count(//maplayer)") == 1
    assert document.xpath("//renderer-v2/@attr") == ["status"]
    assert "code" in document.xpath("//alias/@field")


def test_it_needs_no_other_layer(client: Client):
    assert b"RelationReference" not in client.get("/ows/layers/plots.qlr").content


@pytest.mark.parametrize("key", ["nothing", SECRET, UNUSED, "plots'"])
def test_what_is_not_published_is_not_found(client: Client, key: str):
    assert client.get(f"/ows/layers/{key}.qlr").status_code == 404


def test_an_editor_gets_kinds_that_nobody_has_used_yet(client: Client, editor: User):
    client.force_login(editor)
    document = etree.fromstring(client.get(f"/ows/layers/{UNUSED}.qlr").content)
    assert "/ows/wfs/edit" in document.xpath("//datasource")[0].text
