"""A WFS request in key-value pairs (OGC 09-025r2, table 8 and on) as one plain structure; the catalogue is not asked.

Names of parameters are case-insensitive (OGC 06-121r9, 11.5.2). What a client asks for and this service does not have
is refused, never passed over: an ignored filter would answer with other features than were asked for.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from layers.crs import Reference, authority, named
from layers.moment import When, instant
from layers.wfs import names
from layers.wfs.exceptions import (
    MissingParameter,
    OperationNotServed,
    OptionNotServed,
    VersionNotServed,
)
from layers.wfs.filters import Filter, read, refusal
from registries.core.errors import BadInput

REFUSED = ("cql_filter", "aliases", "featureversion", "lockid", "lockaction")
# Larger numbers are no counts of anything, and would not fit a bigint.
LARGEST = 10**15


@dataclass(frozen=True)
class Box:
    """A bbox as written: the two corners in the axis order of `reference`, None being the service's default system."""

    corners: tuple[float, float, float, float]
    reference: Reference | None = None


@dataclass(frozen=True)
class GetCapabilities:
    sections: frozenset[str] = frozenset()


@dataclass(frozen=True)
class DescribeFeatureType:
    type_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class GetFeature:
    """Names are local and unchecked; `count` None means the default, `reference` None the format's default system.

    `when` is the past time asked about, None being now; whether it may be asked about is not checked here.
    """

    type_names: tuple[str, ...] = ()
    bbox: Box | None = None
    resource_ids: tuple[str, ...] | None = None
    property_names: tuple[str, ...] | None = None
    sort_by: tuple[tuple[str, bool], ...] = ()
    reference: Reference | None = None
    count: int | None = None
    start_index: int = 0
    hits: bool = False
    output_format: str = names.GML_TYPE
    when: When | None = None


@dataclass(frozen=True)
class GetFeatureById:
    id: str
    reference: Reference | None = None
    output_format: str = names.GML_TYPE
    when: When | None = None


@dataclass(frozen=True)
class ListStoredQueries:
    pass


@dataclass(frozen=True)
class DescribeStoredQueries:
    ids: tuple[str, ...] = ()


Request = (
    GetCapabilities | DescribeFeatureType | GetFeature | GetFeatureById | ListStoredQueries | DescribeStoredQueries
)


@dataclass
class Parameters:
    """The pairs of a request by lower-case name; empty values count as absent."""

    values: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> Parameters:
        values: dict[str, str] = {}
        for name, value in pairs:
            key = name.lower()
            if values.setdefault(key, value) != value:
                raise BadInput(_("The parameter is given twice with different values."), locator=name[:80])
        return cls({key: value.strip() for key, value in values.items() if value.strip()})

    def get(self, *aliases: str) -> str:
        return next((self.values[name.lower()] for name in aliases if name.lower() in self.values), "")

    def require(self, *aliases: str) -> str:
        value = self.get(*aliases)
        if not value:
            raise MissingParameter(_("The parameter “%(name)s” is missing.") % {"name": aliases[0]}, locator=aliases[0])
        return value

    def number(self, *aliases: str) -> int | None:
        """A whole number from 0 on."""
        value = self.get(*aliases)
        if not value:
            return None
        if not re.fullmatch(r"\+?[0-9]{1,4000}", value, re.ASCII):
            raise BadInput(
                _("“%(value)s” is not a whole number from 0 on.") % {"value": value[:40]}, locator=aliases[0]
            )
        return min(int(value), LARGEST)

    def listed(self, *aliases: str) -> tuple[str, ...] | None:
        """A list separated by commas; None if absent. A list of lists, as for several queries, is refused."""
        value = self.get(*aliases)
        if not value:
            return None
        if value.startswith("(") and value.endswith(")"):
            value = value[1:-1]
        if "(" in value or ")" in value:
            raise OptionNotServed(
                _("Several queries in one request are not served: ask for one feature type at a time."),
                locator=aliases[0],
            )
        return tuple(part.strip() for part in value.split(",") if part.strip())


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
    if reader is not capabilities:
        check_version(parameters)
    return reader(parameters)


def check_version(parameters: Parameters) -> None:
    version = parameters.get("version")
    if version and version not in names.VERSIONS:
        raise BadInput(
            _("WFS version “%(version)s” is not served.") % {"version": version[:20]},
            locator="version",
            hint=_("Use version 2.0.0."),
        )


def capabilities(parameters: Parameters) -> GetCapabilities:
    """OGC 06-121r9, 7.3.2: the first accepted version that is served wins; 2.0.0 is the only one here."""
    accepted = parameters.listed("acceptVersions")
    if accepted is not None and not names.VERSIONS.intersection(accepted):
        raise VersionNotServed(locator="acceptVersions")
    if accepted is None and parameters.get("version") and parameters.get("version") not in names.VERSIONS:
        raise VersionNotServed(locator="version")
    sections = frozenset(name.lower() for name in parameters.listed("sections") or ())
    return GetCapabilities(frozenset() if "all" in sections else sections)


def describe(parameters: Parameters) -> DescribeFeatureType:
    output_format(parameters, names.FORMATS[names.GML_TYPE], ("xmlschema", "text/xml", "application/xml"))
    return DescribeFeatureType(type_names(parameters))


def get_feature(parameters: Parameters) -> GetFeature | GetFeatureById:
    refuse(parameters)
    if parameters.get("storedQuery_Id"):
        return by_id(parameters)
    resource_ids = parameters.listed("resourceId", "featureId")
    types = type_names(parameters)
    if not types and resource_ids is None:
        parameters.require("typeNames")
    # OGC 09-025r2, table 8.
    if sum(map(bool, (resource_ids, parameters.get("bbox"), parameters.get("filter")))) > 1:
        raise BadInput(_("resourceId, bbox and filter exclude each other."), locator="bbox")
    asked = read(parameters.get("filter")) if parameters.get("filter") else Filter()
    if asked.when and parameters.get("at"):
        raise BadInput(_("at and a temporal filter exclude each other."), locator="at")
    return GetFeature(
        type_names=types,
        bbox=bbox(asked.box or parameters.get("bbox")),
        resource_ids=resource_ids,
        property_names=properties(parameters),
        sort_by=sort_by(parameters.listed("sortBy") or ()),
        reference=srs_name(parameters),
        count=parameters.number("count", "maxFeatures"),
        start_index=parameters.number("startIndex") or 0,
        hits=result_type(parameters),
        output_format=output_format(parameters, *names.FORMATS.values()),
        when=asked.when or instant(parameters.get("at"), "at"),
    )


def by_id(parameters: Parameters) -> GetFeatureById:
    if parameters.get("filter"):
        raise refusal()
    stored = parameters.get("storedQuery_Id")
    if stored not in names.STORED_QUERIES:
        raise BadInput(
            _("There is no stored query “%(id)s”.") % {"id": stored[:120]},
            locator="storedQuery_Id",
            hint=_("Use one of: %(names)s.") % {"names": ", ".join(names.STORED_QUERIES)},
        )
    return GetFeatureById(
        parameters.require("id"),
        srs_name(parameters),
        output_format(parameters, *names.FORMATS.values()),
        instant(parameters.get("at"), "at"),
    )


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


def type_names(parameters: Parameters) -> tuple[str, ...]:
    """The local names; a prefix is ours, or one that the request itself binds."""
    bound = set(re.findall(r"xmlns\(([^,=()]+)[,=]", parameters.get("namespaces", "namespace")))
    found = []
    for name in parameters.listed("typeNames", "typeName") or ():
        prefix, colon, local = name.rpartition(":")
        if colon and prefix not in {names.PREFIX, *bound}:
            raise BadInput(_("The prefix “%(name)s” is not bound.") % {"name": prefix[:80]}, locator="typeNames")
        found.append(local)
    return tuple(found)


def properties(parameters: Parameters) -> tuple[str, ...] | None:
    listed = parameters.listed("propertyName")
    return None if listed is None or "*" in listed else tuple(local_name(name) for name in listed)


def local_name(name: str) -> str:
    return name.rpartition("/")[2].rpartition(":")[2]


def sort_by(listed: Iterable[str]) -> tuple[tuple[str, bool], ...]:
    """Pairs of name and whether descending (OGC 09-026r2, 7.14): `code`, `code ASC`, `code DESC`, also `A` and `D`."""
    found = []
    for entry in listed:
        name, *order = entry.split()
        direction = "".join(order).upper()
        if direction not in ("", "A", "ASC", "D", "DESC"):
            raise BadInput(
                _("The order is ASC or DESC, not “%(order)s”.") % {"order": direction[:20]}, locator="sortBy"
            )
        found.append((local_name(name), direction.startswith("D")))
    return tuple(found)


def srs_name(parameters: Parameters) -> Reference | None:
    name = parameters.get("srsName")
    return named(name, "srsName") if name else None


def result_type(parameters: Parameters) -> bool:
    value = parameters.get("resultType").lower()
    if value not in ("", "results", "hits"):
        raise BadInput(_("resultType is “results” or “hits”."), locator="resultType")
    return value == "hits"


def output_format(parameters: Parameters, *known: tuple[str, ...]) -> str:
    """The first name of the format asked for, or of the first known."""
    asked = parameters.get("outputFormat")
    if not asked:
        return known[0][0]
    for format_names in known:
        if plain(asked) in map(plain, format_names):
            return format_names[0]
    raise BadInput(
        _("The output format “%(name)s” is not served.") % {"name": asked[:80]},
        locator="outputFormat",
        hint=_("Use one of: %(names)s.") % {"names": ", ".join(format_names[0] for format_names in known)},
    )


def plain(name: str) -> str:
    return re.sub(r"[\s+]", "", name.lower())


def bbox(value: str) -> Box | None:
    """`lower1,lower2,upper1,upper2[,crs]` (OGC 06-121r9, 10.2.3)."""
    if not value:
        return None
    numbers, reference = value.split(","), None
    if len(numbers) > 4 and not is_number(numbers[4]):
        reference = named(",".join(numbers[4:]).strip(), "bbox")
        numbers = numbers[:4]
    if len(numbers) != 4 or not all(map(is_number, numbers)):
        raise BadInput(
            _("A bbox is four finite numbers, then perhaps a reference system."),
            locator="bbox",
            hint=_("For example: %(example)s.") % {"example": f"42.6,25.3,42.7,25.5,{authority(4326).urn}"},
        )
    first, second, third, fourth = map(float, numbers)
    if first > third or second > fourth:
        raise BadInput(_("The lower corner of the bbox lies beyond the upper corner."), locator="bbox")
    return Box((first, second, third, fourth), reference)


def is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def list_stored(parameters: Parameters) -> ListStoredQueries:
    return ListStoredQueries()


def describe_stored(parameters: Parameters) -> DescribeStoredQueries:
    ids = parameters.listed("storedQuery_Id") or ()
    for id in ids:
        if id not in names.STORED_QUERIES:
            raise BadInput(_("There is no stored query “%(id)s”.") % {"id": id[:120]}, locator="storedQuery_Id")
    return DescribeStoredQueries(ids)


OPERATIONS: dict[str, Callable[[Parameters], Request]] = {
    "getcapabilities": capabilities,
    "describefeaturetype": describe,
    "getfeature": get_feature,
    "liststoredqueries": list_stored,
    "describestoredqueries": describe_stored,
}
