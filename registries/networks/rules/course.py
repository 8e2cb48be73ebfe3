"""Warnings about where links run: their ends, their crossings, what lies beside them.

Numbers without a named source are start values, to be set by the office (page of the rules).
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.utils.translation import gettext_noop
from psycopg import sql

from registries.core.neighbours import Stage, about, once, rows
from registries.core.rules import Finding, Limit, Severity, place_of, rule
from registries.networks.graph import TOLERANCE_M
from registries.networks.models import Link, Node, Theme

# A street may end anywhere, and streets cross on one level.
WAYS = sql.SQL(", ").join([sql.Literal(Theme.ROAD), sql.Literal(Theme.RAIL)])
# The ends of the links to be judged, with the distance to the nearest thing of their network within reach.
ENDS = """
WITH t AS (
    SELECT t.id, t.network_id, e.geom FROM networks_link t JOIN networks_network w ON w.id = t.network_id
    CROSS JOIN LATERAL (VALUES (ST_StartPoint(ST_Force2D(t.geom))), (ST_EndPoint(ST_Force2D(t.geom)))) e (geom)
    WHERE {about} AND t.status <> 'decommissioned' AND w.theme NOT IN ({ways})
)
SELECT t.id, t.geom, n.distance FROM t CROSS JOIN LATERAL (
    SELECT min(ST_Distance(c.geom, t.geom)) AS distance
    FROM (SELECT geom FROM {links} l UNION ALL SELECT geom FROM {nodes} p) c
) n
"""
# Where the insides of two links meet in a point.
MEETINGS = """
FROM networks_link t JOIN networks_network w ON w.id = t.network_id
CROSS JOIN LATERAL {links} n JOIN networks_network v ON v.id = n.network_id
CROSS JOIN LATERAL ST_Dump(ST_Intersection(ST_Force2D(t.geom), ST_Force2D(n.geom))) p
WHERE {about} AND {once} AND ST_Dimension(p.geom) = 0 AND t.status <> 'decommissioned'
  AND t.container_id IS DISTINCT FROM n.id AND n.container_id IS DISTINCT FROM t.id
  AND w.theme NOT IN ({ways}) AND v.theme NOT IN ({ways})
"""
# The height of a link where it meets the point `p`: by its own heights, or evenly between those of its two ends.
HEIGHT = """CASE
    WHEN ST_NDims({0}.geom) > 2
        THEN ST_Z(ST_LineInterpolatePoint({0}.geom, ST_LineLocatePoint(ST_Force2D({0}.geom), p.geom)))
    ELSE {0}.z_start_m + ({0}.z_end_m - {0}.z_start_m) * ST_LineLocatePoint({0}.geom, p.geom) END"""
# What `rows` fills into the statements beside what belongs to the draft.
PARTS: dict[str, sql.Composable] = {
    "ways": WAYS,
    "pipes": sql.SQL(", ").join(
        sql.Literal(theme) for theme in (Theme.WATER, Theme.SEWER, Theme.STORM, Theme.GAS, Theme.THERMAL)
    ),
    "above": sql.SQL("({}) - ({})").format(sql.SQL(HEIGHT.format("t")), sql.SQL(HEIGHT.format("n"))),
    "other": sql.SQL("COALESCE(NULLIF(n.label, ''), n.id::text)"),
}
# An end or a node at the place makes it a joint. Without heights, covers tell two links under one ground apart.
CROSSINGS = """
SELECT t.id, p.geom, {other} {meetings}
  AND COALESCE(abs(COALESCE({above}, n.cover_m - t.cover_m)), 0) < %(min_difference_m)s
  AND NOT ST_DWithin(p.geom, ST_Collect(ST_StartPoint(t.geom), ST_EndPoint(t.geom)), %(joint_m)s)
  AND NOT ST_DWithin(p.geom, ST_Collect(ST_StartPoint(n.geom), ST_EndPoint(n.geom)), %(joint_m)s)
  AND NOT EXISTS (SELECT FROM {nodes} j)
"""
# Heights are those of the inner bottom, so the lower pipe's diameter lies between the two.
ONE_ABOVE_OTHER = """
SELECT * FROM (
    SELECT t.id, p.geom, {other},
        abs({above}) - COALESCE(CASE WHEN {above} > 0 THEN n.diameter_mm ELSE t.diameter_mm END, 0) / 1000 AS clear_m
    {meetings} AND (w.theme IN ({pipes}) OR v.theme IN ({pipes}))
) found WHERE clear_m < %(min_clear_m)s
"""
# Only pipes keep a distance from everything; cables of different networks share trenches.
BESIDE = """
SELECT t.id, ST_ClosestPoint(t.geom, n.geom), {other}, c.clear_m
FROM networks_link t JOIN networks_network w ON w.id = t.network_id
CROSS JOIN LATERAL {links} n JOIN networks_network v ON v.id = n.network_id
CROSS JOIN LATERAL (SELECT (COALESCE(t.diameter_mm, 0) + COALESCE(n.diameter_mm, 0)) / 2000 AS radii_m) r
CROSS JOIN LATERAL (SELECT ST_Distance(t.geom, n.geom) - r.radii_m AS clear_m) c
WHERE {about} AND {once} AND t.vertical_position = 'underground' AND t.status <> 'decommissioned'
  AND t.container_id IS DISTINCT FROM n.id AND n.container_id IS DISTINCT FROM t.id
  AND w.theme NOT IN ({ways}) AND v.theme NOT IN ({ways}) AND (w.theme IN ({pipes}) OR v.theme IN ({pipes}))
  AND c.clear_m < %(min_clear_m)s AND NOT ST_Intersects(t.geom, n.geom)
  AND ST_Length(ST_Intersection(t.geom, ST_Buffer(n.geom, %(min_clear_m)s + r.radii_m))) > %(min_stretch_m)s
"""
SAME = "(o.network_id = t.network_id) IS TRUE AND o.id <> t.id AND o.status <> 'decommissioned'"
ELSEWHERE = "o.network_id <> t.network_id AND o.status <> 'decommissioned' AND o.vertical_position = 'underground'"
NEAREST_M = Limit(0.10, 0.02, 5, "m", gettext_noop("reach in which a joint is looked for"))


def _links() -> Stage:
    return Stage(
        Link,
        "network_id",
        "label",
        "status",
        "vertical_position",
        "diameter_mm",
        "z_start_m",
        "z_end_m",
        "cover_m",
        "container_id",
    )


def _meetings(links: Stage, ids: list[UUID] | None, condition: str) -> sql.Composed:
    return sql.SQL(MEETINGS).format(about=about(ids), once=once(links, ids), links=links.around(condition), ways=WAYS)


def _ends(ids: list[UUID] | None, reach_m: float) -> Iterator[tuple[UUID, str, float | None]]:
    near = "ST_DWithin(o.geom, t.geom, %(reach_m)s)"
    links, nodes = _links(), Stage(Node, "network_id", "status")
    yield from rows(
        ENDS,
        ids,
        ways=WAYS,
        links=links.around(f"{SAME} AND {near}"),
        nodes=nodes.around(f"(o.network_id = t.network_id) IS TRUE AND {near}"),
        reach_m=reach_m,
    )


@rule(
    "NET-010",
    "networks.link",
    gettext_noop(
        "An end of the link hangs free: no node and no other link of its network lies within %(reach_m)s m."
        " Join it, or put a node there."
    ),
    Severity.WARNS,
    limits={"reach_m": NEAREST_M},
)
def dangling_end(ids: list[UUID] | None, *, reach_m: float) -> Iterator[Finding]:
    for object_id, place, distance in _ends(ids, reach_m):
        if distance is None:
            yield Finding(object_id, place_of(place))


@rule(
    "NET-011",
    "networks.link",
    gettext_noop(
        "An end of the link lies %(distance_cm)s cm from a node or link of its network without meeting it."
        " Move the end onto it, or farther away."
    ),
    Severity.WARNS,
    limits={"reach_m": NEAREST_M},
)
def near_miss(ids: list[UUID] | None, *, reach_m: float) -> Iterator[Finding]:
    for object_id, place, distance in _ends(ids, reach_m):
        if distance is not None and distance > TOLERANCE_M:
            yield Finding(object_id, place_of(place), {"distance_cm": round(distance * 100, 1)})


@rule(
    "NET-012",
    "networks.link",
    gettext_noop(
        "The link crosses %(other)s of its own network, and no difference in height of at least"
        " %(min_difference_m)s m is known. Enter the heights of both, or put a node where they are joined."
    ),
    Severity.WARNS,
    limits={"min_difference_m": Limit(0.05, 0.01, 5, "m", gettext_noop("difference in height, at least"))},
)
def crossing_on_one_level(ids: list[UUID] | None, *, min_difference_m: float) -> Iterator[Finding]:
    links, nodes = _links(), Stage(Node, "network_id")
    same_level = "o.vertical_position = t.vertical_position AND o.geom && t.geom AND ST_Crosses(o.geom, t.geom)"
    found = rows(
        CROSSINGS,
        ids,
        **PARTS,
        meetings=_meetings(links, ids, f"{SAME} AND {same_level}"),
        nodes=nodes.around("(o.network_id = t.network_id) IS TRUE AND ST_DWithin(o.geom, p.geom, %(joint_m)s)"),
        joint_m=TOLERANCE_M,
        min_difference_m=min_difference_m,
    )
    for object_id, place, other in found:
        yield Finding(object_id, place_of(place), {"other": other})


CLEAR = gettext_noop(
    "Only %(clear_m)s m are clear between the link and %(other)s; the norm is %(min_clear_m)s m."
    " Check position, height and diameter of both, or accept it with the designer's reason."
)


@rule(
    "NET-015",
    "networks.link",
    CLEAR,
    Severity.WARNS,
    limits={
        # Ordinance 8/1999 tells distances by pair of networks; this is the least of all that are laid side by side.
        "min_clear_m": Limit(0.20, 0.05, 5, "m", gettext_noop("clear distance side by side, at least")),
        "min_stretch_m": Limit(2, 0.1, 100, "m", gettext_noop("judged when side by side for more than")),
    },
)
def too_near_beside(ids: list[UUID] | None, *, min_clear_m: float, min_stretch_m: float) -> Iterator[Finding]:
    links = _links()
    # Pipes are up to 4 m wide; the index is asked with room for that, the exact distance afterwards.
    reach = "ST_DWithin(o.geom, t.geom, %(min_clear_m)s + COALESCE(t.diameter_mm, 0) / 2000 + 2)"
    found = rows(
        BESIDE,
        ids,
        **PARTS,
        once=once(links, ids),
        links=links.around(f"{ELSEWHERE} AND {reach}"),
        min_clear_m=min_clear_m,
        min_stretch_m=min_stretch_m,
    )
    for object_id, place, other, clear_m in found:
        yield Finding(object_id, place_of(place), {"other": other, "clear_m": max(0.0, round(clear_m, 2))})


@rule(
    "NET-016",
    "networks.link",
    CLEAR,
    Severity.WARNS,
    limits={"min_clear_m": Limit(0.10, 0.01, 5, "m", gettext_noop("clear distance one above the other, at least"))},
)
def too_near_above(ids: list[UUID] | None, *, min_clear_m: float) -> Iterator[Finding]:
    links = _links()
    found = rows(
        ONE_ABOVE_OTHER,
        ids,
        **PARTS,
        meetings=_meetings(links, ids, f"{ELSEWHERE} AND o.geom && t.geom AND ST_Intersects(o.geom, t.geom)"),
        min_clear_m=min_clear_m,
    )
    for object_id, place, other, clear_m in found:
        yield Finding(object_id, place_of(place), {"other": other, "clear_m": max(0.0, round(clear_m, 2))})
