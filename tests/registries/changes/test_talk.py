"""What people say of a change set, who has seen it, and on which act it rests."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from registries.changes import door
from registries.changes.models import ChangeSet
from registries.core.errors import BadInput, NotAllowed, WrongState
from registries.core.models import AuditEntry
from tests.registries.changes.world import World

State = ChangeSet.State
PDF, PNG, JPEG = b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n\x00", b"\xff\xd8\xff\xe0\x00"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def test_a_comment_says_who_and_on_which_item(world: World) -> None:
    change_set = world.in_state(State.SUBMITTED)
    item = change_set.items.get()
    door.comment(world.reviewer, change_set, " Площта? ", item)
    made = change_set.comments.get()
    assert (made.author, made.text, made.item) == (world.reviewer, "Площта?", item)


@pytest.mark.parametrize("text", ["", " \n", "\x00", "x" * 4001])
def test_a_comment_says_something_but_no_novel(world: World, text: str) -> None:
    with pytest.raises(BadInput):
        door.comment(world.reviewer, world.in_state(State.SUBMITTED), text)


def test_a_comment_on_anothers_item_is_refused(world: World) -> None:
    with pytest.raises(BadInput):
        door.comment(world.reviewer, world.draft(), "Тук", world.draft().items.get())


def test_a_comment_stays_when_its_item_goes(world: World) -> None:
    change_set = world.draft()
    item = change_set.items.get()
    door.comment(world.reviewer, change_set, "Излишно", item)
    door.drop_items(world.author, change_set, [item.pk])
    assert change_set.comments.get().item is None


def test_who_saw_it_is_kept_with_the_first_and_the_last_time(world: World) -> None:
    change_set = world.in_state(State.SUBMITTED)
    first = door.saw(world.reviewer, change_set)
    last = door.saw(world.reviewer, change_set)
    sight = change_set.sights.get()
    assert (sight.first_at, sight.last_at) == (first.first_at, last.last_at)
    assert sight.first_at < sight.last_at


def test_a_stranger_sees_nothing(world: World) -> None:
    with pytest.raises(NotAllowed):
        door.saw(world.others["stranger"], world.draft())


def test_the_author_says_on_which_act_it_rests(world: World) -> None:
    change_set = world.draft()
    door.describe(
        world.author, change_set, title="ПУП", legal_act="Заповед", legal_number="РД-12", legal_date="2026-01-31"
    )
    change_set.refresh_from_db()
    assert (change_set.title, change_set.legal_act, change_set.legal_number) == ("ПУП", "Заповед", "РД-12")
    assert change_set.legal_date == date(2026, 1, 31)


def test_what_is_not_said_stays(world: World) -> None:
    change_set = world.draft()
    door.describe(world.author, change_set, reason="Нужно е.")
    door.describe(world.author, change_set, legal_act="Заповед")
    change_set.refresh_from_db()
    assert (change_set.title, change_set.reason) == ("Нов имот", "Нужно е.")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", " "),
        ("title", "x" * 201),
        ("legal_number", "x" * 61),
        ("legal_date", "31.01.2026"),
        ("legal_date", "2026-02-30"),
        ("state", "published"),
        ("approved_by", None),
    ],
)
def test_a_wrong_description_names_the_field(world: World, field: str, value: Any) -> None:
    with pytest.raises(BadInput) as caught:
        door.describe(world.author, world.draft(), **{field: value})
    assert caught.value.locator == field


@pytest.mark.parametrize("state", [State.SUBMITTED, State.PUBLISHED, State.WITHDRAWN])
def test_what_is_handed_in_or_closed_is_not_described_anew(world: World, state: str) -> None:
    with pytest.raises(WrongState):
        door.describe(world.author, world.in_state(state), title="Друго")


@pytest.mark.parametrize(
    ("content", "suffix"), [(PDF, ".pdf"), (PNG, ".png"), (JPEG, ".jpg")], ids=["pdf", "png", "jpeg"]
)
def test_the_file_of_the_act_is_named_by_what_it_is(world: World, content: bytes, suffix: str) -> None:
    change_set = world.draft()
    door.describe(world.author, change_set, legal_file=SimpleUploadedFile("../Заповед 12.exe", content))
    change_set.refresh_from_db()
    name = Path(change_set.legal_file.name)
    assert (name.parts[0], name.stem, name.suffix) == ("acts", "Заповед_12", suffix)
    with change_set.legal_file.open() as kept:
        assert kept.read() == content


@pytest.mark.parametrize("content", [b"", b"MZ\x90", b"<svg onload=alert(1)>", b" %PDF-1.7", b"PK\x03\x04"])
def test_another_kind_of_file_is_refused(world: World, media: Path, content: bytes) -> None:
    with pytest.raises(BadInput) as caught:
        door.describe(world.author, world.draft(), legal_file=SimpleUploadedFile("act.pdf", content))
    assert caught.value.locator == "legal_file"
    assert not list(media.rglob("*.*"))


def test_a_file_that_is_too_large_is_refused(world: World, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 100
    with pytest.raises(BadInput):
        door.describe(world.author, world.draft(), legal_file=SimpleUploadedFile("act.pdf", PDF + b" " * 100))


def test_a_new_file_replaces_the_old_one(world: World, media: Path, django_capture_on_commit_callbacks: Any) -> None:
    change_set = world.draft()
    door.describe(world.author, change_set, legal_file=SimpleUploadedFile("one.pdf", PDF))
    with django_capture_on_commit_callbacks(execute=True):
        door.describe(world.author, change_set, legal_file=SimpleUploadedFile("two.pdf", PDF))
    assert [path.name for path in media.rglob("*.pdf")] == ["two.pdf"]


def test_the_file_is_removed_only_when_that_is_asked(
    world: World, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    change_set = world.draft()
    door.describe(world.author, change_set, legal_file=SimpleUploadedFile("one.pdf", PDF))
    door.describe(world.author, change_set, legal_file=None)
    assert [path.name for path in media.rglob("*.pdf")] == ["one.pdf"]
    with django_capture_on_commit_callbacks(execute=True):
        door.describe(world.author, change_set, legal_file=False)
    change_set.refresh_from_db()
    assert (bool(change_set.legal_file), list(media.rglob("*.pdf"))) == (False, [])


def test_dropping_items_is_in_the_audit(world: World) -> None:
    change_set = world.draft()
    assert door.drop_items(world.author, change_set, [change_set.items.get().pk, 10**15]) == 1
    entry = AuditEntry.objects.filter(subject=f"change_set {change_set.pk}").latest("pk")
    assert (entry.action, entry.details) == ("drop", {"count": 1})


def test_items_of_another_set_stay(world: World) -> None:
    mine, other = world.draft(), world.draft()
    assert door.drop_items(world.author, mine, [other.items.get().pk]) == 0
    assert other.items.exists()
