"""What somebody else published meanwhile: shown field by field, settled by the author, merged where all agree."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from registries.changes import door
from registries.changes.edits import Edit
from registries.changes.models import ChangeSet
from registries.core.errors import BadInput, Conflict, NotAllowed
from registries.core.models import User
from registries.land.models import Parcel
from registries.networks.models import AssetAttribute, Link, Network
from tests.conftest import Publish, line, parcel, pipe, square

State = ChangeSet.State


class Clash:
    """Olena proposes one thing of a parcel while Boris publishes another."""

    def __init__(self, olena: User, boris: User, publish: Publish) -> None:
        self.olena, self.boris, self.publish = olena, boris, publish

    def of(self, mine: Edit, theirs: Edit) -> ChangeSet:
        change_set = door.propose(self.olena, [mine], title="Мое")
        self.publish([theirs])
        with pytest.raises(Conflict):
            door.submit(self.olena, change_set)
        change_set.refresh_from_db()
        return change_set

    def settle(self, change_set: ChangeSet, choices: Any) -> None:
        door.resolve(self.olena, change_set, choices)
        door.submit(self.olena, change_set)
        door.approve_and_publish(self.boris, change_set, "Да.")


@pytest.fixture
def clash(olena: User, boris: User, publish: Publish) -> Clash:
    return Clash(olena, boris, publish)


@pytest.fixture
def parcel_id(publish: Publish, zone: object) -> UUID:
    edit = parcel("73626.501.1", square(0, 0), None, label="base", legal_area_m2="10000.00")
    publish([edit])
    return edit.object_id


@pytest.fixture
def pipe_id(publish: Publish, network: Network) -> UUID:
    for key in ("diameter_mm", "material_word", "note"):
        AssetAttribute.objects.get_or_create(
            asset_type_id="water_pipe", key=key, defaults={"title_bg": key, "title_en": key, "type": "text"}
        )
    edit = pipe(network, line((0, 0), (50, 0)), attributes={"diameter_mm": "90", "note": "base"})
    publish([edit])
    return edit.object_id


def update(object_id: UUID, geom: Any = None, **columns: Any) -> Edit:
    return Edit.update("land.parcel", object_id, columns, geom)


def test_a_late_submission_is_marked_as_a_conflict(clash: Clash, parcel_id: UUID) -> None:
    assert clash.of(update(parcel_id, label="mine"), update(parcel_id, label="theirs")).state == State.CONFLICTED


def test_a_conflict_tells_base_published_proposed(clash: Clash, parcel_id: UUID) -> None:
    change_set = clash.of(update(parcel_id, label="mine", address="А"), update(parcel_id, label="theirs"))
    [found] = door.conflicts_of(change_set)
    assert (found.field, found.base, found.published, found.proposed) == ("label", "base", "theirs", "mine")
    assert (found.item_id, found.object_id) == (change_set.items.get().pk, str(parcel_id))


@pytest.mark.parametrize(("choice", "label"), [("published", "theirs"), ("proposed", "mine")])
def test_the_author_picks_and_untouched_fields_merge(clash: Clash, parcel_id: UUID, choice: str, label: str) -> None:
    change_set = clash.of(
        update(parcel_id, label="mine", address="А"), update(parcel_id, label="theirs", land_use="склад")
    )
    clash.settle(change_set, {(change_set.items.get().pk, "label"): choice})
    found = Parcel.objects.get()
    assert (found.label, found.address, found.land_use, found.version) == (label, "А", "склад", 3)


def test_each_field_has_a_choice_of_its_own(clash: Clash, parcel_id: UUID) -> None:
    change_set = clash.of(update(parcel_id, label="mine", address="мой"), update(parcel_id, label="x", address="y"))
    item = change_set.items.get().pk
    clash.settle(change_set, {item: "published", (item, "address"): "proposed"})
    found = Parcel.objects.get()
    assert (found.label, found.address) == ("x", "мой")


def test_the_same_value_from_both_sides_is_no_conflict(
    olena: User, boris: User, publish: Publish, parcel_id: UUID
) -> None:
    change_set = door.propose(olena, [update(parcel_id, label="same", legal_area_m2="9000.50")], title="Мое")
    publish([update(parcel_id, label="same", legal_area_m2="9000.5")])
    door.submit(olena, change_set)
    assert door.approve_and_publish(boris, change_set, "Да.").state == State.PUBLISHED


@pytest.mark.parametrize(("choice", "side"), [("published", 80), ("proposed", 90)])
def test_geometries_are_shown_and_picked(clash: Clash, parcel_id: UUID, choice: str, side: int) -> None:
    change_set = clash.of(update(parcel_id, square(0, 0, 90), label="mine"), update(parcel_id, square(0, 0, 80)))
    [found] = door.conflicts_of(change_set)
    areas = [round(geom.area) for geom in (found.base, found.published, found.proposed)]
    assert (found.field, areas) == ("geom", [10_000, 6_400, 8_100])
    clash.settle(change_set, {(found.item_id, "geom"): choice})
    saved = Parcel.objects.get()
    assert (round(saved.area_m2), saved.label) == (side * side, "mine")


@pytest.mark.parametrize(("choice", "diameter"), [("published", "110"), ("proposed", "63")])
def test_keys_of_json_columns_are_picked_one_by_one(clash: Clash, pipe_id: UUID, choice: str, diameter: str) -> None:
    mine = {"diameter_mm": "63", "material_word": "PE"}
    change_set = clash.of(
        Edit.update("networks.link", pipe_id, {"attributes": mine}),
        Edit.update("networks.link", pipe_id, {"attributes": {"diameter_mm": "110", "note": "theirs"}}),
    )
    [found] = door.conflicts_of(change_set)
    assert (found.field, found.base, found.published, found.proposed) == ("attributes.diameter_mm", "90", "110", "63")
    clash.settle(change_set, {(found.item_id, found.field): choice})
    assert Link.objects.get().attributes == {"diameter_mm": diameter, "material_word": "PE", "note": "theirs"}


def test_what_was_removed_meanwhile_comes_back_with_the_changes(clash: Clash, parcel_id: UUID) -> None:
    change_set = clash.of(update(parcel_id, label="mine"), Edit.delete("land.parcel", parcel_id))
    [found] = door.conflicts_of(change_set)
    assert (found.field, found.published, found.base["label"]) == ("*", None, "base")
    clash.settle(change_set, {found.item_id: "proposed"})
    saved = Parcel.objects.get()
    assert (saved.pk, saved.label, saved.national_cadastral_reference) == (parcel_id, "mine", "73626.501.1")
    assert (round(saved.area_m2), saved.version) == (10_000, 2)


def test_what_was_removed_meanwhile_stays_removed(clash: Clash, parcel_id: UUID) -> None:
    change_set = clash.of(update(parcel_id, label="mine"), Edit.delete("land.parcel", parcel_id))
    door.resolve(clash.olena, change_set, {change_set.items.get().pk: "published"})
    assert not change_set.items.exists()


@pytest.mark.parametrize(("choice", "left"), [("published", 1), ("proposed", 0)])
def test_a_removal_of_what_changed_meanwhile_asks(clash: Clash, parcel_id: UUID, choice: str, left: int) -> None:
    change_set = clash.of(Edit.delete("land.parcel", parcel_id), update(parcel_id, label="theirs"))
    [found] = door.conflicts_of(change_set)
    assert (found.field, found.published["label"], found.proposed) == ("*", "theirs", None)
    door.propose(clash.olena, [parcel("73626.501.9", square(500, 500), None)], change_set=change_set)
    clash.settle(change_set, {found.item_id: choice})
    assert Parcel.objects.filter(pk=parcel_id).count() == left


def test_what_both_removed_is_settled(olena: User, boris: User, publish: Publish, parcel_id: UUID) -> None:
    change_set = door.propose(olena, [Edit.delete("land.parcel", parcel_id)], title="Отпада")
    publish([Edit.delete("land.parcel", parcel_id)])
    assert door.conflicts_of(change_set) == []


@pytest.mark.parametrize(("choice", "label"), [("published", "theirs"), ("proposed", "mine")])
def test_what_both_added_asks_which_stays(clash: Clash, parcel_id: UUID, choice: str, label: str) -> None:
    object_id = UUID(int=77)

    def addition(label: str) -> Edit:
        columns = {"national_cadastral_reference": "73626.501.7", "label": label}
        return Edit.create("land.parcel", columns, square(300, 300), object_id)

    change_set = clash.of(addition("mine"), addition("theirs"))
    [found] = door.conflicts_of(change_set)
    assert (found.field, found.base, found.published["label"], found.proposed["label"]) == ("*", None, "theirs", "mine")
    door.propose(clash.olena, [parcel("73626.501.9", square(500, 500), None)], change_set=change_set)
    clash.settle(change_set, {found.item_id: choice})
    assert Parcel.objects.get(pk=object_id).label == label


def test_settling_everything_for_the_published_side_leaves_no_item(clash: Clash, parcel_id: UUID) -> None:
    change_set = clash.of(update(parcel_id, label="mine"), update(parcel_id, label="theirs"))
    door.resolve(clash.olena, change_set, {change_set.items.get().pk: "published"})
    assert not change_set.items.exists()
    with pytest.raises(door.EmptyChangeSet):
        door.submit(clash.olena, change_set)


@pytest.mark.parametrize("choice", [None, "", "mine", "merged"])
def test_every_conflict_needs_a_choice(clash: Clash, parcel_id: UUID, choice: Any) -> None:
    change_set = clash.of(update(parcel_id, label="mine"), update(parcel_id, label="theirs"))
    item = change_set.items.get().pk
    with pytest.raises(BadInput) as caught:
        door.resolve(clash.olena, change_set, {item: choice} if choice is not None else {})
    assert caught.value.locator == f"{item}:label"
    assert len(door.conflicts_of(change_set)) == 1


def test_only_the_author_settles(clash: Clash, parcel_id: UUID) -> None:
    change_set = clash.of(update(parcel_id, label="mine"), update(parcel_id, label="theirs"))
    with pytest.raises(NotAllowed):
        door.resolve(clash.boris, change_set, {change_set.items.get().pk: "published"})


def test_a_conflict_that_came_after_the_choice_is_asked_again(clash: Clash, parcel_id: UUID) -> None:
    change_set = clash.of(update(parcel_id, label="mine"), update(parcel_id, label="theirs"))
    item = change_set.items.get().pk
    door.resolve(clash.olena, change_set, {item: "proposed"})
    clash.publish([update(parcel_id, label="again")])
    with pytest.raises(Conflict):
        door.submit(clash.olena, change_set)
