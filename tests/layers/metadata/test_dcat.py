"""The catalogue for portals of open data: what DCAT-AP demands of each thing is there, in each notation."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from rdflib import DCAT, DCTERMS, FOAF, RDF, Graph, Literal, URIRef
from rdflib.compare import isomorphic
from shapely import from_wkt
from shapely.geometry import shape

from layers.metadata.dcat import GEO, GEOJSON, LOCN
from registries.changes.edits import Edit
from registries.core.models import Audience, User
from registries.networks.models import AssetType
from tests.conftest import Publish, square
from tests.layers.served import Served

pytestmark = pytest.mark.django_db
NOTATIONS = {"ttl": "turtle", "rdf": "xml", "jsonld": "json-ld"}
# DCAT-AP 3.0: mandatory properties by class.
MANDATORY = {
    DCAT.Catalog: (DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCAT.dataset),
    DCAT.Dataset: (DCTERMS.title, DCTERMS.description),
    DCAT.Distribution: (DCAT.accessURL,),
    DCAT.DataService: (DCTERMS.title, DCAT.endpointURL),
    FOAF.Agent: (FOAF.name,),
}
PARCELS = URIRef("http://testserver/metadata/parcels.xml#dataset")


def read(client: Client, form: str = "ttl") -> Graph:
    return Graph().parse(data=client.get("/dcat", {"f": form}).content, format=NOTATIONS[form])


def test_what_is_mandatory_is_there(client: Client, served: Served):
    graph = read(client)
    for kind, terms in MANDATORY.items():
        things = list(graph.subjects(RDF.type, kind))
        assert things
        for thing in things:
            assert [term for term in terms if graph.value(thing, term) is None] == []


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_each_notation_says_the_same(client: Client, served: Served):
    turtle = read(client)
    assert isomorphic(turtle, read(client, "rdf"))
    assert isomorphic(turtle, read(client, "jsonld"))


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        ("application/ld+json", "application/ld+json"),
        ("application/rdf+xml;q=0.9, text/html", "application/rdf+xml"),
        ("*/*", "text/turtle"),
        ("image/png", "text/turtle"),
    ],
)
def test_the_notation_is_the_one_accepted(client: Client, accept: str, answered: str):
    response = client.get("/dcat", headers={"Accept": accept})
    assert response["Content-Type"] == f"{answered}; charset=utf-8"
    assert "Accept" in response["Vary"]


def test_a_notation_that_there_is_not(client: Client):
    assert client.get("/dcat", {"f": "docx"}).status_code == 400


def test_titles_are_told_in_both_languages(client: Client, served: Served):
    titles = set(read(client).objects(PARCELS, DCTERMS.title))
    assert titles == {Literal("Поземлени имоти", lang="bg"), Literal("Cadastral parcels", lang="en")}


def test_every_dataset_lies_within_a_box_with_x_first(client: Client, served: Served):
    graph = read(client)
    place = graph.value(PARCELS, DCTERMS.spatial)
    box = from_wkt(str(graph.value(place, DCAT.bbox)))
    notations = {one.datatype: str(one) for one in graph.objects(place, LOCN.geometry) if isinstance(one, Literal)}
    assert 26 < box.bounds[0] < 27 < 43 < box.bounds[1] < 44
    assert set(notations) == {GEO.wktLiteral, GEOJSON}
    assert shape(json.loads(notations[GEOJSON])).equals(box)


def test_files_are_told_by_the_eus_words(client: Client, served: Served):
    graph = read(client)
    formats = {
        str(graph.value(one, DCTERMS["format"])).rpartition("/")[2]
        for one in graph.objects(PARCELS, DCAT.distribution)
        if graph.value(one, DCAT.downloadURL)
    }
    assert formats == {"GEOJSON", "GML", "GPKG", "SHP", "CSV"}


def test_the_licence_is_that_of_the_installation(client: Client, served: Served, settings: Any):
    settings.DATA_LICENCE = "https://example.org/licence"
    assert set(read(client).objects(None, DCTERMS.license)) == {URIRef("https://example.org/licence")}


def test_a_closed_layer_is_told_to_those_who_may_see_it(client: Client, served: Served, ada: User):
    AssetType.objects.filter(key="water_hydrant").update(audience=Audience.INTERNAL)
    closed = URIRef("http://testserver/metadata/water_hydrant.xml#dataset")
    assert (closed, None, None) not in read(client)
    client.force_login(ada)
    rights = read(client).value(closed, DCTERMS.accessRights)
    assert rights == URIRef("http://publications.europa.eu/resource/authority/access-right/RESTRICTED")


def test_what_is_published_later_is_in_it(client: Client, served: Served, publish: Publish):
    buildings = URIRef("http://testserver/metadata/buildings.xml#dataset")
    assert (buildings, DCTERMS.modified, None) not in read(client)
    publish([Edit.create("land.building", {"name": "hall", "zone": None}, square(0, 0, 20))])
    assert (buildings, DCTERMS.modified, None) in read(client)
