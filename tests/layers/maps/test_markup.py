"""Names that people give are names, whatever characters they hold: never markup, never a broken document."""

from __future__ import annotations

import pytest
from django.test import Client
from lxml import etree

from registries.core.revisions import bump
from registries.land.models import Zone
from registries.networks.models import AssetType

pytestmark = pytest.mark.django_db
NAME = "<script>alert(1)</script> A & B ]]>"
ADDRESSES = (
    "/ows/wms?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.1.1",
    "/ows/wms?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.3.0",
    "/ows/wmts?SERVICE=WMTS&REQUEST=GetCapabilities",
    "/ows/wmts/1.0.0/WMTSCapabilities.xml",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_title_stands_in_capabilities_as_it_was_typed(world: Zone, client: Client, address: str) -> None:
    AssetType.objects.filter(pk="water_pipe").update(title_bg=NAME, title_en=NAME)
    bump(["networks.assettype"])
    found = etree.fromstring(client.get(address).content, etree.XMLParser(load_dtd=False, no_network=True))
    assert NAME in found.xpath("//*[local-name()='Title']/text()")
    assert not found.xpath("//*[local-name()='script']")


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_portals_own_name_may_hold_an_ampersand(client: Client, settings, address: str) -> None:
    settings.SITE_NAME = "Инвест & Ко"
    found = etree.fromstring(client.get(address).content, etree.XMLParser(load_dtd=False, no_network=True))
    assert "Инвест & Ко" in found.xpath("//*[local-name()='Title']/text()")
