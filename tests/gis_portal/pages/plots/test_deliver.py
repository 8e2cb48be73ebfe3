"""Files of plots: to whom they are open, as what they are, kept as long as they cannot change."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from registries.changes import door
from registries.changes.edits import Edit
from registries.core.models import User
from registries.land.models import stored_at
from tests.flows import world
from tests.gis_portal.pages.plots import told_world
from tests.gis_portal.pages.plots.told_world import (  # noqa: F401
    PAPER,
    PDF,
    PHOTO,
    SECRET_PAPER,
    boris,
    corner,
    digest,
    olena,
    published_corner,
    told,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told")]


def get(id: UUID, name: str = "x", user: User | None = None, code: str = "П-1", **query: str) -> Any:
    client = Client()
    if user:
        client.force_login(user)
    return client.get(f"/plots/{code}/files/{id}/{name}", query)


def test_a_document_comes_as_what_it_is_and_can_do_nothing():
    answer = get(PAPER)
    assert (answer.content, answer["Content-Type"]) == (PDF, "application/pdf")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer["Content-Disposition"].startswith("inline")


def test_a_name_with_the_digest_is_kept_for_long():
    assert "immutable" in get(PAPER, f"terms-{digest(PDF)[:10]}.pdf")["Cache-Control"]
    assert "immutable" not in get(PAPER, "terms.pdf")["Cache-Control"]


def test_an_internal_file_is_for_staff_and_kept_by_nobody(olena: User):  # noqa: F811
    assert get(SECRET_PAPER).status_code == 404
    answer = get(SECRET_PAPER, user=olena)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-cache")


def test_a_file_is_not_found_under_another_plot():
    assert get(PAPER, code="П-2").status_code == 404


def test_what_is_only_drafted_is_delivered_to_nobody(olena: User):  # noqa: F811
    draft = UUID(int=(4 << 76) + (8 << 60) + 990)
    edit = told_world.file(draft, PDF + b"\n", "application/pdf", kind="document", title="Чернова")
    door.propose(olena, [edit], title="drafted")
    assert get(draft, user=olena).status_code == 404


def test_a_photo_comes_in_the_width_of_the_page(settings: Any, tmp_path: Any):
    settings.VAR_DIR = tmp_path
    answer = get(PHOTO, width="320")
    assert answer["Content-Type"] == "image/webp"
    with Image.open(io.BytesIO(answer.content)) as small:
        assert small.size == (320, 160)


def test_other_widths_are_refused():
    assert get(PHOTO, width="99999").status_code == 400


def test_missing_bytes_are_said_to_be_missing(settings: Any, tmp_path: Any):
    settings.MEDIA_ROOT = tmp_path
    assert get(PAPER).status_code == 503


def test_the_tag_is_the_digest():
    first = get(PAPER)
    again = Client().get(f"/plots/П-1/files/{PAPER}/x", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304


def test_bytes_lie_by_their_digest():
    assert stored_at(digest(PDF)).read_bytes() == PDF
    assert world.plot_id(1).hex not in str(stored_at(digest(PDF)))


@pytest.fixture
def closed(settings: Any) -> str:
    """The paper, open until now, closed since; the moment when it was open."""
    settings.PUBLIC_HISTORY = True
    before = timezone.now().isoformat()
    told_world.publish([Edit.update("land.plotfile", PAPER, {"audience": 2})])
    return before


def test_what_was_open_once_and_is_closed_today_is_open_on_no_past_day(closed: str):
    assert get(PAPER, at=closed).status_code == 404
    with told_world.sheet(at=closed) as sheet:
        assert [one.title for one in sheet.papers] == []


def test_staff_get_what_was_open_once_as_their_own(closed: str, olena: User):  # noqa: F811
    answer = get(PAPER, f"terms-{digest(PDF)[:10]}.pdf", user=olena, at=closed)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-cache")


def test_what_is_removed_is_open_on_no_past_day(settings: Any):
    settings.PUBLIC_HISTORY = True
    before = timezone.now().isoformat()
    told_world.publish([Edit.delete("land.plotfile", PAPER)])
    assert get(PAPER, at=before).status_code == 404


def test_a_page_is_another_when_one_of_its_files_is_closed(closed: str):
    page = "/plots/П-1/"
    before = Client().get(page, {"at": closed})
    told_world.publish([Edit.update("land.plotfile", PAPER, {"audience": 0})])
    after = Client().get(page, {"at": closed}, headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200
