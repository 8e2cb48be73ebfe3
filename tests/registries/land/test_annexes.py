"""Distances and files of plots: what the database refuses, how bytes are kept, what a draft made before may lack."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from registries.changes import door
from registries.changes.edits import Edit
from registries.core.errors import RegistryError
from registries.core.models import User
from registries.land.models import AccessDistance, PlotFile, Zone, stored_at
from registries.land.store import keep
from tests.conftest import Publish
from tests.registries.land.test_rules import offer, plot

SHA = "ab" * 32
PHOTO = {"kind": "photo", "title": "Изглед", "sha256": SHA, "media_type": "image/png", "size_bytes": 9}
SIZE = {"width": 10, "height": 10}


@pytest.fixture
def known(zone: Zone, publish: Publish) -> Any:
    edit = plot(zone, "1-01")
    publish([edit])
    return edit.object_id


def refuses(publish: Publish, edit: Edit) -> bool:
    try:
        with transaction.atomic():
            publish([edit])
    except (RegistryError, IntegrityError):
        return True
    return False


def test_a_photo_without_its_size_is_refused(publish: Publish, known: Any):
    assert refuses(publish, Edit.create("land.plotfile", {**PHOTO, "plot": known}))
    assert not refuses(publish, Edit.create("land.plotfile", {**PHOTO, **SIZE, "plot": known}))


@pytest.mark.parametrize(
    "wrong",
    [{"sha256": "AB" * 32}, {"sha256": "../../etc/passwd"}, {"media_type": "text/html"}, {"audience": 7}],
    ids=["capitals", "path", "html", "audience"],
)
def test_a_file_that_is_none_is_refused(publish: Publish, known: Any, wrong: dict[str, Any]):
    assert refuses(publish, Edit.create("land.plotfile", {**PHOTO, **SIZE, "plot": known, **wrong}))


def test_a_negative_distance_is_refused(publish: Publish, zone: Zone):
    far = {"zone": zone.pk, "kind": "port", "name": "Варна"}
    assert refuses(publish, Edit.create("land.accessdistance", {**far, "road_km": "-1"}))


def test_the_same_distance_is_there_once(publish: Publish, zone: Zone):
    far = {"zone": zone.pk, "kind": "port", "name": "Варна", "road_km": "110"}
    publish([Edit.create("land.accessdistance", far)])
    assert refuses(publish, Edit.create("land.accessdistance", far))
    assert AccessDistance.objects.count() == 1


def test_a_negative_deposit_is_refused(publish: Publish, known: Any):
    assert refuses(publish, offer(known, deposit="-1"))


def test_a_stranger_may_propose_no_file(stranger: User, known: Any):
    with pytest.raises(RegistryError):
        door.propose(stranger, [Edit.create("land.plotfile", {**PHOTO, **SIZE, "plot": known})], title="not mine")
    assert not PlotFile.objects.exists()


def test_bytes_are_kept_once_under_their_digest(settings: Any, tmp_path: Path):
    settings.MEDIA_ROOT = tmp_path
    assert keep(b"paper") == keep(b"paper") == hashlib.sha256(b"paper").hexdigest()
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == [stored_at(keep(b"paper"))]


def test_bytes_that_cannot_be_kept_leave_nothing_behind(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    settings.MEDIA_ROOT = tmp_path

    def full(*_paths: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(OSError, match="no space"):
        keep(b"paper")
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []
