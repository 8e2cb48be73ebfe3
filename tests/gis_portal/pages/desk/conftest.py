"""The desk as its people see it: signed in, in English, asking for pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client

from registries.changes import door
from registries.changes.edits import Edit
from registries.changes.models import ChangeSet
from registries.core.models import User
from tests.flows import world as corner_world
from tests.registries.changes.conftest import almighty, world  # noqa: F401
from tests.registries.dealings.conftest import ask, iskra, media  # noqa: F401

HTML = {"Accept": "text/html"}


class Desk:
    """One person's browser."""

    def __init__(self, person: User | None = None) -> None:
        self.client = Client(headers=HTML)
        if person is not None:
            self.client.force_login(person)

    def get(self, path: str = "/desk/", **query: Any) -> Any:
        return self.client.get(path, {"lang": "en", **query})

    def text(self, path: str = "/desk/", **query: Any) -> str:
        return self.get(path, **query).content.decode()

    def take(self, change_set: ChangeSet, step: str, **typed: Any) -> Any:
        """Send the form of a step, as the page that shows the set now would hold it."""
        change_set.refresh_from_db()
        data = {"edition": change_set.edition, "seen": "2026-01-01T00:00:00+00:00", **typed}
        return self.client.post(f"{address(change_set)}{step}/?lang=en", data)


def address(change_set: ChangeSet) -> str:
    return f"/desk/changes/{change_set.pk}/"


def place(response: HttpResponse) -> str:
    """Where an answer leads, without the language."""
    return urlsplit(response["Location"]).path


@pytest.fixture
def desk() -> Callable[..., Desk]:
    return Desk


@pytest.fixture
def plots(olena: User, corner: None) -> ChangeSet:
    """Olena's draft: two plots get another status, one of them another shape; a third is removed; a parcel is new."""
    return door.propose(olena, edits(), title="Резервации", reason="По решение")


def edits() -> list[Edit]:
    wider = corner_world.rectangle(40, 10, 101.5, 90)
    return [
        Edit.update("land.plot", corner_world.plot_id(1), {"status": "reserved"}, wider),
        Edit.update("land.plot", corner_world.plot_id(2), {"status": "available"}),
        Edit.delete("land.plot", corner_world.plot_id(6)),
        Edit.create(
            "land.parcel",
            {"national_cadastral_reference": "73626.510.99", "zone": corner_world.ZONE},
            corner_world.rectangle(0, 230, 30, 10),
        ),
    ]


@pytest.fixture
def submitted(plots: ChangeSet, olena: User) -> ChangeSet:
    door.submit(olena, plots)
    plots.refresh_from_db()
    return plots
