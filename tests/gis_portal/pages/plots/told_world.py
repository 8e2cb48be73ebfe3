"""The corner of `tests.flows.world` with what a plot's page tells beyond it, published once for a module."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from uuid import UUID

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.utils.translation import override
from PIL import Image
from pytest_django import DjangoDbBlocker

from gis_portal.pages.plots.facts import sheet_of
from gis_portal.pages.plots.sheets import Sheet
from gis_portal.pages.reading import reading
from registries.changes import door
from registries.changes.edits import Edit
from registries.core.models import User
from registries.land.models import Offer, Plot
from registries.land.store import keep
from tests.flows import world
from tests.gis_portal.pages.shared_corner import boris, corner, olena, published_corner

__all__ = ["boris", "corner", "olena", "published_corner", "told"]

PHOTO, PAPER, SECRET_PAPER = (UUID(int=(4 << 76) + (8 << 60) + 900 + number) for number in range(3))
PDF = b"%PDF-1.4\n% a synthetic paper\n%%EOF\n"
SECRET_PDF = b"%PDF-1.4\n% for staff\n%%EOF\n"


def photo(width: int = 1000, height: int = 500) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (width, height), (20, 120, 60)).save(written, "PNG")
    return written.getvalue()


def publish(edits: Iterable[Edit], **act: object) -> None:
    olena, boris = User.objects.get(username="olena"), User.objects.get(username="boris")
    change_set = door.propose(olena, edits, title="made for a test")
    if act:
        door.describe(olena, change_set, **act)
    door.submit(olena, change_set)
    door.approve(boris, change_set, "For a test.")
    door.publish(boris, change_set)


def file(id: UUID, content: bytes, media_type: str, **columns: object) -> Edit:
    known = {"plot": world.plot_id(1), "sha256": keep(content), "media_type": media_type, "size_bytes": len(content)}
    return Edit.create("land.plotfile", {**known, **columns}, None, id)


def files() -> list[Edit]:
    size = {"width": 1000, "height": 500}
    return [
        file(PHOTO, photo(), "image/png", kind="photo", title="Изглед", title_en="A view", **size),
        file(PAPER, PDF, "application/pdf", kind="document", title="Условия", title_en="Terms"),
        file(SECRET_PAPER, SECRET_PDF, "application/pdf", kind="document", title="Вътрешен", audience=2),
    ]


def more() -> list[Edit]:
    offer = Offer.objects.get()
    terms = {"conditions": "До 24 месеца", "deposit": "1000", "decided_on": "2025-12-01"}
    terms["open_period"] = "[2026-01-01,2027-01-01)"
    motorway = {"zone": world.ZONE, "kind": "motorway", "name": "АМ „Хемус“", "name_en": "Hemus motorway"}
    return [
        Edit.update("land.zone", world.ZONE, {"contact_email": "invest@example.org", "greening_min_pct": "20"}),
        Edit.update("land.plot", world.plot_id(1), {"confirmed_on": "2026-10-01", "status_since": "2026-09-01"}),
        Edit.update("land.offer", offer.pk, terms),
        Edit.create("land.plotparcel", {"plot": world.plot_id(1), "parcel": world.parcel_id(1)}),
        Edit.create("land.accessdistance", {**motorway, "road_km": "17.40", "minutes": 95, "source": "OSM"}),
        *files(),
    ]


@pytest.fixture(scope="module")
def told(published_corner: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        publish(more(), legal_act="Решение", legal_number="7", legal_date=date(2026, 5, 4))
        yield


@contextmanager
def sheet(number: int = 1, language: str = "en", at: str = "", user: User | None = None) -> Iterator[Sheet]:
    """The sheet of a plot of the corner as a page of that language and day would have it."""
    request = RequestFactory().get("/", {"at": at} if at else {})
    request.user = user or AnonymousUser()
    with override(language), reading(request) as it:
        yield sheet_of(it, Plot.objects.select_related("zone").get(pk=world.plot_id(number)))


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
