"""The portal's processes live and die together."""

import http.server
import os
import signal
import sys
import threading

import pytest

from gis_portal.setup import processes
from gis_portal.setup.errors import SetupError

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture(autouse=True)
def signals_as_before():
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


def test_when_one_ends_the_watch_ends_and_the_others_are_stopped(tmp_path):
    commands = {"web": SLEEP, "jobs": [sys.executable, "-c", "raise SystemExit(7)"]}
    with processes.running(commands, tmp_path) as watch:
        with pytest.raises(SetupError, match="'jobs' ended with code 7"):
            watch.for_ever()
        assert watch.processes["web"].poll() is None
    assert watch.processes["web"].returncode == -signal.SIGTERM


def test_ctrl_c_stops_all_and_is_no_error(tmp_path):
    with processes.running({"web": SLEEP, "jobs": SLEEP}, tmp_path) as watch:
        started = list(watch.processes.values())
        os.kill(os.getpid(), signal.SIGINT)
        watch.for_ever()
    assert [process.returncode for process in started] == [-signal.SIGTERM, -signal.SIGTERM]


def test_an_error_page_is_an_answer_too(tmp_path):
    server = http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
    threading.Thread(target=server.handle_request, daemon=True).start()
    with processes.running({"web": SLEEP}, tmp_path) as watch:
        watch.until_answering(f"http://127.0.0.1:{server.server_port}/")
    server.server_close()


def test_waiting_for_an_answer_ends_with_the_process(tmp_path):
    dead = {"web": [sys.executable, "-c", "raise SystemExit(1)"]}
    with pytest.raises(SetupError, match="'web' ended with code 1"), processes.running(dead, tmp_path) as watch:
        watch.until_answering("http://127.0.0.1:1/")
