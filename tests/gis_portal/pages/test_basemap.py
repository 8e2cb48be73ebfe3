import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core.exceptions import ImproperlyConfigured

from gis_portal import env
from gis_portal.pages import basemap


def basemap_at(url: str) -> env.Basemap:
    return env.Basemap(url, "Ортофото", "Orthophoto", "© Nobody", 19)


class TileServer(BaseHTTPRequestHandler):
    asked: list[str] = []
    kind = "image/png"

    def do_GET(self) -> None:
        type(self).asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", type(self).kind)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def tiles() -> Iterator[str]:
    """The address of a background map on this machine."""
    server = HTTPServer(("127.0.0.1", 0), TileServer)
    TileServer.asked, TileServer.kind = [], "image/png"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/{{z}}/{{x}}/{{y}}.png"
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def nothing_known() -> None:
    basemap._known.clear()


def available(client) -> bool:
    return client.get("/map/basemap?key=1").json()["available"]


def test_a_map_that_answers_is_available(client, db, settings, tiles):
    settings.BASEMAPS = [basemap_at(tiles)]
    assert available(client)
    assert TileServer.asked == ["/0/0/0.png"]


def test_it_is_asked_once_in_a_while(client, db, settings, tiles):
    settings.BASEMAPS = [basemap_at(tiles)]
    assert available(client)
    assert available(client)
    assert len(TileServer.asked) == 1


def test_a_map_that_cannot_be_reached_is_not_available(client, db, settings):
    settings.BASEMAPS = [basemap_at("http://127.0.0.1:9/{z}/{x}/{y}.png")]
    assert not available(client)


def test_a_page_that_is_no_picture_is_no_map(client, db, settings, tiles):
    settings.BASEMAPS = [basemap_at(tiles)]
    TileServer.kind = "text/html"
    assert not available(client)


def test_without_a_map_nobody_is_asked(client, db, settings):
    settings.BASEMAPS = []
    assert not available(client)


@pytest.mark.parametrize(
    ("address", "origins"),
    [
        ("https://tile.example/{z}/{x}/{y}.png", ["https://tile.example"]),
        ("https://{s}.tile.example:8443/{z}/{x}/{y}.png", ["https://*.tile.example:8443"]),
        ("", []),
    ],
)
def test_the_content_security_policy_admits_just_its_host(address, origins):
    assert env.origins(address) == origins


@pytest.mark.parametrize(
    "address", ["ftp://x/", "tile.example", "file:///etc/passwd", "javascript:alert(1)", "http://"]
)
def test_an_address_that_is_none_stops_the_start(monkeypatch, address):
    monkeypatch.setenv("BASEMAP_URL", address)
    with pytest.raises(ImproperlyConfigured, match="BASEMAP_URL"):
        env.web_address("BASEMAP_URL", "https://tile.example/")


def test_none_means_a_plain_ground(monkeypatch):
    monkeypatch.setenv("BASEMAP_URL", "none")
    assert env.basemaps() == []


@pytest.fixture
def unset(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in [name for name in os.environ if name.startswith("BASEMAP_")]:
        monkeypatch.delenv(name)
    return monkeypatch


def test_by_default_there_is_none(unset: pytest.MonkeyPatch):
    assert env.basemaps() == []


def test_several_can_be_chosen_from_and_none_needs_a_name(unset: pytest.MonkeyPatch):
    unset.setenv("BASEMAP_URL", "https://tile.example/{z}/{x}/{y}.png")
    unset.setenv("BASEMAP_3_URL", "https://photo.example/{z}/{x}/{y}.jpg")
    unset.setenv("BASEMAP_3_NAME", "Ортофото")
    unset.setenv("BASEMAP_3_NAME_EN", "Orthophoto")
    unset.setenv("BASEMAP_3_MAX_ZOOM", "21")
    first, second = env.basemaps()
    assert (first.title("bg"), first.title("en"), first.max_zoom) == ("tile.example", "tile.example", 19)
    assert (second.title("bg"), second.title("en"), second.max_zoom) == ("Ортофото", "Orthophoto", 21)


@pytest.mark.parametrize("key", ["", "0", "2", "x"])
def test_a_map_that_is_not_there_cannot_be_asked_for(client, db, settings, tiles, key):
    settings.BASEMAPS = [basemap_at(tiles)]
    assert client.get(f"/map/basemap?key={key}").status_code == 400
