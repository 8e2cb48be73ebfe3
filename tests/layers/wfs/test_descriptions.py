"""GetCapabilities, DescribeFeatureType and stored queries: what clients learn the service from."""

from __future__ import annotations

from django.test import Client

from layers.wfs.names import GML_TYPE
from registries.core.models import CodeValue
from tests.layers.served import Served
from tests.layers.wfs.client import NAMES, ask

BY_ID = "urn:ogc:def:query:OGC-WFS::GetFeatureById"


def constraints(client: Client) -> dict[str, str]:
    found = ask(client, "GetCapabilities").all("/*/ows:OperationsMetadata/ows:Constraint[ows:DefaultValue]")
    return {one.get("name"): one.findtext("ows:DefaultValue", namespaces=NAMES) for one in found}


def test_what_qgis_needs_for_paging_is_declared(client: Client, served: Served):
    declared = constraints(client)
    assert declared["ImplementsResultPaging"] == "TRUE"
    assert int(declared["CountDefault"]) > 0


def test_only_what_is_served_is_declared(client: Client, served: Served):
    declared = constraints(client)
    for name in ("ImplementsBasicWFS", "KVPEncoding", "XMLEncoding", "PagingIsTransactionSafe"):
        assert declared[name] == "TRUE", name
    for name in ("ImplementsTransactionalWFS", "ImplementsLockingWFS", "ManageStoredQueries", "SOAPEncoding"):
        assert declared[name] == "FALSE", name


def test_every_layer_is_listed_with_its_systems_and_place(client: Client, served: Served):
    answer = ask(client, "GetCapabilities")
    names = [str(name.text) for name in answer.all("//wfs:FeatureType/wfs:Name")]
    assert {"zone:zones", "zone:parcels", "zone:water_pipe", "zone:water_hydrant"} <= set(names)
    assert answer.text("//wfs:FeatureType[wfs:Name='zone:parcels']/wfs:DefaultCRS") == "urn:ogc:def:crs:EPSG::7801"
    lower = answer.text("//wfs:FeatureType[wfs:Name='zone:parcels']/ows:WGS84BoundingBox/ows:LowerCorner")
    assert 26 < float(lower.split()[0]) < 27


def test_a_client_of_many_versions_gets_the_one_served(client: Client, served: Served):
    answer = ask(client, "GetCapabilities", version=None, acceptVersions="2.0.0,1.1.0,1.0.0")
    assert answer.text("/*/@version") == "2.0.0"


def test_only_the_sections_asked_for_are_written(client: Client, served: Served):
    answer = ask(client, "GetCapabilities", sections="FeatureTypeList")
    assert [child.tag.rpartition("}")[2] for child in answer.xml] == ["FeatureTypeList"]


def test_titles_speak_the_readers_language(client: Client, served: Served):
    for language, title in (("bg", "Поземлени имоти"), ("en", "Cadastral parcels")):
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
        assert ask(client, "GetCapabilities").text("//wfs:FeatureType[wfs:Name='zone:parcels']/wfs:Title") == title


def test_types_are_built_in_and_geometry_is_gmls(client: Client, served: Served):
    answer = ask(client, "DescribeFeatureType", typeNames="zone:water_pipe")
    types = {one.get("name"): one.get("type") for one in answer.all("//xsd:sequence/xsd:element")}
    assert answer.content_type == GML_TYPE
    assert types["geom"] == "gml:CurvePropertyType"
    assert (types["label"], types["diameter_mm"], types["installed_on"]) == ("xsd:string", "xsd:double", "xsd:date")
    assert all(type.startswith(("xsd:", "gml:")) for type in types.values())
    assert answer.all("//xsd:simpleType") == []


def test_geometry_types_match_the_geometry_that_is_sent(client: Client, served: Served):
    kinds = {
        "parcels": ("MultiSurface", "MultiSurface"),
        "water_pipe": ("Curve", "LineString"),
        "water_hydrant": ("Point", "Point"),
    }
    for layer, (declared, sent) in kinds.items():
        described = ask(client, "DescribeFeatureType", typeNames=layer)
        assert described.text("//xsd:element[@name='geom']/@type") == f"gml:{declared}PropertyType"
        assert {g.tag.rpartition("}")[2] for g in ask(client, typeNames=layer).all("//zone:geom/*")} == {sent}


def test_elements_come_in_the_order_that_is_declared(client: Client, served: Served):
    declared = [
        str(name)
        for name in ask(client, "DescribeFeatureType", typeNames="parcels").all("//xsd:sequence/xsd:element/@name")
    ]
    for feature in ask(client, typeNames="parcels").all("//wfs:member/*"):
        sent = [child.tag.rpartition("}")[2] for child in feature]
        assert sent == [name for name in declared if name in sent]


def test_code_lists_are_told_in_annotations(client: Client, served: Served):
    CodeValue.objects.get_or_create(
        code_list="ownership", value="private", defaults={"title_bg": "частна", "title_en": "private"}
    )
    answer = ask(client, "DescribeFeatureType", typeNames="parcels")
    codes = answer.all("//xsd:element[@name='ownership']/xsd:annotation/xsd:appinfo//zone:code/@value")
    assert "private" in codes


def test_without_names_all_types_are_described(client: Client, served: Served):
    names = {str(name) for name in ask(client, "DescribeFeatureType").all("/xsd:schema/xsd:element/@name")}
    assert {"zones", "parcels", "water_pipe"} <= names


def test_the_one_stored_query_is_listed_and_described(client: Client, served: Served):
    assert BY_ID in ask(client, "ListStoredQueries").all("//wfs:StoredQuery/@id")
    described = ask(client, "DescribeStoredQueries", storedQuery_Id=BY_ID)
    assert described.text("//wfs:StoredQueryDescription/@id") == BY_ID
    assert described.text("//wfs:Parameter/@name") == "ID"


def test_a_feature_by_its_identifier_is_the_document_itself(client: Client, served: Served):
    id = f"parcels.{served.parcels[0].object_id}"
    answer = ask(client, storedQuery_Id=BY_ID, ID=id)
    assert answer.xml.tag == f"{{{NAMES['zone']}}}parcels"
    assert answer.text("/*/@gml:id") == id
    assert answer.text("//zone:national_cadastral_reference") == "73626.1.1"
