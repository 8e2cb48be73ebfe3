"""Anything may be typed into an address: each protocol answers in its own form, and none ever fails.

A view that raises fails these tests: Django's test client passes its exception on.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from layers.maps import configuration, editions

pytestmark = pytest.mark.django_db
# Each parameter with a value that is served: alone in being wrong, the others lead as deep as a request can come.
QUERIES: dict[str, dict[str, str]] = {
    "/ows/wfs": {
        "SERVICE": "WFS", "REQUEST": "GetFeature", "VERSION": "2.0.0", "TYPENAMES": "plots", "COUNT": "3",
        "STARTINDEX": "0", "SORTBY": "code", "BBOX": "42,25,44,27", "SRSNAME": "EPSG:4326", "PROPERTYNAME": "code",
        "OUTPUTFORMAT": "application/json", "RESULTTYPE": "results",
    },
    "/ows/wms": {
        "SERVICE": "WMS", "REQUEST": "GetMap", "VERSION": "1.3.0", "LAYERS": "plots", "STYLES": "",
        "CRS": "EPSG:3857", "BBOX": "2955000,5350000,2957000,5352000", "WIDTH": "32", "HEIGHT": "32",
        "FORMAT": "image/png", "TRANSPARENT": "TRUE", "BGCOLOR": "0xFFFFFF", "EXCEPTIONS": "XML", "LANGUAGE": "bul",
    },
    "/ows/wmts": {
        "SERVICE": "WMTS", "REQUEST": "GetTile", "VERSION": "1.0.0", "LAYER": "plots", "STYLE": "default",
        "TILEMATRIXSET": "GLOBAL_WEBMERCATOR", "TILEMATRIX": "5", "TILEROW": "11", "TILECOL": "18",
        "FORMAT": "image/png",
    },
    "/ogc/collections/plots/items": {
        "bbox": "25,42,27,44", "bbox-crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84", "limit": "3",
        "crs": "http://www.opengis.net/def/crs/EPSG/0/7801", "datetime": "2026-01-01/..", "offset": "0", "f": "json",
    },
    "/map/pick": {"lng": "26.5", "lat": "43.2", "zoom": "17", "layers": "plots"},
    "/map/search": {"q": "73626"},
    "/plots/": {"page": "1", "lang": "en"},
    "/": {"lang": "en"},
    "/styles/zone.json": {"lang": "en"},
    "/tiles/zone.json": {"lang": "en"},
}  # fmt: skip
PATHS = (
    "/ogc/collections/{}",
    "/ogc/collections/plots/items/{}",
    "/tiles/{}.json",
    "/tiles/zone/1/{}/0/0.mvt",
    "/tiles/zone/{}/1/0/0.mvt",
    "/styles/{}.json",
    "/map/feature/plots/{}",
    "/map/feature/{}/00000000-0000-4000-8000-000000000001",
    "/ows/wmts/plots/GLOBAL_WEBMERCATOR/{}/0/0.png",
    "/ows/wmts/{}/GLOBAL_WEBMERCATOR/1/0/0.png",
    "/static/{}",
    "/admin/{}/",
    "/{}",
)
KNOWN = (
    "\x00", "a\x00b", "'; DROP TABLE land_plot; --", "%s", "%(name)s", "{0}", "../../etc/passwd", "nan", "inf", "-inf",
    "1e400", "-1", "0", "9" * 40, "١٢", "1_0", "0x10", "1,2,3", "nan,nan,nan,nan", "-1e308,-1e308,1e308,1e308",
    "4,3,2,1", "170,-10,-170,10", "EPSG:0", "EPSG:99999999999", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00",
    "<script>alert(1)</script>", "\r\nSet-Cookie: a=b", "A" * 4000, "(a)(b)", ",", "*",
)  # fmt: skip
odd = st.one_of(
    st.sampled_from(KNOWN),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    st.floats().map(str),
    st.lists(st.floats(), min_size=4, max_size=4).map(lambda found: ",".join(map(str, found))),
)
often = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(autouse=True)
def maps_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (editions, configuration):
        monkeypatch.setattr(module, "CACHE_DIR", tmp_path)


def is_answered(client: Client, address: str) -> None:
    response = client.get(address, headers={"Accept": "*/*"})
    body = response.getvalue()
    assert response.status_code < 500
    assert b"Traceback" not in body
    if response.headers.get("Content-Type", "").startswith("text/html"):
        assert b"<script>alert" not in body
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("path", QUERIES)
@often
@given(st.data())
def test_no_parameter_breaks_an_answer(client: Client, path: str, data: st.DataObject) -> None:
    names = data.draw(st.lists(st.sampled_from(list(QUERIES[path])), min_size=1, max_size=2, unique=True))
    wrong = {name: data.draw(odd) for name in names}
    is_answered(client, f"{path}?{urlencode({**QUERIES[path], **wrong})}")


@pytest.mark.parametrize("path", PATHS)
@often
@given(st.one_of(odd.map(lambda text: quote(text, safe="")), st.binary(max_size=8).map(quote)))
@example("%FF%FE")
@example("%ED%A0%80")
def test_no_address_breaks_an_answer(client: Client, path: str, piece: str) -> None:
    is_answered(client, path.format(piece))


@pytest.mark.parametrize("path", QUERIES)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_no_method_breaks_an_answer(client: Client, path: str, method: str) -> None:
    response = client.generic(method, path, b"<a>&b;</a>", content_type="text/xml")
    assert response.status_code < 500


@pytest.mark.parametrize(
    "header",
    [
        {"Accept": "text/html;q=nan,*/*;q=1e999"},
        {"Accept": ";;;,"},
        {"Accept-Language": "zz-\x01;q=x, *;q=9"},
        {"Range": "bytes=-99999999999999999"},
        {"If-None-Match": 'W/"'},
        {"If-Modified-Since": "Thu, 01 Jan 99999999 00:00:00 GMT"},
        {"Host": "evil.example"},
        {"Cookie": "sessionid=\x7f; csrftoken=<>; django_language=../../x"},
        {"Authorization": "Basic ="},
    ],
)
@pytest.mark.parametrize("path", QUERIES)
def test_no_header_breaks_an_answer(client: Client, path: str, header: dict[str, str]) -> None:
    assert client.get(path, QUERIES[path], headers=header).status_code < 500
