"""What the documents of 1.1.0 and 2.0.0 have alike, in the words of OWS Common (OGC 06-121r9, 7.4), each in its own
namespaces.
"""

from __future__ import annotations

from layers.layer import Layer
from layers.wfs.capabilities.elements import Element, add
from layers.wfs.capabilities.facts import Facts, type_name
from layers.wfs.names import XLINK, tag

SECTIONS = (
    "ServiceIdentification",
    "ServiceProvider",
    "OperationsMetadata",
    "FeatureTypeList",
    "Filter_Capabilities",
)


def operation(section: Element, facts: Facts, ows: str, name: str) -> Element:
    """An operation with the addresses at which it is asked for."""
    element = add(section, ows, "Operation", name=name)
    http = add(add(element, ows, "DCP"), ows, "HTTP")
    if facts.takes_pairs(name):
        add(http, ows, "Get").set(tag(XLINK, "href"), f"{facts.base}?")
    add(http, ows, "Post").set(tag(XLINK, "href"), facts.base)
    return element


def named(section: Element, wfs: str, ows: str, layer: Layer) -> Element:
    """A feature type with what it is called and about."""
    element = add(section, wfs, "FeatureType")
    add(element, wfs, "Name", type_name(layer))
    add(element, wfs, "Title", layer.title)
    if layer.abstract:
        add(element, wfs, "Abstract", layer.abstract)
    add(add(element, ows, "Keywords"), ows, "Keyword", layer.theme)
    return element


def placed(element: Element, facts: Facts, ows: str, layer: Layer) -> None:
    """Where the features of the type lie, in degrees, east first."""
    west, south, east, north = facts.extent(layer)
    box = add(element, ows, "WGS84BoundingBox")
    add(box, ows, "LowerCorner", f"{west:.6f} {south:.6f}")
    add(box, ows, "UpperCorner", f"{east:.6f} {north:.6f}")
