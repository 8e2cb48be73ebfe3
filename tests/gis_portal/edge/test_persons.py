"""Access tokens at every protocol: who is seen, what is refused, and in whose words."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from gis_portal.people import factor
from registries.changes.edits import Edit
from registries.core import tokens
from registries.core.models import AccessToken, AuditEntry, User
from registries.networks.models import Network
from tests.conftest import Publish, line, pipe
from tests.gis_portal.people.conftest import PASSWORD, equip, log_in

WRONG = "gp_" + "a" * 40
PIPES = "/ogc/collections/water_pipe/items?f=json"
HISTORY = "/api/history/land.plot/7d444840-9dc0-11d1-b245-5ffdce74fad2/"
ADDRESSES = ["/ows/wfs", "/ows/wms", "/ows/wmts", "/ogc/", "/tiles/zone.json", HISTORY, "/plots/", "/styles/zone.json"]


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def basic(name: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()}


@pytest.fixture
def secret(olena: User) -> str:
    return tokens.issue(olena, "QGIS", "read", timedelta(days=30))


@pytest.fixture
def password(olena: User) -> str:
    olena.set_password(PASSWORD)
    olena.save()
    return PASSWORD


@pytest.fixture
def closed(publish: Publish, network: Network) -> Network:
    """A network that only staff see, with one pipe."""
    publish([pipe(network, line((100, 100), (200, 100)))])
    publish([Edit.update("networks.network", network.pk, {"visibility": 2}, base_version=network.version)])
    return network


def pipes(client: Client, headers: dict[str, str] | None = None) -> int:
    """How many pipes are seen; a layer that is closed does not exist."""
    answer = client.get(PIPES, headers=headers or {})
    return 0 if answer.status_code == 404 else len(json.loads(answer.getvalue())["features"])


def test_a_token_shows_what_its_person_sees(client, closed, secret):
    assert pipes(client) == 0
    assert pipes(client, bearer(secret)) == 1


def test_qgis_sends_it_as_a_password(client, closed, secret):
    assert pipes(client, basic("olena", secret)) == 1


def test_wfs_honours_it_in_a_post(client, closed, secret):
    asked = {"service": "WFS", "version": "2.0.0", "request": "GetFeature", "typeNames": "zone:water_pipe"}
    form = urlencode({**asked, "resultType": "hits"})
    answer = client.post("/ows/wfs", form, content_type="application/x-www-form-urlencoded", headers=bearer(secret))
    assert ElementTree.fromstring(answer.getvalue()).get("numberMatched") == "1"


def test_what_a_token_shows_is_kept_by_no_shared_cache(client, closed, secret):
    assert "public" not in client.get(PIPES, headers=bearer(secret)).headers.get("cache-control", "private")
    assert "private" in client.get("/plots/", headers=bearer(secret)).headers["cache-control"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_wrong_token_is_refused_everywhere(client, db, address):
    answer = client.get(address, headers=bearer(WRONG))
    assert answer.status_code == 401
    assert "Basic realm=" in answer.headers["www-authenticate"]
    assert "Bearer" in answer.headers["www-authenticate"]


@pytest.mark.parametrize(
    ("address", "root"),
    [
        ("/ows/wfs?service=WFS", "{http://www.opengis.net/ows/1.1}ExceptionReport"),
        ("/ows/wmts?service=WMTS", "{http://www.opengis.net/ows/1.1}ExceptionReport"),
        ("/ows/wms?service=WMS", "{http://www.opengis.net/ogc}ServiceExceptionReport"),
        ("/ows/wms?service=WMS&version=1.1.1", "ServiceExceptionReport"),
    ],
)
def test_the_refusal_speaks_the_words_of_the_protocol(client, db, address, root):
    assert ElementTree.fromstring(client.get(address, headers=bearer(WRONG)).content).tag == root


def test_the_refusal_of_json_is_a_problem(client, db):
    answer = client.get("/ogc/", headers=bearer(WRONG))
    assert answer.headers["content-type"] == "application/problem+json"
    assert json.loads(answer.content)["hint"]


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic",
        "Basic !!!",
        "Basic b2xlbmE=",
        "Digest x",
        "Basic AAA6AAA=",
        "Negotiate " + "x" * 9,
    ],
)
def test_a_header_that_says_nothing_is_refused(client, db, header):
    assert client.get("/ogc/", headers={"Authorization": header}).status_code == 401


def test_the_account_s_password_is_not_taken(client, password, olena):
    assert client.get("/ogc/", headers=basic("olena", PASSWORD)).status_code == 401


def test_a_token_is_not_taken_under_another_name(client, secret, boris):
    assert client.get("/ogc/", headers=basic("boris", secret)).status_code == 401


def test_an_ended_token_is_refused_in_words(client, secret):
    AccessToken.objects.update(expires_at=timezone.now())
    answer = client.get("/ogc/", headers={**bearer(secret), "Accept-Language": "en"})
    assert answer.status_code == 401
    assert "ended" in answer.json()["detail"]


@pytest.mark.parametrize("address", ["/accounts/", "/desk/", "/accounts/tokens/"])
def test_a_token_opens_no_page(client, secret, address):
    assert client.get(address, headers=bearer(secret)).status_code == 302


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_token_for_reading_writes_nothing(client, secret, method):
    for address in (HISTORY, "/ogc/collections/water_pipe/items", "/ows/wfs/edit"):
        assert getattr(client, method)(address, headers=bearer(secret)).status_code == 403


def test_a_token_for_editing_comes_through(client, olena):
    editing = tokens.issue(olena, "script", "edit", timedelta(days=1))
    assert client.post(HISTORY, headers=bearer(editing)).status_code == 405


def test_a_program_needs_no_form_of_this_site(olena, db):
    editing = tokens.issue(olena, "script", "edit", timedelta(days=1))
    client = Client(enforce_csrf_checks=True)
    assert client.post(HISTORY, headers=bearer(editing)).status_code == 405


def test_a_form_of_another_site_does_not_use_what_a_browser_remembers(olena, db):
    editing = tokens.issue(olena, "script", "edit", timedelta(days=1))
    client = Client(enforce_csrf_checks=True)
    headers = {**basic("olena", editing), "Sec-Fetch-Site": "cross-site"}
    assert client.post("/plots/", headers=headers).status_code == 403


def test_a_token_comes_before_the_session(client, closed, secret, stranger):
    client.force_login(stranger)
    assert pipes(client) == 0
    assert pipes(client, bearer(secret)) == 1


def test_a_token_in_the_address_is_refused(client, secret):
    for query in (f"token={secret}", f"access_token={secret}", f"x=%67p_{secret[3:]}"):
        answer = client.get(f"/ogc/?{query}&gp_=")
        assert answer.status_code == 400
        assert secret not in answer.text


def test_failures_are_counted_apart_from_the_log_in(client, password):
    for _time in range(7):
        client.get("/ogc/", headers=basic("olena", WRONG))
    assert client.get("/ogc/", headers=basic("olena", WRONG)).status_code == 429
    assert log_in(client, "olena").status_code == 302


def test_a_right_token_works_while_wrong_ones_are_locked_out(client, password, secret):
    for _time in range(7):
        client.get("/ogc/", headers=basic("olena", WRONG))
    assert client.get("/ogc/", headers=basic("olena", secret)).status_code == 200


def test_an_ended_token_locks_nobody_out(client, secret, olena):
    AccessToken.objects.update(expires_at=timezone.now())
    for _time in range(9):
        assert client.get("/ogc/", headers=bearer(secret)).status_code == 401
    assert not AuditEntry.objects.filter(action="lock out").exists()


def test_a_wrong_token_is_in_the_audit(client, olena):
    client.get("/ogc/", headers=basic("olena", WRONG))
    assert AuditEntry.objects.get(action="fail to log in").subject == f"core.user:{olena.pk}"


def test_the_token_of_whoever_owes_a_second_factor_waits(settings: Any, client, boris):
    settings.REQUIRE_SECOND_FACTOR = True
    reading = tokens.issue(boris, "QGIS", "read", timedelta(days=1))
    assert client.get("/ogc/", headers=bearer(reading)).status_code == 401
    equip(boris)
    assert factor.must(boris)
    assert client.get("/ogc/", headers=bearer(reading)).status_code == 200


def test_a_tile_takes_the_token_too(closed, secret):
    client = Client()
    address = "/tiles/networks.json"
    assert client.get(address, headers=bearer(secret)).status_code == 200
    assert client.get(address, headers=bearer(WRONG)).status_code == 401


def test_metrics_keep_their_own_key(settings: Any, client, db):
    settings.METRICS_TOKEN = "another-secret"
    headers = {"Authorization": "Bearer another-secret", "X-Forwarded-For": "192.0.2.1"}
    assert client.get("/metrics", headers=headers, REMOTE_ADDR="192.0.2.9").status_code == 200
