"""Warnings about how an asset stands among others: fed or cut off, its protection strip on plots, its code values."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext_noop
from psycopg import sql

from registries.core.code_rules import UNLISTED, strays, unlisted
from registries.core.neighbours import Stage, about, rows
from registries.core.records import registry_model
from registries.core.rules import Finding, Limit, Moment, Severity, place_of, rule
from registries.networks.models import Asset, Link, Node
from registries.networks.pieces import isolated


@rule(
    "NET-013",
    "networks.link",
    gettext_noop(
        "No source reaches this piece of the network (links in it: %(count)s)."
        " Join it to the rest, or enter its source; in sewers, the place it flows to."
    ),
    Severity.WARNS,
)
def isolated_piece(ids: list[UUID] | None) -> Iterator[Finding]:
    """One finding for each piece: its first link among those to be judged."""
    judged = None if ids is None else frozenset(ids)
    for piece in isolated(ids):
        first = next(((link, place) for link, place in piece.links if judged is None or link in judged), None)
        if first is not None:
            yield Finding(first[0], place_of(first[1]), {"count": len(piece.links)})


# Service connections serve the plot that they run into; a restriction that is entered says that the strip is known.
PLOTS_UNDER = """
SELECT t.id, ST_PointOnSurface(c.common), COALESCE(NULLIF(n.label, ''), n.id::text), ST_Area(c.common)
FROM land_plot t CROSS JOIN LATERAL {links} n
CROSS JOIN LATERAL (SELECT ST_Intersection(t.geom, ST_Buffer(n.geom, n.protection_m)) AS common) c
WHERE {about} AND ST_DWithin(t.geom, n.geom, n.protection_m) AND ST_Area(c.common) > %(max_overlap_m2)s
  AND NOT EXISTS (SELECT FROM land_rightrestriction r WHERE r.plot_id = t.id
      AND r.kind IN ('protectionStrip', 'easement', 'rightOfWay'))
"""
LINKS_OVER = """
SELECT t.id, ST_PointOnSurface(c.common), n.code, ST_Area(c.common)
FROM networks_link t CROSS JOIN LATERAL {plots} n
CROSS JOIN LATERAL (SELECT ST_Intersection(n.geom, ST_Buffer(t.geom, t.protection_m)) AS common) c
WHERE {about} AND t.protection_m > 0 AND t.role IN ('main', 'transport') AND t.status <> 'decommissioned'
  AND ST_Area(c.common) > %(max_overlap_m2)s
  AND NOT EXISTS (SELECT FROM land_rightrestriction r WHERE r.plot_id = n.id
      AND r.kind IN ('protectionStrip', 'easement', 'rightOfWay'))
"""
OVERLAP = {"max_overlap_m2": Limit(1, 0, 10_000, "m²", gettext_noop("overlap, at most"))}


@rule(
    "NET-021",
    "land.plot",
    gettext_noop(
        "The protection strip of %(other)s takes %(area_m2)s m² of the plot, and no restriction says so."
        " Enter the restriction, or correct the boundary."
    ),
    Severity.WARNS,
    limits=OVERLAP,
)
def plot_under_strip(ids: list[UUID] | None, *, max_overlap_m2: float) -> Iterator[Finding]:
    links = Stage(Link, "label", "role", "status", "protection_m")
    carrying = "o.protection_m > 0 AND o.role IN ('main', 'transport') AND o.status <> 'decommissioned'"
    found = rows(
        PLOTS_UNDER,
        ids,
        links=links.around(f"{carrying} AND ST_DWithin(o.geom, t.geom, %(widest_m)s)"),
        widest_m=Link.objects.aggregate(widest=Max("protection_m"))["widest"] or 0,
        max_overlap_m2=max_overlap_m2,
    )
    for object_id, place, other, area_m2 in found:
        yield Finding(object_id, place_of(place), {"other": other, "area_m2": round(area_m2, 1)})


@rule(
    "NET-022",
    "networks.link",
    gettext_noop(
        "The protection strip of the link takes %(area_m2)s m² of plot %(plot)s, and no restriction says so."
        " Enter the restriction, or move the link."
    ),
    Severity.WARNS,
    # By night the plots are asked (NET-021): one finding for one overlap.
    moments={Moment.SUBMIT},
    limits=OVERLAP,
)
def strip_over_plot(ids: list[UUID] | None, *, max_overlap_m2: float) -> Iterator[Finding]:
    plots = Stage(registry_model("land.plot"), "code")
    near = plots.around("ST_DWithin(o.geom, t.geom, t.protection_m)")
    for object_id, place, plot, area_m2 in rows(LINKS_OVER, ids, plots=near, max_overlap_m2=max_overlap_m2):
        yield Finding(object_id, place_of(place), {"plot": plot, "area_m2": round(area_m2, 1)})


ATTRIBUTES = """(
SELECT t.id, t.geom, a.code_list, t.attributes ->> a.key AS value
FROM {table} t JOIN networks_assetattribute a ON a.asset_type_id = t.asset_type_id AND a.code_list <> ''
WHERE {about}
)"""


def _attributes(model: type[Asset], ids: list[UUID] | None) -> Iterator[Finding]:
    values = sql.SQL(ATTRIBUTES).format(table=sql.Identifier(model._meta.db_table), about=about(ids))
    return strays(values, ids)


@rule("NET-023", "networks.node", UNLISTED, Severity.WARNS)
def node_value_outside_its_list(ids: list[UUID] | None) -> Iterator[Finding]:
    return _attributes(Node, ids)


@rule("NET-024", "networks.link", UNLISTED, Severity.WARNS)
def link_value_outside_its_list(ids: list[UUID] | None) -> Iterator[Finding]:
    yield from unlisted(Link, {"material": "material"}, ids)
    yield from _attributes(Link, ids)
