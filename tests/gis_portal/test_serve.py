"""How gunicorn is told to serve."""

from __future__ import annotations

import runpy
import socket
from types import SimpleNamespace

import pytest


def test_a_client_that_stops_reading_loses_its_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else as many of them as there are threads would shut the portal for everybody."""
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "put back after the test")
    settings = runpy.run_module("gis_portal.serve")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        settings["when_ready"](SimpleNamespace(LISTENERS=[SimpleNamespace(sock=listener)]))
        with socket.create_connection(listener.getsockname()):
            accepted, _address = listener.accept()
            with accepted:
                assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 30_000
    settings["on_exit"](None)
