"""A wrong environment variable stops the start with a sentence that names it."""

import re

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from gis_portal import env
from gis_portal.settings import database


@pytest.mark.parametrize(
    ("written", "read"), [("yes", True), ("1", True), ("TRUE", True), ("no", False), ("off", False)]
)
def test_boolean_reads_the_usual_words(monkeypatch, written, read):
    monkeypatch.setenv("X", written)
    assert env.boolean("X", default=not read) is read


@pytest.mark.parametrize("default", [True, False])
def test_boolean_takes_an_empty_value_for_none(monkeypatch, default):
    monkeypatch.setenv("X", "")
    assert env.boolean("X", default) is default


def test_boolean_refuses_another_word(monkeypatch):
    monkeypatch.setenv("X", "maybe")
    with pytest.raises(ImproperlyConfigured, match="X='maybe' is neither yes nor no"):
        env.boolean("X", default=False)


def test_text_without_a_default_must_be_set(monkeypatch):
    monkeypatch.delenv("X", raising=False)
    with pytest.raises(ImproperlyConfigured, match="X must be set"):
        env.text("X")


def test_integer_refuses_a_fraction(monkeypatch):
    monkeypatch.setenv("X", "1.5")
    with pytest.raises(ImproperlyConfigured, match=r"X='1\.5' is not a whole number"):
        env.integer("X", 1)


def test_integer_refuses_less_than_its_minimum(monkeypatch):
    monkeypatch.setenv("X", "0")
    with pytest.raises(ImproperlyConfigured, match="X='0' must be at least 1"):
        env.integer("X", 5, minimum=1)


def test_names_leaves_blanks_and_empty_parts_out(monkeypatch):
    monkeypatch.setenv("X", " a.bg, b.bg ,,")
    assert env.names("X") == ["a.bg", "b.bg"]


def test_names_takes_an_empty_value_for_none(monkeypatch):
    monkeypatch.setenv("X", "")
    assert env.names("X", "localhost") == ["localhost"]


@pytest.mark.parametrize("written", ["1,2,3", "1,2,3,x", "1,2,3,4,5"])
def test_numbers_refuses_another_count_or_a_word(monkeypatch, written):
    monkeypatch.setenv("X", written)
    with pytest.raises(ImproperlyConfigured, match="must be 4 numbers"):
        env.numbers("X", "1,2,3,4", 4)


@pytest.mark.parametrize("written", ["tile.example/{z}", "ftp://tile.example", "https://"])
def test_web_address_refuses_what_a_browser_would_not_open(monkeypatch, written):
    monkeypatch.setenv("X", written)
    with pytest.raises(ImproperlyConfigured, match="neither an http"):
        env.web_address("X", "https://default.example")


def test_web_address_can_be_none(monkeypatch):
    monkeypatch.setenv("X", "none")
    assert env.web_address("X", "https://default.example") == ""


def test_origins_name_scheme_and_host():
    assert env.origins("https://{s}.tile.example:8080/{z}/{x}.png") == ["https://*.tile.example:8080"]


def test_database_url_is_taken_apart():
    entry = database("postgis://iva:s%20ecret@db.example:5433/zone?sslmode=require")
    assert [entry[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == [
        "zone",
        "iva",
        "s ecret",
        "db.example",
        "5433",
    ]
    assert entry["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize("url", ["postgis://db.example:5433", "host only", "http://db.example/zone"])
def test_database_url_that_names_no_database_is_refused(url):
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        database(url)


@pytest.mark.parametrize("document", [".env.example", "README.md"])
def test_every_variable_is_explained(document):
    sources = [settings.BASE_DIR / "gis_portal" / name for name in ("settings.py", "serve.py")]
    read = {name for source in sources for name in re.findall(r"env\.\w+\(\s*\"(\w+)\"", source.read_text())}
    explained = set(re.findall(r"\b[A-Z][A-Z0-9_]+\b", (settings.BASE_DIR / document).read_text()))
    assert read - explained == set(), f"Explain each variable in {document}."


def test_file_takes_one_that_is_there(monkeypatch, tmp_path):
    (tmp_path / "arms.SVG").write_text("")
    monkeypatch.setenv("X", str(tmp_path / "arms.SVG"))
    assert env.file("X", (".svg",)) == str(tmp_path / "arms.SVG")


@pytest.mark.parametrize("name", ["missing.svg", "arms.exe"])
def test_file_refuses_what_is_missing_or_of_another_kind(monkeypatch, tmp_path, name):
    (tmp_path / "arms.exe").write_text("")
    monkeypatch.setenv("X", str(tmp_path / name))
    with pytest.raises(ImproperlyConfigured, match=f"X=.*{name}"):
        env.file("X", (".svg", ".png"))
