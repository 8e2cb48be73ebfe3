"""What a past day costs: tiles, pages of features and the list of plots as of a day, each against the same of today.

    .venv/bin/python -m tests.bench.bench_past [--database gis_portal_bench_past] [--seconds 4]

The first run fills the database (`tests.bench.generate`) and gives every object a history. The target (issue 3) is that
a past day costs at most three times as much. Both are asked in turns within one process, so that other load on the
machine falls on both alike; nothing is cached.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import cycle
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from psycopg import sql

from tests.bench import generate
from tests.bench.bench_tiles import ZOOMS, tiles_at

STATEMENT = Path(__file__).with_name("past.sql")
DAY = "2026-06-01"
TURN = 5
Ask = Callable[[str], object]


def fill() -> None:
    """A present version of each object since the year began, and an earlier one of every fourth."""
    overlay = import_module("registries.core.overlay")
    records = import_module("registries.core.records")
    user, _made = import_module("registries.core.models").User.objects.get_or_create(username="bench")
    text = STATEMENT.read_text()
    with transaction.atomic(), connection.cursor() as cursor:
        for model in records.registries().values():
            names = [column.column for column in overlay.plain_columns(model)]
            values = {
                "registry": sql.Literal(model.registry()),
                "publisher": sql.Literal(user.pk),
                "columns": overlay.identifiers(names, "t"),
                "geom": sql.SQL("t.geom" if overlay.has_geom(model) else "NULL"),
                "table": sql.Identifier(model._meta.db_table),
            }
            cursor.execute(sql.SQL(text).format(**values))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE core_history")


def is_filled() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM core_history)")
        return bool(cursor.fetchone()[0])


def questions() -> Iterator[tuple[str, Ask, list[str]]]:
    """Name, how it is asked, and the addresses without `at`."""
    lane, client = public_lane(), import_module("django.test").Client(SERVER_NAME="127.0.0.1")

    def page(address: str) -> object:
        return b"".join(client.get(address).streaming_content)

    for zoom in ZOOMS:
        tiles = [f"/tiles/networks/-/{z}/{x}/{y}.mvt?" for z, x, y in tiles_at(zoom)]
        yield f"tile at zoom {zoom}", lane, tiles
    pages = [f"?limit=100&offset={n * 100}" for n in range(20)]
    yield "100 parcels", page, [f"/ogc/collections/parcels/items{part}&" for part in pages]
    boxes = [f"{25.9 + n / 100},43.1,{25.92 + n / 100},43.12" for n in range(20)]
    yield "pipes in a box", page, [f"/ogc/collections/water_pipe/items?limit=1000&bbox={box}&" for box in boxes]
    yield "list of plots", lambda address: client.get(address).content, ["/plots/?"]


def public_lane() -> Ask:
    answers = import_module("layers.tiles.lane")
    lane = answers.TileLane(lambda *_: sys.exit("The tile went the long way."), lambda *_: None)

    def ask(address: str) -> object:
        path, _mark, query = address.partition("?")
        environ: dict[str, Any] = {"PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": "GET"}
        return lane(environ, lambda *_: None)

    return ask


def compare(ask: Ask, addresses: list[str], seconds: float) -> tuple[float, float]:
    """Milliseconds for one answer of today and of the day."""
    spent, counts = [0.0, 0.0], [0, 0]
    each = [cycle(addresses), cycle(addresses)]
    ends = ["", f"at={DAY}" if "/ogc/" not in addresses[0] else f"datetime={DAY}"]
    for address in addresses[:10]:
        for end in ends:
            ask(address + end)
    while sum(spent) < seconds:
        for side, end in enumerate(ends):
            started = time.perf_counter()
            for _turn in range(TURN):
                ask(next(each[side]) + end)
            spent[side] += time.perf_counter() - started
            counts[side] += TURN
    return spent[0] / counts[0] * 1000, spent[1] / counts[1] * 1000


def main() -> None:
    options = generate.arguments(__doc__, "gis_portal_bench_past")
    options.add_argument("--seconds", type=float, default=4)
    given = options.parse_args()
    generate.use(given.database)
    generate.create(reset=False)
    if not generate.is_filled():
        generate.load()
    if not is_filled():
        fill()
    import_module("django.conf").settings.PUBLIC_HISTORY = True
    sys.stdout.write(f"{'':>18} {'today ms':>9} {'past ms':>9} {'times':>6}\n")
    for name, ask, addresses in questions():
        today, past = compare(ask, addresses, given.seconds)
        sys.stdout.write(f"{name:>18} {today:9.2f} {past:9.2f} {past / today:6.2f}\n")


if __name__ == "__main__":
    main()
