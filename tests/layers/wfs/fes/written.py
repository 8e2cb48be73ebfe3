"""Filters as clients of each version write them."""

from __future__ import annotations

from dataclasses import dataclass

from layers.filters.nodes import Node
from layers.wfs.fes import Filter, read
from layers.wfs.requests import Version

FES, OGC = "http://www.opengis.net/fes/2.0", "http://www.opengis.net/ogc"
GML_2, GML_3 = "http://www.opengis.net/gml", "http://www.opengis.net/gml/3.2"


@dataclass(frozen=True)
class Dialect:
    """The names in which a version of WFS writes a filter."""

    version: Version
    namespace: str
    gml: str
    property: str
    escape: str = "escapeChar"
    unit: str = "units"

    def filter(self, content: str) -> str:
        return f'<Filter xmlns="{self.namespace}" xmlns:gml="{self.gml}">{content}</Filter>'

    def node(self, content: str) -> Node | None:
        return read(self.filter(content), self.version).node


FES_2 = Dialect("2.0.0", FES, GML_3, "ValueReference", unit="uom")
FILTER_1_1 = Dialect("1.1.0", OGC, GML_2, "PropertyName")
FILTER_1_0 = Dialect("1.0.0", OGC, GML_2, "PropertyName", escape="escape")
DIALECTS = [FES_2, FILTER_1_1, FILTER_1_0]


def read_2(content: str) -> Filter:
    return read(FES_2.filter(content), "2.0.0")


def node_2(content: str) -> Node | None:
    return read_2(content).node
