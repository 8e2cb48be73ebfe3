"""Keeps in step what lies near plots: derived anew, in the publishing transaction, for the pairs of a plot and a
network that a publication may have brought nearer or farther, and for no others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from registries.changes import apply
from registries.land.models import Plot
from registries.networks.models import Link
from registries.serviceability.models import Alongside, Nearest

DERIVE = Path(__file__).with_name("nearest.sql").read_text(encoding="utf-8")
# Farther than this, nobody calls it near.
REACH_M = 2_000
# What is measured in the office lies on a border within this.
AT_BORDER_M = 1
# From the border of a plot to the middle of the road or track that serves it.
ALONG_M = 20
# So many at a time, so that a run over all plots needs no more memory than one over a few.
PLOTS_AT_ONCE, PAIRS_AT_ONCE = 500, 5_000
LENGTHS = {"reach_m": REACH_M, "border_m": AT_BORDER_M, "along_m": ALONG_M}

PAIRS_OF_PLOTS = """
SELECT p.id, n.id FROM public.land_plot p CROSS JOIN public.networks_network n
WHERE p.id = ANY(%(plots)s::uuid[]) AND n.theme NOT IN ('road', 'rail')
"""
# A line can come nearer than the nearest known one only where the box of all lines that were touched is nearer.
PAIRS_OF_LINKS = """
WITH box AS (
    SELECT network_id, ST_SetSRID(ST_Extent(geom)::geometry, %(srid)s) AS geom
    FROM public.networks_link WHERE id = ANY(%(links)s::uuid[]) GROUP BY network_id
)
SELECT p.id, box.network_id FROM public.land_plot p JOIN box ON ST_DWithin(p.geom, box.geom, %(reach_m)s)
    JOIN public.networks_network n ON n.id = box.network_id AND n.theme NOT IN ('road', 'rail')
    LEFT JOIN public.serviceability_nearest known
        ON known.plot_id = p.id AND known.network_id = box.network_id AND known.audience = 0
WHERE known.id IS NULL OR ST_Distance(p.geom, box.geom) < known.distance_m
UNION
SELECT plot_id, network_id FROM public.serviceability_nearest WHERE link_id = ANY(%(links)s::uuid[])
"""
FORGET = """
DELETE FROM public.serviceability_nearest known
USING unnest(%(plots)s::uuid[], %(networks)s::uuid[]) AS pair (plot_id, network_id)
WHERE known.plot_id = pair.plot_id AND known.network_id = pair.network_id
"""
RUN_ALONG = """
INSERT INTO public.serviceability_alongside (plot_id, network_id, asset_type_id, link_id, kind, name)
SELECT p.id, l.network_id, l.asset_type_id, l.id,
    coalesce(l.attributes ->> 'road_class', l.attributes ->> 'rail_use', ''), l.label
FROM public.networks_network n
    JOIN public.networks_link l ON l.network_id = n.id AND l.status = 'functional' AND l.role <> 'private'
    JOIN public.land_plot p ON ST_DWithin(p.geom, l.geom, %(along_m)s)
WHERE n.theme IN ('road', 'rail') AND {}
"""


@transaction.atomic
def rebuild() -> int:
    """Derive everything anew, while publications wait as for each other; how many rows there are of nearest lines."""
    apply.lock()
    Nearest.objects.all().delete()
    for plots in _batches(Plot.objects.order_by("pk").values_list("pk", flat=True), PLOTS_AT_ONCE):
        _derive(_rows(PAIRS_OF_PLOTS, plots=plots))
    Alongside.objects.all().delete()
    _run(RUN_ALONG.format("TRUE"))
    return Nearest.objects.count()


def fill(**_signal: Any) -> None:
    """After migrations: an installation that has plots and networks from before this table gets it filled."""
    # Migrations may have been taken back.
    if not {model._meta.db_table for model in (Nearest, Plot, Link)} <= set(connection.introspection.table_names()):
        return
    if not Nearest.objects.exists() and Plot.objects.exists() and Link.objects.exists():
        rebuild()


def after_publication(ids: Mapping[str, Sequence[UUID]], **_: Any) -> None:
    """Derive anew what the plots and lines of a publication have to do with; the others keep what they have."""
    plots, links = ids.get(Plot.registry(), []), ids.get(Link.registry(), [])
    if plots:
        Nearest.objects.filter(plot_id__in=plots).delete()
        _derive(_rows(PAIRS_OF_PLOTS, plots=plots))
    if links:
        _derive(_rows(PAIRS_OF_LINKS, links=links))
    if plots or links:
        _alongside(plots, links)


def _derive(pairs: Iterable[tuple[UUID, UUID]]) -> None:
    for some in _batches(pairs, PAIRS_AT_ONCE):
        sides = {"plots": [plot for plot, _network in some], "networks": [network for _plot, network in some]}
        _run(FORGET, **sides)
        _run(DERIVE, **sides)


def _alongside(plots: Sequence[UUID], links: Sequence[UUID]) -> None:
    touched = {"plots": list(plots), "links": list(links)}
    Alongside.objects.filter(Q(plot_id__in=plots) | Q(link_id__in=links)).delete()
    # Two statements, because an index answers each of them, and none both at once.
    if plots:
        _run(RUN_ALONG.format("p.id = ANY(%(plots)s::uuid[])"), **touched)
    if links:
        _run(RUN_ALONG.format("l.id = ANY(%(links)s::uuid[]) AND p.id <> ALL(%(plots)s::uuid[])"), **touched)


def _batches(items: Iterable[Any], size: int) -> Iterable[list[Any]]:
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some


def _rows(statement: str, **values: Any) -> list[tuple[UUID, UUID]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {**LENGTHS, "srid": Plot._meta.get_field("geom").srid, **values})
        return cursor.fetchall()


def _run(statement: str, **values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, {**LENGTHS, **values})
