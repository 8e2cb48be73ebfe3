"""The write guard: a trigger on each registry table that lets only the door pass.

It prevents accidents (a forgotten script, an ORM save in a view); it is not an authorisation boundary.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from psycopg import sql

from registries.core.records import registries

FUNCTION = """
CREATE OR REPLACE FUNCTION public.registry_write_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('registries.door', true) IS DISTINCT FROM 'open' THEN
        RAISE EXCEPTION 'Table % holds published truth and is written only by publishing a change set.', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege', HINT = 'Use registries.changes.door.';
    END IF;
    RETURN NULL;
END $$
"""


@contextmanager
def door_open() -> Iterator[None]:
    """Registry tables can be written within the block; only `registries.changes` uses it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('registries.door', 'open', true)")
        yield
        cursor.execute("SELECT set_config('registries.door', '', true)")


def guard_tables(**_: Any) -> None:
    """After migrations: every registry table has its guard."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FUNCTION)
        for model in registries().values():
            statement = sql.SQL(
                "CREATE OR REPLACE TRIGGER registry_write_guard BEFORE INSERT OR UPDATE OR DELETE ON public.{}"
                " FOR EACH STATEMENT EXECUTE FUNCTION public.registry_write_guard()"
            )
            cursor.execute(statement.format(sql.Identifier(model._meta.db_table)))
