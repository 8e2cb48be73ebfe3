import gzip
import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from gis_portal.pages.map import TOOLS, themes
from gis_portal.templatetags.modules import modules_of
from layers.access import reader_of
from layers.catalogue import catalogue_of
from tests.flows import world


@pytest.fixture
def html(client, corner) -> str:
    return client.get("/", {"lang": "en"}).content.decode()


def test_the_page_is_there_before_anything_is_published(client, db):
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("language", ["bg", "en"])
def test_the_language_of_the_address_is_the_language_of_the_page(client, db, language):
    page = client.get("/", {"lang": language})
    assert f'<html lang="{language}"' in page.content.decode()
    assert page["Content-Language"] == language


def test_an_unknown_language_is_passed_over(client, db):
    assert '<html lang="bg"' in client.get("/", {"lang": "xx' onload="}).content.decode()


def test_the_address_decides_against_the_browser(client, db):
    page = client.get("/", {"lang": "bg"}, headers={"Accept-Language": "en"})
    assert '<html lang="bg"' in page.content.decode()


def test_a_visitor_gets_no_cookies(client, corner):
    assert not client.get("/").cookies


def test_no_script_or_style_stands_in_the_page_without_its_nonce(client, corner):
    page = client.get("/")
    text = page.content.decode()
    nonce = re.search(r"'nonce-([^']+)'", page["Content-Security-Policy"])
    assert nonce
    inline = [tag for tag in re.findall(r"<script[^>]*>", text) if "src=" not in tag and "application/json" not in tag]
    assert inline == [f'<script type="importmap" nonce="{nonce[1]}">']
    assert "<style" not in text
    assert not re.search(r"\s(style|on\w+)=", text)


def test_the_import_map_names_files_that_exist(html):
    imports = json.loads(re.search(r'<script type="importmap"[^>]*>(.*?)</script>', html, re.S)[1])["imports"]
    assert set(imports) == {f"portal/{module}" for module in [*modules_of("main"), *TOOLS]}
    assert all(finders.find(address.removeprefix("/static/")) for address in imports.values())


def test_invented_content_says_so(client, db, settings):
    settings.SYNTHETIC_DATA = True
    assert 'class="synthetic"' in client.get("/").content.decode()


def test_real_content_is_not_called_invented(client, db, settings):
    settings.SYNTHETIC_DATA = False
    assert 'class="synthetic"' not in client.get("/").content.decode()


def test_layers_stand_under_their_themes(corner):
    found = {
        theme["key"]: [layer.key for layer, _ in theme["layers"]] for theme in themes(catalogue_of(reader_of(None)))
    }
    assert found == {
        "land": ["zones", "parcels", "plots", "offers", "buildings"],
        "water": ["water_pipe", "water_hydrant"],
        "road": ["road_axis"],
    }


def test_the_map_begins_where_the_zones_are(html):
    config = json.loads(re.search(r'<script id="config" type="application/json">(.*?)</script>', html, re.S)[1])
    west, south, east, north = config["bounds"]
    assert 26.57 < west < east < 26.58
    assert 43.24 < south < north < 43.25


def test_the_page_keeps_its_budget(html):
    assert len(gzip.compress(html.encode())) < 15_000


def size(*names: str) -> int:
    """Bytes of own files as they are sent."""
    return sum(len(gzip.compress(Path(str(finders.find(f"portal/{name}"))).read_bytes())) for name in names)


def test_own_scripts_keep_their_budget():
    assert size(*(f"{module}.js" for module in [*modules_of("main"), "main"])) < 40_000


def test_own_styles_keep_their_budget():
    assert size("portal.css", "plots.css", "map.css", "tools.css") < 20_000


def test_the_name_of_the_portal_is_a_setting(client, db, settings):
    settings.SITE_NAME = "Търговище <i>"
    assert "Търговище &lt;i&gt;" in client.get("/").content.decode()


def test_plots_are_explained_by_status(corner):
    land = themes(catalogue_of(reader_of(None)))[0]
    classes = {layer.key: classes for layer, classes in land["layers"]}
    assert {value for value, _ in classes["plots"]} >= set(world.STATUSES)
