"""How a process stays with connections, tried on a real gunicorn with one thread."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from threading import Event

import pytest

LISTENING = "Listening at: http://127.0.0.1:"


def application(environ: dict[str, object], start_response) -> list[bytes]:
    body = f"{environ['PATH_INFO']}".encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    command = [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0", "--threads", "1"]
    command += ["--worker-class", "gis_portal.workers.StayingWorker", "--logger-class", "gis_portal.workers.Log"]
    command += ["--no-control-socket", f"{__name__}:application"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        line = next(line for line in server.stderr if LISTENING in line)
        yield int(line.partition(LISTENING)[2].split()[0])
        server.terminate()


def ask(connection: HTTPConnection, path: str) -> str:
    connection.request("GET", path)
    return connection.getresponse().read().decode()


def test_a_kept_connection_is_answered_again_and_again(port: int):
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    assert [ask(connection, f"/{number}") for number in range(50)] == [f"/{number}" for number in range(50)]
    connection.close()


def test_one_who_asks_without_pause_keeps_nobody_else_out(port: int):
    done = Event()

    def hammer() -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        while not done.is_set():
            ask(connection, "/again")
        connection.close()

    with ThreadPoolExecutor() as people:
        running = people.submit(hammer)
        try:
            late = HTTPConnection("127.0.0.1", port, timeout=10)
            assert [ask(late, "/late") for _turn in range(20)] == ["/late"] * 20
            late.close()
        finally:
            done.set()
        running.result()
