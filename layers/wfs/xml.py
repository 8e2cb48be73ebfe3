"""WFS requests in XML: OGC 09-025r2, OGC 04-094 and OGC 02-058.

The attribute `version` decides which of them is spoken, whatever the namespaces: clients mix them (GDAL sends 2.0.0
with those of 1.x). Elements are told apart by their local names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, TypeAlias

from django.utils.translation import gettext as _
from lxml import etree

from layers.wfs import fes, names, versions
from layers.wfs.exceptions import MissingParameter, OperationNotServed, OptionNotServed
from layers.wfs.parameters import (
    MOST_QUERIES,
    descends,
    is_hits,
    local_name,
    number,
    property_names,
    srs_name,
)
from layers.wfs.requests import (
    AdHocQuery,
    DescribeFeatureType,
    DescribeStoredQueries,
    DropStoredQuery,
    GetCapabilities,
    GetFeature,
    GetPropertyValue,
    ListStoredQueries,
    QueryExpression,
    Request,
    StoredCall,
    Version,
)
from registries.core.errors import BadInput

Element: TypeAlias = etree._Element
WFS_NAMESPACES = frozenset({names.WFS, names.WFS_1})


def parse(root: Element) -> Request:
    """The request that the element is; WfsError or BadInput with the locator of what is wrong."""
    operation = etree.QName(root)
    if operation.namespace not in WFS_NAMESPACES or operation.localname not in OPERATIONS:
        raise OperationNotServed(
            _("This service has no operation “%(name)s”.") % {"name": operation.localname[:80]},
            locator=operation.localname[:80],
        )
    service = attribute(root, "service") or "WFS"
    if service.upper() != "WFS":
        raise BadInput(_("This is a WFS, not “%(service)s”.") % {"service": service[:40]}, locator="service")
    return OPERATIONS[operation.localname](root)


def version_told(root: Element) -> Version:
    """The version to report an error in."""
    return versions.told(attribute(root, "version") or unnamed_version(root))


def version_of(root: Element) -> Version:
    return versions.spoken(attribute(root, "version") or unnamed_version(root))


def unnamed_version(root: Element) -> str:
    """What the namespace means where no version stands (OGC 04-094 has 1.1.0 as its default)."""
    return "1.1.0" if etree.QName(root).namespace == names.WFS_1 else ""


def attribute(element: Element, name: str) -> str:
    return (element.get(name) or "").strip()


def required(element: Element, name: str) -> str:
    value = attribute(element, name)
    if not value:
        raise MissingParameter(_("The parameter “%(name)s” is missing.") % {"name": name}, locator=name)
    return value


def children(element: Element, name: str) -> Iterator[Element]:
    """The children of that local name."""
    return element.iterchildren(f"{{*}}{name}")


def words(element: Element) -> str:
    return "".join(element.itertext()).strip()


def texts(element: Element, name: str) -> list[str]:
    return [words(child) for child in children(element, name)]


def capabilities(root: Element) -> GetCapabilities:
    offered = [version for group in children(root, "AcceptVersions") for version in texts(group, "Version")]
    version = (
        versions.accepted(offered) if offered else versions.nearest(attribute(root, "version") or unnamed_version(root))
    )
    sections = frozenset(name.lower() for group in children(root, "Sections") for name in texts(group, "Section"))
    return GetCapabilities(
        version=version,
        sections=frozenset() if "all" in sections else sections,
        update_sequence=attribute(root, "updateSequence"),
        formats=tuple(form for group in children(root, "AcceptFormats") for form in texts(group, "OutputFormat")),
    )


def describe(root: Element) -> DescribeFeatureType:
    return DescribeFeatureType(
        version=version_of(root),
        type_names=tuple(type_name(words(child), child) for child in children(root, "TypeName")),
        output_format=attribute(root, "outputFormat"),
    )


def get_feature(root: Element) -> GetFeature:
    return GetFeature(**asked_of(root))


def get_property_value(root: Element) -> GetPropertyValue:
    asked = asked_of(root)
    if root.get("valueReference") is None:
        required(root, "valueReference")
    if len(asked["queries"]) > 1:
        raise BadInput(_("GetPropertyValue takes one query."), locator="typeNames")
    return GetPropertyValue(**asked, value_reference=attribute(root, "valueReference"))


def asked_of(root: Element) -> dict[str, Any]:
    """The members of a request for features."""
    version = version_of(root)
    if attribute(root, "resolve").lower() not in ("", "none", "local"):
        raise OptionNotServed(_("Only resolve=local is served."), locator="resolve")
    return {
        "version": version,
        "queries": queries(root, version),
        "count": number(attribute(root, "count") or attribute(root, "maxFeatures"), "count"),
        "start_index": number(attribute(root, "startIndex"), "startIndex") or 0,
        "hits": is_hits(attribute(root, "resultType")),
        "output_format": attribute(root, "outputFormat"),
    }


def queries(root: Element, version: Version) -> tuple[QueryExpression, ...]:
    found: list[QueryExpression] = []
    for child in root.iterchildren():
        kind = etree.QName(child).localname
        if kind == "Query":
            found += asked_queries(child, version)
        elif kind == "StoredQuery":
            found.append(stored_call(child))
        else:
            raise BadInput(_("The element “%(name)s” is no query.") % {"name": kind[:80]}, locator=kind[:80])
    if not found:
        raise MissingParameter(_("The parameter “%(name)s” is missing.") % {"name": "Query"}, locator="Query")
    if len(found) > MOST_QUERIES:
        raise BadInput(_("Too many queries in one request."), locator="Query")
    return tuple(found)


def asked_queries(query: Element, version: Version) -> list[AdHocQuery]:
    """The query; of 1.x with several type names, one for each of them."""
    if attribute(query, "featureVersion").upper() not in ("", "ALL"):
        raise OptionNotServed(
            _("The parameter “%(name)s” is not served.") % {"name": "featureVersion"}, locator="featureVersion"
        )
    written = attribute(query, "typeNames") or attribute(query, "typeName")
    written = written or required(query, "typeNames" if version == "2.0.0" else "typeName")
    types = tuple(type_name(name, query) for name in written.replace(",", " ").split())
    reference = srs_name(attribute(query, "srsName"), version)
    conditions = [fes.read(child, version) for child in children(query, "Filter")]
    condition = conditions[0] if conditions else fes.Filter()
    asked = AdHocQuery(
        type_names=types,
        aliases=tuple(attribute(query, "aliases").replace(",", " ").split()),
        filter=condition.node,
        when=condition.when,
        property_names=property_names(texts(query, "PropertyName")),
        sort_by=tuple(sorted_by(query)),
        reference=reference,
        handle=attribute(query, "handle"),
    )
    if len(types) == 1 or (version == "2.0.0" and asked.filter is not None):
        return [asked]
    return [replace(asked, type_names=(one,), aliases=()) for one in types]


def sorted_by(query: Element) -> Iterator[tuple[str, bool]]:
    for sort in children(query, "SortBy"):
        for one in children(sort, "SortProperty"):
            (name, *_more) = [*texts(one, "ValueReference"), *texts(one, "PropertyName"), ""]
            (order, *_more) = [*texts(one, "SortOrder"), ""]
            yield local_name(name), descends(order)


def type_name(name: str, element: Element) -> str:
    """The local name; its prefix is bound to our namespace, or ours and not bound at all."""
    prefix, colon, local = name.rpartition(":")
    uri = element.nsmap.get(prefix) if colon else None
    if colon and uri != names.NAMESPACE and (uri is not None or prefix != names.PREFIX):
        raise BadInput(
            _("The prefix “%(name)s” is not bound.") % {"name": prefix[:80]},
            locator="typeNames",
            hint=_("Bind it to “%(uri)s”.") % {"uri": names.NAMESPACE},
        )
    return local


def stored_call(query: Element) -> StoredCall:
    """Arguments are text, or elements for a parameter of that kind, kept as their text."""
    return StoredCall(
        id=required(query, "id"),
        arguments={required(one, "name").lower(): words(one) for one in children(query, "Parameter")},
        handle=attribute(query, "handle"),
    )


def list_stored(root: Element) -> ListStoredQueries:
    return ListStoredQueries(version=version_of(root))


def describe_stored(root: Element) -> DescribeStoredQueries:
    return DescribeStoredQueries(version=version_of(root), ids=tuple(texts(root, "StoredQueryId")))


def drop_stored(root: Element) -> DropStoredQuery:
    return DropStoredQuery(version=version_of(root), id=required(root, "id"))


OPERATIONS: dict[str, Callable[[Element], Request]] = {
    "GetCapabilities": capabilities,
    "DescribeFeatureType": describe,
    "GetFeature": get_feature,
    "GetPropertyValue": get_property_value,
    "ListStoredQueries": list_stored,
    "DescribeStoredQueries": describe_stored,
    "DropStoredQuery": drop_stored,
}
