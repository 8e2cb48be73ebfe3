"""Edits made from an older version: only the same fields, changed differently by somebody else, are a conflict."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.translation import override

from layers.writing import perform
from registries.changes import door
from registries.changes.edits import Edit
from registries.changes.models import ChangeItem
from registries.core.errors import BadInput, Conflict
from registries.core.models import User
from registries.land.models import Zone
from tests.conftest import Publish, parcel, square
from tests.layers.writing.conftest import Write, shown, wish

REFERENCE = "national_cadastral_reference"


@pytest.fixture(autouse=True)
def in_english() -> Any:
    with override("en"):
        yield


@pytest.fixture
def first(publish: Publish, zone: Zone) -> Edit:
    """Version 1 of a parcel."""
    edit = parcel("73626.1.1", square(0, 0), zone.pk, label="old", address="old")
    publish([edit])
    return edit


@pytest.fixture
def second(first: Edit, ada: User, boris: User) -> Edit:
    """Ada published version 2 with another label and shape."""
    ada.first_name, ada.last_name = "Ada", "Petrova"
    ada.save()
    edit = Edit.update("land.parcel", first.object_id, {"label": "Ada's"}, square(0, 0, 90))
    change_set = door.propose(ada, [edit], title="Ada's")
    door.submit(ada, change_set)
    door.approve_and_publish(boris, change_set, "Yes.")
    return first


def test_another_field_is_no_conflict(write: Write, olena: User, second: Edit) -> None:
    done = write("parcels", "update", second.object_id, version=1, values={"address": "new"})
    assert (shown(olena, done).label, shown(olena, done).address) == ("Ada's", "new")
    assert ChangeItem.objects.get(change_set__source="qgis").base_version == 2


def test_the_same_field_is_a_conflict_that_says_who_and_when(write: Write, second: Edit) -> None:
    with pytest.raises(Conflict, match="“label”: Ada Petrova changed it to “Ada's” on") as caught:
        write("parcels", "update", second.object_id, version=1, values={"label": "mine"})
    (conflict,) = caught.value.conflicts
    assert (conflict.field, conflict.base, conflict.published, conflict.proposed) == ("label", "old", "Ada's", "mine")


def test_the_same_value_is_no_conflict(write: Write, second: Edit) -> None:
    write("parcels", "update", second.object_id, version=1, values={"label": "Ada's"})


def test_the_present_version_is_no_conflict(write: Write, second: Edit) -> None:
    write("parcels", "update", second.object_id, version=2, values={"label": "mine"})


def test_without_a_version_the_present_one_is_meant(write: Write, second: Edit) -> None:
    write("parcels", "update", second.object_id, values={"label": "mine"})


def test_what_came_along_unchanged_does_not_undo_what_others_did(write: Write, olena: User, second: Edit) -> None:
    values = {REFERENCE: "73626.1.1", "label": "old", "address": "new"}
    done = write("parcels", "update", second.object_id, version=1, values=values, geom=square(0, 0))
    found = shown(olena, done)
    assert (found.label, found.address, found.area_m2) == ("Ada's", "new", 8100)


def test_a_shape_in_conflict_is_named(write: Write, second: Edit) -> None:
    with pytest.raises(Conflict, match="The geometry: Ada Petrova changed it") as caught:
        write("parcels", "update", second.object_id, version=1, geom=square(0, 0, 50))
    assert caught.value.locator == "geom"


def test_what_others_changed_is_not_removed_unseen(write: Write, second: Edit) -> None:
    with pytest.raises(Conflict, match="Ada Petrova changed it on"):
        write("parcels", "delete", second.object_id, version=1)


def test_several_conflicts_are_told_together(olena: User, second: Edit) -> None:
    mine = wish(olena, "parcels", "update", second.object_id, version=1, values={"label": "x"}, geom=square(0, 0, 50))
    with pytest.raises(Conflict) as caught:
        perform(olena, [mine])
    assert {one.field for one in caught.value.conflicts} == {"label", "geom"}


def test_ones_own_publication_is_no_conflict(write: Write, publish: Publish, first: Edit) -> None:
    publish([Edit.update("land.parcel", first.object_id, {"label": "Olena's"})])
    write("parcels", "update", first.object_id, version=1, values={"label": "once more"})
    write("parcels", "delete", first.object_id, version=1)


def test_an_own_draft_that_was_published_since_can_be_edited_on(
    write: Write, olena: User, boris: User, zone: Zone
) -> None:
    done = write("parcels", "create", values={REFERENCE: "73626.1.1"}, geom=square(0, 0))
    change_set = ChangeItem.objects.get(object_id=done.id).change_set
    door.submit(olena, change_set)
    door.approve_and_publish(boris, change_set, "Yes.")
    again = write("parcels", "update", done.id, version=0, values={"label": "x"})
    assert shown(olena, again).label == "x"


def test_an_unknown_version_is_refused(write: Write, first: Edit) -> None:
    with pytest.raises(BadInput, match="Version 7"):
        write("parcels", "update", first.object_id, version=7, values={"label": "x"})


def test_going_back_from_an_own_draft_is_an_edit(write: Write, olena: User, second: Edit) -> None:
    write("parcels", "update", second.object_id, values={"address": "drafted"})
    done = write("parcels", "update", second.object_id, version=1, values={"address": "old"})
    assert shown(olena, done).address == "old"
