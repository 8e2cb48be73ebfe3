"""The search for plots: 5,000 of them, half on offer, among 450,000 features of networks and cadastre; all filters set,
every count, the page of matches and the whole HTML answer, against a limit of 300 ms.

    .venv/bin/python -m tests.bench.bench_search [--database gis_portal_bench_search] [--rounds 20]

Fills a database of its own (a few minutes), which is left for the next run. Prints also what the plan costs inside
PostgreSQL (EXPLAIN ANALYZE), the number of queries, and the processor time of both processes, which other load on the
machine does not change. With --derive also how long what lies near takes to derive: of all plots, and after the change
of one line and of one plot.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection, transaction
from django.http import QueryDict
from django.test import Client
from django.utils.timezone import localdate
from psycopg import sql

from tests.bench.generate import PLACE, arguments, create, is_filled, load, use

STATEMENTS = Path(__file__).with_name("plots.sql")
PLOTS = 5_000
LIMIT_MS = 300
SEARCHES = {
    "no filter": "",
    "one filter": "status=available",
    "ten filters": (
        "status=available&status=planned&right=sale&right=lease&right=rightToBuild&use=production&use=logistics"
        "&use=storage&area_min=0.2&area_max=2&area_unit=ha&price_m2_max=45&density_min=40&height_min=10"
        "&water=250&electricity=250&road=mainStreet&road=localStreet"
    ),
    "all filters": (
        "q=1&status=available&status=planned&status=reserved&right=sale&right=lease&right=rightToBuild&use=production"
        "&use=logistics&use=storage&area_min=0.2&area_max=2&area_unit=ha&price_min=100&price_m2_max=45&density_min=40"
        "&kint_min=1&height_min=10&greening_max=40&water=500&sewer=500&storm=500&gas=500&electricity=500&telecom=500"
        "&thermal=500&lighting=500&road=mainStreet&road=localStreet&rail=1&bounds=26,43,27,44"
    ),
    "nothing matches": "q=1-1&status=available&area_min=500000&water=0&rail=1",
    "text of a street": "q=ул. 117",
    "cadastral number": "q=73626.12",
}


def timed(call: Callable[[], Any], rounds: int) -> tuple[float, float]:
    """The middle and the longest of `rounds`, in ms."""
    call()
    took = []
    for _round in range(rounds):
        started = time.perf_counter()
        call()
        took.append((time.perf_counter() - started) * 1000)
    return statistics.median(took), max(took)


def fill() -> None:
    if not is_filled():
        load()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM land_plot")
        if cursor.fetchone()[0]:
            return
    call_command("load_catalogue", verbosity=0)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('registries.door', 'open', true)")
        cursor.execute(STATEMENTS.read_text(), {"plots": PLOTS, "srid": PLACE["srid"]})
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def derive() -> None:
    """What lies near: of all plots, of one line, of one plot."""
    nearest = import_module("registries.serviceability.nearest")
    started = time.perf_counter()
    rows = nearest.rebuild()
    sys.stdout.write(f"all plots: {rows} nearest lines in {time.perf_counter() - started:.1f} s\n")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE serviceability_nearest, serviceability_alongside")
    link = import_module("registries.networks.models").Link.objects.values_list("pk", flat=True)[77]
    plot = import_module("registries.land.models").Plot.objects.values_list("pk", flat=True)[77]
    for name, ids in (("one line", {"networks.link": [link]}), ("one plot", {"land.plot": [plot]})):
        middle, longest = timed(partial(nearest.after_publication, ids), 5)
        sys.stdout.write(f"{name} changed: {middle:.0f} ms (longest {longest:.0f})\n")


def searches(rounds: int) -> bool:
    """One connection is kept, so that its server process can be asked what it cost."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    find = import_module("layers.plots.search").find
    catalogue = import_module("layers.catalogue").catalogue_of(import_module("layers.access").reader_of(None))
    client, slow = Client(), False
    heads = ("search", "found", "queries", "SQL ms", "find ms", "page ms", "longest", "CPU ms")
    sys.stdout.write(f"{heads[0]:>18}" + "".join(f"{head:>9}" for head in heads[1:]) + "\n")
    for name, query in SEARCHES.items():
        terms = import_module("layers.plots.terms").Terms.read(QueryDict(query))
        found = find(catalogue, terms, 30, with_ids=True)
        ask = partial(client.get, f"/plots/?{query}")
        counted = queries(ask)
        inside, _longest = timed(partial(find, catalogue, terms, 30, with_ids=True), rounds)
        before = cpu_s()
        page, longest = timed(ask, rounds)
        cpu = (cpu_s() - before) / (rounds + 1) * 1000
        numbers = (found.count, counted, explained(catalogue, terms), inside, page, longest, cpu)
        sys.stdout.write(f"{name:>18}" + "".join(f"{number:>9.0f}" for number in numbers) + "\n")
        slow = slow or page > LIMIT_MS
    return not slow


def queries(ask: Callable[[], Any]) -> int:
    """How often `ask` asks the database, its second time."""
    ask()
    asked: list[str] = []

    def note(execute: Callable[..., Any], statement: str, *more: Any) -> Any:
        asked.append(statement)
        return execute(statement, *more)

    with connection.execute_wrapper(note):
        answer = ask()
    if answer.status_code != 200:
        sys.exit(answer.content.decode())
    return len(asked)


def cpu_s() -> float:
    """What this process and its PostgreSQL process have computed: other load on the machine does not count. Of a server
    elsewhere nothing is known.
    """
    stat = Path(f"/proc/{connection.connection.info.backend_pid}/stat")
    parts = stat.read_text().rpartition(")")[2].split() if stat.exists() else []
    return time.process_time() + (sum(map(int, parts[11:13])) / os.sysconf("SC_CLK_TCK") if parts else 0.0)


def explained(catalogue: Any, terms: Any) -> float:
    """What PostgreSQL says that the statement takes, planning and running, in ms."""
    module = import_module("layers.plots.statement")
    statement = module.whole(module.Plan(catalogue, terms, localdate(), 30, 0, True))
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {}").format(statement))
        plan = cursor.fetchone()[0]
    found = (json.loads(plan) if isinstance(plan, str) else plan)[0]
    return float(found["Planning Time"] + found["Execution Time"])


def main() -> None:
    options = arguments(__doc__, "gis_portal_bench_search")
    options.add_argument("--reset", action="store_true", help="drop the database first")
    options.add_argument("--rounds", type=int, default=20)
    options.add_argument("--derive", action="store_true", help="measure how long what lies near takes to derive")
    given = options.parse_args()
    use(given.database)
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.ALLOWED_HOSTS = ["testserver"]
    create(given.reset)
    fill()
    if given.derive:
        derive()
    sys.exit(0 if searches(given.rounds) else f"A search takes longer than {LIMIT_MS} ms.")


if __name__ == "__main__":
    main()
