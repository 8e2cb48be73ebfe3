"""Pages, a box and a whole download of water pipes over WFS: ours against django-gisserver, MapServer and TiPg.

    .venv/bin/python -m tests.bench.generate
    PEERS=/folder .venv/bin/python -m tests.bench.bench_wfs_peers [--database gis_portal_bench] [--rounds 5]

`tests/bench/peers.py` says what belongs into the folder. One client, one process each, loopback only; the servers
take turns, so that other load falls on all alike; ratios matter, not figures. Targets (issue 4): GML at least 4 times
django-gisserver and 2.5 times MapServer, GeoJSON at least 3 times TiPg; the first byte of a download under 0.1 s; a
page of 500 in a box under 50 ms beyond its SQL.
"""

from __future__ import annotations

import statistics
import sys
import time
from contextlib import ExitStack
from http.client import HTTPConnection
from importlib import import_module
from typing import TYPE_CHECKING

from tests.bench.bench_tiles import conninfo
from tests.bench.generate import PLACE, arguments, use

if TYPE_CHECKING:
    from tests.bench.peers import Ask, Peer

PAGE, IN_BOX = 1_000, 500
FORMATS = ("gml", "geojson")
# What each feature has once.
MARKS = {"gml": b"<wfs:member>", "geojson": b'"geometry"'}


def fetch(peer: Peer, path: str, mark: bytes, features: int) -> tuple[float, float]:
    """Seconds to the first byte of the body and to the last. Exits if it has not that many features."""
    connection = HTTPConnection("127.0.0.1", peer.port)
    start = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    body = [answer.read(1)]
    first = time.perf_counter() - start
    while block := answer.read(1 << 20):
        body.append(block)
    last = time.perf_counter() - start
    connection.close()
    whole = b"".join(body)
    if answer.status != 200 or whole.count(mark) != features:
        sys.exit(f"{peer.name} {path}: {answer.status}, {whole.count(mark)} features, {whole[-300:]!r}")
    return first, last


def compare(peers: list[Peer], what: str, ask: Ask, features: int, rounds: int) -> None:
    for output_format in FORMATS:
        asked = [peer for peer in peers if output_format in peer.paths]
        times: dict[str, list[tuple[float, float]]] = {peer.name: [] for peer in asked}
        for _round in range(rounds):
            for peer in asked:
                times[peer.name].append(fetch(peer, peer.paths[output_format](ask), MARKS[output_format], features))
        best = {name: min(last for _first, last in found) for name, found in times.items()}
        for name, found in times.items():
            first = statistics.median(first for first, _last in found)
            sys.stdout.write(
                f"{what:>9} {output_format:>8} {name:>10} {features / best[name]:9.0f} features/s"
                f" first byte {1000 * first:7.1f} ms, last {1000 * best[name]:8.1f} ms,"
                f" ours is {best[name] / best['ours']:5.2f} times as fast\n"
            )


def main() -> None:
    options = arguments(__doc__, "gis_portal_bench")
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    use(given.database)
    # Its modules need the settings that `use` has made.
    made = import_module("tests.bench.peers")
    every = made.table(conninfo())
    with ExitStack() as stack:
        peers = made.running(stack)
        side = 4_000
        box = (
            PLACE["east"] + 8_000,
            PLACE["north"] + 8_000,
            PLACE["east"] + 8_000 + side,
            PLACE["north"] + 8_000 + side,
        )
        compare(peers, "warm", made.Ask(count=10), 10, 2)
        compare(peers, "page", made.Ask(start=PAGE, count=PAGE), PAGE, given.rounds)
        compare(peers, "box", made.Ask(box=box, count=IN_BOX), IN_BOX, given.rounds)
        compare(peers, "download", made.Ask(), every, max(1, given.rounds // 2))


if __name__ == "__main__":
    main()
