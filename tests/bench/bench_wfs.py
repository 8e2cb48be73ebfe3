"""A WFS download of 200,000 lines through the whole stack against psql's `COPY` of the same rows.

    .venv/bin/python -m tests.bench.generate
    .venv/bin/python -m tests.bench.bench_wfs [--database gis_portal_bench] [--rounds 3]

One client, one server process, loopback only. The lines lie in eight layers, read one after another. The ways take
turns, so that other load on the machine falls on all alike; ratios matter, not figures. Targets (issue 2): GeoJSON at
least 0.6 of `COPY` of `ST_AsGeoJSON(row)`, GML at least 0.4 of `COPY` of the same text; first byte under 0.1 s; memory
+20 MB at most.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.bench.bench_tiles import conninfo, free_port, server, url
from tests.bench.generate import arguments, use

CHUNK = 1 << 20
FORMATS = {"geojson": "geojson", "gml": "gml32"}


@dataclass
class Download:
    seconds: float
    first_byte: float
    size: int


def download(port: int, layer: str, output_format: str) -> Download:
    query = f"service=WFS&version=2.0.0&request=GetFeature&typeNames=zone:{layer}&srsName=EPSG:7801"
    connection = HTTPConnection("127.0.0.1", port)
    start = time.perf_counter()
    connection.request("GET", f"/ows/wfs?{query}&outputFormat={output_format}")
    answer = connection.getresponse()
    size = len(answer.read(1))
    first_byte = time.perf_counter() - start
    while block := answer.read(CHUNK):
        size += len(block)
    connection.close()
    return Download(time.perf_counter() - start, first_byte, size)


def psql(address: str, rows: str) -> float:
    """Seconds of psql's `COPY` of `rows` to nowhere."""
    script = f"SET jit = off; SET timezone = 'UTC';\nCOPY ({rows}) TO STDOUT;\n"
    start = time.perf_counter()
    subprocess.run(["psql", "-qX", address], input=script.encode(), stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def memory_mb(port: int, name: str) -> float:
    """`VmRSS` or `VmHWM` of the fattest process of the server at `port`: the one that answers."""
    found = [0.0]
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"WEB_BIND=127.0.0.1:{port}\0" in (folder / "environ").read_text():
                found.append(int((folder / "status").read_text().split(f"{name}:")[1].split()[0]) / 1024)
        except OSError:
            continue  # The process ended, or is not ours.
    return max(found)


def main() -> None:
    options = arguments(__doc__, "gis_portal_bench")
    options.add_argument("--rounds", type=int, default=3)
    given = options.parse_args()
    use(given.database)
    # Its modules need the settings that `use` has made.
    rows = import_module("tests.bench.wfs_rows").rows()
    address, port = conninfo(), free_port()
    environment = {
        "DATABASE_URL": url(address),
        "DEMO": "yes",
        "WEB_BIND": f"127.0.0.1:{port}",
        "WEB_PROCESSES": "1",
    }
    command = [str(Path(sys.executable).parent / "gunicorn"), "--config", "python:gis_portal.serve"]
    with server(command, port, environment, "/tmp/bench_wfs.log"):
        compare(port, address, rows, given.rounds)


def compare(port: int, address: str, rows: Sequence[Any], rounds: int) -> None:
    for one in rows:
        download(port, one.layer, "geojson&count=100")
    before = memory_mb(port, "VmRSS")
    times: dict[str, list[float]] = {f"{way} {name}": [] for name in FORMATS for way in ("wfs", "psql")}
    first_bytes: dict[str, list[float]] = {name: [] for name in FORMATS}
    for _round in range(rounds):
        for name, output_format in FORMATS.items():
            got = [download(port, one.layer, output_format) for one in rows]
            times[f"wfs {name}"].append(sum(one.seconds for one in got))
            first_bytes[name] += [one.first_byte for one in got]
            times[f"psql {name}"].append(sum(psql(address, getattr(one, name)) for one in rows))
    for name in FORMATS:
        stack, plain = min(times[f"wfs {name}"]), min(times[f"psql {name}"])
        sys.stdout.write(
            f"{name:>8}: wfs {stack:6.2f} s, psql COPY {plain:6.2f} s, ratio {plain / stack:4.2f}; first byte"
            f" median {1000 * statistics.median(first_bytes[name]):.0f} ms,"
            f" worst {1000 * max(first_bytes[name]):.0f} ms\n"
        )
    sys.stdout.write(f"  memory: {before:.0f} MB before, peak +{memory_mb(port, 'VmHWM') - before:.1f} MB\n")


if __name__ == "__main__":
    main()
