"""Capabilities, and what is refused: always a service exception in the version asked for, never a failure."""

from __future__ import annotations

import pytest
from django.test import Client
from lxml import etree

from layers.access import reader_of
from layers.catalogue import catalogue_of
from registries.land.models import Zone
from tests.conftest import NORTH
from tests.layers.maps.conftest import ask, box, picture

pytestmark = pytest.mark.django_db
AREA = box(0, 0, 1000, 1000)
WMS = {"w": "http://www.opengis.net/wms", "x": "http://www.w3.org/1999/xlink"}
OGC = "{http://www.opengis.net/ogc}"


def capabilities(client: Client, version: str = "1.3.0", **more: str) -> etree._Element:
    response = client.get("/ows/wms", {"SERVICE": "WMS", "REQUEST": "GetCapabilities", "VERSION": version, **more})
    assert response.status_code == 200
    # 1.1.1 names a DTD on the network, which is not to be fetched.
    return etree.fromstring(response.content, etree.XMLParser(load_dtd=False, no_network=True))


def refusal(content: bytes) -> tuple[str, str, str]:
    """Root tag, code and text of a service exception."""
    root = etree.fromstring(content)
    return str(root.tag), root[0].get("code") or "", root[0].text or ""


def test_capabilities_name_every_layer_group_and_the_whole(world: Zone, client: Client) -> None:
    catalogue = catalogue_of(reader_of(None))
    groups = {f"theme.{layer.theme}" for layer in catalogue}
    names = capabilities(client).xpath("//w:Layer/w:Name/text()", namespaces=WMS)
    assert sorted(names) == sorted(["zone", *groups, *(layer.key for layer in catalogue)])
    assert {"theme.water", "water_pipe", "plots"} <= set(names)


def test_capabilities_111_name_the_same(world: Zone, client: Client) -> None:
    old = capabilities(client, "1.1.1").xpath("//Layer/Name/text()")
    assert old == capabilities(client).xpath("//w:Layer/w:Name/text()", namespaces=WMS)


@pytest.mark.parametrize(("language", "title"), [("bul", "Терени за инвеститори"), ("eng", "Plots for investors")])
def test_titles_come_in_the_language_asked_for(client: Client, language: str, title: str) -> None:
    found = capabilities(client, LANGUAGE=language)
    assert found.xpath("//w:Layer[w:Name='plots']/w:Title/text()", namespaces=WMS) == [title]


def test_capabilities_give_the_reference_systems(client: Client) -> None:
    found = set(capabilities(client).xpath("//w:Layer[w:Name='zone']/w:CRS/text()", namespaces=WMS))
    assert found >= {"EPSG:7801", "EPSG:3857", "EPSG:4326", "EPSG:32635", "EPSG:4258"}


def test_capabilities_give_the_place_of_a_layer(world: Zone, client: Client) -> None:
    limits = "//w:Layer[w:Name='plots']/w:EX_GeographicBoundingBox/w:%s/text()"
    found = capabilities(client)
    west, east = (
        float(found.xpath(limits % side, namespaces=WMS)[0]) for side in ("westBoundLongitude", "eastBoundLongitude")
    )
    assert 26 < west < east < 27


def test_capabilities_give_the_place_of_a_layer_in_every_system(world: Zone, client: Client) -> None:
    layer = "//w:Layer[w:Name='plots']"
    found = capabilities(client)
    systems = found.xpath("//w:Layer[w:Name='zone']/w:CRS/text()", namespaces=WMS)
    assert sorted(found.xpath(f"{layer}/w:BoundingBox/@CRS", namespaces=WMS)) == sorted(systems)
    (north,) = found.xpath(f"{layer}/w:BoundingBox[@CRS='EPSG:7801']/@minx", namespaces=WMS)
    assert float(north) == pytest.approx(NORTH + 100, abs=20)


def test_capabilities_do_not_offer_what_is_not_there(client: Client) -> None:
    found = capabilities(client)
    assert not found.xpath("//w:GetFeatureInfo", namespaces=WMS)
    assert not found.xpath("//w:Layer[@queryable='1']", namespaces=WMS)


def test_addresses_in_capabilities_are_the_services_own(client: Client) -> None:
    found = capabilities(client).xpath("//w:GetMap//w:OnlineResource/@x:href", namespaces=WMS)
    assert found == ["http://testserver/ows/wms?"]


def test_forwarding_headers_of_strangers_do_not_enter_capabilities(client: Client) -> None:
    asked = {"SERVICE": "WMS", "REQUEST": "GetCapabilities"}
    response = client.get("/ows/wms", asked, headers={"X-Forwarded-Host": "evil.example", "X-Script-Name": "/evil"})
    assert b"evil" not in response.content


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"LAYERS": "nonsense"}, "LayerNotDefined"),
        ({"LAYERS": "plots,"}, "LayerNotDefined"),
        ({"LAYERS": "plots'; DROP TABLE land_plot; --"}, "LayerNotDefined"),
        ({"LAYERS": ""}, "MissingParameterValue"),
        ({"STYLES": "rainbow"}, "StyleNotDefined"),
        ({"SRS": "EPSG:99999"}, "InvalidSRS"),
        ({"SRS": None}, "MissingParameterValue"),
        ({"BGCOLOR": "zz"}, "InvalidParameterValue"),
        ({"BGCOLOR": "0xFFFFFFFF", "TRANSPARENT": "FALSE"}, "InvalidParameterValue"),
        ({"BBOX": "1,2,3"}, "InvalidParameterValue"),
        ({"BBOX": "a,b,c,d"}, "InvalidParameterValue"),
        ({"BBOX": "nan,0,1,1"}, "InvalidParameterValue"),
        ({"BBOX": "0,0,inf,1"}, "InvalidParameterValue"),
        ({"BBOX": "10,10,0,0"}, "InvalidParameterValue"),
        ({"BBOX": "-1e300,-1e300,1e300,1e300"}, "InvalidParameterValue"),
        ({"BBOX": "587000,4790000,587000.0000001,4790000.0000001"}, "InvalidParameterValue"),
        ({"BBOX": "0,0,1000000,1"}, "InvalidParameterValue"),
        ({"WIDTH": "0"}, "InvalidParameterValue"),
        ({"WIDTH": "-5"}, "InvalidParameterValue"),
        ({"WIDTH": "4097"}, "InvalidParameterValue"),
        ({"WIDTH": "99999999999999999999"}, "InvalidParameterValue"),
        ({"WIDTH": "٣"}, "InvalidParameterValue"),
        ({"HEIGHT": "abc"}, "InvalidParameterValue"),
        ({"FORMAT": "application/exe"}, "InvalidFormat"),
        ({"REQUEST": None}, "MissingParameterValue"),
        ({"REQUEST": "Nonsense"}, "OperationNotSupported"),
        ({"REQUEST": "GetFeatureInfo"}, "OperationNotSupported"),
        ({"REQUEST": "GetLegendGraphic"}, "OperationNotSupported"),
        ({"SERVICE": "WFS"}, "InvalidParameterValue"),
    ],
)  # fmt: skip
def test_a_wrong_request_is_refused_by_its_code(client: Client, change: dict[str, str], code: str) -> None:
    response = ask(client, **{"layers": "plots", "area": AREA, **change})
    assert response.status_code == 200
    tag, found, text = refusal(response.content)
    assert (tag, found) == ("ServiceExceptionReport", code)
    assert text


@pytest.mark.parametrize(
    ("version", "in_image", "blank"),
    [("1.3.0", "INIMAGE", "BLANK"), ("1.1.1", "application/vnd.ogc.se_inimage", "application/vnd.ogc.se_blank")],
)
def test_a_refusal_comes_as_a_picture_if_one_is_asked_for(
    client: Client, version: str, in_image: str, blank: str
) -> None:
    assert {in_image, blank} <= set(capabilities(client, version).xpath("//*[local-name()='Exception']/*/text()"))
    more = {"VERSION": version, "CRS": "EPSG:7801", "TRANSPARENT": "FALSE", "BGCOLOR": "0x0000FF"}
    words = picture(ask(client, "nonsense", AREA, (200, 50), EXCEPTIONS=in_image, **more))
    empty = picture(ask(client, "nonsense", AREA, (200, 50), EXCEPTIONS=blank, **more))
    assert words.size == empty.size == (200, 50)
    assert len(words.getcolors(10_000)) > 1
    assert empty.getcolors(10_000) == [(200 * 50, (0, 0, 255, 255))]


def test_an_empty_background_is_the_default(client: Client) -> None:
    shown = picture(ask(client, "plots", AREA, TRANSPARENT="", BGCOLOR=""))
    assert (255, 255, 255, 255) in [colour for _count, colour in shown.getcolors(100_000)]


def test_an_empty_picture_of_a_refusal_may_be_transparent(client: Client) -> None:
    shown = picture(ask(client, "nonsense", AREA, EXCEPTIONS="application/vnd.ogc.se_blank"))
    assert shown.getchannel("A").getextrema() == (0, 0)


def test_a_refusal_without_a_size_comes_as_a_report_in_any_case(client: Client) -> None:
    response = ask(client, "plots", AREA, EXCEPTIONS="application/vnd.ogc.se_inimage", WIDTH="-5")
    assert refusal(response.content)[1] == "InvalidParameterValue"


def test_version_130_refuses_in_its_own_form(client: Client) -> None:
    response = ask(client, "nonsense", AREA, VERSION="1.3.0", CRS="EPSG:7801")
    assert refusal(response.content)[:2] == (f"{OGC}ServiceExceptionReport", "LayerNotDefined")


def test_characters_that_xml_forbids_do_not_break_the_refusal(client: Client) -> None:
    response = ask(client, "\x00<a>\ufffe&", AREA)
    assert refusal(response.content)[1] == "LayerNotDefined"


def test_wrong_colours_and_oddities_are_no_fault_of_the_server(world: Zone, client: Client) -> None:
    for more in ({"TRANSPARENT": "maybe"}, {"EXCEPTIONS": "?"}, {"TIME": "x"}, {"DPI": "-1"}):
        assert ask(client, "plots", AREA, **more).status_code == 200


def test_the_service_is_only_read(client: Client) -> None:
    response = client.post("/ows/wms", b"x" * 1000, content_type="text/xml")
    assert response.status_code == 405
    assert refusal(response.content)[1] == "OperationNotSupported"
