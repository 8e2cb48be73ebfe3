"""The capabilities of WFS 2.0.0 (OGC 09-025r2, 8.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _
from lxml import etree

from layers.layer import Layer
from layers.wfs import names, paging
from layers.wfs.capabilities import filters, inspire
from layers.wfs.capabilities.common import SECTIONS, named, operation, placed
from layers.wfs.capabilities.elements import Element, add, identify, listed, provide
from layers.wfs.capabilities.facts import Facts, systems
from layers.wfs.names import FES, GML, OWS, WFS, XLINK, tag
from layers.wfs.versions import VERSIONS

NAMES = {
    "wfs": WFS,
    "ows": OWS,
    "fes": FES,
    "gml": GML,
    "xlink": XLINK,
    "xsd": names.XSD,
    "xsi": names.XSI,
    names.PREFIX: names.NAMESPACE,
}
FEATURES = ("GetFeature", "GetFeatureWithLock")


def write(facts: Facts, sections: frozenset[str]) -> bytes:
    """The document with just the sections asked for, by lower-case name; none named means all."""
    root = etree.Element(tag(WFS, "WFS_Capabilities"), nsmap=NAMES, version=facts.version)
    root.set("updateSequence", str(facts.update_sequence))
    root.set(names.SCHEMA_LOCATION, f"{WFS} {names.WFS_SCHEMA}")
    parts: dict[str, Callable[[], object]] = {
        "ServiceIdentification": lambda: identify(root, OWS, facts.version),
        "ServiceProvider": lambda: provide(root, OWS),
        "OperationsMetadata": lambda: operations(root, facts),
        "FeatureTypeList": lambda: feature_types(root, facts),
        "Filter_Capabilities": lambda: filters.fes(root),
    }
    for name in SECTIONS:
        if not sections or name.lower() in sections:
            parts[name]()
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def operations(root: Element, facts: Facts) -> None:
    section = add(root, OWS, "OperationsMetadata")
    for name in facts.operations:
        element = operation(section, facts, OWS, name)
        for parameter, values in parameters(name, facts).items():
            allowed(add(element, OWS, "Parameter", name=parameter), values)
        if name == "GetFeature":
            past(element)
    allowed(add(section, OWS, "Parameter", name="version"), VERSIONS)
    for name, is_true in conformance(facts).items():
        constraint(section, name, str(is_true).upper())
    constraint(section, "CountDefault", str(names.COUNT_DEFAULT))
    if not facts.is_edit:
        constraint(section, "ResponseCacheTimeout", str(paging.LIFETIME_S))
    allowed(add(section, OWS, "Constraint", name="QueryExpressions"), ("wfs:Query", "wfs:StoredQuery"))
    inspire.extend(section, facts)


def parameters(name: str, facts: Facts) -> dict[str, Iterable[str]]:
    if name == "GetCapabilities":
        return {"AcceptVersions": VERSIONS, "AcceptFormats": names.XML_TYPES, "Sections": SECTIONS}
    if name == "DescribeFeatureType":
        return {"outputFormat": facts.schema_formats}
    if name in FEATURES:
        return {"resultType": ("results", "hits"), "outputFormat": facts.formats, "resolve": ("none", "local")}
    if name == "CreateStoredQuery":
        return {"language": sorted(names.QUERY_LANGUAGES)}
    if name == "GetPropertyValue":
        return {"resultType": ("results", "hits"), "outputFormat": (names.GML_TYPE,), "resolve": ("none", "local")}
    return {}


def conformance(facts: Facts) -> dict[str, bool]:
    """OGC 09-025r2, tables 13 and 14. Pages of a draft cannot be asked of history."""
    return {
        "ImplementsSimpleWFS": True,
        "ImplementsBasicWFS": True,
        "ImplementsTransactionalWFS": "Transaction" in facts.operations,
        "ImplementsLockingWFS": "LockFeature" in facts.operations,
        "KVPEncoding": True,
        "XMLEncoding": True,
        "SOAPEncoding": False,
        "ImplementsInheritance": False,
        "ImplementsRemoteResolve": False,
        "ImplementsResultPaging": True,
        "ImplementsStandardJoins": True,
        "ImplementsSpatialJoins": True,
        "ImplementsTemporalJoins": True,
        "ImplementsFeatureVersioning": False,
        "ManageStoredQueries": "CreateStoredQuery" in facts.operations,
        "PagingIsTransactionSafe": not facts.is_edit,
        **({"AutomaticDataLocking": False} if "LockFeature" in facts.operations else {}),
    }


def past(element: Element) -> None:
    """Our own parameter for a past day, in words, because its values cannot be listed."""
    parameter = add(element, OWS, "Parameter", name="AT")
    add(parameter, OWS, "AnyValue")
    add(parameter, OWS, "Meaning", _("The features as published at the end of a date or at an instant."))


def allowed(parent: Element, values: Iterable[str]) -> None:
    listed(add(parent, OWS, "AllowedValues"), OWS, "Value", values)


def constraint(section: Element, name: str, default: str) -> None:
    element = add(section, OWS, "Constraint", name=name)
    add(element, OWS, "NoValues")
    add(element, OWS, "DefaultValue", default)


def feature_types(root: Element, facts: Facts) -> None:
    """The schema wants at least one type in the list: who sees none is told no list."""
    if len(facts.catalogue):
        section = add(root, WFS, "FeatureTypeList")
        for layer in facts.catalogue:
            feature_type(section, facts, layer)


def feature_type(section: Element, facts: Facts, layer: Layer) -> None:
    element = named(section, WFS, OWS, layer)
    default, *others = systems(facts.version)
    add(element, WFS, "DefaultCRS", default)
    listed(element, WFS, "OtherCRS", others)
    listed(add(element, WFS, "OutputFormats"), WFS, "Format", facts.formats)
    placed(element, facts, OWS, layer)
    add(element, WFS, "MetadataURL").set(tag(XLINK, "href"), facts.metadata_url(layer))
