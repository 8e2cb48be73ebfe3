"""Warnings about what flows: gravity sewers that rise or narrow, cover against frost and load, unknown position."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.utils.translation import gettext_noop
from psycopg import sql

from registries.core.neighbours import Stage, rows
from registries.core.overlay import uuids
from registries.core.rules import Finding, Limit, Severity, place_of, rule
from registries.networks.graph import TOLERANCE_M
from registries.networks.models import Asset, Link, Node

# Where water runs by its weight: a link under pressure is none of these.
GRAVITY = sql.SQL("w.theme IN ('sewer', 'storm') AND t.pressure_kpa IS NULL AND t.status <> 'decommissioned'")
RISING = """
SELECT * FROM (
    SELECT t.id, CASE WHEN t.direction = 'inDirection' THEN ST_EndPoint(t.geom) ELSE ST_StartPoint(t.geom) END AS place,
        CASE WHEN t.direction = 'inDirection' THEN h.finish - h.start ELSE h.start - h.finish END AS rise_m
    FROM networks_link t JOIN networks_network w ON w.id = t.network_id
    CROSS JOIN LATERAL (SELECT COALESCE(t.z_start_m, ST_Z(ST_StartPoint(t.geom))) AS start,
                               COALESCE(t.z_end_m, ST_Z(ST_EndPoint(t.geom))) AS finish) h
    WHERE {about} AND {gravity} AND t.direction <> 'bothDirections'
) found WHERE rise_m > %(max_rise_m)s
"""


@rule(
    "NET-014",
    "networks.link",
    gettext_noop(
        "The gravity sewer runs up: it rises by %(rise_m)s m in the direction of flow."
        " Check the heights of both ends and the direction of flow."
    ),
    Severity.WARNS,
    # What levelling may be out by between two manholes.
    limits={"max_rise_m": Limit(0.02, 0, 1, "m", gettext_noop("rise, at most"))},
)
def rising_sewer(ids: list[UUID] | None, *, max_rise_m: float) -> Iterator[Finding]:
    for object_id, place, rise_m in rows(RISING, ids, gravity=GRAVITY, max_rise_m=max_rise_m):
        yield Finding(object_id, place_of(place), {"rise_m": round(rise_m, 2)})


UP = "CASE WHEN {0}.direction = 'inDirection' THEN ST_StartPoint({0}.geom) ELSE ST_EndPoint({0}.geom) END"
DOWN = "CASE WHEN {0}.direction = 'inDirection' THEN ST_EndPoint({0}.geom) ELSE ST_StartPoint({0}.geom) END"
# The narrower link is at fault; the wider one above it is told only where the narrower one is not judged itself.
NARROWING = """
WITH judged AS (
    SELECT t.id, t.network_id, t.diameter_mm, {up_t} AS up, {down_t} AS down
    FROM networks_link t JOIN networks_network w ON w.id = t.network_id
    WHERE {about} AND {gravity} AND t.direction <> 'bothDirections' AND t.diameter_mm IS NOT NULL
)
SELECT t.id, t.up, n.diameter_mm, t.diameter_mm
FROM judged t CROSS JOIN LATERAL {above} n
WHERE ST_DWithin({down_n}, t.up, %(joint_m)s) AND n.diameter_mm > t.diameter_mm + %(max_fall_mm)s
UNION ALL
SELECT t.id, t.down, t.diameter_mm, n.diameter_mm
FROM judged t CROSS JOIN LATERAL {below} n
WHERE {ids}::uuid[] IS NOT NULL AND NOT EXISTS (SELECT FROM {touched} u WHERE u.id = n.id)
  AND ST_DWithin({up_n}, t.down, %(joint_m)s) AND t.diameter_mm > n.diameter_mm + %(max_fall_mm)s
"""
ENDS = {
    f"{end}_{alias}": sql.SQL(text.format(alias)) for end, text in (("up", UP), ("down", DOWN)) for alias in ("t", "n")
}
NEXT = (
    "(o.network_id = t.network_id) IS TRUE AND o.id <> t.id AND o.status <> 'decommissioned' AND o.pressure_kpa IS NULL"
    " AND o.direction <> 'bothDirections' AND ST_DWithin(o.geom, t.{end}, %(joint_m)s)"
)


@rule(
    "NET-017",
    "networks.link",
    gettext_noop(
        "The diameter falls downstream here, from %(wider_mm)s mm to %(narrower_mm)s mm."
        " Check both diameters and the direction of flow."
    ),
    Severity.WARNS,
    limits={"max_fall_mm": Limit(0, 0, 500, "mm", gettext_noop("fall of the diameter, at most"))},
)
def narrowing_sewer(ids: list[UUID] | None, *, max_fall_mm: float) -> Iterator[Finding]:
    links = Stage(Link, "network_id", "status", "direction", "diameter_mm", "pressure_kpa")
    found = rows(
        NARROWING,
        ids,
        **ENDS,
        gravity=GRAVITY,
        ids=uuids(ids),
        above=links.around(NEXT.format(end="up")),
        below=links.around(NEXT.format(end="down")),
        touched=links.touched,
        joint_m=TOLERANCE_M,
        max_fall_mm=max_fall_mm,
    )
    for object_id, place, wider_mm, narrower_mm in found:
        yield Finding(object_id, place_of(place), {"wider_mm": wider_mm, "narrower_mm": narrower_mm})


SHALLOW = """
SELECT t.id, ST_LineInterpolatePoint(t.geom, 0.5), t.cover_m, c.least
FROM networks_link t JOIN networks_network w ON w.id = t.network_id
JOIN (VALUES ('water', %(water_m)s), ('sewer', %(sewer_m)s), ('storm', %(storm_m)s), ('gas', %(gas_m)s),
    ('electricity', %(electricity_m)s), ('telecom', %(telecom_m)s), ('thermal', %(thermal_m)s),
    ('lighting', %(lighting_m)s)) c (theme, least) ON c.theme = w.theme
WHERE {about} AND t.vertical_position = 'underground' AND t.status <> 'decommissioned' AND t.cover_m < c.least
"""


def _cover(start: float, title: str) -> Limit:
    return Limit(start, 0, 10, "m", title)


@rule(
    "NET-018",
    "networks.link",
    gettext_noop(
        "The cover is %(cover_m)s m; the norm for this network is %(least_m)s m."
        " Check the depth, or accept it with the measure that protects the link."
    ),
    Severity.WARNS,
    # Ordinance 8/1999, section II, asks for least covers by kind of network; water also has to lie below the frost.
    # The numbers here are start values.
    limits={
        "water_m": _cover(1.2, gettext_noop("cover of water supply, at least")),
        "sewer_m": _cover(1.0, gettext_noop("cover of sewers, at least")),
        "storm_m": _cover(0.8, gettext_noop("cover of storm sewers, at least")),
        "gas_m": _cover(0.8, gettext_noop("cover of gas pipes, at least")),
        "electricity_m": _cover(0.7, gettext_noop("cover of power cables, at least")),
        "telecom_m": _cover(0.6, gettext_noop("cover of telecommunications, at least")),
        "thermal_m": _cover(0.5, gettext_noop("cover of district heating, at least")),
        "lighting_m": _cover(0.6, gettext_noop("cover of lighting cables, at least")),
    },
)
def little_cover(ids: list[UUID] | None, **least: float) -> Iterator[Finding]:
    for object_id, place, cover_m, least_m in rows(SHALLOW, ids, **least):
        yield Finding(object_id, place_of(place), {"cover_m": cover_m, "least_m": float(least_m)})


UNKNOWN_POSITION = gettext_noop(
    "Neither accuracy nor quality of the position is known. Enter how it was surveyed; “D” stands for records only."
)
UNPLACED = """
SELECT t.id, ST_PointOnSurface(t.geom) FROM {table} t WHERE {about} AND t.accuracy_m IS NULL AND t.location_quality = ''
"""


def _unplaced(model: type[Asset], ids: list[UUID] | None) -> Iterator[Finding]:
    for object_id, place in rows(UNPLACED, ids, table=sql.Identifier(model._meta.db_table)):
        yield Finding(object_id, place_of(place))


@rule("NET-019", "networks.node", UNKNOWN_POSITION, Severity.WARNS)
def node_without_accuracy(ids: list[UUID] | None) -> Iterator[Finding]:
    return _unplaced(Node, ids)


@rule("NET-020", "networks.link", UNKNOWN_POSITION, Severity.WARNS)
def link_without_accuracy(ids: list[UUID] | None) -> Iterator[Finding]:
    return _unplaced(Link, ids)
