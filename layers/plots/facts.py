"""What plots are judged and counted by, as one SQL table with a row for each plot that the reader may see.

Of the offers the current one counts: published, and open today or later; of several the one that opens first, which is
the open one if there is one. Prices are turned into euros in total and per m²; those paid each year stay apart. An
empty building parameter means the zone's default. Areas count in whole m², prices in cents, as people read them.
"""

from __future__ import annotations

from datetime import date

from psycopg import sql

from layers.catalogue import Catalogue
from layers.layer import Layer
from layers.plots import texts
from layers.plots.parameters import UTILITIES
from layers.plots.terms import Terms
from layers.query import Query, where
from registries.land.models import BGN_PER_EUR, PER_AREA, YEARLY

OFFER = sql.SQL("""
SELECT DISTINCT ON (o.plot_id) o.plot_id, o."right", o.procedure, o.basis, o.vat_included,
    lower(o.open_period) AS open_from, upper(o.open_period) - 1 AS open_to, o.begin_lifespan_version AS offered_at,
    CASE WHEN o.basis = ANY({yearly}::varchar[]) THEN 'year' ELSE 'once' END AS period,
    o.basis = ANY({per_area}::varchar[]) AS is_per_m2,
    o.price / CASE o.currency WHEN 'EUR' THEN 1 WHEN 'BGN' THEN {rate} END AS eur
FROM land_offer o
WHERE {is_open} AND o.state = 'published' AND coalesce(upper(o.open_period), 'infinity') > {on}
ORDER BY o.plot_id, lower(o.open_period) NULLS FIRST
""")
NEAREST = sql.SQL("""
SELECT f.plot_id, {distances} FROM public.serviceability_nearest f JOIN public.networks_network n ON n.id = f.network_id
WHERE f.network_id = ANY({networks}::uuid[]) AND f.asset_type_id = ANY({types}::varchar[]) GROUP BY f.plot_id
""")
ALONGSIDE = sql.SQL("""
SELECT f.plot_id, array_agg(DISTINCT f.kind::text) FILTER (WHERE f.asset_type_id = ANY({roads}::varchar[])) AS roads,
    bool_or(f.kind = 'siding' AND f.asset_type_id = ANY({rails}::varchar[])) AS siding
FROM public.serviceability_alongside f WHERE f.kind <> '' AND f.network_id = ANY({networks}::uuid[]) GROUP BY f.plot_id
""")
FACTS = sql.SQL("""
SELECT t.id, t.code, t.regulated_plot, z.code AS zone, z.name AS zone_name, z.name_en AS zone_name_en, t.status,
    t.permitted_use AS use, round(t.area_m2) AS area, t.confirmed_on, t.geom,
    coalesce(t.density_max_pct, z.density_max_pct)::float8 AS density_min,
    coalesce(t.floor_area_ratio_max, z.floor_area_ratio_max)::float8 AS kint_min,
    coalesce(t.height_max_m, z.height_max_m)::float8 AS height_min,
    coalesce(t.greening_min_pct, z.greening_min_pct)::float8 AS greening_max,
    o."right", o.procedure, o.basis, o.period, o.vat_included, o.open_from, o.open_to,
    round(CASE WHEN o.is_per_m2 THEN o.eur * t.area_m2 ELSE o.eur END::numeric, 2)::float8 AS price,
    round(CASE WHEN o.is_per_m2 THEN o.eur ELSE o.eur / t.area_m2 END::numeric, 2)::float8 AS price_m2,
    coalesce(o.offered_at, t.begin_lifespan_version) AS changed_at, {near}, {rank} AS rank
FROM {source} JOIN land_zone z ON z.id = t.zone_id LEFT JOIN ({offers}) o ON o.plot_id = t.id {joins} WHERE {where}
""")


def facts(catalogue: Catalogue, plots: Layer, terms: Terms, on: date) -> sql.Composable:
    """The table: `plots` is the reader's layer of them, `on` the day of which offers are open."""
    searched = texts.ranks(catalogue, terms.q) if terms.q else None
    joins: list[sql.Composable] = []
    if not catalogue.is_past:
        joins += [sql.SQL("LEFT JOIN ({}) n ON n.plot_id = t.id").format(nearest(catalogue))]
        joins += [sql.SQL("LEFT JOIN ({}) a ON a.plot_id = t.id").format(alongside(catalogue))]
    if searched is not None:
        joins.append(sql.SQL("LEFT JOIN ({}) x ON x.plot_id = t.id").format(searched))
    return FACTS.format(
        near=sql.SQL(", ").join(known(catalogue)),
        rank=sql.SQL("NULL::int" if searched is None else "x.rank"),
        source=plots.source,
        offers=OFFER.format(
            rate=sql.Literal(BGN_PER_EUR),
            yearly=sql.Literal(sorted(one.value for one in YEARLY)),
            per_area=sql.Literal(sorted(one.value for one in PER_AREA)),
            is_open=sql.SQL("TRUE" if catalogue.get("offers") else "FALSE"),
            on=sql.Literal(on),
        ),
        joins=sql.SQL(" ").join(joins),
        where=where(Query(layer=plots, reader=catalogue.reader)),
    )


def known(catalogue: Catalogue) -> list[sql.Composable]:
    if catalogue.is_past:
        unknown = [sql.SQL("NULL::float8 AS {}").format(sql.Identifier(theme)) for theme in UTILITIES]
        return [*unknown, sql.SQL("'{}'::text[] AS roads"), sql.SQL("false AS siding")]
    near = [sql.SQL("n.{}").format(sql.Identifier(theme)) for theme in UTILITIES]
    return [*near, sql.SQL("coalesce(a.roads, '{}') AS roads"), sql.SQL("coalesce(a.siding, false) AS siding")]


def nearest(catalogue: Catalogue) -> sql.Composable:
    """The distance of each plot to the nearest line of each theme that the reader may see."""
    distances = [
        sql.SQL("min(f.distance_m) FILTER (WHERE n.theme = {}) AS {}").format(sql.Literal(theme), sql.Identifier(theme))
        for theme in UTILITIES
    ]
    types = [layer.key for layer in catalogue if layer.theme in UTILITIES]
    return NEAREST.format(
        distances=sql.SQL(", ").join(distances), networks=networks(catalogue), types=sql.Literal(types)
    )


def alongside(catalogue: Catalogue) -> sql.Composable:
    """The classes of the roads along each plot, and whether a siding is, as far as the reader may see these."""
    roads, rails = (
        [layer.key for layer in catalogue if layer.per_network and layer.column(name)]
        for name in ("road_class", "rail_use")
    )
    return ALONGSIDE.format(roads=sql.Literal(roads), rails=sql.Literal(rails), networks=networks(catalogue))


def networks(catalogue: Catalogue) -> sql.Composable:
    return sql.Literal([str(network) for network in catalogue.reader.networks])
