"""A migrated database besides pytest's: for what commits, swaps databases, or runs in processes of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.db import connection, connections
from psycopg import sql

from gis_portal.ops.archive import server
from layers import assets, known


@contextmanager
def own_database(suffix: str, django_db_blocker: Any) -> Iterator[str]:
    """Django's default connection, that of new threads too, leads to it within the block; yields its name and drops it
    afterwards.
    """
    tested, shared = connections["default"], connections.settings["default"]
    before = shared["NAME"]
    name = f"{before}_{suffix}"
    with django_db_blocker.unblock(), server.session("postgres", autocommit=True) as maintenance:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        maintenance.execute(drop)
        maintenance.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        forget()
        connections["default"] = tested.copy()
        connection.settings_dict["NAME"] = shared["NAME"] = name
        try:
            call_command("migrate", verbosity=0)
            yield name
        finally:
            connection.close()
            connections["default"] = tested
            shared["NAME"] = before
            forget()
            maintenance.execute(drop)


def forget() -> None:
    """Both databases count their revisions from one: what this process knows of one would be taken for the other's."""
    known._extents.clear()
    known._counts.clear()
    assets._known.clear()
    assets._holders.clear()
