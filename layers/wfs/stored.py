"""ListStoredQueries and DescribeStoredQueries (OGC 09-025r2, 14), and what a call of a stored query asks for."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from lxml import etree

from layers.catalogue import Catalogue
from layers.wfs.caller import Caller
from layers.wfs.exceptions import MissingParameter
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
from layers.wfs.operations import Answer, document, perform
from layers.wfs.requests import (
    AdHocQuery,
    DescribeStoredQueries,
    ListStoredQueries,
    QueryExpression,
    StoredCall,
)
from registries.core.errors import BadInput

NAMES = {"wfs": WFS, "xsd": XSD, "xsi": XSI, PREFIX: NAMESPACE}


@perform.register
def _list(request: ListStoredQueries, caller: Caller) -> Answer:
    return document(listing(caller.catalogue()))


@perform.register
def _describe(request: DescribeStoredQueries, caller: Caller) -> Answer:
    for id in request.ids:
        if id not in STORED_QUERIES:
            raise unknown(id)
    return document(descriptions(caller.catalogue(), request.ids or STORED_QUERIES))


def unknown(id: str) -> BadInput:
    return BadInput(
        _("There is no stored query “%(id)s”.") % {"id": id[:120]},
        locator="storedQuery_Id",
        hint=_("Use one of: %(names)s.") % {"names": ", ".join(STORED_QUERIES)},
    )


def expand(query: QueryExpression, caller: Caller) -> list[AdHocQuery]:
    """The queries that a stored query stands for."""
    if isinstance(query, AdHocQuery):
        return [query]
    if query.id not in STORED_QUERIES:
        raise unknown(query.id)
    return [by_id(query)]


def by_id(call: StoredCall) -> AdHocQuery:
    id = call.arguments.get("id", "")
    if not id:
        raise MissingParameter(_("The parameter “%(name)s” is missing.") % {"name": "id"}, locator="id")
    return AdHocQuery(resource_ids=(id,), reference=call.reference, when=call.when)


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
