"""What is worked out once for each revision of a layer: where its features lie, and how many they are."""

from __future__ import annotations

import math
from typing import Any

from django.conf import settings
from django.db import connection
from psycopg import sql

from layers import revisions
from layers.access import Reader
from layers.catalogue import Catalogue
from layers.crs import Bounds, to_lon_lat
from layers.layer import Layer
from layers.moment import View, When
from layers.query import Query, count, where
from registries.core.overlay import as_published

Key = tuple[Any, ...]
# Forgotten all at once when there are too many, because old revisions are never asked for again.
KEPT = 2_000
# Extents are told in whole steps of about a decimetre.
DECIMALS = 6
_extents: dict[Key, Bounds] = {}
_counts: dict[Key, int] = {}


def key_of(layer: Layer, reader: Reader, state: Any) -> Key:
    return layer.key, state, reader.networks if layer.per_network else reader.zones


def keep(known: dict[Key, Any], key: Key, value: Any) -> None:
    if len(known) >= KEPT:
        known.clear()
    known[key] = value


def extent_of(catalogue: Catalogue, layer: Layer) -> Bounds:
    """West, south, east, north in degrees, of what is published; the registry's whole area if the layer is empty for
    this reader, and for a past day, whose extent would be measured in all of history.
    """
    if catalogue.is_past:
        west, south, east, north = settings.REGISTRY_EXTENT
        return west, south, east, north
    key = key_of(layer, catalogue.reader, catalogue.revision(layer))
    if key not in _extents:
        with as_published():
            keep(_extents, key, measured(Query(layer=layer, reader=catalogue.reader)))
    return _extents[key]


def measured(query: Query) -> Bounds:
    statement = sql.SQL(
        "SELECT ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e) FROM (SELECT ST_Extent({}) AS e FROM {} WHERE {}) q"
    ).format(query.layer.geom, query.layer.rows, where(query))
    with connection.cursor() as cursor:
        cursor.execute(statement)
        found = cursor.fetchone()
    if found[0] is None:
        west, south, east, north = settings.REGISTRY_EXTENT
        return west, south, east, north
    return widened(to_lon_lat(found, settings.REGISTRY_SRID))


def widened(bounds: Bounds) -> Bounds:
    """Outwards to the next step but one: no feature lies outside when its coordinates are rounded, and also a single
    point has an extent with an area, without which QGIS opens no map layer.
    """
    west, south, east, north = (value * 10**DECIMALS for value in bounds)
    steps = (math.floor(west) - 1, math.floor(south) - 1, math.ceil(east) + 1, math.ceil(north) + 1)
    west, south, east, north = (round(step / 10**DECIMALS, DECIMALS) for step in steps)
    return west, south, east, north


def count_of(query: Query, *, is_published: bool, when: View | None = None) -> int:
    """How many features match. Counting a whole layer would hold up the first byte: it is done once for each revision,
    and once for a time of which nothing can change any more.

    The revision is read in the same snapshot as the features. `is_published` false says that a draft or the past may be
    spoken of, whose numbers are not those of the revision.
    """
    is_kept = when.is_settled if when else is_published
    if not is_kept or query.narrows:
        return count(query)
    state = (when.start, when.end) if isinstance(when, When) else revisions.of(query.layer, revisions.numbers())
    key = key_of(query.layer, query.reader, state)
    if key not in _counts:
        keep(_counts, key, count(query))
    return _counts[key]
