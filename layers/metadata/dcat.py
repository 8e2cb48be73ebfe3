"""All records as one catalogue for portals of open data: DCAT-AP 3.0, in Turtle, RDF/XML or JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from rdflib import DCAT, DCTERMS, FOAF, RDF, RDFS, XSD, BNode, Graph, Literal, Namespace, URIRef

from layers.crs import Bounds
from layers.metadata.records import LANGUAGES, Absolute, Link, Record, capabilities, lineage
from layers.metadata.services import SERVICES

AUTHORITY = "http://publications.europa.eu/resource/authority"
GEO = Namespace("http://www.opengis.net/ont/geosparql#")
LOCN = Namespace("http://www.w3.org/ns/locn#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
DCATAP = Namespace("http://data.europa.eu/r5r/")
# IANA's media types as resources, and GeoJSON as a datatype (DCAT 3, 6.15).
MEDIA_TYPES = "https://www.iana.org/assignments/media-types"
GEOJSON = URIRef(f"{MEDIA_TYPES}/application/vnd.geo+json")
# The specifications that services keep to.
SPECIFICATIONS = {
    "OGC:WFS": "http://www.opengis.net/def/serviceType/ogc/wfs",
    "OGC:WMS": "http://www.opengis.net/def/serviceType/ogc/wms",
    "OGC:WMTS": "http://www.opengis.net/def/serviceType/ogc/wmts",
    "OGC API - Features": "http://www.opengis.net/spec/ogcapi-features-1/1.0",
}
# By the values of `f`, the first being what whoever accepts anything gets: media type and rdflib's name.
FORMS = {
    "ttl": ("text/turtle", "turtle"),
    "rdf": ("application/rdf+xml", "xml"),
    "jsonld": ("application/ld+json", "json-ld"),
}


def write(records: Sequence[Record], absolute: Absolute, form: str) -> bytes:
    return graph(records, absolute).serialize(format=FORMS[form][1], encoding="utf-8")


def graph(records: Sequence[Record], absolute: Absolute) -> Graph:
    found = Graph()
    for prefix, namespace in (("dcat", DCAT), ("dct", DCTERMS), ("locn", LOCN), ("vcard", VCARD), ("dcatap", DCATAP)):
        found.bind(prefix, namespace, replace=True)
    catalogue = URIRef(absolute(reverse("metadata:dcat")))
    describe_catalogue(found, catalogue, records, absolute)
    services = describe_services(found, catalogue, absolute)
    for record in records:
        node = URIRef(f"{record.address}#dataset")
        found.add((catalogue, DCAT.dataset, node))
        describe_dataset(found, node, record, publisher(absolute))
        for service in services:
            found.add((service, DCAT.servesDataset, node))
    return found


def publisher(absolute: Absolute) -> URIRef:
    return URIRef(f"{absolute(reverse('metadata:dcat'))}#publisher")


def describe_catalogue(graph: Graph, node: URIRef, records: Sequence[Record], absolute: Absolute) -> None:
    graph.add((node, RDF.type, DCAT.Catalog))
    for language in LANGUAGES:
        with override(language):
            words = _("Land, plots on offer and engineering networks of an industrial zone.")
            graph.add((node, DCTERMS.title, Literal(settings.SITE_NAME, lang=language)))
            graph.add((node, DCTERMS.description, Literal(words, lang=language)))
    graph.add((node, FOAF.homepage, URIRef(absolute("/"))))
    graph.add((node, DCAT.themeTaxonomy, URIRef(f"{AUTHORITY}/data-theme")))
    languages(graph, node)
    licence(graph, node)
    if days := [record.revised for record in records if record.revised]:
        graph.add((node, DCTERMS.modified, day(max(days))))
    agent = publisher(absolute)
    graph.add((node, DCTERMS.publisher, agent))
    graph.add((agent, RDF.type, FOAF.Agent))
    graph.add((agent, FOAF.name, Literal(settings.PUBLISHER_NAME)))
    if settings.PUBLISHER_EMAIL:
        graph.add((agent, FOAF.mbox, URIRef(f"mailto:{settings.PUBLISHER_EMAIL}")))


def languages(graph: Graph, node: URIRef) -> None:
    for code in LANGUAGES.values():
        graph.add((node, DCTERMS.language, URIRef(f"{AUTHORITY}/language/{code.upper()}")))


def licence(graph: Graph, node: URIRef) -> None:
    if settings.DATA_LICENCE:
        graph.add((node, DCTERMS.license, URIRef(settings.DATA_LICENCE)))


def day(value: date) -> Literal:
    return Literal(value.isoformat(), datatype=XSD.date)


def describe_services(graph: Graph, catalogue: URIRef, absolute: Absolute) -> list[URIRef]:
    """The services that serve all data sets; INSPIRE's have a record of their own."""
    found = []
    for service in SERVICES.values():
        endpoint = absolute(reverse(service.address))
        node = URIRef(f"{endpoint}#service")
        described = capabilities(endpoint, service.protocol)
        describe_service(graph, node, service.protocol, endpoint, described, f"OGC:{service.protocol}")
        page = URIRef(absolute(reverse("metadata:service", args=[service.type])))
        graph.add((node, FOAF.page, page))
        found.append(node)
    endpoint = absolute(reverse("ogc:landing"))
    node = URIRef(f"{endpoint}#service")
    api = absolute(reverse("ogc:api"))
    describe_service(graph, node, "OGC API – Features", endpoint, api, "OGC API - Features")
    for one in [*found, node]:
        graph.add((catalogue, DCAT.service, one))
    return [*found, node]


def describe_service(graph: Graph, node: URIRef, title: str, endpoint: str, description: str, protocol: str) -> None:
    graph.add((node, RDF.type, DCAT.DataService))
    graph.add((node, DCTERMS.title, Literal(f"{settings.SITE_NAME} – {title}")))
    graph.add((node, DCAT.endpointURL, URIRef(endpoint)))
    graph.add((node, DCAT.endpointDescription, URIRef(description)))
    graph.add((node, DCTERMS.conformsTo, URIRef(SPECIFICATIONS[protocol])))
    licence(graph, node)


def describe_dataset(graph: Graph, node: URIRef, record: Record, publisher: URIRef) -> None:
    graph.add((node, RDF.type, DCAT.Dataset))
    graph.add((node, DCTERMS.identifier, Literal(record.identifier)))
    for term, name in ((DCTERMS.title, "title"), (DCTERMS.description, "abstract")):
        spoken(graph, node, term, record.in_each_language(name))
    graph.add((node, DCTERMS.publisher, publisher))
    contact(graph, node)
    graph.add((node, DCAT.theme, URIRef(f"{AUTHORITY}/data-theme/{record.subject.data_theme}")))
    graph.add((node, DCAT.theme, URIRef(record.subject.uri)))
    graph.add((node, DCTERMS.accrualPeriodicity, URIRef(f"{AUTHORITY}/frequency/UPDATE_CONT")))
    rights = "PUBLIC" if record.is_public else "RESTRICTED"
    graph.add((node, DCTERMS.accessRights, URIRef(f"{AUTHORITY}/access-right/{rights}")))
    graph.add((node, FOAF.page, URIRef(record.address)))
    languages(graph, node)
    if record.revised:
        graph.add((node, DCTERMS.modified, day(record.revised)))
    for language in LANGUAGES:
        with override(language):
            graph.add((node, DCAT.keyword, Literal(record.subject.title, lang=language)))
    provenance(graph, node)
    place(graph, node, record.bounds)
    distributions(graph, node, record.links)


def spoken(graph: Graph, node: URIRef, term: URIRef, words: dict[str, str]) -> None:
    for language, text in words.items():
        graph.add((node, term, Literal(text, lang=language)))


def contact(graph: Graph, node: URIRef) -> None:
    point = BNode()
    graph.add((node, DCAT.contactPoint, point))
    graph.add((point, RDF.type, VCARD.Organization))
    graph.add((point, VCARD.fn, Literal(settings.PUBLISHER_NAME)))
    if settings.PUBLISHER_EMAIL:
        graph.add((point, VCARD.hasEmail, URIRef(f"mailto:{settings.PUBLISHER_EMAIL}")))


def provenance(graph: Graph, node: URIRef) -> None:
    origin = BNode()
    graph.add((node, DCTERMS.provenance, origin))
    graph.add((origin, RDF.type, DCTERMS.ProvenanceStatement))
    for language in LANGUAGES:
        with override(language):
            graph.add((origin, RDFS.label, Literal(lineage(), lang=language)))


def place(graph: Graph, node: URIRef, bounds: Bounds) -> None:
    """The box that holds all features, x before y (DCAT 3, 6.15.1), in each notation that portals read."""
    west, south, east, north = bounds
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    shape = BNode()
    graph.add((node, DCTERMS.spatial, shape))
    graph.add((shape, RDF.type, DCTERMS.Location))
    corners = ", ".join(f"{x} {y}" for x, y in ring)
    polygon = Literal(f"POLYGON(({corners}))", datatype=GEO.wktLiteral)
    told = json.dumps({"type": "Polygon", "coordinates": [[list(corner) for corner in ring]]})
    graph.add((shape, DCAT.bbox, polygon))
    graph.add((shape, LOCN.geometry, polygon))
    graph.add((shape, LOCN.geometry, Literal(told, datatype=GEOJSON)))


def distributions(graph: Graph, node: URIRef, links: Iterable[Link]) -> None:
    for number, link in enumerate(links, start=1):
        one = URIRef(f"{node}-{number}")
        graph.add((node, DCAT.distribution, one))
        graph.add((one, RDF.type, DCAT.Distribution))
        graph.add((one, DCTERMS.title, Literal(link.title)))
        graph.add((one, DCAT.accessURL, URIRef(link.href)))
        graph.add((one, DCATAP.availability, URIRef(f"{AUTHORITY}/planned-availability/STABLE")))
        licence(graph, one)
        if link.media_type:
            graph.add((one, DCAT.downloadURL, URIRef(link.href)))
            graph.add((one, DCAT.mediaType, URIRef(f"{MEDIA_TYPES}/{link.media_type}")))
            graph.add((one, DCTERMS["format"], URIRef(f"{AUTHORITY}/file-type/{link.file_type}")))
        elif link.protocol in SPECIFICATIONS:
            graph.add((one, DCTERMS.conformsTo, URIRef(SPECIFICATIONS[link.protocol])))
