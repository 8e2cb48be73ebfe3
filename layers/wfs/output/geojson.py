"""GetFeature's answer as GeoJSON: coordinates always x, y, and a `crs` member when they are not longitude and latitude.

RFC 7946 knows CRS84 only; the member is how GeoServer and GDAL name another system.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from psycopg import sql

from layers import geojson
from layers.crs import Reference
from layers.layer import Column
from layers.query import Query
from layers.wfs.output.page import Page, now


def item(query: Query, reference: Reference, columns: Sequence[Column], with_geometry: bool) -> sql.Composable:
    return geojson.member(alone(query, reference, columns, with_geometry))


def alone(query: Query, reference: Reference, columns: Sequence[Column], with_geometry: bool) -> sql.Composable:
    return geojson.feature(
        query,
        replace(reference, flipped=False),
        columns,
        id_prefix=f"{query.layer.key}.",
        with_geometry=with_geometry,
    )


def document(page: Page, reference: Reference, blocks: Iterator[bytes]) -> Iterator[bytes]:
    links = [
        {"rel": rel, "href": href, "type": geojson.MEDIA_TYPE}
        for rel, href in (("next", page.next), ("previous", page.previous))
        if href
    ]
    members: dict[str, Any] = {
        "numberMatched": page.matched,
        "numberReturned": page.returned,
        "timeStamp": now(),
        **({"links": links} if links else {}),
        **crs_member(reference),
    }
    return geojson.collection(members, blocks)


def crs_member(reference: Reference) -> dict[str, Any]:
    if reference.srid == 4326:
        return {}
    return {"crs": {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{reference.srid}"}}}
