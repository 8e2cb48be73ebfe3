"""Fills a database of its own with what speed is measured on: 50,000 parcels, 200,000 lines, 200,000 nodes.

    .venv/bin/python -m tests.bench.generate [--database gis_portal_bench] [--reset]

The server is that of DATABASE_URL (or the embedded cluster, started); only the name is changed. The rows go past the
door, without history: it is a load for measuring, so a name without “bench” is refused. Takes about half a minute; a
filled database is left as it is.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

STATEMENTS = Path(__file__).with_name("generate.sql")
# South-west corner in EPSG:7801; the middle lies at Targovishte.
PLACE = {"east": 576_890, "north": 4_781_040, "srid": 7801}
PARCELS, LINKS, NODES = 50_000, 200_000, 200_000


def arguments(text: str | None, database: str) -> argparse.ArgumentParser:
    """What a bench takes: its own text as help, and the database, `database` unless told."""
    parser = argparse.ArgumentParser(description=text, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", default=database)
    return parser


def use(database: str) -> None:
    """Point Django at `database` on the configured server."""
    if "bench" not in database:
        sys.exit(f"“{database}” does not look like a database for benchmarks: its name must contain “bench”.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_portal.settings")
    os.environ.setdefault("DEMO", "yes")
    settings.DATABASES["default"]["NAME"] = database
    django.setup()


def create(reset: bool) -> None:
    plain = str(settings.DATABASES["default"]["NAME"])
    name = connection.ops.quote_name(plain)
    with connection._nodb_cursor() as cursor:
        if reset:
            cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [plain])
        if not cursor.fetchone():
            cursor.execute(f"CREATE DATABASE {name}")
    call_command("migrate", verbosity=0)


def load(parcels: int = PARCELS, links: int = LINKS, nodes: int = NODES) -> None:
    """Write the rows and raise the revisions in one transaction, the door held open for it, and analyse the tables."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('registries.door', 'open', true)")
        cursor.execute(STATEMENTS.read_text(), {**PLACE, "parcels": parcels, "links": links, "nodes": nodes})
    with connection.cursor() as cursor:
        cursor.execute(
            "VACUUM ANALYZE land_parcel, networks_link, networks_node, land_zone, networks_network, core_revision"
        )


def is_filled() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM networks_link)")
        return bool(cursor.fetchone()[0])


def main() -> None:
    options = arguments(__doc__, "gis_portal_bench")
    options.add_argument("--reset", action="store_true", help="drop the database first")
    given = options.parse_args()
    use(given.database)
    create(given.reset)
    started = time.monotonic()
    if not is_filled():
        load()
    took = time.monotonic() - started
    sys.stdout.write(f"{given.database}: {PARCELS} parcels, {LINKS} lines, {NODES} nodes ({took:.0f} s)\n")


if __name__ == "__main__":
    main()
