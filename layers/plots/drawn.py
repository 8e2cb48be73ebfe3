"""What a map needs of the plots found: which of them and of their offers it draws, and the outlines of those listed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg import sql

from layers.catalogue import Catalogue
from layers.query import Query, where

# So many last hexadecimal digits tell plots apart; the first ones are alike for what was made at the same time.
DIGITS = 8
# What a line on the screen shows, in metres of the registry's CRS.
DETAIL_M = 0.3


def ending(id: UUID) -> str:
    return id.hex[-DIGITS:]


def only(catalogue: Catalogue, plots: Iterable[UUID]) -> dict[str, list[str]]:
    """Of the layers that show plots, the endings of the ids of what belongs to `plots`."""
    ids = list(plots)
    return {"plots": [ending(id) for id in ids], "offers": [ending(id) for id in _offers(catalogue, ids)]}


def _offers(catalogue: Catalogue, plots: list[UUID]) -> list[UUID]:
    layer = catalogue.get("offers")
    if layer is None or not plots:
        return []
    statement = sql.SQL("SELECT t.id FROM {} WHERE {} AND t.plot_id = ANY({}::uuid[])").format(
        layer.source, where(Query(layer=layer, reader=catalogue.reader)), sql.Literal(plots)
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [id for (id,) in cursor.fetchall()]


def outlines(catalogue: Catalogue, plots: Iterable[UUID]) -> dict[str, Any]:
    """The shapes of `plots` by id, GeoJSON in degrees as exact as a screen."""
    layer = catalogue.get("plots")
    ids = tuple(plots)
    if layer is None or not ids:
        return {}
    statement = sql.SQL(
        "SELECT t.id::text, ST_AsGeoJSON(ST_Transform(ST_Multi(ST_SimplifyPreserveTopology({}, {})), 4326), 6)"
        " FROM {} WHERE {}"
    ).format(
        layer.geom,
        sql.Literal(DETAIL_M),
        layer.source,
        where(Query(layer=layer, reader=catalogue.reader, ids=ids)),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return {id: json.loads(shape) for id, shape in cursor.fetchall()}
