"""What the pages for people show; the site's templates (`ogc/*.html`) say how."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from psycopg import sql

from layers.features.links import Link, address
from layers.layer import Column, Layer
from layers.pick import Feature, features
from layers.query import Query, select, stream


def features_of(query: Query) -> list[Feature]:
    """The features of one page, in its order; to be read within its snapshot."""
    lines = b"".join(stream(select(query, sql.SQL("t.id::text")))).decode().split()
    order = {UUID(line): place for place, line in enumerate(lines)}
    if not order:
        return []
    found = features(Query(layer=query.layer, reader=query.reader, ids=tuple(order)))
    return sorted(found, key=lambda feature: order[feature.id])


def collection_of(found: Sequence[Feature]) -> dict[str, Any]:
    """Shapes for the map, in degrees."""
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "id": str(one.id), "geometry": one.geometry, "properties": {}} for one in found
        ],
    }


def told(links: Sequence[Link], rel: str) -> str:
    return next((str(one["href"]) for one in links if one["rel"] == rel), "")


def items(
    request: HttpRequest,
    query: Query,
    columns: Sequence[Column],
    found: Sequence[Feature],
    matched: int,
    links: Sequence[Link],
) -> HttpResponse:
    layer = query.layer
    context = {
        "layer": layer,
        "columns": columns,
        "features": found,
        "matched": matched,
        "first": query.offset + 1,
        "last": query.offset + len(found),
        "next": told(links, "next"),
        "previous": told(links, "prev"),
        "alternates": [one for one in links if one["rel"] == "alternate"],
        "shapes": collection_of(found),
        "collection": address(request, "collection", layer.key),
    }
    return render(request, "ogc/items.html", context)


def item(request: HttpRequest, layer: Layer, feature: Feature, links: Sequence[Link]) -> HttpResponse:
    context = {
        "layer": layer,
        "feature": feature,
        "alternates": [one for one in links if one["rel"] == "alternate"],
        "shapes": collection_of([feature]),
        "collection": address(request, "collection", layer.key),
    }
    return render(request, "ogc/item.html", context)
