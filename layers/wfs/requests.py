"""The requests of WFS as plain structures, whatever version and encoding they came in; the catalogue is not asked.

Names are local and unchecked. `kvp` and `xml` make them, `operations` does them; transactions and locks keep theirs in
`layers.wfs.transactions`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from layers.crs import Reference
from layers.filters.nodes import Node
from layers.moment import When

Version = Literal["1.0.0", "1.1.0", "2.0.0"]


@dataclass(frozen=True)
class Box:
    """A bbox as written: the two corners in the axis order of `reference`, None being the service's default system."""

    corners: tuple[float, float, float, float]
    reference: Reference | None = None


@dataclass(frozen=True, kw_only=True)
class Request:
    """Any request; `version` is that of its answer."""

    version: Version = "2.0.0"


@dataclass(frozen=True, kw_only=True)
class GetCapabilities(Request):
    """`sections` by lower-case name, none meaning all; `update_sequence` is that of the document the client has.

    `formats` are the media types that the client reads, the one it likes best first; none means any.
    """

    sections: frozenset[str] = frozenset()
    update_sequence: str = ""
    formats: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DescribeFeatureType(Request):
    """`output_format` as asked for, empty for the version's own."""

    type_names: tuple[str, ...] = ()
    output_format: str = ""


@dataclass(frozen=True, kw_only=True)
class AdHocQuery:
    """Several type names are a join (2.0.0) and then `aliases`, if there are any, are as many.

    No type names: those of the identifiers. `property_names` None means all, `reference` None the format's default
    system. `when` is the past time asked about, None being now; whether it may be asked about is not checked here.
    """

    type_names: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    filter: Node | None = None
    bbox: Box | None = None
    resource_ids: tuple[str, ...] | None = None
    property_names: tuple[str, ...] | None = None
    sort_by: tuple[tuple[str, bool], ...] = ()
    reference: Reference | None = None
    when: When | None = None
    handle: str = ""


@dataclass(frozen=True, kw_only=True)
class StoredCall:
    """A stored query by its identifier; the names of `arguments` are in lower case.

    `reference` and `when` are this service's own additions: they hold for queries that name none themselves.
    """

    id: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    reference: Reference | None = None
    when: When | None = None
    handle: str = ""


QueryExpression = AdHocQuery | StoredCall


@dataclass(frozen=True, kw_only=True)
class GetFeature(Request):
    """`count` None means the default; `output_format` is as asked for, empty for the version's own.

    `as_of` is what a link to another page says of the moment of the first, empty for now.
    """

    queries: tuple[QueryExpression, ...]
    count: int | None = None
    start_index: int = 0
    hits: bool = False
    output_format: str = ""
    as_of: str = ""


@dataclass(frozen=True, kw_only=True)
class GetPropertyValue(GetFeature):
    """The values of one property of what one query finds; `value_reference` as it came (OGC 09-025r2, 10)."""

    value_reference: str = ""


@dataclass(frozen=True, kw_only=True)
class ListStoredQueries(Request):
    pass


@dataclass(frozen=True, kw_only=True)
class DescribeStoredQueries(Request):
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Definition:
    """A stored query that a person made: `document` is its `StoredQueryDefinition`, as XML text that was checked."""

    id: str
    title: str
    document: str


@dataclass(frozen=True, kw_only=True)
class CreateStoredQuery(Request):
    definitions: tuple[Definition, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DropStoredQuery(Request):
    id: str
