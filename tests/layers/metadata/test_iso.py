"""Records in XML: what OWSLib reads in them, and who sees which."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import localdate
from lxml import etree
from owslib.iso import MD_Metadata

from layers.metadata.elements import NAMES
from registries.changes.edits import Edit
from registries.core.models import Audience, User
from registries.networks.models import AssetType
from tests.conftest import Publish
from tests.layers.served import Served

pytestmark = pytest.mark.django_db


def fetch(client: Client, name: str, **values: str) -> etree._Element:
    response = client.get(f"/metadata/{name}.xml", values)
    assert (response.status_code, response["Content-Type"]) == (200, "application/xml; charset=utf-8")
    return etree.fromstring(response.content)


def read(client: Client, name: str, **values: str) -> Any:
    return MD_Metadata(fetch(client, name, **values))


def found(root: etree._Element, path: str) -> list[str]:
    return [str(one) for one in root.xpath(path, namespaces=NAMES)]


def test_what_and_where_the_layer_is(client: Client, served: Served):
    record = read(client, "parcels", lang="en")
    (about,) = record.identification
    assert (record.hierarchy, about.title, about.topiccategory) == (
        "dataset",
        "Cadastral parcels",
        ["planningCadastre"],
    )
    west, south = float(about.extent.boundingBox.minx), float(about.extent.boundingBox.miny)
    assert (26 < west < 27, 43 < south < 44) == (True, True)


def test_it_is_of_a_theme_of_inspire(client: Client, served: Served):
    themes = "//gmd:descriptiveKeywords//gmx:Anchor/@xlink:href"
    expected = {"parcels": "cp", "water_pipe": "us", "zones": "lu"}
    for key, theme in expected.items():
        assert f"http://inspire.ec.europa.eu/theme/{theme}" in found(fetch(client, key), themes)


def test_it_was_revised_when_it_was_last_published(client: Client, served: Served):
    (about,) = read(client, "water_pipe").identification
    assert [(one.date, one.type) for one in about.date] == [(localdate().isoformat(), "revision")]


def test_an_empty_layer_has_no_day(client: Client, served: Served):
    root = fetch(client, "buildings")
    dates = "//gmd:MD_DataIdentification/gmd:citation/gmd:CI_Citation/gmd:date/@gco:nilReason"
    assert found(root, dates) == ["missing"]


def test_it_leads_to_every_service_and_download(client: Client, served: Served):
    online = read(client, "water_pipe").distribution.online
    by_protocol = {one.protocol: one.url for one in online}
    assert {"OGC:WFS", "OGC:WMS", "OGC:WMTS", "OGC API - Features"} <= set(by_protocol)
    for one in online:
        response = client.get(one.url.removeprefix("http://testserver"))
        # Read to its end, because a stream holds the connection.
        assert (response.status_code, bool(response.getvalue())) == (200, True), one.url


def test_it_speaks_the_language_asked_for_and_tells_the_other(client: Client, served: Served):
    title = "//gmd:MD_DataIdentification/gmd:citation/gmd:CI_Citation/gmd:title"
    for values, code, own, other in (
        ({"lang": "en"}, "eng", "Cadastral parcels", "Поземлени имоти"),
        ({"LANGUAGE": "bul"}, "bul", "Поземлени имоти", "Cadastral parcels"),
    ):
        root = fetch(client, "parcels", **values)
        assert found(root, "/*/gmd:language/gmd:LanguageCode/@codeListValue") == [code]
        assert found(root, f"{title}/gco:CharacterString/text()") == [own]
        assert found(root, f"{title}//gmd:LocalisedCharacterString/text()") == [other]


def test_without_a_parameter_it_speaks_the_readers_language(client: Client, served: Served):
    response = client.get("/metadata/parcels.xml", headers={"Accept-Language": "en"})
    assert response["Content-Language"] == "en"


def test_the_terms_are_those_of_the_installation(client: Client, served: Served, settings: Any):
    terms = "//gmd:MD_LegalConstraints[gmd:useConstraints]/gmd:otherConstraints/gmx:Anchor/@xlink:href"
    settings.DATA_LICENCE = "https://example.org/licence"
    assert found(fetch(client, "parcels"), terms) == ["https://example.org/licence"]
    settings.DATA_LICENCE = ""
    assert found(fetch(client, "parcels"), terms)[0].endswith("/conditionsUnknown")


def test_who_answers_for_the_data_is_named(client: Client, served: Served, settings: Any):
    settings.PUBLISHER_NAME, settings.PUBLISHER_EMAIL = "Community of East", "gis@east.example"
    (contact,) = read(client, "parcels").contact
    assert (contact.organization, contact.email, contact.role) == (
        "Community of East",
        "gis@east.example",
        "pointOfContact",
    )


def test_invented_content_is_said_to_be_so(client: Client, served: Served, settings: Any):
    for invented in (True, False):
        settings.SYNTHETIC_DATA = invented
        (about,) = read(client, "parcels", lang="en").identification
        assert ("invented" in about.abstract) is invented


def test_conformity_that_nobody_evaluated_is_not_claimed(client: Client, served: Served):
    assert found(fetch(client, "parcels"), "//gmd:DQ_ConformanceResult/gmd:pass/@gco:nilReason") == ["unknown"]


@pytest.fixture
def closed(served: Served) -> Served:
    AssetType.objects.filter(key="water_hydrant").update(audience=Audience.INTERNAL)
    return served


def test_a_closed_layer_has_no_record_for_the_public(client: Client, closed: Served):
    assert client.get("/metadata/water_hydrant.xml").status_code == 404
    assert client.get("/metadata/nothing.xml").status_code == 404


def test_its_record_says_to_staff_that_it_is_closed(client: Client, closed: Served, ada: User):
    client.force_login(ada)
    limits = "//gmd:MD_LegalConstraints[gmd:accessConstraints]/gmd:otherConstraints/*"
    (limit,) = fetch(client, "water_hydrant", lang="en").xpath(limits, namespaces=NAMES)
    assert limit.text == "Only for people to whom the registry has opened it."


def test_a_network_that_is_closed_has_no_record(client: Client, served: Served, publish: Publish):
    publish([Edit.update("networks.network", served.network.pk, {"visibility": Audience.INTERNAL})])
    assert client.get("/metadata/water_pipe.xml").status_code == 404


@pytest.mark.parametrize(("kind", "type"), [("download", "download"), ("view", "view")])
def test_a_service_names_what_it_serves(client: Client, closed: Served, kind: str, type: str):
    record = read(client, f"services/{kind}")
    (about,) = record.identification
    served = fetch(client, f"services/{kind}").xpath("//srv:operatesOn/@xlink:href", namespaces=NAMES)
    assert (record.hierarchy, about.type) == ("service", type)
    assert "http://testserver/metadata/water_pipe.xml" in served
    assert "http://testserver/metadata/water_hydrant.xml" not in served


def test_a_service_and_its_data_sets_name_each_other(client: Client, served: Served):
    service, parcels = fetch(client, "services/download"), fetch(client, "parcels")
    (own,) = found(parcels, "/*/gmd:fileIdentifier/gco:CharacterString/text()")
    assert own in found(service, "//srv:operatesOn/@uuidref")


def test_capabilities_and_records_call_a_data_set_the_same(client: Client, served: Served):
    """INSPIRE joins service and data by code and namespace of the data set."""
    capabilities = etree.fromstring(client.get("/ows/wfs?service=WFS&request=GetCapabilities").getvalue())
    identifier = "//*[local-name()='SpatialDataSetIdentifier'][*[local-name()='Code']='parcels']/*/text()"
    record = fetch(client, "parcels")
    path = "//gmd:MD_DataIdentification/gmd:citation//gmd:RS_Identifier/*/gco:CharacterString/text()"
    assert capabilities.xpath(identifier) == found(record, path)


def test_a_service_that_there_is_not(client: Client, served: Served):
    assert client.get("/metadata/services/teleport.xml").status_code == 404


def test_records_are_only_read(client: Client, served: Served):
    assert client.post("/metadata/parcels.xml").status_code == 405
