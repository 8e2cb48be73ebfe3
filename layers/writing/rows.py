"""The features that wishes speak of, as the person sees them now: published, with the own draft laid over it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from psycopg import sql

from layers.access import Reader
from layers.layer import Layer
from layers.writing.wishes import Wish
from registries.core.overlay import uuids

# What people call a feature by, best first.
NAMES = ("code", "name", "national_cadastral_reference", "label")
ROWS = "SELECT t.id, t.version, {place}, t.standard_properties, {geom}, {columns} FROM {source} WHERE {where}"


@dataclass
class Row:
    """One feature; `place` is its zone or, for what belongs to networks, its network."""

    id: UUID
    version: int
    place: UUID | None
    standard: dict[str, Any]
    geom: GEOSGeometry | None
    values: dict[str, Any]
    is_gone: bool = field(default=False)


Known = dict[tuple[str, UUID], Row]


def read(wishes: Iterable[Wish], reader: Reader) -> Known:
    """The features that are there, by layer and identifier; one statement for each layer."""
    wanted: dict[str, set[UUID]] = defaultdict(set)
    layers = {}
    for wish in wishes:
        if wish.action != "create" and wish.id is not None:
            wanted[wish.layer.key].add(wish.id)
            layers[wish.layer.key] = wish.layer
    return {(key, row.id): row for key, ids in wanted.items() for row in _rows(layers[key], ids, reader)}


def _rows(layer: Layer, ids: Iterable[UUID], reader: Reader) -> Iterator[Row]:
    statement = sql.SQL(ROWS).format(
        place=sql.SQL("t.network_id") if layer.per_network else layer.zone or sql.SQL("NULL::uuid"),
        geom=layer.geom,
        columns=sql.SQL(", ").join([*(column.expression for column in layer.columns), sql.SQL("NULL")]),
        source=layer.source,
        where=sql.SQL(" AND ").join(_conditions(layer, ids, reader)),
    )
    names = [column.name for column in layer.columns]
    with connection.cursor() as cursor:
        cursor.execute(statement)
        for id, version, place, standard, geom, *values in cursor.fetchall():
            shape = GEOSGeometry(geom) if geom else None
            yield Row(id, version, place, json.loads(standard or "{}"), shape, dict(zip(names, values, strict=False)))


def _conditions(layer: Layer, ids: Iterable[UUID], reader: Reader) -> Iterator[sql.Composable]:
    """The rights of the reader among them: what is not seen is not there."""
    yield layer.where
    yield sql.SQL("t.id = ANY({}::uuid[])").format(uuids(ids))
    if layer.per_network:
        yield reader.open_rows
    elif layer.zone is not None and reader.zones is not None:
        yield reader.within_zones(layer.zone)


def label(wish: Wish, row: Row | None, id: UUID) -> str:
    """How to speak of the feature to people: its layer, and its name, what the client calls it, or its identifier."""
    known = {**(row.values if row else {}), **wish.values}
    own = next((str(known[name]) for name in NAMES if known.get(name)), wish.called or str(id)[:8])
    return f"{wish.layer.title} “{own}”"
