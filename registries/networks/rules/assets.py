"""What compares an asset with its zone, its network, its type, and its copies: all of it blocks."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.utils.translation import gettext_noop
from psycopg import sql

from registries.core.neighbours import Stage, pairs, rows
from registries.core.outside import outside
from registries.core.overlay import uuids
from registries.core.rules import Finding, place_of, rule
from registries.networks.models import Asset, Link, Node

IN_ZONE = "LEFT JOIN networks_network n ON n.id = t.network_id LEFT JOIN land_zone z ON z.id = n.zone_id"
WRONG_TYPE = """
SELECT t.id, ST_PointOnSurface(t.geom), a.theme, n.theme, a.geometry_kind
FROM {table} t JOIN networks_network n ON n.id = t.network_id JOIN networks_assettype a ON a.key = t.asset_type_id
WHERE {about} AND (a.theme <> n.theme OR a.geometry_kind <> {kind})
"""
# Equal geometry, drawn in either direction. Of two new ones the one with the greater identifier is at fault.
DUPLICATE = """
SELECT x.id, ST_PointOnSurface(x.geom), x.other_id FROM {pairs} x
WHERE x.geom ~= x.other_geom AND ST_Equals(x.geom, x.other_geom)
  AND ({ids}::uuid[] IS NULL OR x.other_id < x.id OR NOT EXISTS (SELECT FROM {touched} u WHERE u.id = x.other_id))
"""
REQUIRED = """
SELECT t.id, ST_PointOnSurface(t.geom), string_agg(a.key, ', ' ORDER BY a.position, a.key)
FROM {table} t JOIN networks_assetattribute a ON a.asset_type_id = t.asset_type_id AND a.required
WHERE {about} AND t.attributes ->> a.key IS NULL
GROUP BY t.id, t.geom
"""
SELF_LOOP = """
SELECT t.id, ST_StartPoint(t.geom) FROM networks_link t
WHERE {about} AND ST_IsClosed(t.geom)
"""


def _table(model: type[Asset]) -> sql.Identifier:
    return sql.Identifier(model._meta.db_table)


OUTSIDE = gettext_noop(
    "The asset lies outside its zone and %(buffer_m)s m around it, or outside the installation's extent."
    " Check the reference system, the order of the axes and the zone."
)
TYPE = gettext_noop(
    "An asset of theme “%(type_theme)s” (%(kind)s) does not belong in a network of theme “%(theme)s”."
    " Choose another type or network."
)
COPY = gettext_noop("The asset has the same geometry as %(other)s of the same type and network. Remove one of them.")
INCOMPLETE = gettext_noop("The asset lacks what its type requires: %(keys)s. Fill it in.")


def _outside(model: type[Asset], ids: list[UUID] | None) -> Iterator[Finding]:
    source = sql.SQL("{} t " + IN_ZONE).format(_table(model))
    return outside(source, sql.SQL("z.geom"), ids)


def _wrong_type(model: type[Asset], ids: list[UUID] | None) -> Iterator[Finding]:
    for object_id, place, type_theme, theme, found in rows(
        WRONG_TYPE, ids, table=_table(model), kind=sql.Literal(model.geometry_kind)
    ):
        yield Finding(object_id, place_of(place), {"type_theme": type_theme, "theme": theme, "kind": found})


def _duplicate(model: type[Asset], ids: list[UUID] | None) -> Iterator[Finding]:
    stage = Stage(model, "network_id", "asset_type_id")
    alike = pairs(stage, model._meta.db_table, ids, alike=("network_id", "asset_type_id"))
    for object_id, place, other in rows(DUPLICATE, ids, pairs=alike, ids=uuids(ids), touched=stage.touched):
        yield Finding(object_id, place_of(place), {"other": other})


def _incomplete(model: type[Asset], ids: list[UUID] | None) -> Iterator[Finding]:
    for object_id, place, keys in rows(REQUIRED, ids, table=_table(model)):
        yield Finding(object_id, place_of(place), {"keys": keys})


@rule("NET-001", "networks.node", OUTSIDE)
def node_outside(ids: list[UUID] | None) -> Iterator[Finding]:
    return _outside(Node, ids)


@rule("NET-002", "networks.link", OUTSIDE)
def link_outside(ids: list[UUID] | None) -> Iterator[Finding]:
    return _outside(Link, ids)


@rule("NET-003", "networks.node", TYPE, is_alone=True)
def node_of_wrong_type(ids: list[UUID] | None) -> Iterator[Finding]:
    return _wrong_type(Node, ids)


@rule("NET-004", "networks.link", TYPE, is_alone=True)
def link_of_wrong_type(ids: list[UUID] | None) -> Iterator[Finding]:
    return _wrong_type(Link, ids)


@rule("NET-005", "networks.node", COPY)
def node_twice(ids: list[UUID] | None) -> Iterator[Finding]:
    return _duplicate(Node, ids)


@rule("NET-006", "networks.link", COPY)
def link_twice(ids: list[UUID] | None) -> Iterator[Finding]:
    return _duplicate(Link, ids)


@rule(
    "NET-007",
    "networks.link",
    gettext_noop("The link ends where it begins. Split it into two links."),
    is_alone=True,
)
def self_loop(ids: list[UUID] | None) -> Iterator[Finding]:
    for object_id, place in rows(SELF_LOOP, ids):
        yield Finding(object_id, place_of(place))


@rule("NET-008", "networks.node", INCOMPLETE, is_alone=True)
def node_incomplete(ids: list[UUID] | None) -> Iterator[Finding]:
    return _incomplete(Node, ids)


@rule("NET-009", "networks.link", INCOMPLETE, is_alone=True)
def link_incomplete(ids: list[UUID] | None) -> Iterator[Finding]:
    return _incomplete(Link, ids)
