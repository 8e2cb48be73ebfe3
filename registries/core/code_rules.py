"""Values outside their code list, for the rules of each registry: lists are data and change after values were stored.

A list without any codes restricts nothing, as where attributes are checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.utils.translation import gettext_noop
from psycopg import sql

from registries.core.neighbours import about, rows
from registries.core.records import Record
from registries.core.rules import Finding, place_of

UNLISTED = gettext_noop(
    "“%(value)s” is not in the code list “%(code_list)s”. Choose one of its values, or have an administrator add it."
)
# `values` gives (id, geom, code_list, value).
STRAYS = """
SELECT v.id, ST_PointOnSurface(v.geom), v.code_list, v.value FROM {values} v
WHERE v.value <> '' AND EXISTS (SELECT FROM core_codevalue c WHERE c.code_list = v.code_list)
  AND NOT EXISTS (SELECT FROM core_codevalue c WHERE c.code_list = v.code_list AND c.value = v.value)
"""
COLUMN = "(SELECT t.id, t.geom, {code_list}::text AS code_list, t.{column} AS value FROM {table} t WHERE {about})"


def strays(values: sql.Composable, ids: list[UUID] | None) -> Iterator[Finding]:
    for object_id, place, code_list, value in rows(STRAYS, ids, values=values):
        point = place_of(place) if place is not None else None
        yield Finding(object_id, point, {"value": value, "code_list": code_list})


def unlisted(model: type[Record], columns: dict[str, str], ids: list[UUID] | None) -> Iterator[Finding]:
    """What stands in `columns` (each with its code list) of `model` and is no code of the list."""
    for column, code_list in columns.items():
        values = sql.SQL(COLUMN).format(
            code_list=sql.Literal(code_list),
            column=sql.Identifier(column),
            table=sql.Identifier(model._meta.db_table),
            about=about(ids),
        )
        yield from strays(values, ids)
