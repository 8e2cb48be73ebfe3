"""WFS requests in key-value pairs: OGC 09-025r2 (table 8 and on), OGC 04-094 (14) and OGC 02-058 (13).

Names of parameters are case-insensitive (OGC 06-121r9, 11.5.2). What a client asks for and this service does not have
is refused, never passed over: an ignored filter would answer with other features than were asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from layers.crs import SRIDS, Reference, authority
from layers.filters import cql2
from layers.moment import When, instant
from layers.wfs import fes, names, versions
from layers.wfs.exceptions import OperationNotServed, OptionNotServed
from layers.wfs.parameters import (
    MOST_QUERIES,
    Parameters,
    bbox,
    is_hits,
    property_names,
    sort_by,
    srs_name,
    x_first,
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

REFUSED = ("featureVersion",)
# What a call of a stored query is not given as an argument.
OWN = frozenset({
    "service", "version", "request", "storedquery_id", "outputformat", "resulttype", "count", "maxfeatures",
    "startindex", "resolve", "resolvedepth", "resolvetimeout", "namespaces", "namespace", "srsname", "at", "as_of",
    "language", "valuereference", "resolvepath",
})  # fmt: skip


def parse(pairs: Iterable[tuple[str, str]]) -> Request:
    """The request that the pairs make; WfsError or BadInput with the locator of what is wrong."""
    parameters = Parameters.of(pairs)
    service = parameters.require("service")
    if service.upper() != "WFS":
        raise BadInput(_("This is a WFS, not “%(service)s”.") % {"service": service[:40]}, locator="service")
    operation = parameters.require("request")
    reader = OPERATIONS.get(operation.lower())
    if reader is None:
        raise OperationNotServed(
            _("This service has no operation “%(name)s”.") % {"name": operation[:80]}, locator=operation[:80]
        )
    return reader(parameters)


def version_of(parameters: Parameters) -> Version:
    return versions.spoken(parameters.get("version"))


def capabilities(parameters: Parameters) -> GetCapabilities:
    offered = parameters.listed("acceptVersions")
    version = versions.nearest(parameters.get("version")) if offered is None else versions.accepted(offered)
    sections = frozenset(name.lower() for name in parameters.listed("sections") or ())
    return GetCapabilities(
        version=version,
        sections=frozenset() if "all" in sections else sections,
        update_sequence=parameters.get("updateSequence"),
        formats=parameters.listed("acceptFormats") or (),
    )


def describe(parameters: Parameters) -> DescribeFeatureType:
    return DescribeFeatureType(
        version=version_of(parameters),
        type_names=tuple(local(name, bound(parameters)) for name in parameters.listed("typeNames", "typeName") or ()),
        output_format=parameters.get("outputFormat"),
    )


def get_feature(parameters: Parameters) -> GetFeature:
    return GetFeature(**asked_of(parameters))


def get_property_value(parameters: Parameters) -> GetPropertyValue:
    """OGC 09-025r2, 10: one query, of which the values of one property are wanted."""
    if "valuereference" not in parameters.empty:
        parameters.require("valueReference")
    asked = asked_of(parameters)
    if len(asked["queries"]) > 1:
        raise BadInput(_("GetPropertyValue takes one query."), locator="typeNames")
    return GetPropertyValue(**asked, value_reference=parameters.get("valueReference"))


def asked_of(parameters: Parameters) -> dict[str, Any]:
    """The members of a request for features."""
    refuse(parameters)
    version = version_of(parameters)
    stored = parameters.get("storedQuery_Id") and version == "2.0.0"
    return {
        "version": version,
        "queries": (stored_call(parameters),) if stored else tuple(queries(parameters, version)),
        "count": parameters.number("count", "maxFeatures"),
        "start_index": parameters.number("startIndex") or 0,
        "hits": is_hits(parameters.get("resultType")),
        "output_format": parameters.get("outputFormat"),
        "as_of": parameters.get("as_of"),
    }


def refuse(parameters: Parameters) -> None:
    for name in REFUSED:
        if parameters.get(name):
            raise OptionNotServed(
                _("The parameter “%(name)s” is not served.") % {"name": name},
                locator=name,
                hint=_("Use bbox or resourceId."),
            )
    if parameters.get("resolve").lower() not in ("", "none", "local"):
        raise OptionNotServed(_("Only resolve=local is served."), locator="resolve")


def stored_call(parameters: Parameters) -> StoredCall:
    if parameters.get("filter"):
        raise BadInput(_("A stored query takes no filter."), locator="filter")
    return StoredCall(
        id=parameters.get("storedQuery_Id"),
        arguments={name: value for name, value in parameters.values.items() if name not in OWN},
        reference=srs_name(parameters.get("srsName"), "2.0.0"),
        when=instant(parameters.get("at"), "at"),
    )


def queries(parameters: Parameters, version: Version) -> list[QueryExpression]:
    """One query for each list of type names; of 1.x, and without anything that joins them, for each name."""
    groups, ids = type_names(parameters, version), parameters.listed("resourceId", "featureId")
    aliases = parameters.lists("aliases")
    if not groups:
        if ids is None:
            parameters.require("typeNames" if version == "2.0.0" else "typeName")
        groups = [()]
    if len(groups) > MOST_QUERIES:
        raise BadInput(_("Too many queries in one request."), locator="typeNames")
    # OGC 09-025r2, table 8.
    if sum(map(bool, (ids, parameters.get("bbox"), parameters.get("filter")))) > 1:
        raise BadInput(_("resourceId, bbox and filter exclude each other."), locator="bbox")
    reference = srs_name(parameters.get("srsName"), version)
    conditions = filters(parameters, len(groups), version, reference)
    shared = instant(parameters.get("at"), "at")
    each = {
        "aliases": matched(aliases, len(groups), "aliases", ()),
        "property_names": matched(parameters.lists("propertyName"), len(groups), "propertyName", ()),
        "sort_by": matched(parameters.lists("sortBy"), len(groups), "sortBy", ()),
    }
    return [
        AdHocQuery(
            type_names=group,
            aliases=each["aliases"][index],
            filter=conditions[index].node,
            bbox=bbox(parameters.get("bbox"), version, reference),
            resource_ids=ids,
            property_names=property_names(each["property_names"][index]),
            sort_by=sort_by(each["sort_by"][index]),
            reference=reference,
            when=one_time(conditions[index].when, shared),
        )
        for index, group in enumerate(groups)
    ]


def type_names(parameters: Parameters, version: Version) -> list[tuple[str, ...]]:
    """The local names, grouped by query: a join is one group of several names."""
    bindings = bound(parameters)
    groups = [tuple(local(name, bindings) for name in group) for group in parameters.lists("typeNames", "typeName")]
    is_join = version == "2.0.0" and parameters.get("filter", "cql_filter", "aliases")
    if len(groups) == 1 and not is_join:
        return [(name,) for name in groups[0]]
    return groups


def bound(parameters: Parameters) -> set[str]:
    """The prefixes that the request itself binds: `xmlns(p,uri)` in 2.0.0, `xmlns(p=uri)` before."""
    return set(re.findall(r"xmlns\(([^,=()]+)[,=]", parameters.get("namespaces", "namespace")))


def local(name: str, bindings: set[str]) -> str:
    """The name without its prefix, which is ours, or one that the request binds."""
    prefix, colon, rest = name.rpartition(":")
    if colon and prefix not in {names.PREFIX, *bindings}:
        raise BadInput(_("The prefix “%(name)s” is not bound.") % {"name": prefix[:80]}, locator="typeNames")
    return rest


def filters(parameters: Parameters, count: int, version: Version, reference: Reference | None) -> list[fes.Filter]:
    """One condition for each query; each in parentheses where there are several.

    `cql_filter` is what other servers have, too: CQL2 text for all queries, whose geometries are x, y in the system of
    the request.
    """
    text, cql = parameters.get("filter"), parameters.get("cql_filter")
    if cql and text:
        raise BadInput(_("filter and cql_filter exclude each other."), locator="cql_filter")
    if cql:
        return [fes.Filter(cql2.read(cql, "cql2-text", x_first(reference or authority(SRIDS[0]))))] * count
    if not text:
        return [fes.Filter()] * count
    written = matched(fes.texts(text), count, "filter", "")
    return [fes.read(one, version) if one else fes.Filter() for one in written]


def matched(given: Sequence[Any], count: int, locator: str, empty: Any) -> Sequence[Any]:
    """As many as there are queries; one alone holds for each of them."""
    if len(given) == count:
        return given
    if len(given) > 1:
        raise BadInput(_("There are not as many lists as queries."), locator=locator)
    return [given[0] if given else empty] * count


def one_time(of_filter: When | None, of_parameter: When | None) -> When | None:
    if of_filter and of_parameter:
        raise BadInput(_("at and a temporal filter exclude each other."), locator="at")
    return of_filter or of_parameter


def list_stored(parameters: Parameters) -> ListStoredQueries:
    return ListStoredQueries(version=version_of(parameters))


def describe_stored(parameters: Parameters) -> DescribeStoredQueries:
    return DescribeStoredQueries(version=version_of(parameters), ids=parameters.listed("storedQuery_Id") or ())


def drop_stored(parameters: Parameters) -> DropStoredQuery:
    return DropStoredQuery(version=version_of(parameters), id=parameters.require("storedQuery_Id", "id"))


OPERATIONS: dict[str, Callable[[Parameters], Request]] = {
    "getcapabilities": capabilities,
    "describefeaturetype": describe,
    "getfeature": get_feature,
    "getpropertyvalue": get_property_value,
    "liststoredqueries": list_stored,
    "describestoredqueries": describe_stored,
    "dropstoredquery": drop_stored,
}
