"""Staff bring photos and documents of plots: what they are is judged by their bytes, and nobody publishes alone."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from PIL import Image

from gis_portal.pages.desk import uploads
from registries.changes import door
from registries.changes.models import ChangeSet
from registries.core.errors import BadInput
from registries.core.models import User
from registries.land.models import PlotFile
from tests.flows import world
from tests.gis_portal.pages.plots.told_world import (  # noqa: F401
    PAPER,
    PDF,
    boris,
    corner,
    olena,
    published_corner,
    told,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told")]
PAGE = f"/desk/plots/{world.plot_id(1)}/files/?lang=en"
GPS_TAG, PLACE = 0x8825, {1: "N", 2: (43.0, 15.0, 0.0)}


def photo(orientation: int = 1, size: tuple[int, int] = (40, 20)) -> bytes:
    """A JPEG as a telephone writes it, with the place where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif.get_ifd(GPS_TAG).update(PLACE)
    written = io.BytesIO()
    Image.new("RGB", size, (10, 90, 200)).save(written, "JPEG", exif=exif)
    return written.getvalue()


def sent(content: bytes, name: str = "x.bin") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def form(kind: str = "photo", **more: Any) -> dict[str, Any]:
    typed = {"kind": kind, "title": "Нов", "title_en": "New", "position": "3", "audience": "0"}
    return {"deed": "add", **{f"new-{name}": value for name, value in typed.items()}, **more}


def post(person: User, data: dict[str, Any]) -> HttpResponse:
    client = Client()
    client.force_login(person)
    answer = client.post(PAGE, data)
    assert isinstance(answer, HttpResponse)
    return answer


def test_a_photo_loses_its_place_and_stands_upright():
    found = uploads.read(sent(photo(orientation=6)))
    with Image.open(io.BytesIO(found.data)) as picture:
        assert not picture.getexif()
        assert picture.size == (found.width, found.height) == (20, 40)


def test_a_large_photo_is_made_smaller():
    assert uploads.read(sent(photo(size=(4000, 1000)))).width == uploads.LONGEST_PX


NONE_OF_THEM = {
    "empty": b"",
    "svg": b"<svg onload=alert(1)>",
    "gif": b"GIF89a\x01\x00\x01\x00",
    "png": b"\x89PNG\r\n\x1a\n broken",
    "pdf": b"%PDF-1.4 cut off",
    "jpeg": photo()[:60],
}


@pytest.mark.parametrize("content", NONE_OF_THEM.values(), ids=NONE_OF_THEM)
def test_what_is_no_photo_and_no_document_is_refused(content: bytes):
    with pytest.raises(BadInput):
        uploads.read(sent(content, "photo.jpg"))


def test_too_many_pixels_are_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(uploads, "PIXELS_MOST", 100)
    with pytest.raises(BadInput, match=r"пиксела|pixels"):
        uploads.read(sent(photo()))


def test_a_file_is_proposed_and_waits_for_another_person(olena: User):  # noqa: F811
    answer = post(olena, form(**{"new-file": sent(photo())}))
    assert answer.status_code == 302
    made = ChangeSet.objects.latest("pk")
    assert made.items.get().attributes["media_type"] == "image/jpeg"
    assert not PlotFile.objects.filter(title="Нов").exists()


def test_whoever_decides_can_open_the_file(olena: User, boris: User):  # noqa: F811
    post(olena, form("document", **{"new-file": sent(PDF + b" ")}))
    made = ChangeSet.objects.latest("pk")
    door.submit(olena, made)
    client = Client()
    client.force_login(boris)
    address = f"/desk/changes/{made.pk}/plot-files/{made.items.get().pk}/"
    assert client.get(address).content == PDF + b" "
    assert address in client.get(f"/desk/changes/{made.pk}/").content.decode()


def test_a_file_is_replaced_and_keeps_what_is_not_sent(olena: User):  # noqa: F811
    file = PlotFile.objects.get(pk=PAPER)
    typed = {"kind": "document", "title": "Условия 2", "title_en": "", "position": "0", "audience": "1"}
    post(olena, {"deed": "change", "id": str(PAPER), **{f"{PAPER}-{name}": value for name, value in typed.items()}})
    attributes = ChangeSet.objects.latest("pk").items.get().attributes
    assert (attributes["title"], attributes["audience"]) == ("Условия 2", 1)
    assert attributes.get("sha256", file.sha256) == file.sha256


def test_a_file_is_removed_by_a_change_set_of_ones_own(olena: User):  # noqa: F811
    mine = door.open_change_set(olena, "Files")
    post(olena, {"deed": "remove", "id": str(PAPER), "change_set": str(mine.pk)})
    assert mine.items.get().action == "delete"


def test_what_was_typed_comes_back_with_the_reason(olena: User):  # noqa: F811
    answer = post(olena, form(**{"new-file": sent(b"nothing")}))
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "The file is no JPEG, PNG or PDF" in page
    assert 'value="Нов"' in page


def test_a_pdf_is_no_photo(olena: User):  # noqa: F811
    assert post(olena, form("photo", **{"new-file": sent(PDF)})).status_code == 400


def test_another_persons_change_set_is_not_filled(olena: User, boris: User):  # noqa: F811
    others = ChangeSet.objects.create(title="not mine", author=boris)
    assert post(olena, form(change_set=str(others.pk), **{"new-file": sent(photo())})).status_code == 400


def test_who_may_not_edit_does_not_come_in(boris: User):  # noqa: F811
    assert post(boris, form(**{"new-file": sent(photo())})).status_code == 403
