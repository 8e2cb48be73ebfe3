"""How tests ask for what can be taken away of a plot of the corner, and read it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils.translation import override
from pypdf import PdfReader

from gis_portal.pages.plots.paper import Paper
from gis_portal.pages.reading import reading
from registries.core.models import User
from registries.land.models import Plot

CODE = "П-1"


def get(client: Client, rest: str, **query: str) -> HttpResponse:
    answer = client.get(f"/plots/{CODE}/{rest}", query)
    assert isinstance(answer, HttpResponse)
    return answer


@contextmanager
def paper(language: str = "en", user: User | None = None, code: str = CODE) -> Iterator[Paper]:
    """The sheet of the plot as `user` would get it now, not printed yet."""
    request = RequestFactory().get("/", headers={"host": "testserver"})
    request.user = user or AnonymousUser()
    with override(language), reading(request) as it:
        yield Paper.of(request, it, Plot.objects.select_related("zone").get(code=code))


def words(content: bytes) -> str:
    """The text of all pages without the blanks, which lines and columns have for themselves."""
    pages = PdfReader(io.BytesIO(content)).pages
    return squeezed("".join(page.extract_text() for page in pages))


def squeezed(text: str) -> str:
    return "".join(text.split())


def links(content: bytes) -> set[str]:
    notes = [note.get_object() for page in PdfReader(io.BytesIO(content)).pages for note in page.get("/Annots", [])]
    return {str(note["/A"]["/URI"]) for note in notes if "/A" in note}
