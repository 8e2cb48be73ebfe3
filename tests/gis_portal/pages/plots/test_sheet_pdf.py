"""The sheet of a plot as PDF: what its page tells, in both languages, for whoever may know it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client
from pypdf import PdfReader

from gis_portal.pages import pdf
from gis_portal.pages.plots import bundle, kept
from gis_portal.pages.plots.paper import legend
from registries.changes.edits import Edit
from registries.core.models import AuditEntry, User
from registries.land.models import Plot
from tests.conftest import Publish
from tests.flows import world
from tests.gis_portal.pages.plots.papers import CODE, get, links, paper, squeezed, words

pytestmark = pytest.mark.usefixtures("corner")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.VAR_DIR = tmp_path
    return tmp_path


@pytest.mark.parametrize("language", ["bg", "en"])
def test_every_fact_of_the_page_is_on_paper_with_its_source(client: Client, language: str) -> None:
    said = words(get(client, "sheet.pdf", lang=language).content)
    with paper(language) as made:
        facts = [fact for _part, fact in bundle.facts(made.sheet)]
        told = {text for fact in facts for text in (fact.label, fact.text, fact.source)}
        assert len(told) > 20
        assert [text for text in told if squeezed(text) not in said] == []
        assert squeezed(made.sheet.title) in said
        assert squeezed(made.sheet.disclaimer) in said


def test_the_paper_leads_to_the_page_that_says_whether_it_holds(client: Client) -> None:
    (address,) = links(get(client, "sheet.pdf", lang="en").content)
    assert address.startswith("http://testserver/plots/")
    answer = client.get(unquote(address.removeprefix("http://testserver")))
    assert b'data-verdict="current"' in answer.content


def test_pages_are_numbered_and_tell_edition_and_scale(client: Client) -> None:
    content = get(client, "sheet.pdf", lang="en").content
    pages = PdfReader(io.BytesIO(content)).pages
    with paper() as made:
        for number, page in enumerate(pages, start=1):
            said = squeezed(page.extract_text())
            assert f"{number}/{len(pages)}" in said
            assert made.edition.short in said
    assert "Scale1:2,000whenprintedatfullsize" in squeezed(pages[0].extract_text())


def test_it_is_made_once_and_again_when_something_changes(client: Client, publish: Publish) -> None:
    first = get(client, "sheet.pdf", lang="en")
    assert (first["Content-Type"], "-en.pdf" in first["Content-Disposition"]) == ("application/pdf", True)
    (made,) = [(path.name, path.stat().st_mtime_ns) for path in kept.folder().glob("*.pdf")]
    assert get(client, "sheet.pdf", lang="en").content == first.content
    assert [(path.name, path.stat().st_mtime_ns) for path in kept.folder().glob("*.pdf")] == [made]
    asked = {"if-none-match": first["ETag"]}
    assert client.get(f"/plots/{CODE}/sheet.pdf?lang=en", headers=asked).status_code == 304
    publish([Edit.update("land.plot", Plot.objects.get(code=CODE).pk, {"status": "reserved"})])
    assert client.get(f"/plots/{CODE}/sheet.pdf?lang=en", headers=asked).status_code == 200
    assert len(list(kept.folder().glob("*.pdf"))) == 2


def test_what_is_not_public_is_on_staffs_paper_only_and_is_noted(client: Client, olena: User, folder: Path) -> None:
    public = words(get(client, "sheet.pdf", lang="en").content)
    before = len(list(kept.folder().glob("*.pdf")))
    client.force_login(olena)
    staff = get(client, "sheet.pdf", lang="en")
    assert squeezed("Таен водопровод") in words(staff.content)
    assert squeezed("Таен водопровод") not in public
    assert "private" in staff["Cache-Control"]
    assert len(list(kept.folder().glob("*.pdf"))) == before
    entry = AuditEntry.objects.filter(subject=f"plot {CODE}").get()
    assert entry.actor == olena


def test_without_its_libraries_the_sheet_is_unavailable_and_says_why(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "lacking_for_print", lambda: ("libpango-1.0-0",))
    answer = get(client, "sheet.pdf", lang="en")
    assert answer.status_code == 503
    assert "libpango-1.0-0" in answer.content.decode()
    assert get(client, "").status_code == 200


@pytest.mark.parametrize("rest", ["sheet.pdf", "data.zip", "picture.png"])
def test_an_unknown_plot_is_not_found(client: Client, rest: str) -> None:
    assert client.get(f"/plots/nothing/{rest}").status_code == 404


@pytest.mark.parametrize("rest", ["sheet.pdf", "data.zip", "picture.png"])
def test_a_withdrawn_plot_is_gone(client: Client, publish: Publish, rest: str) -> None:
    publish([Edit.update("land.plot", world.plot_id(1), {"status": "withdrawn"})])
    assert get(client, rest).status_code == 410


def test_a_code_written_otherwise_leads_to_the_same_sheet(client: Client) -> None:
    answer = client.get("/plots/п-1/sheet.pdf?lang=en")
    assert answer.status_code == 301
    assert unquote(answer["Location"]) == f"/plots/{CODE}/sheet.pdf?lang=en"


def test_the_legend_tells_statuses_and_the_networks_that_the_reader_sees() -> None:
    with paper() as made:
        found = legend(made.reading)
    assert {sign.mark for sign in found["statuses"]} >= {"✔", "◔"}
    assert {sign.title for sign in found["themes"]} == {"water supply", "roads"}
