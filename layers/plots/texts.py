"""Plots by what people remember of them: their code, their УПИ, a cadastral number of today or of old, a street.

As tolerant as the search of the map (`layers.search`), of which it takes how texts are folded and old numbers followed.
"""

from __future__ import annotations

from psycopg import sql

from layers.catalogue import Catalogue
from layers.query import Query, where
from layers.search import descendants, fold, like, number_parts

# 0 the very code, 1 its beginning, 2 a part of it or of a name, 3 a name that is alike.
BY_CODE = sql.SQL("""
SELECT t.id AS plot_id, CASE WHEN public.search_key(t.code) = {key} THEN 0
    WHEN public.search_key(t.code) LIKE {begins} THEN 1 ELSE 2 END AS rank
FROM land_plot t WHERE public.search_key(t.code) LIKE {holds} OR public.search_key(t.regulated_plot) LIKE {holds}
""")
# A plot tells its parcels; of one that does not, those that it covers.
BY_PARCEL = sql.SQL("""
SELECT m.plot_id, found.rank FROM land_plotparcel m JOIN ({parcels}) found ON found.id = m.parcel_id
UNION ALL
SELECT p.id, found.rank FROM land_plot p JOIN ({parcels}) found ON ST_Intersects(p.geom, found.geom)
WHERE NOT EXISTS (SELECT FROM land_plotparcel m WHERE m.plot_id = p.id)
    AND ST_Area(ST_Intersection(p.geom, found.geom)) > 1
""")
PARCELS = sql.SQL("""
SELECT t.id, t.geom, CASE WHEN t.id = ANY({former}::uuid[]) THEN 1
    WHEN public.search_key(t.national_cadastral_reference) = {key} THEN 0
    WHEN public.search_key(t.national_cadastral_reference) LIKE {begins} THEN 1 ELSE 2 END AS rank
FROM {source} WHERE {where} AND (public.search_key(t.national_cadastral_reference) LIKE {holds}
    OR t.address ILIKE {text} OR t.id = ANY({former}::uuid[]))
""")
# Streets are few beside the lines that they are drawn with.
BY_STREET = sql.SQL("""
SELECT a.plot_id, named.rank FROM public.serviceability_alongside a JOIN (
    SELECT name, CASE WHEN name ILIKE {holds} THEN 2 ELSE 3 END AS rank
    FROM (SELECT DISTINCT name FROM public.serviceability_alongside WHERE name <> '') every
    WHERE name ILIKE {holds} OR word_similarity({text}, name) > 0.6
) named ON named.name = a.name
WHERE a.network_id = ANY({networks}::uuid[]) AND a.asset_type_id = ANY({types}::varchar[])
""")


def ranks(catalogue: Catalogue, text: str) -> sql.Composable:
    """Plots that `text` names, with how well: `plot_id` and `rank`."""
    key = fold(text)
    parts = [_by_code(key)] if key else []
    if len(key) > 1:
        parts += _by_parcel(catalogue, text, key)
        parts += [] if catalogue.is_past else [_by_street(catalogue, text)]
    if not parts:
        return sql.SQL("SELECT NULL::uuid AS plot_id, 0 AS rank WHERE FALSE")
    every = sql.SQL(" UNION ALL ").join(parts)
    return sql.SQL("SELECT plot_id, min(rank) AS rank FROM ({}) named GROUP BY plot_id").format(every)


def _by_code(key: str) -> sql.Composable:
    # A single digit is part of every code.
    holds = f"%{like(key)}%" if len(key) > 1 else f"{like(key)}%"
    return BY_CODE.format(key=sql.Literal(key), begins=sql.Literal(f"{like(key)}%"), holds=sql.Literal(holds))


def _by_parcel(catalogue: Catalogue, text: str, key: str) -> list[sql.Composable]:
    layer = catalogue.get("parcels")
    if layer is None:
        return []
    parcels = PARCELS.format(
        former=sql.Literal([str(id) for id in descendants(number_parts(text))]),
        key=sql.Literal(key),
        begins=sql.Literal(f"{like(key)}%"),
        holds=sql.Literal(f"%{like(key)}%"),
        text=sql.Literal(f"%{like(text)}%"),
        source=layer.source,
        where=where(Query(layer=layer, reader=catalogue.reader)),
    )
    return [BY_PARCEL.format(parcels=parcels)]


def _by_street(catalogue: Catalogue, text: str) -> sql.Composable:
    return BY_STREET.format(
        holds=sql.Literal(f"%{like(text)}%"),
        text=sql.Literal(text),
        networks=sql.Literal([str(network) for network in catalogue.reader.networks]),
        types=sql.Literal([layer.key for layer in catalogue if layer.theme in ("road", "rail")]),
    )
