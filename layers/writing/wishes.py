"""What a client wants done to one feature, free of the protocol in which it was said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from django.contrib.gis.geos import GEOSGeometry

from layers.layer import Layer

Action = Literal["create", "update", "replace", "delete"]


@dataclass(frozen=True)
class Wish:
    """One feature to be added, changed in what is given, changed in all, or removed.

    `values` by published column name, as they came: JSON-like or text, None being NULL; beside columns the standard
    properties of GML (`registries.core.records.STANDARD_PROPERTIES`). `version` is the one that the client looked at,
    None the present one. `geom` has its SRID and x to the east; it counts only with `has_geom`.
    """

    layer: Layer
    action: Action
    # None for an addition: it is given one.
    id: UUID | None = None
    version: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    geom: GEOSGeometry | None = None
    has_geom: bool = False
    # What the client calls the feature, for words about one that has no name.
    called: str = ""


@dataclass(frozen=True)
class Done:
    layer: Layer
    id: UUID
    action: Action
