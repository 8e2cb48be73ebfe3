"""PDF files: made in a process of their own, of nothing but what is handed in, few at a time."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from pypdf import PdfReader

from gis_portal.pages import pdf
from registries.core.errors import Unavailable

PAGE = '{% extends "portal/print/base.html" %}{% block content %}{{ body }}{% endblock %}'


@pytest.fixture(autouse=True)
def templates(tmp_path: Path, settings: Any) -> Iterator[None]:
    """A template of one block beside the portal's own, and a folder of its own."""
    (tmp_path / "page.html").write_text(PAGE)
    changed = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    with override_settings(TEMPLATES=changed, VAR_DIR=tmp_path / "var"):
        yield


def made(body: str, **more: Any) -> bytes:
    return pdf.render("page.html", {"body": body, "site_name": "Портал", "publisher_name": "Община"}, **more)


def order(html: str) -> bytes:
    return json.dumps({"html": html, "files": {}, "paths": {}, "identifier": "x"}).encode()


def test_a_pdf_holds_its_text_in_letters_of_its_own() -> None:
    reader = PdfReader(io.BytesIO(made("Терен Ж-1, 12 345 m²")))
    assert "Терен Ж-1, 12 345 m²" in reader.pages[0].extract_text()
    fonts = reader.pages[0]["/Resources"]["/Font"].values()
    faces = [font.get_object()["/DescendantFonts"][0].get_object() for font in fonts]
    assert faces
    assert all("Portal-Semi-Condensed" in face["/BaseFont"] for face in faces)
    assert all({"/FontFile2", "/FontFile3"} & set(face["/FontDescriptor"].get_object()) for face in faces)


def test_a_pdf_tells_title_author_and_language_and_is_tagged() -> None:
    reader = PdfReader(io.BytesIO(made("x")))
    root = reader.trailer["/Root"]
    assert (reader.metadata.title, reader.metadata.author) == ("Портал", "Община")
    assert str(root["/Lang"]) in ("bg", "en")
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]


def test_the_same_content_makes_the_same_bytes() -> None:
    assert made("x", identifier="one") == made("x", identifier="one")


@pytest.mark.parametrize("address", ["file:///etc/hostname", "http://127.0.0.1:1/x.png", "portal:other", "other.png"])
def test_what_was_not_handed_in_is_not_fetched(address: str) -> None:
    with pytest.raises(Unavailable):
        pdf.printed(order(f'<html lang="en"><title>x</title><img alt="x" src="{address}">'))


def test_missing_libraries_are_named_and_answered_as_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "lacking_for_print", lambda: ("libpango-1.0-0",))
    with pytest.raises(Unavailable, match=r"libpango-1\.0-0"):
        made("x")


def test_no_more_are_made_at_once_than_there_are_lanes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "TURN_S", 0)
    with pdf.turn(), pdf.turn(), pytest.raises(Unavailable), pdf.turn():
        pass
    with pdf.turn():
        pass


def test_the_portal_does_not_load_what_makes_pdf_files() -> None:
    """It takes a second, and libraries of the system that may be missing."""
    text = "import django; django.setup(); import gis_portal.urls, sys; print('weasyprint' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "False"
