"""GetFeature's answer as GeoJSON: coordinates always x, y, and a `crs` member when they are not longitude and latitude.

RFC 7946 knows CRS84 only; the member is how GeoServer and GDAL name another system.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from dataclasses import replace
from typing import Any

from psycopg import sql

from layers import geojson
from layers.crs import Reference
from layers.wfs.links import Links
from layers.wfs.output.found import Found, Member
from layers.wfs.output.page import now


def item(member: Member) -> sql.Composable:
    """SQL of one feature among others."""
    return geojson.member(feature(member))


def alone(member: Member, links: Links) -> sql.Composable:
    """SQL of one feature that is a document of its own."""
    return sql.SQL("{} || '}}'").format(feature(member))


def feature(member: Member) -> sql.Composable:
    return geojson.feature(
        member.query,
        replace(member.reference, flipped=False),
        member.columns,
        id_prefix=f"{member.query.layer.key}.",
        with_geometry=member.with_geometry,
    )


def write(found: Found) -> Generator[bytes, None, None]:
    links = [
        {"rel": rel, "href": href, "type": geojson.MEDIA_TYPE}
        for rel, href in (("next", found.page.next), ("previous", found.page.previous))
        if href
    ]
    members: dict[str, Any] = {
        "numberMatched": found.page.matched,
        "numberReturned": found.page.returned,
        "timeStamp": now(),
        **({"links": links} if links else {}),
        **crs_member(found.results[0].members[0].reference),
    }
    with closing(features(found)) as blocks:
        yield from geojson.collection(members, blocks)


def features(found: Found) -> Generator[bytes, None, None]:
    for result in found.results:
        with closing(result.rows([item(member) for member in result.members])) as blocks:
            yield from blocks


def crs_member(reference: Reference) -> dict[str, Any]:
    if reference.srid == 4326:
        return {}
    return {"crs": {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{reference.srid}"}}}
