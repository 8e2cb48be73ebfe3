"""A difference in a few numbers: how much of what, and where."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from psycopg import sql

from layers.differences.sides import Difference

ACTIONS = ("added", "changed", "removed")
EXTENT = """
SELECT placed, ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box) FROM
(SELECT count(DISTINCT item) AS placed, ST_Transform(ST_SetSRID(ST_Extent(geom_3857)::geometry, 3857), 4326) AS box
 FROM ({sides}) s) whole
"""


@dataclass(frozen=True)
class Summary:
    """`unplaced` of the things counted have no place on a map; `bounds` are west, south, east, north in degrees."""

    counts: dict[str, int]
    unplaced: int
    bounds: list[float] | None


def summary(difference: Difference) -> Summary:
    with connection.cursor() as cursor:
        cursor.execute(difference.counted)
        found = dict(cursor.fetchall())
        cursor.execute(sql.SQL(EXTENT).format(sides=difference.sides))
        placed, *box = cursor.fetchone()
    counts = {**dict.fromkeys(ACTIONS, 0), **found}
    bounds = [round(value, 7) for value in box] if box[0] is not None else None
    return Summary(counts, sum(counts.values()) - placed, bounds)
