"""Tiles per second: the whole stack against raw prepared `ST_AsMVT` and against TiPg, on the same tiles.

    .venv/bin/python -m tests.bench.generate
    python3 -m venv /somewhere/tipg && /somewhere/tipg/bin/pip install tipg uvicorn
    TIPG=/somewhere/tipg/bin .venv/bin/python -m tests.bench.bench_tiles [--database gis_portal_bench] [--seconds 3]

Two clients, two server processes, loopback only, nothing cached. The ways take turns in short rounds, so that other
load on the machine falls on all alike; ratios matter, not figures. TiPg is measured on the geometry in the registry's
CRS, as it would find it elsewhere (`tipg`), and on our stored Web Mercator column (`tipg-3857`). Without TIPG these two
are left out, and the output says so.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import psycopg
from django.conf import settings
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tests.bench.generate import PLACE, arguments, use

CLIENTS, ROUNDS = 2, 3
# Linux has it.
QUICK_ACK = getattr(socket, "TCP_QUICKACK", 0)
Tile = tuple[int, int, int]
Fetch = Callable[[Tile], int]
# The tiles of 20 km by 20 km around Targovishte: (first column, last column, first row, last row) at zoom 16.
AREA_16 = (37582, 37627, 23996, 24040)
ZOOMS = (13, 14, 16)
# What the stack's tiles hold: lines at every zoom, nodes from zoom 15 on, names where they are shown.
LINE = "ST_AsMVTGeom(geom_3857, ST_TileEnvelope($1, $2, $3), 4096, 64) AS geom"
FROM = "FROM {} WHERE geom_3857 && ST_TileEnvelope($1, $2, $3, margin => 0.015625)"
COLUMNS = {13: "status", 14: "id::text, status, asset_type_id", 16: "id::text, label, status, asset_type_id"}


def raw_statement(zoom: int) -> str:
    links = f"SELECT {COLUMNS[zoom]}{', diameter_mm' * (zoom > 14)}, {LINE} {FROM.format('networks_link')}"
    nodes = f"SELECT {COLUMNS[zoom]}, {LINE} {FROM.format('networks_node')}"
    statement = f"(SELECT ST_AsMVT(q, 'links', 4096, 'geom') FROM ({links}) q)"
    if zoom >= 15:
        statement += f" || (SELECT ST_AsMVT(q, 'nodes', 4096, 'geom') FROM ({nodes}) q)"
    return f"SELECT {statement}"


def raw(conninfo: str, zoom: int) -> Fetch:
    connection = psycopg.connect(conninfo, autocommit=True)
    connection.execute("SET jit = off; SET plan_cache_mode = force_generic_plan")
    connection.execute(f"PREPARE tile (int, int, int) AS {raw_statement(zoom)}")

    def fetch(tile: Tile) -> int:
        # Executed by name through the binary protocol: no client costs less.
        values = [str(number).encode() for number in tile]
        return len(connection.pgconn.exec_prepared(b"tile", values, result_format=1).get_value(0, 0) or b"")

    return fetch


def http(port: int, address: str, headers: str = "") -> Fetch:
    """GET over one kept connection; nothing is parsed but the length. Raises ValueError for what is no tile."""
    channel = socket.create_connection(("127.0.0.1", port))
    channel.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def fetch(tile: Tile) -> int:
        path = address.format(z=tile[0], x=tile[1], y=tile[2])
        if QUICK_ACK:
            # Or a server that sends head and body apart would wait 40 ms for each tile.
            channel.setsockopt(socket.IPPROTO_TCP, QUICK_ACK, 1)
        channel.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n".encode())
        answer = channel.recv(262144)
        head, _end, body = answer.partition(b"\r\n\r\n")
        status = head[9:12]
        if status == b"204":
            return 0
        if status != b"200":
            raise ValueError(f"{path}: {head.decode()}")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        missing = length - len(body)
        while missing > 0:
            missing -= len(channel.recv(missing))
        return length

    return fetch


def client(way: Callable[[], Fetch], tiles: list[Tile], seconds: float, queue: multiprocessing.Queue) -> None:
    fetch = way()
    for tile in tiles[:20]:
        fetch(tile)
    count = size = 0
    started = time.perf_counter()
    while time.perf_counter() - started < seconds:
        size += fetch(tiles[count % len(tiles)])
        count += 1
    queue.put((count / (time.perf_counter() - started), size / count))


def measure(way: Callable[[], Fetch], tiles: list[Tile], seconds: float) -> tuple[float, float]:
    """Tiles per second of all clients together, and bytes per tile."""
    queue: multiprocessing.Queue = multiprocessing.Queue()
    clients = [
        multiprocessing.Process(target=client, args=(way, tiles[number::CLIENTS], seconds, queue))
        for number in range(CLIENTS)
    ]
    for process in clients:
        process.start()
    for process in clients:
        process.join()
    if any(process.exitcode for process in clients):
        sys.exit("A client failed; see above.")
    found = [queue.get() for _ in clients]
    return sum(rate for rate, _size in found), sum(size for _rate, size in found) / len(found)


def tiles_at(zoom: int) -> list[Tile]:
    west, east, north, south = (number >> (16 - zoom) for number in AREA_16)
    every = [(zoom, x, y) for x in range(west + 1, east) for y in range(north + 1, south)]
    random.Random(zoom).shuffle(every)
    return every[:400]


@contextmanager
def server(command: list[str], port: int, environment: dict[str, str], log: str) -> Iterator[None]:
    """Runs `command` until the block ends; its output goes to `log`."""
    with Path(log).open("wb") as output:
        process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=output, stderr=output)
        try:
            for _attempt in range(150):
                time.sleep(0.2)
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
            else:
                sys.exit(f"{command[0]} does not answer; see {log}.")
            yield
        finally:
            process.terminate()
            process.wait()


def template(port: int) -> str:
    """The path of the stack's tiles, as its TileJSON tells it."""
    with urlopen(f"http://127.0.0.1:{port}/tiles/networks.json") as answer:
        found = answer.read().decode()
    return "/tiles/" + found.split('"tiles": ["')[1].split('"')[0].split("/tiles/")[1]


def conninfo() -> str:
    found = settings.DATABASES["default"]
    parts = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    return make_conninfo(**{name: found[key] or None for name, key in parts.items()})


def url(text: str) -> str:
    """The connection as a URL that libpq, asyncpg and pydantic read alike."""
    parts = {key: quote(str(value), safe="") for key, value in conninfo_to_dict(text).items()}
    person = f"{parts.get('user', '')}:{parts.get('password', '')}".strip(":")
    return f"postgresql://{person}@{parts.get('host', '')}:{parts.get('port', 5432)}/{parts['dbname']}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ways(stack: ExitStack, address: str) -> dict[str, Callable[[int], Callable[[], Fetch]]]:
    """Starts the servers; for each way and zoom, what makes a client."""
    python = Path(sys.executable).parent
    log = "/tmp/bench_{}.log"
    port, tipg_port = free_port(), free_port()
    environment = {"DATABASE_URL": url(address), "DEMO": "yes", "WEB_BIND": f"127.0.0.1:{port}", "WEB_PROCESSES": "2"}
    gunicorn = [str(python / "gunicorn"), "--config", "python:gis_portal.serve"]
    stack.enter_context(server(gunicorn, port, environment, log.format("stack")))
    path = template(port)
    found = {
        "raw": lambda zoom: lambda: raw(address, zoom),
        "stack": lambda zoom: lambda: http(port, path),
        "gzip": lambda zoom: lambda: http(port, path, "Accept-Encoding: gzip\r\n"),
    }
    if "TIPG" not in os.environ:
        sys.stdout.write("TIPG names no folder with uvicorn: the comparison with TiPg is skipped.\n")
        return found
    tipg = [str(Path(os.environ["TIPG"]) / "uvicorn"), "tipg.main:app", "--port", str(tipg_port), "--workers", "2"]
    table_for_tipg(address)
    quiet = ["--log-level", "warning", "--no-access-log"]
    options = {"DATABASE_URL": url(address), "TIPG_DB_MAX_CONN_SIZE": "2", "TIPG_DB_MIN_CONN_SIZE": "1"}
    stack.enter_context(server(tipg + quiet, tipg_port, options, log.format("tipg")))
    tiles = "/collections/public.{}/tiles/WebMercatorQuad/{{z}}/{{x}}/{{y}}?properties=id,label,status,diameter_mm"
    found["tipg"] = lambda zoom: lambda: http(tipg_port, tiles.format("bench_link"))
    stored = tiles.format("networks_link") + "&geom-column=geom_3857"
    found["tipg-3857"] = lambda zoom: lambda: http(tipg_port, stored)
    return found


def table_for_tipg(address: str) -> None:
    """The same lines in a column whose type tells its CRS, without which TiPg finds nothing."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS bench_link AS SELECT id, label, status, diameter_mm,"
            f" geom::geometry(LineString, {PLACE['srid']}) AS geom FROM networks_link"
        )
        connection.execute("CREATE INDEX IF NOT EXISTS bench_link_geom ON bench_link USING gist (geom)")
        connection.execute("ANALYZE bench_link")


def main() -> None:
    options = arguments(__doc__, "gis_portal_bench")
    options.add_argument("--seconds", type=float, default=3)
    given = options.parse_args()
    use(given.database)
    with ExitStack() as stack:
        known = ways(stack, conninfo())
        sys.stdout.write(f"{'zoom':>4} {'way':>9} {'tiles/s':>9} {'bytes':>9} {'of raw':>7} {'of tipg':>7}\n")
        for zoom in ZOOMS:
            rates, sizes = dict.fromkeys(known, 0.0), dict.fromkeys(known, 0.0)
            for _round in range(ROUNDS):
                for name, way in known.items():
                    rate, sizes[name] = measure(way(zoom), tiles_at(zoom), given.seconds)
                    rates[name] += rate / ROUNDS
            for name, rate in rates.items():
                tipg = f"{rate / rates['tipg']:7.2f}" if "tipg" in rates else f"{'-':>7}"
                line = f"{zoom:>4} {name:>9} {rate:9.1f} {sizes[name]:9.0f} {rate / rates['raw']:7.2f} {tipg}\n"
                sys.stdout.write(line)


if __name__ == "__main__":
    multiprocessing.set_start_method("spawn" if sys.platform == "darwin" else "fork")
    main()
