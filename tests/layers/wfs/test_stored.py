"""Stored queries: those of the service, and those that people who edit make, call and drop."""

from __future__ import annotations

import pytest
from django.test import Client

from layers.models import StoredQuery
from layers.wfs import markup
from layers.wfs.requests import StoredCall
from layers.wfs.stored import definitions
from registries.core.errors import BadInput
from registries.core.models import User
from tests.layers.served import Served
from tests.layers.wfs.client import Answer, ask, post

EDIT = "/ows/wfs/edit"
DATA_SET = "http://inspire.ec.europa.eu/operation/download/GetSpatialDataSet"
SPACE = "urn:gis-portal:registry"
ID = "urn:example:labelled"
LANGUAGE = "urn:ogc:def:queryLanguage:OGC-WFS::WFS_QueryExpression"
NAMES = (
    'xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:fes="http://www.opengis.net/fes/2.0"'
    ' xmlns:zone="urn:gis-portal:registry" service="WFS" version="2.0.0"'
)
QUERY = (
    '<wfs:Query typeNames="zone:water_pipe"><fes:Filter><fes:PropertyIsEqualTo>'
    "<fes:ValueReference>zone:label</fes:ValueReference><fes:Literal>${label}</fes:Literal>"
    "</fes:PropertyIsEqualTo></fes:Filter></wfs:Query>"
)
PARAMETER = '<wfs:Parameter name="Label" type="xsd:string" xmlns:xsd="http://www.w3.org/2001/XMLSchema"/>'


def definition(
    query: str = QUERY, parameters: str = PARAMETER, language: str = LANGUAGE, private: str = "false"
) -> str:
    return (
        f'<wfs:StoredQueryDefinition id="{ID}"><wfs:Title>Pipes of a label</wfs:Title>{parameters}'
        f'<wfs:QueryExpressionText isPrivate="{private}" language="{language}" returnFeatureTypes="zone:water_pipe">'
        f"{query}</wfs:QueryExpressionText></wfs:StoredQueryDefinition>"
    )


def creation(**parts: str) -> str:
    return f"<wfs:CreateStoredQuery {NAMES}>{definition(**parts)}</wfs:CreateStoredQuery>"


@pytest.fixture
def editor(client: Client, olena: User) -> Client:
    client.force_login(olena)
    return client


def labels(answer: Answer) -> list[str]:
    assert answer.status == 200, answer.content
    return [label.text for label in answer.all("//zone:label")]


def test_who_edits_nothing_keeps_no_queries(client: Client, served: Served, stranger: User):
    client.force_login(stranger)
    assert post(client, creation(), EDIT).status == 403
    assert not StoredQuery.objects.exists()


def test_a_data_set_of_inspire_is_a_whole_layer(client: Client, served: Served):
    answer = ask(client, storedQuery_Id=DATA_SET, DataSetIdCode="water_pipe", DataSetIdNamespace=SPACE, CRS="EPSG:4326")
    assert len(answer.ids) == 7
    assert answer.all("//gml:LineString/@srsName")[0] == "EPSG:4326"


@pytest.mark.parametrize(
    ("values", "locator"),
    [
        ({"DataSetIdCode": "water_pipe"}, "DataSetIdNamespace"),
        ({"DataSetIdCode": "water_pipe", "DataSetIdNamespace": "urn:other"}, "DataSetIdNamespace"),
        ({"DataSetIdNamespace": SPACE}, "DataSetIdCode"),
        ({"DataSetIdCode": "nothing", "DataSetIdNamespace": SPACE}, "typeNames"),
    ],
)
def test_a_data_set_that_is_not_named_rightly_is_told(client: Client, db: None, values: dict[str, str], locator: str):
    answer = ask(client, storedQuery_Id=DATA_SET, **values)
    assert (answer.status, answer.locator) == (400, locator)


def test_a_query_is_made_called_described_and_dropped(editor: Client, served: Served):
    assert post(editor, creation(), EDIT).text("/wfs:CreateStoredQueryResponse/@status") == "OK"
    assert labels(ask(editor, storedQuery_Id=ID, label="P-3")) == ["P-3"]
    listed = ask(editor, "ListStoredQueries")
    assert listed.text(f"//wfs:StoredQuery[@id='{ID}']/wfs:ReturnFeatureType") == "zone:water_pipe"
    described = ask(editor, "DescribeStoredQueries", storedQuery_Id=ID)
    assert described.text("//wfs:StoredQueryDescription/wfs:Parameter/@name") == "Label"
    assert described.all("//wfs:QueryExpressionText/wfs:Query")
    drop = f'<wfs:DropStoredQuery {NAMES} id="{ID}"/>'
    assert post(editor, drop, EDIT).text("/wfs:DropStoredQueryResponse/@status") == "OK"
    assert ask(editor, storedQuery_Id=ID, label="P-3").locator == "storedQuery_Id"


def test_the_language_of_stored_queries_is_declared(editor: Client, served: Served):
    """OGC 09-025r2, table 12."""
    response = editor.get(EDIT, {"service": "WFS", "version": "2.0.0", "request": "GetCapabilities"})
    answer = Answer(response.status_code, "", response.getvalue())
    operation = "//ows:Operation[@name='CreateStoredQuery']"
    assert LANGUAGE in [one.text for one in answer.all(f"{operation}/ows:Parameter[@name='language']//ows:Value")]


def test_a_qualified_name_may_have_a_prefix_that_pairs_cannot_bind(editor: Client, served: Served):
    kind = 'xmlns:xsd="http://www.w3.org/2001/XMLSchema" type="xsd:QName"'
    parts = {"query": '<wfs:Query typeNames="${kind}"/>', "parameters": f'<wfs:Parameter name="kind" {kind}/>'}
    post(editor, creation(**parts), EDIT)
    assert len(ask(editor, storedQuery_Id=ID, kind="tns:parcels").ids) == 2


def test_an_argument_is_text_and_never_markup(editor: Client, served: Served):
    post(editor, creation(), EDIT)
    for label in ("</fes:Literal><fes:Literal>P-3", "P-3' OR 1=1 --", "&lt;", "${label}"):
        assert labels(ask(editor, storedQuery_Id=ID, label=label)) == []


def test_a_private_query_is_not_told(editor: Client, served: Served):
    post(editor, creation(private="true"), EDIT)
    assert ask(editor, "DescribeStoredQueries", storedQuery_Id=ID).all("//wfs:QueryExpressionText/*") == []


def test_the_same_identifier_is_not_given_twice(editor: Client, served: Served):
    post(editor, creation(), EDIT)
    again = post(editor, creation(), EDIT)
    assert (again.status, again.code) == (409, "DuplicateStoredQueryIdValue")


def test_a_missing_argument_is_told(editor: Client, served: Served):
    post(editor, creation(), EDIT)
    answer = ask(editor, storedQuery_Id=ID)
    assert (answer.status, answer.code, answer.locator) == (400, "MissingParameterValue", "label")


def test_nobody_else_drops_it(editor: Client, served: Served, ada: User):
    post(editor, creation(), EDIT)
    editor.force_login(ada)
    answer = post(editor, f'<wfs:DropStoredQuery {NAMES} id="{ID}"/>', EDIT)
    assert answer.status == 403
    assert StoredQuery.objects.filter(identifier=ID).exists()


def test_at_the_public_address_none_is_made(editor: Client, served: Served):
    answer = post(editor, creation())
    assert (answer.status, answer.code) == (400, "OperationNotSupported")
    assert not StoredQuery.objects.exists()


@pytest.mark.parametrize(
    "parts",
    [
        {"language": "http://example.org/sql"},
        {"query": ""},
        {"query": '<wfs:StoredQuery id="urn:example:labelled"/>'},
        {"parameters": ""},
        {"parameters": PARAMETER * 2},
        {"query": QUERY + "<!--" + "x" * 10 + "-->" + QUERY * 500},
    ],
)
def test_what_could_not_be_called_is_not_kept(parts: dict[str, str]):
    with pytest.raises(BadInput):
        definitions.create(markup.parse(creation(**parts).encode()))


def test_an_argument_stands_in_attributes_and_within_text():
    text = '<wfs:Query typeNames="${type}"><wfs:PropertyName>zone:${name}_mm</wfs:PropertyName></wfs:Query>'
    both = "".join(f'<wfs:Parameter name="{name}" type="x"/>' for name in ("type", "name"))
    made = markup.parse(creation(query=text, parameters=both).encode())[0]
    call = StoredCall(id=ID, arguments={"type": "zone:water_pipe", "name": "diameter"})
    (query,) = definitions.queries(made, call)
    assert (query.type_names, query.property_names) == (("water_pipe",), ("diameter_mm",))


def test_characters_that_xml_forbids_are_refused():
    made = markup.parse(creation().encode())[0]
    with pytest.raises(BadInput):
        definitions.queries(made, StoredCall(id=ID, arguments={"label": "\x01"}))
