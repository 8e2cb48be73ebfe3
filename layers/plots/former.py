"""Plots by their code as people write it, and what became of those that are no more."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import F, Func, TextField, Value
from django.utils.timezone import localdate
from psycopg import sql

from layers.plots.around import Beside
from layers.search import fold, like, number_parts
from registries.land.models import Plot, PlotStatus

MOST, CALLED_SO_MOST = 6, 50
NEAR_M = 1_000
# Less in common is what surveys differ by.
COMMON_M2 = 1.0
COLUMNS = sql.SQL("p.id, p.code, z.code, p.area_m2, p.permitted_use, p.status")
FORMER = """
SELECT h.object_id, h.row ->> 'code', z.code, z.name, COALESCE(z.name_en, ''), upper(h.period)
FROM public.core_history h LEFT JOIN land_zone z ON z.id = (h.row ->> 'zone_id')::uuid
WHERE h.registry = 'land.plot' AND public.search_key(h.row ->> 'code') = {key}
  AND ({moment}::timestamptz IS NULL OR lower(h.period) <= {moment}::timestamptz)
  AND NOT EXISTS (SELECT FROM land_plot p WHERE p.id = h.object_id)
ORDER BY h.row ->> 'code' = {code} DESC, h.version DESC LIMIT 1
"""
# Zeros before a number, in Python and in PostgreSQL.
ZEROS = re.compile(r"(^|[^0-9])0+(?=[0-9])")
# The latest outline that the registry knows of a plot.
OUTLINE = sql.SQL(
    "(SELECT geom FROM public.core_history WHERE registry = 'land.plot' AND object_id = {}"
    " ORDER BY version DESC LIMIT 1)"
)
# Parcels that the plot ever took in, and all that came from them.
SUCCESSORS = """
WITH RECURSIVE led(id) AS (
    SELECT (h.row ->> 'parcel_id')::uuid FROM public.core_history h
    WHERE h.registry = 'land.plotparcel' AND h.row ->> 'plot_id' = {id}::text
    UNION SELECT l.child_id FROM land_parcellineage l JOIN led ON l.parent_id = led.id
), shape AS (SELECT {outline} AS geom)
SELECT {columns} FROM land_plot p JOIN land_zone z ON z.id = p.zone_id, shape
WHERE p.id <> {id}::uuid AND p.status <> {withdrawn} AND (
    (ST_Intersects(p.geom, shape.geom) AND ST_Area(ST_Intersection(p.geom, shape.geom)) > {common})
    OR p.id IN (SELECT pp.plot_id FROM land_plotparcel pp JOIN led ON led.id = pp.parcel_id))
ORDER BY ST_Area(ST_Intersection(p.geom, shape.geom)) DESC, length(p.code), p.code LIMIT {most}
"""
FREE_NEAR = """
SELECT {columns} FROM land_plot p JOIN land_zone z ON z.id = p.zone_id, (SELECT {outline} AS geom) shape
WHERE p.id <> {id}::uuid AND p.status = {available} AND ST_DWithin(p.geom, shape.geom, {near})
ORDER BY ST_Distance(p.geom, shape.geom), length(p.code), p.code LIMIT {most}
"""
ALIKE = """
SELECT {columns} FROM land_plot p JOIN land_zone z ON z.id = p.zone_id
WHERE p.status <> {withdrawn}
  AND (p.code LIKE {block} OR similarity(public.search_key(p.code), {key}) > 0.3)
ORDER BY p.code LIKE {block} DESC, p.status = {available} DESC, similarity(public.search_key(p.code), {key}) DESC,
    length(p.code), p.code
LIMIT {most}
"""


@dataclass(frozen=True)
class Former:
    """A plot that the registry held and holds no more, or no more on offer: since when."""

    id: UUID
    code: str
    zone: str
    zone_name: str
    zone_name_en: str
    ended: date | None


def written(code: str) -> list[Plot]:
    """The plots that are called so, in every zone: by the very code, else as it may be written."""
    if not fold(code):
        return []
    found = _called(F("code"), fold(code)) or _called(_without_zeros(), fold(ZEROS.sub(r"\1", code)))
    very = [plot for plot in found if plot.code == code]
    parted = [plot for plot in found if number_parts(plot.code) == number_parts(code)]
    return very or parted or found


def meant(reference: str) -> list[Plot]:
    """The plots of `<zone>/<code>`, as browsers and links keep it, or of a code alone, which may have a slash, too."""
    zone, slash, code = reference.partition("/")
    of_zone = [plot for plot in written(code) if plot.zone.code == zone] if slash else []
    return of_zone or written(reference)


def _called(name: F | Func, key: str) -> list[Plot]:
    folded = Func(name, function="public.search_key", output_field=TextField())
    plots = Plot.objects.select_related("zone").order_by("zone__code", "code")
    return list(plots.alias(folded=folded).filter(folded=key)[:CALLED_SO_MOST])


def _without_zeros() -> Func:
    """`3-04` as `3-4`: zeros before a number are for sorting, and people leave them out."""
    pattern, kept, flags = Value(ZEROS.pattern), Value("\\1"), Value("g")
    return Func(F("code"), pattern, kept, flags, function="regexp_replace", output_field=TextField())


def former(code: str, moment: datetime | None) -> Former | None:
    """The plot of that code which is no more at `moment`, None being now."""
    key = fold(code)
    if not key:
        return None
    statement = sql.SQL(FORMER).format(key=sql.Literal(key), code=sql.Literal(code), moment=sql.Literal(moment))
    with connection.cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone()
    if row is None:
        return None
    id, name, zone, zone_name, zone_name_en, ended = row
    return Former(id, name, zone or "", zone_name or "", zone_name_en, localdate(ended) if ended else None)


def successors(id: UUID) -> list[Beside]:
    """What lies today where the plot lay, or on parcels that came from its own."""
    return _plots(SUCCESSORS, id)


def free_near(id: UUID) -> list[Beside]:
    return _plots(FREE_NEAR, id)


def alike(code: str) -> list[Beside]:
    """Plots of the same block, which is what stands before the number, and those whose code is nearly this one."""
    block = like(code.replace(" ", "").rpartition("-")[0])
    values = {"key": sql.Literal(fold(code)), "block": sql.Literal(f"{block}-%" if block else "")}
    return _run(sql.SQL(ALIKE).format(**values, **_common()))


def _plots(statement: str, id: UUID) -> list[Beside]:
    known = {"id": sql.Literal(str(id)), "outline": OUTLINE.format(sql.Literal(id))}
    return _run(sql.SQL(statement).format(**known, **_common()))


def _common() -> dict[str, sql.Composable]:
    return {
        "columns": COLUMNS,
        "withdrawn": sql.Literal(PlotStatus.WITHDRAWN.value),
        "available": sql.Literal(PlotStatus.AVAILABLE.value),
        "common": sql.Literal(COMMON_M2),
        "near": sql.Literal(NEAR_M),
        "most": sql.Literal(MOST),
    }


def _run(statement: sql.Composable) -> list[Beside]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [Beside(*row) for row in cursor.fetchall()]
