from typing import Any

import pytest
from django.conf import settings as site
from django.test import Client

from gis_portal.env import Basemap


def read(client: Client, path: str, language: str = "en") -> str:
    return client.get(path, {"lang": language}).content.decode()


@pytest.mark.parametrize("path", ["/privacy/", "/accessibility/"])
@pytest.mark.parametrize("language", ["bg", "en"])
def test_statements_name_whom_to_write_to(client: Client, settings: Any, path: str, language: str):
    settings.PUBLISHER_NAME, settings.PUBLISHER_EMAIL = "Proba", "proba@example.org"
    settings.DATA_PROTECTION_CONTACT = "proba@example.org"
    said = read(client, path, language)
    assert f'lang="{language}"' in said
    assert "mailto:proba@example.org" in said


def test_the_statement_on_privacy_says_how_long_enquiries_are_kept(client: Client, settings: Any):
    settings.ENQUIRY_KEEP_MONTHS = 7
    assert "7 months after the enquiry is closed" in read(client, "/privacy/")


def test_a_background_map_of_others_is_named(client: Client, settings: Any):
    settings.BASEMAPS = [Basemap("https://{s}.tiles.example.org/{z}/{x}/{y}.png", "Проба", "Proba", "", 19)]
    assert "tiles.example.org" in read(client, "/privacy/")


def test_without_a_background_map_nobody_else_is_named(client: Client, settings: Any):
    settings.BASEMAPS = []
    assert "The map comes from this server alone." in read(client, "/privacy/")


def test_the_body_for_accessibility_is_named_when_it_is_set(client: Client, settings: Any):
    settings.ACCESSIBILITY_BODY = "Proba Agency"
    assert "Proba Agency" in read(client, "/accessibility/")


def test_neither_statement_asks_the_database(client: Client):
    """Without the fixture for it a query fails."""
    assert site.DATABASES
    for path in ("/privacy/", "/accessibility/", "/offline/"):
        assert client.get(path).status_code == 200
