"""The map in frames: only where the installation says so, and only that page."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from gis_portal import env

CITY = "https://invest.example.org"


def directive(answer, name: str) -> str:
    parts = dict(part.strip().partition(" ")[::2] for part in answer["Content-Security-Policy"].split(";"))
    return parts[name]


def test_by_default_nobody_may_and_the_page_says_so(client, db):
    answer = client.get("/embed/?lang=en")
    assert answer.status_code == 403
    assert "This map is not open to other sites" in answer.content.decode()
    assert answer["X-Frame-Options"] == "DENY"
    assert directive(answer, "frame-ancestors") == "'none'"


def test_a_named_site_may_frame_it(client, db, settings):
    settings.EMBED_ORIGINS = [CITY]
    answer = client.get("/embed/")
    assert answer.status_code == 200
    assert directive(answer, "frame-ancestors") == f"'self' {CITY}"
    assert "X-Frame-Options" not in answer


def test_every_site_may_where_the_setting_says_so(client, db, settings):
    settings.EMBED_ORIGINS = ["*"]
    assert directive(client.get("/embed/"), "frame-ancestors") == "*"


@pytest.mark.parametrize("path", ["/", "/plots/", "/services/", "/accounts/login/"])
def test_no_other_page_can_be_framed_then(client, db, settings, path):
    settings.EMBED_ORIGINS = ["*"]
    answer = client.get(path)
    assert answer["X-Frame-Options"] == "DENY"
    assert directive(answer, "frame-ancestors") == "'none'"


def test_the_page_is_a_map_without_header_that_sets_no_cookie(client, db, settings):
    settings.EMBED_ORIGINS = [CITY]
    answer = client.get("/embed/?lang=en")
    page = answer.content.decode()
    assert 'id="map"' in page
    assert "<header" not in page
    assert "<form" not in page
    assert 'rel="noopener"' in page
    assert not answer.cookies


def test_a_day_that_makes_no_sense_is_told(client, db, settings):
    settings.EMBED_ORIGINS = [CITY]
    settings.PUBLIC_HISTORY = True
    assert client.get("/embed/?at=yesterday").status_code == 400


@pytest.mark.parametrize(
    "origin", ["example.org", "https://example.org/page", "javascript:alert(1)", "https://", "'self'"]
)
def test_a_site_that_is_none_stops_the_start(monkeypatch, origin):
    monkeypatch.setenv("EMBED_ORIGINS", f"{CITY},{origin}")
    with pytest.raises(ImproperlyConfigured, match="EMBED_ORIGINS"):
        env.embedders("EMBED_ORIGINS")


@pytest.mark.parametrize(
    ("value", "origins"), [("", []), ("*", ["*"]), (f"{CITY}, https://*.example.bg", [CITY, "https://*.example.bg"])]
)
def test_sites_are_named_by_their_origins(monkeypatch, value, origins):
    monkeypatch.setenv("EMBED_ORIGINS", value)
    assert env.embedders("EMBED_ORIGINS") == origins
