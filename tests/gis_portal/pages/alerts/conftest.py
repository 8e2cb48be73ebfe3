import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.http import QueryDict
from django.utils import timezone

from gis_portal.pages.alerts import asking
from layers.plots.terms import Terms
from registries.changes.edits import Edit
from registries.land.models import Zone
from registries.notices.models import Letter, SavedSearch
from tests.conftest import Publish, square

EMAIL = "iva@example.org"
OFFER = {"right": "sale", "procedure": "auctionOpen", "price": "38.50", "basis": "perM2", "decision_document": "№ 12"}
Plots = Callable[..., UUID]


@pytest.fixture(autouse=True)
def sends_email(settings) -> None:
    settings.SENDS_EMAIL = True


@pytest.fixture
def plot(publish: Publish, zone: Zone) -> Plots:
    """Publishes a plot and gives its key."""

    def made(code: str, status: str = "available", side: float = 100) -> UUID:
        east = 10 + 120 * int(code[2:])
        edit = Edit.create("land.plot", {"code": code, "zone": zone.pk, "status": status}, square(east, 10, side))
        publish([edit])
        return edit.object_id

    return made


@pytest.fixture
def offer(publish: Publish) -> Callable[..., UUID]:
    """Publishes an offer of a plot that closes after so many days."""

    def made(plot: UUID, days: int = 60, **columns: object) -> UUID:
        edit = Edit.create("land.offer", {**OFFER, "plot": plot, "state": "published", **open_for(days), **columns})
        publish([edit])
        return edit.object_id

    return made


def open_for(days: int) -> dict[str, str]:
    """Until the day before the bound that PostgreSQL keeps."""
    today = timezone.localdate()
    return {"open_period": f"[{today - timedelta(days=90)},{today + timedelta(days=days + 1)})"}


def terms(query: str = "") -> Terms:
    return Terms.read(QueryDict(query))


def ask(query: str = "status=available", email: str = EMAIL, pace: str = "atOnce", language: str = "en") -> None:
    asking.ask(email, terms(query), pace=pace, language=language, origin="https://portal.example")


@pytest.fixture
def confirmed() -> Callable[..., SavedSearch]:
    """A search that Iva has asked for and confirmed."""

    def made(query: str = "status=available", **how: str) -> SavedSearch:
        ask(query, **how)
        search = SavedSearch.objects.get(terms=asking.canonical(terms(query)))
        asking.confirm(search)
        search.refresh_from_db()
        return search

    return made


def letters(kind: str = "alert_news") -> list[Letter]:
    return list(Letter.objects.filter(kind=kind).order_by("written_at"))


def link(letter: Letter, name: str) -> str:
    """The path of the link to confirm or to end in a letter."""
    found = re.search(rf"https://portal\.example(/alerts/{name}/\S+)", letter.body)
    assert found, letter.body
    return found[1]
