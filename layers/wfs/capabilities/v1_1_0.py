"""The capabilities of WFS 1.1.0 (OGC 04-094, 13.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lxml import etree

from layers.layer import Layer
from layers.wfs import names
from layers.wfs.capabilities import filters
from layers.wfs.capabilities.common import SECTIONS, named, operation, placed
from layers.wfs.capabilities.elements import Element, add, identify, listed, provide
from layers.wfs.capabilities.facts import Facts, systems
from layers.wfs.names import GML_3_1, OGC, OWS_1_0, WFS_1, XLINK, tag
from layers.wfs.versions import VERSIONS

NAMES = {
    "wfs": WFS_1,
    "ows": OWS_1_0,
    "ogc": OGC,
    "gml": GML_3_1,
    "xlink": XLINK,
    "xsi": names.XSI,
    names.PREFIX: names.NAMESPACE,
}


def write(facts: Facts, sections: frozenset[str]) -> bytes:
    """The document with just the sections asked for, by lower-case name; filters are told always."""
    root = etree.Element(tag(WFS_1, "WFS_Capabilities"), nsmap=NAMES, version=facts.version)
    root.set("updateSequence", str(facts.update_sequence))
    root.set(names.SCHEMA_LOCATION, f"{WFS_1} {names.SCHEMAS}/wfs/1.1.0/wfs.xsd")
    parts: dict[str, Callable[[], object]] = {
        "ServiceIdentification": lambda: identify(root, OWS_1_0, facts.version),
        "ServiceProvider": lambda: provide(root, OWS_1_0),
        "OperationsMetadata": lambda: operations(root, facts),
        "FeatureTypeList": lambda: feature_types(root, facts),
        "Filter_Capabilities": lambda: filters.ogc_1_1(root),
    }
    for name in SECTIONS:
        if not sections or name.lower() in sections or name == "Filter_Capabilities":
            parts[name]()
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def operations(root: Element, facts: Facts) -> None:
    section = add(root, OWS_1_0, "OperationsMetadata")
    for name in facts.operations:
        element = operation(section, facts, OWS_1_0, name)
        for parameter, values in parameters(name, facts).items():
            listed(add(element, OWS_1_0, "Parameter", name=parameter), OWS_1_0, "Value", values)
    listed(add(section, OWS_1_0, "Constraint", name="DefaultMaxFeatures"), OWS_1_0, "Value", [str(names.COUNT_DEFAULT)])


def parameters(name: str, facts: Facts) -> dict[str, Iterable[str]]:
    if name == "GetCapabilities":
        return {"AcceptVersions": VERSIONS, "AcceptFormats": names.XML_TYPES, "Sections": SECTIONS}
    if name == "DescribeFeatureType":
        return {"outputFormat": facts.schema_formats}
    if name in ("GetFeature", "GetFeatureWithLock"):
        return {"resultType": ("results", "hits"), "outputFormat": facts.formats}
    if name == "Transaction":
        return {
            "inputFormat": ("text/xml; subtype=gml/3.1.1",),
            "idgen": ("GenerateNew", "UseExisting", "ReplaceDuplicate"),
            "releaseAction": ("ALL", "SOME"),
        }
    return {"lockAction": ("ALL", "SOME")} if name == "LockFeature" else {}


def feature_types(root: Element, facts: Facts) -> None:
    """The schema wants at least one type in the list: who sees none is told no list."""
    if not len(facts.catalogue):
        return
    section = add(root, WFS_1, "FeatureTypeList")
    done = ["Query", *facts.deeds]
    listed(add(section, WFS_1, "Operations"), WFS_1, "Operation", done)
    for layer in facts.catalogue:
        feature_type(section, facts, layer, done)


def feature_type(section: Element, facts: Facts, layer: Layer, deeds: list[str]) -> None:
    element = named(section, WFS_1, OWS_1_0, layer)
    default, *others = systems(facts.version)
    add(element, WFS_1, "DefaultSRS", default)
    listed(element, WFS_1, "OtherSRS", others)
    listed(add(element, WFS_1, "Operations"), WFS_1, "Operation", deeds)
    listed(add(element, WFS_1, "OutputFormats"), WFS_1, "Format", facts.formats)
    placed(element, facts, OWS_1_0, layer)
    add(element, WFS_1, "MetadataURL", facts.metadata_url(layer), type="19139", format="text/xml")
