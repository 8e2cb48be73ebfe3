"""Which links of a network hang together, as the draft has them: for the rule on pieces that no source reaches.

The published graph (`NetworkEdge`) tells most of it; only what the draft touches is joined anew, so that a small change
in a large network stays cheap.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg import sql

from registries.core.neighbours import Stage, about
from registries.networks.graph import TOLERANCE_M
from registries.networks.models import Link, Node, Theme

# What flows to a sink is fed where it begins everywhere; a sewer's piece needs a place to flow to instead.
COLLECTING = (Theme.SEWER, Theme.STORM)
UNFED = (Theme.ROAD, Theme.RAIL)
# Links that meet in one joint. Those that the draft moves or removes no longer meet there.
PUBLISHED = """
SELECT array_agg(e.link_id) FROM public.networks_networkedge e
CROSS JOIN LATERAL (VALUES (e.start_joint), (e.end_joint)) j (joint)
WHERE e.network_id = ANY(%(networks)s) AND NOT EXISTS (SELECT FROM {links} u WHERE u.id = e.link_id)
GROUP BY e.network_id, j.joint HAVING count(DISTINCT e.link_id) > 1
"""
# A link that the draft adds or moves, with each link that its end meets or whose end meets it; crossings do not join.
DRAFTED = """
SELECT ARRAY[t.id, n.id] FROM networks_link t CROSS JOIN LATERAL {near} n
WHERE t.id = ANY(ARRAY(SELECT id FROM {links})) AND (
    ST_DWithin(ST_Collect(ST_StartPoint(t.geom), ST_EndPoint(t.geom)), n.geom, %(joint_m)s)
    OR ST_DWithin(ST_Collect(ST_StartPoint(n.geom), ST_EndPoint(n.geom)), t.geom, %(joint_m)s))
UNION ALL
SELECT array_agg(n.id) FROM networks_node t CROSS JOIN LATERAL {at_node} n
WHERE t.id = ANY(ARRAY(SELECT id FROM {nodes})) GROUP BY t.id HAVING count(*) > 1
"""
# Links at a node that feeds the network, or that a collecting network flows to.
FED = """
SELECT n.id FROM networks_node t JOIN networks_network w ON w.id = t.network_id CROSS JOIN LATERAL {at_node} n
WHERE t.network_id = ANY(%(networks)s)
  AND t.role = CASE WHEN w.theme = ANY(%(collecting)s) THEN 'sink' ELSE 'source' END
"""
LINKS = """
SELECT t.id, t.network_id, CASE WHEN {about} THEN ST_LineInterpolatePoint(t.geom, 0.5) END FROM networks_link t
JOIN networks_network w ON w.id = t.network_id
WHERE t.network_id = ANY(%(networks)s) AND t.status <> 'decommissioned' AND w.theme <> ALL(%(unfed)s) ORDER BY t.id
"""
NETWORKS = "SELECT DISTINCT t.network_id FROM networks_link t WHERE t.id = ANY(%(ids)s)"


@dataclass
class Piece:
    """Links that hang together, in the order of their ids, with a place on each that is judged."""

    network_id: UUID
    links: list[tuple[UUID, str]] = field(default_factory=list)
    is_fed: bool = False


class Groups:
    """Sets that grow together (union-find)."""

    def __init__(self) -> None:
        self._leader: dict[UUID, UUID] = {}

    def leader(self, one: UUID) -> UUID:
        while (above := self._leader.get(one, one)) != one:
            self._leader[one] = one = self._leader.get(above, above)
        return one

    def join(self, members: Iterable[UUID]) -> None:
        first, *others = members
        for other in others:
            self._leader[self.leader(other)] = self.leader(first)


def pieces(ids: list[UUID] | None) -> list[Piece]:
    """The pieces of the networks in which `ids` lie (None: of all)."""
    links, nodes = Stage(Link, "network_id", "status"), Stage(Node, "network_id")
    at_place = "(o.network_id = t.network_id) IS TRUE AND ST_DWithin(o.geom, t.geom, %(joint_m)s)"
    names = {
        "links": links.touched,
        "nodes": nodes.touched,
        "near": links.around(f"{at_place} AND o.id <> t.id"),
        "at_node": links.around(at_place),
        "about": about(ids),
    }
    params: dict[str, Any] = {
        "networks": _networks(ids),
        "joint_m": TOLERANCE_M,
        "collecting": list(COLLECTING),
        "unfed": list(UNFED),
    }

    def ask(statement: str) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(**names), params)
            return list(cursor.fetchall())

    groups = Groups()
    for statement in (PUBLISHED, DRAFTED):
        for (members,) in ask(statement):
            groups.join(members)
    return _gathered(groups, ask(LINKS), {groups.leader(one) for (one,) in ask(FED)})


def _networks(ids: list[UUID] | None) -> list[UUID]:
    with connection.cursor() as cursor:
        if ids is None:
            cursor.execute("SELECT id FROM networks_network")
        else:
            cursor.execute(NETWORKS, {"ids": ids})
        return [network for (network,) in cursor.fetchall()]


def _gathered(groups: Groups, links: list[tuple[Any, ...]], fed: set[UUID]) -> list[Piece]:
    found: dict[UUID, Piece] = {}
    for link, network, place in links:
        leader = groups.leader(link)
        piece = found.setdefault(leader, Piece(network, is_fed=leader in fed))
        piece.links.append((link, place))
    return list(found.values())


def isolated(ids: list[UUID] | None) -> list[Piece]:
    """The pieces that no source feeds. In a network without any source, the largest piece counts as fed: before
    somebody enters the source, only what lies apart is news.
    """
    by_network: dict[UUID, list[Piece]] = defaultdict(list)
    for piece in pieces(ids):
        by_network[piece.network_id].append(piece)
    found = []
    for members in by_network.values():
        if not any(piece.is_fed for piece in members):
            max(members, key=lambda piece: len(piece.links)).is_fed = True
        found += [piece for piece in members if not piece.is_fed]
    return found
