"""A few requests for the largest picture must not take all memory."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaiting

import pytest
from django.db import connection
from django.test import Client

from layers.maps.views import LARGE
from tests.layers.maps.conftest import ask, box

AREA = box(0, 0, 1000, 1000)
PATIENCE_S = 20


def asked(size: tuple[int, int]) -> str:
    try:
        return ask(Client(), "plots", AREA, size)["Content-Type"]
    finally:
        connection.close()


def test_a_large_map_waits_for_another(db: None) -> None:
    with ThreadPoolExecutor(1) as pool:
        with LARGE:
            waiting = pool.submit(asked, (1500, 1500))
            with pytest.raises(StillWaiting):
                waiting.result(2)
        assert waiting.result(PATIENCE_S) == "image/png"


def test_a_map_for_a_screen_waits_for_none(db: None) -> None:
    with LARGE, ThreadPoolExecutor(1) as pool:
        assert pool.submit(asked, (1200, 900)).result(PATIENCE_S) == "image/png"


def test_the_description_waits_for_none(db: None, client: Client) -> None:
    with LARGE:
        assert client.get("/ows/wms?SERVICE=WMS&REQUEST=GetCapabilities&WIDTH=9999&HEIGHT=x").status_code == 200
