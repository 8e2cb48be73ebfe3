"""GetCapabilities: what the service can do and what it serves (OGC 09-025r2, 8). Only what is true is declared."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.conf import settings
from django.utils.translation import gettext as _
from lxml import etree

from layers import crs
from layers.catalogue import Catalogue
from layers.known import extent_of
from layers.layer import Layer
from layers.wfs import names
from layers.wfs.filters import TEMPORAL
from layers.wfs.names import FES, OWS, WFS, XLINK, tag

NAMES = {
    "wfs": WFS,
    "ows": OWS,
    "fes": FES,
    "gml": names.GML,
    "xlink": XLINK,
    "xsi": names.XSI,
    names.PREFIX: names.NAMESPACE,
}
FORMATS = tuple(names.FORMATS)
VERSIONS: dict[str, tuple[str, ...]] = {"version": (names.VERSION,)}
OPERATIONS: dict[str, dict[str, tuple[str, ...]]] = {
    "GetCapabilities": {
        "AcceptVersions": (names.VERSION,),
        "AcceptFormats": ("application/xml",),
        "Sections": (
            "ServiceIdentification",
            "ServiceProvider",
            "OperationsMetadata",
            "FeatureTypeList",
            "Filter_Capabilities",
        ),
    },
    "DescribeFeatureType": {**VERSIONS, "outputFormat": (names.GML_TYPE,)},
    "GetFeature": {
        **VERSIONS,
        "resultType": ("results", "hits"),
        "outputFormat": FORMATS,
        "resolve": ("none", "local"),
    },
    "ListStoredQueries": VERSIONS,
    "DescribeStoredQueries": VERSIONS,
}
# OGC 09-025r2, tables 13 and 14. Basic WFS would also need filters and GetPropertyValue.
CONFORMANCE = {
    "ImplementsSimpleWFS": True,
    "ImplementsBasicWFS": False,
    "ImplementsTransactionalWFS": False,
    "ImplementsLockingWFS": False,
    "KVPEncoding": True,
    "XMLEncoding": False,
    "SOAPEncoding": False,
    "ImplementsInheritance": False,
    "ImplementsRemoteResolve": False,
    "ImplementsResultPaging": True,
    "ImplementsStandardJoins": False,
    "ImplementsSpatialJoins": False,
    "ImplementsTemporalJoins": False,
    "ImplementsFeatureVersioning": False,
    "ManageStoredQueries": False,
    "PagingIsTransactionSafe": False,
}
# OGC 09-026r2, table 1.
FILTER_CONFORMANCE = {
    "ImplementsQuery": True,
    "ImplementsAdHocQuery": True,
    "ImplementsFunctions": False,
    "ImplementsResourceId": True,
    "ImplementsMinStandardFilter": False,
    "ImplementsStandardFilter": False,
    "ImplementsMinSpatialFilter": False,
    "ImplementsSpatialFilter": False,
    "ImplementsMinTemporalFilter": False,
    "ImplementsTemporalFilter": False,
    "ImplementsVersionNav": False,
    "ImplementsSorting": True,
    "ImplementsExtendedOperators": False,
    "ImplementsMinimumXPath": False,
    "ImplementsSchemaElementFunc": False,
}


def write(catalogue: Catalogue, base: str, sections: frozenset[str]) -> bytes:
    """The document with just the sections asked for, by lower-case name; none named means all."""
    root = etree.Element(tag(WFS, "WFS_Capabilities"), nsmap=NAMES, version=names.VERSION)
    root.set(names.SCHEMA_LOCATION, f"{WFS} {names.WFS_SCHEMA}")
    parts: dict[str, Callable[[], object]] = {
        "serviceidentification": lambda: identify(root),
        "serviceprovider": lambda: provider(root),
        "operationsmetadata": lambda: operations(root, base),
        "featuretypelist": lambda: feature_types(root, catalogue),
        "filter_capabilities": lambda: filters(root),
    }
    for name, add in parts.items():
        if not sections or name in sections:
            add()
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def text(parent: etree._Element, namespace: str, name: str, content: str = "") -> etree._Element:
    element = etree.SubElement(parent, tag(namespace, name))
    element.text = content or None
    return element


def identify(root: etree._Element) -> None:
    service = text(root, OWS, "ServiceIdentification")
    text(service, OWS, "Title", settings.SITE_NAME)
    text(service, OWS, "Abstract", _("Land, plots on offer and engineering networks of an industrial zone."))
    text(service, OWS, "ServiceType", "WFS")
    text(service, OWS, "ServiceTypeVersion", names.VERSION)
    text(service, OWS, "Fees", "NONE")
    text(service, OWS, "AccessConstraints", "NONE")


def provider(root: etree._Element) -> None:
    section = text(root, OWS, "ServiceProvider")
    text(section, OWS, "ProviderName", settings.SITE_NAME)
    text(section, OWS, "ServiceContact")


def operations(root: etree._Element, base: str) -> None:
    section = text(root, OWS, "OperationsMetadata")
    for name, parameters in OPERATIONS.items():
        operation = etree.SubElement(section, tag(OWS, "Operation"), name=name)
        http = text(text(operation, OWS, "DCP"), OWS, "HTTP")
        etree.SubElement(http, tag(OWS, "Get")).set(tag(XLINK, "href"), f"{base}?")
        for parameter, values in parameters.items():
            allowed(etree.SubElement(operation, tag(OWS, "Parameter"), name=parameter), values)
        if name == "GetFeature":
            past(operation)
    for name, is_true in CONFORMANCE.items():
        constraint(section, OWS, name, str(is_true).upper())
    constraint(section, OWS, "CountDefault", str(names.COUNT_DEFAULT))
    allowed(
        etree.SubElement(section, tag(OWS, "Constraint"), name="QueryExpressions"), ("wfs:Query", "wfs:StoredQuery")
    )


def past(operation: etree._Element) -> None:
    """Our own parameter for a past day, in words, because its values cannot be listed."""
    parameter = etree.SubElement(operation, tag(OWS, "Parameter"), name="AT")
    text(parameter, OWS, "AnyValue")
    text(parameter, OWS, "Meaning", _("The features as published at the end of a date or at an instant."))


def allowed(parent: etree._Element, values: Iterable[str]) -> None:
    listed = text(parent, OWS, "AllowedValues")
    for value in values:
        text(listed, OWS, "Value", value)


def constraint(section: etree._Element, namespace: str, name: str, default: str) -> None:
    element = etree.SubElement(section, tag(namespace, "Constraint"), name=name)
    text(element, OWS, "NoValues")
    text(element, OWS, "DefaultValue", default)


def feature_types(root: etree._Element, catalogue: Catalogue) -> None:
    section = text(root, WFS, "FeatureTypeList")
    for layer in catalogue:
        feature_type(section, catalogue, layer)


def feature_type(section: etree._Element, catalogue: Catalogue, layer: Layer) -> None:
    element = text(section, WFS, "FeatureType")
    text(element, WFS, "Name", f"{names.PREFIX}:{layer.key}")
    text(element, WFS, "Title", layer.title)
    if layer.abstract:
        text(element, WFS, "Abstract", layer.abstract)
    text(text(element, OWS, "Keywords"), OWS, "Keyword", layer.theme)
    default, *others = (crs.authority(srid).urn for srid in crs.SRIDS)
    text(element, WFS, "DefaultCRS", default)
    for other in others:
        text(element, WFS, "OtherCRS", other)
    formats = text(element, WFS, "OutputFormats")
    for name in FORMATS:
        text(formats, WFS, "Format", name)
    west, south, east, north = extent_of(catalogue, layer)
    box = text(element, OWS, "WGS84BoundingBox")
    text(box, OWS, "LowerCorner", f"{west:.6f} {south:.6f}")
    text(box, OWS, "UpperCorner", f"{east:.6f} {north:.6f}")


def filters(root: etree._Element) -> None:
    section = text(root, FES, "Filter_Capabilities")
    conformance = text(section, FES, "Conformance")
    for name, is_true in FILTER_CONFORMANCE.items():
        constraint(conformance, FES, name, str(is_true).upper())
    identifiers = text(section, FES, "Id_Capabilities")
    etree.SubElement(identifiers, tag(FES, "ResourceIdentifier"), name="fes:ResourceId")
    temporal = text(section, FES, "Temporal_Capabilities")
    operands = text(temporal, FES, "TemporalOperands")
    for name in ("gml:TimeInstant", "gml:TimePeriod"):
        etree.SubElement(operands, tag(FES, "TemporalOperand"), name=name)
    operators = text(temporal, FES, "TemporalOperators")
    for name in TEMPORAL:
        etree.SubElement(operators, tag(FES, "TemporalOperator"), name=name)
