"""Plots beside one plot: those that share a border with it and can be had, and what lies where a plot once was."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from psycopg import sql

from registries.land.models import PlotStatus

# A common corner is no common border.
SHARED_M = 1.0
MOST = 12
FREE_BESIDE = """
SELECT o.id, o.code, z.code, o.area_m2, o.permitted_use, o.status
FROM land_plot p JOIN land_plot o ON o.id <> p.id AND o.status = {available} AND ST_DWithin(o.geom, p.geom, 0.05)
JOIN land_zone z ON z.id = o.zone_id
WHERE p.id = {plot} AND ST_Length(ST_Intersection(ST_Boundary(o.geom), ST_Buffer(p.geom, 0.05))) > {shared}
ORDER BY z.code, length(o.code), o.code LIMIT {most}
"""


@dataclass(frozen=True)
class Beside:
    id: UUID
    code: str
    zone: str
    area_m2: float
    permitted_use: str
    status: str


def free_beside(plot_id: UUID) -> list[Beside]:
    """The plots by which this one could be extended: they share a border with it and are available."""
    statement = sql.SQL(FREE_BESIDE).format(
        plot=sql.Literal(plot_id),
        available=sql.Literal(PlotStatus.AVAILABLE.value),
        shared=sql.Literal(SHARED_M),
        most=sql.Literal(MOST),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [Beside(*row) for row in cursor.fetchall()]
