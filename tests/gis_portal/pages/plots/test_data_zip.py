"""The data pack of a plot, as GDAL, CAD programs and spreadsheets read it."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from typing import Any

import pyogrio
import pytest
from django.test import Client

from gis_portal.pages.plots import bundle, kept
from registries.core.models import AuditEntry, User
from tests.conftest import SRID
from tests.gis_portal.pages.plots.papers import CODE, get, paper, words

pytestmark = pytest.mark.usefixtures("corner")


@pytest.fixture
def packed(client: Client, tmp_path: Path, settings: Any) -> bytes:
    settings.VAR_DIR = tmp_path
    return get(client, "data.zip").content


@pytest.fixture
def pack(packed: bytes, tmp_path: Path) -> Path:
    """The pack, unpacked."""
    with zipfile.ZipFile(io.BytesIO(packed)) as pack:
        pack.extractall(tmp_path)
    return next(path for path in tmp_path.iterdir() if path.name.startswith("plot-"))


def one(pack: Path, suffix: str) -> Path:
    (found,) = pack.glob(f"*{suffix}")
    return found


def test_gdal_reads_the_layers_of_both_forms(pack: Path) -> None:
    assert pyogrio.read_info(one(pack, ".gpkg"), layer="plot")["features"] == 1
    assert "PLOT" in set(pyogrio.read_dataframe(one(pack, ".dxf")).Layer)


@pytest.mark.parametrize("language", ["bg", "en"])
def test_the_table_has_every_fact_with_its_source(language: str) -> None:
    with paper(language) as made:
        rows = list(csv.DictReader(io.StringIO(bundle.table(made.sheet).decode("utf-8-sig"), newline="")))
        told = [(fact.label, fact.text, fact.source) for _part, fact in bundle.facts(made.sheet)]
    assert [(row["fact"], row["text"], row["source"]) for row in rows] == told
    assert {"yes", "no"} == {row["known"] for row in rows}


def test_both_papers_and_what_is_what_are_in_it(pack: Path) -> None:
    for language in ("bg", "en"):
        assert CODE in words(one(pack, f"-{language}.pdf").read_bytes())
    said = (pack / "README.txt").read_text(encoding="utf-8-sig")
    assert f"EPSG:{SRID}" in said
    assert "Data pack, edition" in said
    assert "creativecommons.org" in said


def test_the_same_content_makes_the_same_bytes(packed: bytes, client: Client, settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path / "elsewhere"
    assert get(client, "data.zip").content == packed


def test_staffs_pack_is_noted_and_not_kept(client: Client, olena: User, tmp_path: Path, settings: Any) -> None:
    settings.VAR_DIR = tmp_path
    client.force_login(olena)
    assert "private" in get(client, "data.zip")["Cache-Control"]
    assert not list(kept.folder().glob("*.zip"))
    assert AuditEntry.objects.filter(subject=f"plot {CODE}", actor=olena).exists()


def test_codes_of_any_letters_make_names_of_files() -> None:
    assert bundle.slug("А/1 б.2") == "А-1-б-2"
