"""Pairs of features whose boxes meet, for rules that compare neighbours.

The overlaid views have no spatial index over a draft's own items, so the features to be judged are laid into an
indexed temporary
table first; what they are compared with is themselves and, by the table's index, everything published that the draft
leaves alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import connection
from psycopg import sql

from registries.core.overlay import uuids
from registries.core.records import Record

SUBJECTS = """
DROP TABLE IF EXISTS rule_touched, rule_subject;
CREATE TEMP TABLE rule_touched (id uuid PRIMARY KEY) ON COMMIT DROP;
INSERT INTO rule_touched SELECT unnest({ids}::uuid[]);
CREATE TEMP TABLE rule_subject ON COMMIT DROP AS
    SELECT {columns} FROM {table} t WHERE {ids}::uuid[] IS NULL OR t.id = ANY({ids}::uuid[]);
CREATE INDEX ON rule_subject USING gist (geom);
ANALYZE rule_subject
"""
PAIRS = """
SELECT s.id, s.geom, o.id AS other_id, o.geom AS other_geom FROM rule_subject s JOIN rule_subject o
  ON o.geom && s.geom AND o.id <> s.id AND {alike}
UNION ALL
SELECT s.id, s.geom, o.id, o.geom FROM rule_subject s JOIN public.{table} o
  ON o.geom && s.geom AND {alike}
WHERE {ids}::uuid[] IS NOT NULL AND NOT EXISTS (SELECT FROM rule_touched u WHERE u.id = o.id)
"""


def pairs(model: type[Record], ids: list[UUID] | None, alike: Sequence[str] = ()) -> sql.Composed:
    """SQL of (id, geom, other_id, other_geom), each pair from both sides, for the objects `ids` (None: all) of `model`.

    `alike` names columns in which both must agree. Holds until the end of the transaction or the next call.
    """
    names = {
        "ids": uuids(ids),
        "table": sql.Identifier(model._meta.db_table),
        "columns": sql.SQL(", ").join(sql.Identifier("t", name) for name in ("id", "geom", *alike)),
        "alike": sql.SQL(" AND ").join(
            [sql.SQL("TRUE"), *(sql.SQL("o.{0} = s.{0}").format(sql.Identifier(name)) for name in alike)]
        ),
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(SUBJECTS).format(**names))
    return sql.SQL("({})").format(sql.SQL(PAIRS).format(**names))
