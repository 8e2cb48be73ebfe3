"""An import of 20,000 features, from a file to a published change set.

    .venv/bin/python -m tests.bench.bench_import [--features 20000] [--database gis_portal_bench_import]

Three GeoPackages are generated and imported by the command that people use: parcels, pipes with attributes, and
hydrants where the pipes meet; then the pipes once more, which changes nothing. The target (issue 2) is under 60 s for
each on 2 cores. The seconds of the processors are told too, because other load on the machine does not lengthen them.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import geopandas
from django.core.management import call_command
from django.db import connection
from shapely import LineString, Point, Polygon

from tests.bench.generate import PLACE, arguments, create, use

# Of the net of parcels, with streets between them.
STEP_M, SIDE_M, IN_A_ROW = 60, 50, 200


@dataclass(frozen=True)
class Clocks:
    """Seconds on the wall, of this process, and of its PostgreSQL backend."""

    wall: float
    python: float
    postgres: float

    @classmethod
    def now(cls) -> Clocks:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (backend,) = cursor.fetchone()
        fields = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()
        # Fields 14 and 15 of proc(5), counted from behind the name: user and system time.
        postgres = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        return cls(time.perf_counter(), time.process_time(), postgres)

    def since(self, start: Clocks) -> str:
        spent = (self.wall - start.wall, self.python - start.python, self.postgres - start.postgres)
        return "{:6.1f} s (Python {:.1f} s, PostgreSQL {:.1f} s of processor)".format(*spent)


def corners(count: int) -> Iterator[tuple[float, float]]:
    for number in range(count):
        row, column = divmod(number, IN_A_ROW)
        yield PLACE["east"] + STEP_M * column, PLACE["north"] + STEP_M * row


def parcels(count: int) -> list[dict[str, Any]]:
    return [
        {
            "nationalCadastralReference": f"73626.{100 + number // 999}.{1 + number % 999}",
            "label": str(1 + number % 999),
            "geometry": Polygon([(x, y), (x + SIDE_M, y), (x + SIDE_M, y + SIDE_M), (x, y + SIDE_M)]),
        }
        for number, (x, y) in enumerate(corners(count))
    ]


def pipes(count: int) -> list[dict[str, Any]]:
    return [
        {
            "id": number,
            "label": f"В-{number}",
            "diameter_mm": (63, 90, 110, 160)[number % 4],
            "material": ("PE", "steel")[number % 2],
            "geometry": LineString([(x, y), (x + STEP_M / 2, y + 1), (x + STEP_M, y)]),
        }
        for number, (x, y) in enumerate(corners(count))
    ]


def hydrants(count: int) -> list[dict[str, Any]]:
    return [
        {"id": number, "label": f"ПХ-{number}", "geometry": Point(*place)}
        for number, place in enumerate(corners(count))
    ]


def main() -> None:
    options = arguments(__doc__, "gis_portal_bench_import")
    options.add_argument("--features", type=int, default=20_000)
    given = options.parse_args()
    use(given.database)
    create(reset=True)
    # Its modules need the settings that `use` has made.
    import_module("registries.networks.catalogue").load()
    network = {"network": "Bench", "zone": "none"}
    with tempfile.TemporaryDirectory() as folder:
        for rows, to, more in (
            (parcels, "parcels", {"zone": "none"}),
            (pipes, "water_pipe", network),
            (hydrants, "water_hydrant", network),
            (pipes, "water_pipe", network),
        ):
            path = Path(folder) / f"{to}.gpkg"
            geopandas.GeoDataFrame(rows(given.features), crs="EPSG:7801").to_file(path, engine="pyogrio")
            start = Clocks.now()
            call_command("import_features", path, to=to, publish=True, **more)
            sys.stdout.write(f"==> {given.features} {to}: {Clocks.now().since(start)}\n")


if __name__ == "__main__":
    main()
