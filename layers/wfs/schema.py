"""DescribeFeatureType: the XML schema of feature types (OGC 09-025r2, 9; GML application schemas of 2.1.2, 3.1.1, 3.2).

Only built-in types and the prefix `gml`: with anything else QGIS takes columns for what they are not. Code lists are
told in annotations, and so is what cannot be written.
"""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from layers.layer import Column, Layer, printable
from layers.wfs.names import GEOMETRY, NAMESPACE, PREFIX, XSD, tag
from layers.wfs.output.dialects import GML32, Dialect
from registries.core import codes

TYPES = {
    "text": "xsd:string",
    # Not xsd:long: the conformance suite of WFS 2.0 has no way to compare numbers of that type.
    "integer": "xsd:integer",
    "real": "xsd:double",
    "boolean": "xsd:boolean",
    "date": "xsd:date",
    "datetime": "xsd:dateTime",
    "uuid": "xsd:string",
}


def write(layers: Iterable[Layer], dialect: Dialect = GML32) -> bytes:
    """The schema of `layers`; of none, an empty one."""
    layers = list(layers)
    root = etree.Element(
        tag(XSD, "schema"),
        nsmap={"xsd": XSD, "gml": dialect.gml, PREFIX: NAMESPACE},
        targetNamespace=NAMESPACE,
        elementFormDefault="qualified",
        version="1",
    )
    etree.SubElement(root, tag(XSD, "import"), namespace=dialect.gml, schemaLocation=dialect.gml_schema)
    for layer in layers:
        declare(root, layer, dialect)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def declare(root: etree._Element, layer: Layer, dialect: Dialect) -> None:
    etree.SubElement(
        root,
        tag(XSD, "element"),
        name=layer.key,
        type=f"{PREFIX}:{layer.key}Type",
        substitutionGroup=dialect.feature,
    )
    kind = etree.SubElement(root, tag(XSD, "complexType"), name=f"{layer.key}Type")
    content = etree.SubElement(kind, tag(XSD, "complexContent"))
    extension = etree.SubElement(content, tag(XSD, "extension"), base="gml:AbstractFeatureType")
    sequence = etree.SubElement(extension, tag(XSD, "sequence"))
    optional(sequence, GEOMETRY, dialect.properties[layer.geometry])
    for column in layer.columns:
        annotate(optional(sequence, column.name, TYPES[column.type]), column)


def optional(sequence: etree._Element, name: str, type: str) -> etree._Element:
    """What has no value is left out where features are told; who writes one may also say that it is nil."""
    return etree.SubElement(sequence, tag(XSD, "element"), name=name, type=type, minOccurs="0", nillable="true")


def annotate(element: etree._Element, column: Column) -> None:
    annotation = etree.SubElement(element, tag(XSD, "annotation"))
    documentation = etree.SubElement(annotation, tag(XSD, "documentation"))
    documentation.text = column.title_and_unit
    if known := codes.labels(column.code_list):
        appinfo = etree.SubElement(annotation, tag(XSD, "appinfo"))
        listed = etree.SubElement(appinfo, tag(NAMESPACE, "codeList"), name=column.code_list)
        for value, one in known.items():
            etree.SubElement(listed, tag(NAMESPACE, "code"), value=printable(value), title=printable(one.title))
    if column.writes is None:
        etree.SubElement(etree.SubElement(annotation, tag(XSD, "appinfo")), tag(NAMESPACE, "readOnly")).text = "true"
