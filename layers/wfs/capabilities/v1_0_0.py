"""The capabilities of WFS 1.0.0 (OGC 02-058, 12.3)."""

from __future__ import annotations

from django.conf import settings
from lxml import etree
from pyproj import Transformer

from layers.layer import Layer
from layers.wfs import names
from layers.wfs.capabilities import filters
from layers.wfs.capabilities.elements import Element, abstract, add
from layers.wfs.capabilities.facts import Facts, systems, type_name
from layers.wfs.names import OGC, WFS_1, tag

NAMES = {None: WFS_1, "ogc": OGC, "xsi": names.XSI, names.PREFIX: names.NAMESPACE}
# In the order that the schema wants.
REQUESTS = ("GetCapabilities", "DescribeFeatureType", "Transaction", "GetFeature", "GetFeatureWithLock", "LockFeature")


def write(facts: Facts, sections: frozenset[str]) -> bytes:
    """The whole document: this version has no sections."""
    root = etree.Element(tag(WFS_1, "WFS_Capabilities"), nsmap=NAMES, version=facts.version)
    root.set("updateSequence", str(facts.update_sequence))
    root.set(names.SCHEMA_LOCATION, f"{WFS_1} {names.SCHEMAS}/wfs/1.0.0/WFS-capabilities.xsd")
    service = add(root, WFS_1, "Service")
    add(service, WFS_1, "Name", "WFS")
    add(service, WFS_1, "Title", settings.SITE_NAME)
    add(service, WFS_1, "Abstract", abstract())
    add(service, WFS_1, "OnlineResource", facts.base)
    add(service, WFS_1, "Fees", "NONE")
    add(service, WFS_1, "AccessConstraints", "NONE")
    requests(root, facts)
    feature_types(root, facts)
    filters.ogc_1_0(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def requests(root: Element, facts: Facts) -> None:
    """Only GML2 may stand among the formats: the schema has no other element, though more are served."""
    section = add(add(root, WFS_1, "Capability"), WFS_1, "Request")
    for name in (name for name in REQUESTS if name in facts.operations):
        request = add(section, WFS_1, name)
        if name == "DescribeFeatureType":
            add(add(request, WFS_1, "SchemaDescriptionLanguage"), WFS_1, "XMLSCHEMA")
        if name in ("GetFeature", "GetFeatureWithLock"):
            add(add(request, WFS_1, "ResultFormat"), WFS_1, "GML2")
        if facts.takes_pairs(name):
            reached(request, "Get", f"{facts.base}?")
        reached(request, "Post", facts.base)


def reached(request: Element, method: str, address: str) -> None:
    add(add(add(request, WFS_1, "DCPType"), WFS_1, "HTTP"), WFS_1, method, onlineResource=address)


def feature_types(root: Element, facts: Facts) -> None:
    section = add(root, WFS_1, "FeatureTypeList")
    operations = add(section, WFS_1, "Operations")
    for deed in ("Query", *facts.deeds):
        add(operations, WFS_1, deed)
    to_own = Transformer.from_crs(4326, settings.REGISTRY_SRID, always_xy=True)
    for layer in facts.catalogue:
        feature_type(section, facts, layer, to_own)


def feature_type(section: Element, facts: Facts, layer: Layer, to_own: Transformer) -> None:
    """Despite its name, LatLongBoundingBox is in the type's own system (OGC 02-058, 12.3.3)."""
    element = add(section, WFS_1, "FeatureType")
    add(element, WFS_1, "Name", type_name(layer))
    add(element, WFS_1, "Title", layer.title)
    if layer.abstract:
        add(element, WFS_1, "Abstract", layer.abstract)
    add(element, WFS_1, "Keywords", layer.theme)
    add(element, WFS_1, "SRS", systems(facts.version)[0])
    bounds = to_own.transform_bounds(*facts.extent(layer))
    corners = dict(zip(("minx", "miny", "maxx", "maxy"), (f"{value:.3f}" for value in bounds), strict=True))
    add(element, WFS_1, "LatLongBoundingBox", **corners)
    add(element, WFS_1, "MetadataURL", facts.metadata_url(layer), type="TC211", format="XML")
