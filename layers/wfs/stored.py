"""ListStoredQueries and DescribeStoredQueries (OGC 09-025r2, 14): the one query every WFS has, GetFeatureById."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from lxml import etree

from layers.catalogue import Catalogue
from layers.wfs.names import (
    NAMESPACE,
    PREFIX,
    QUERY_LANGUAGE,
    SCHEMA_LOCATION,
    STORED_QUERIES,
    WFS,
    WFS_SCHEMA,
    XSD,
    XSI,
    tag,
)

NAMES = {"wfs": WFS, "xsd": XSD, "xsi": XSI, PREFIX: NAMESPACE}


def response(name: str) -> etree._Element:
    root = etree.Element(tag(WFS, name), nsmap=NAMES)
    root.set(SCHEMA_LOCATION, f"{WFS} {WFS_SCHEMA}")
    return root


def listing(catalogue: Catalogue) -> bytes:
    root = response("ListStoredQueriesResponse")
    for id in STORED_QUERIES:
        query = etree.SubElement(root, tag(WFS, "StoredQuery"), id=id)
        etree.SubElement(query, tag(WFS, "Title")).text = _("One feature by its identifier")
        for layer in catalogue:
            etree.SubElement(query, tag(WFS, "ReturnFeatureType")).text = f"{PREFIX}:{layer.key}"
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def descriptions(catalogue: Catalogue, ids: Iterable[str]) -> bytes:
    root = response("DescribeStoredQueriesResponse")
    for id in ids:
        query = etree.SubElement(root, tag(WFS, "StoredQueryDescription"), id=id)
        etree.SubElement(query, tag(WFS, "Title")).text = _("One feature by its identifier")
        etree.SubElement(query, tag(WFS, "Parameter"), name="ID", type="xsd:string")
        etree.SubElement(
            query,
            tag(WFS, "QueryExpressionText"),
            isPrivate="true",
            language=QUERY_LANGUAGE,
            returnFeatureTypes=" ".join(f"{PREFIX}:{layer.key}" for layer in catalogue),
        )
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
