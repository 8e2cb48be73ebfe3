"""The short way before Django gives what the long way gives, and takes nobody who may be somebody."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from django.test import Client

from layers.tiles.lane import TileLane
from tests.layers.tiles.conftest import Place, address
from tests.layers.tiles.decoding import tile_of


class Way:
    """A lane whose long way only says that it was taken, and what was counted."""

    def __init__(self) -> None:
        self.counted: list[int] = []
        self.told: list[tuple[str, dict[str, str]]] = []
        self.lane = TileLane(self.long, lambda status, _seconds: self.counted.append(status))

    def long(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("299 The long way", [])
        return [b""]

    def get(self, path: str, **more: str) -> tuple[str, dict[str, str], bytes]:
        def start(status: str, headers: list[tuple[str, str]], *_more: Any) -> Any:
            self.told.append((status, dict(headers)))

        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "wsgi.input": io.BytesIO(), **more}
        body = b"".join(self.lane(environ, start))
        return *self.told[-1], body


@pytest.fixture
def way() -> Way:
    return Way()


@pytest.fixture
def path(client: Client, place: Place) -> str:
    found: str = address(client, "zone", tile_of(place.pipe.geom, 16)).removeprefix("http://testserver")
    return found


def test_a_tile_is_that_of_the_long_way(way: Way, client: Client, path: str) -> None:
    status, headers, body = way.get(path)
    long = client.get(path)
    assert (status, body) == ("200 OK", long.content)
    assert headers.items() <= dict(long.headers).items()
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert way.counted == [200]


def test_what_is_known_is_304(way: Way, path: str) -> None:
    _status, headers, _body = way.get(path)
    assert way.get(path, HTTP_IF_NONE_MATCH=headers["ETag"])[0] == "304 Not Modified"


def test_nothing_there_is_204(way: Way, place: Place) -> None:
    assert way.get("/tiles/zone/1/16/0/0.mvt")[::2] == ("204 No Content", b"")


@pytest.mark.parametrize(
    "more",
    [
        {"HTTP_COOKIE": "django_language=bg; sessionid=abc"},
        {"HTTP_AUTHORIZATION": "Basic b2xlbmE6eA=="},
        {"REQUEST_METHOD": "POST"},
        {"REQUEST_METHOD": "HEAD"},
    ],
)
def test_who_may_be_somebody_takes_the_long_way(way: Way, path: str, more: dict[str, str]) -> None:
    assert way.get(path, **more)[0] == "299 The long way"
    assert way.counted == []


@pytest.mark.parametrize(
    "address",
    ["/", "/tiles/zone.json", "/tiles/zone/1/23/0/0.mvt", "/tiles/nothing/1/0/0/0.mvt", "/tiles/zone/1/0.mvt"],
)
def test_what_is_no_tile_takes_the_long_way(way: Way, zone: object, address: str) -> None:
    assert way.get(address)[0] == "299 The long way"
