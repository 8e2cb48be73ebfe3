"""Nobody gets from a cache what was made for somebody else."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import pytest
from django.test import Client

from registries.core.models import User

pytestmark = pytest.mark.django_db
WFS = "/ows/wfs?SERVICE=WFS&REQUEST="
OTHERS = (
    "/ows/wms?SERVICE=WMS&REQUEST=GetCapabilities",
    "/tiles/zone.json",
    "/styles/zone.json",
    "/map/search?q=x",
)
FOR_EACH = (
    "/",
    "/plots/",
    "/services/",
    f"{WFS}GetCapabilities",
    f"{WFS}DescribeFeatureType",
    f"{WFS}GetFeature&typeNames=plots",
    f"{WFS}GetFeature&typeNames=nonsense",
    "/ogc/collections",
    "/ogc/collections/plots/items",
    *OTHERS,
)


def headers(client: Client, address: str) -> Any:
    """An answer of which nobody reads the body; closed, because features are read within a transaction."""
    with closing(client.get(address)) as answer:
        return answer


@pytest.mark.parametrize("address", FOR_EACH)
def test_what_a_person_gets_is_kept_by_no_proxy(client: Client, olena: User, address: str) -> None:
    client.force_login(olena)
    said = headers(client, address)["Cache-Control"].split(", ")
    assert "private" in said or "no-store" in said


@pytest.mark.parametrize("address", FOR_EACH)
def test_what_depends_on_the_reader_varies_with_the_session(client: Client, address: str) -> None:
    assert "Cookie" in headers(client, address)["Vary"].split(", ")


@pytest.mark.parametrize("address", FOR_EACH)
def test_visitors_get_no_cookie(client: Client, address: str) -> None:
    assert not headers(client, address).cookies


def test_the_publics_style_may_be_kept_by_all(client: Client) -> None:
    assert client.get("/styles/zone.json")["Cache-Control"] == "max-age=60"


def test_what_does_not_look_at_the_reader_says_nothing_of_it(client: Client, olena: User) -> None:
    client.force_login(olena)
    assert not client.get("/robots.txt").has_header("Cache-Control")


def test_a_forged_form_is_refused_in_the_portals_words(db: None) -> None:
    answer = Client(enforce_csrf_checks=True).post(
        "/accounts/login/", {"username": "x"}, headers={"Accept": "text/html"}
    )
    assert answer.status_code == 403
    assert 'href="/plots/' in answer.content.decode()


@pytest.mark.parametrize("address", ["//evil.example/x", "///evil.example", "/\\evil.example/x"])
def test_a_language_switch_leads_to_no_other_site(client: Client, db: None, address: str) -> None:
    text = client.get("/x", headers={"Accept": "text/html"}, PATH_INFO=address).content.decode()
    assert "evil.example" in text
    assert 'href="//' not in text
    assert 'href="/\\' not in text
