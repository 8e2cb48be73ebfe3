"""Few threads make papers, so that the others go on serving the map."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from gis_portal.pages.plots import takeaway
from registries.core.errors import Unavailable


def test_one_waits_for_its_turn_and_gets_it(monkeypatch: Any):
    monkeypatch.setattr(takeaway, "PATIENCE_S", 20)
    with ThreadPoolExecutor() as pool:
        with takeaway.few(), takeaway.few():
            waiting = pool.submit(enter)
            assert not waiting.done()
        assert waiting.result(20)


def test_whoever_comes_when_one_waits_is_refused_at_once(monkeypatch: Any):
    monkeypatch.setattr(takeaway, "PATIENCE_S", 20)
    with takeaway.few(), takeaway.few(), takeaway.WAITING:
        before = time.monotonic()
        with pytest.raises(Unavailable):
            enter()
        assert time.monotonic() - before < 5


def enter() -> bool:
    with takeaway.few():
        return True
