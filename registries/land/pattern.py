"""The form of cadastral identifiers is a setting; after each migration the database holds the same form as a
constraint.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connection
from psycopg import sql

NAME = "land_parcel_reference"


def enforce(**_: Any) -> None:
    """Make the constraint on parcels' identifiers agree with `CADASTRAL_REFERENCE_PATTERN`; rows already there are
    checked too.
    """
    comment = settings.CADASTRAL_REFERENCE_PATTERN
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT obj_description(oid, 'pg_constraint') FROM pg_constraint"
            " WHERE conname = %s AND conrelid = %s::regclass",
            [NAME, "public.land_parcel"],
        )
        if cursor.fetchone() == (comment,):
            return
        names = {"name": sql.Identifier(NAME), "pattern": sql.Literal(comment)}
        for statement in (
            "ALTER TABLE public.land_parcel DROP CONSTRAINT IF EXISTS {name}",
            "ALTER TABLE public.land_parcel ADD CONSTRAINT {name} CHECK (national_cadastral_reference ~ {pattern})",
            "COMMENT ON CONSTRAINT {name} ON public.land_parcel IS {pattern}",
        ):
            cursor.execute(sql.SQL(statement).format(**names))
