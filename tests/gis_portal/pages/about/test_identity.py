from pathlib import Path
from typing import Any

import pytest
from django.test import Client

ARMS = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 2"><path d="M0 0h2v2z"/></svg>'


@pytest.fixture
def arms(settings: Any, tmp_path: Path) -> Path:
    file = tmp_path / "arms.svg"
    file.write_text(ARMS)
    settings.COAT_OF_ARMS = str(file)
    return file


def test_the_coat_of_arms_can_run_nothing(client: Client, arms: Path):
    response = client.get("/coat-of-arms")
    assert response.content == ARMS.encode()
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "sandbox" in response.headers["Content-Security-Policy"]


def test_pages_show_the_coat_of_arms_by_its_content(client: Client, arms: Path):
    assert b'<img class="mark arms" src="/coat-of-arms?v=' in client.get("/privacy/").content


def test_without_a_coat_of_arms_there_is_none(client: Client, settings: Any):
    settings.COAT_OF_ARMS = ""
    assert client.get("/coat-of-arms").status_code == 404
    assert b"coat-of-arms" not in client.get("/privacy/").content


@pytest.mark.parametrize(("language", "name"), [("bg", "GIS Portal – Община Проба"), ("en", "GIS Portal – Proba")])
def test_the_manifest_names_the_portal_in_the_readers_language(client: Client, settings: Any, language: str, name: str):
    settings.SITE_NAME, settings.MUNICIPALITY_NAME, settings.MUNICIPALITY_NAME_EN = (
        "GIS Portal",
        "Община Проба",
        "Proba",
    )
    manifest = client.get("/manifest.webmanifest", {"lang": language})
    assert manifest.headers["Content-Type"] == "application/manifest+json"
    assert manifest.json()["name"] == name
    assert manifest.json()["start_url"] == f"/?lang={language}"


def test_the_manifest_has_the_coat_of_arms_as_its_icon(client: Client, arms: Path):
    (icon,) = client.get("/manifest.webmanifest").json()["icons"]
    assert client.get(icon["src"]).content == ARMS.encode()
