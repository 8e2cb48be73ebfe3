"""The capabilities of each version say the same of the service, and only what is true."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from lxml import etree
from pyproj import Transformer

from layers.filters.functions import FUNCTIONS
from layers.wfs.names import XML_TYPES
from registries.changes.edits import Edit
from tests.conftest import EAST, NORTH, Publish, parcel, square
from tests.layers.served import Served
from tests.layers.wfs.client import ADDRESS, ask, body

VERSIONS = ("1.0.0", "1.1.0", "2.0.0")


def document(client: Client, version: str, **values: str) -> etree._Element:
    pairs = {"service": "WFS", "request": "GetCapabilities", "version": version, **values}
    response = client.get(ADDRESS, pairs)
    assert response.status_code == 200
    return etree.fromstring(body(response))


def names_in(root: etree._Element, path: str) -> set[str]:
    return {one.text for one in root.iterfind(path)}


@pytest.mark.parametrize("version", VERSIONS)
def test_each_version_lists_the_same_layers(client: Client, served: Served, version: str):
    root = document(client, version)
    assert root.get("version") == version
    assert names_in(root, ".//{*}FeatureType/{*}Name") == names_in(
        document(client, "2.0.0"), ".//{*}FeatureType/{*}Name"
    )


def test_the_default_system_is_named_as_its_version_orders_axes(client: Client, served: Served):
    assert names_in(document(client, "1.0.0"), ".//{*}SRS") == {"EPSG:7801"}
    assert names_in(document(client, "1.1.0"), ".//{*}DefaultSRS") == {"urn:ogc:def:crs:EPSG::7801"}
    assert names_in(document(client, "2.0.0"), ".//{*}DefaultCRS") == {"urn:ogc:def:crs:EPSG::7801"}


def test_the_box_of_1_0_is_in_the_types_own_system(client: Client, served: Served):
    (box,) = document(client, "1.0.0").xpath("//*[local-name()='FeatureType'][*='zone:water_hydrant']/*[@minx]")
    assert EAST + 29 < float(box.get("minx")) < EAST + 30 < float(box.get("maxx")) < EAST + 31
    assert NORTH + 29 < float(box.get("miny")) < NORTH + 30 < float(box.get("maxy")) < NORTH + 31


def test_the_box_of_later_versions_is_in_degrees(client: Client, served: Served):
    (east, north) = Transformer.from_crs(7801, 4326, always_xy=True).transform(EAST + 30, NORTH + 30)
    for version in ("1.1.0", "2.0.0"):
        path = "//*[local-name()='FeatureType'][*='zone:water_hydrant']//*[local-name()='LowerCorner']"
        (corner,) = document(client, version).xpath(path)
        assert [float(one) for one in corner.text.split()] == pytest.approx([east, north], abs=1e-5)


@pytest.mark.parametrize("version", VERSIONS)
def test_at_the_public_address_nothing_can_be_changed(client: Client, served: Served, version: str):
    text = etree.tostring(document(client, version)).decode()
    for word in ("Transaction>", 'name="Transaction"', "LockFeature", "Insert", "CreateStoredQuery"):
        assert word not in text


@pytest.mark.parametrize("version", ["1.1.0", "2.0.0"])
def test_every_operation_has_addresses_that_answer(client: Client, served: Served, version: str):
    root = document(client, version)
    for operation in root.iterfind(".//{*}OperationsMetadata/{*}Operation"):
        for method in ("Get", "Post"):
            (place,) = operation.iterfind(f".//{{*}}{method}")
            assert place.get("{http://www.w3.org/1999/xlink}href").rstrip("?").endswith(ADDRESS), operation.get("name")


def test_every_declared_format_is_served(client: Client, served: Served):
    formats = names_in(document(client, "2.0.0"), ".//{*}FeatureType/{*}OutputFormats/{*}Format")
    for name in sorted(formats):
        answer = ask(client, typeNames="water_hydrant", outputFormat=name, resultType="hits")
        assert answer.status == 200, (name, answer.content[:300])


def test_functions_are_declared_with_their_arguments(client: Client, served: Served):
    declared = document(client, "2.0.0").findall(".//{*}Function")
    assert {one.get("name") for one in declared} == set(FUNCTIONS)
    assert all(one.find("./{*}Returns") is not None for one in declared)


def test_the_sequence_rises_with_what_is_published(client: Client, served: Served, publish: Publish):
    before = int(document(client, "2.0.0").get("updateSequence"))
    publish([parcel("73626.1.9", square(300, 300))])
    assert int(document(client, "2.0.0").get("updateSequence")) > before


def test_who_has_the_document_is_told_so(client: Client, served: Served, publish: Publish):
    sequence = document(client, "2.0.0").get("updateSequence")
    same = ask(client, "GetCapabilities", updateSequence=sequence)
    assert (same.code, same.locator) == ("CurrentUpdateSequence", "updateSequence")
    newer = ask(client, "GetCapabilities", updateSequence=int(sequence) + 1)
    assert newer.code == "InvalidUpdateSequence"
    publish([Edit.update("land.parcel", served.parcels[0].object_id, {"label": "new"})])
    assert ask(client, "GetCapabilities", updateSequence=sequence).status == 200


@pytest.mark.parametrize("form", XML_TYPES)
def test_the_clients_media_type_is_honoured(client: Client, served: Served, form: str):
    assert ask(client, "GetCapabilities", acceptFormats=f"text/html,{form}").content_type.startswith(form)


def test_the_language_asked_for_is_spoken(client: Client, served: Served):
    for language, title in (("bul", "Поземлени имоти"), ("eng", "Cadastral parcels")):
        answer = ask(client, "GetCapabilities", LANGUAGE=language)
        assert answer.text("//wfs:FeatureType[wfs:Name='zone:parcels']/wfs:Title") == title


def test_inspire_is_told_what_it_wants(client: Client, served: Served):
    root = document(client, "2.0.0", LANGUAGE="eng")
    extended = root.find(".//{http://inspire.ec.europa.eu/schemas/inspire_dls/1.0}ExtendedCapabilities")
    assert extended is not None
    assert extended.findtext("./{*}ResponseLanguage/{*}Language") == "eng"
    assert extended.findtext("./{*}SupportedLanguages/{*}DefaultLanguage/{*}Language") == "bul"
    assert "parcels" in names_in(extended, "./{*}SpatialDataSetIdentifier/{*}Code")


def test_each_layer_points_to_its_record(client: Client, served: Served):
    for version in ("1.1.0", "2.0.0"):
        root = document(client, version)
        for one in root.iterfind(".//{*}FeatureType/{*}MetadataURL"):
            address = one.get("{http://www.w3.org/1999/xlink}href") or one.text
            assert client.get(address).status_code == 200
        assert len(root.findall(".//{*}MetadataURL")) == len(root.findall(".//{*}FeatureType"))


@pytest.mark.parametrize("version", ["1.1.0", "2.0.0"])
def test_who_answers_for_the_data_is_told(client: Client, served: Served, settings: Any, version: str):
    settings.PUBLISHER_NAME, settings.PUBLISHER_EMAIL = "Targovishte", "gis@targovishte.example"
    root = document(client, version)
    assert names_in(root, ".//{*}ProviderName") == {"Targovishte"}
    assert names_in(root, ".//{*}ElectronicMailAddress") == {"gis@targovishte.example"}
