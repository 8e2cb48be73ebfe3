"""What became different from one moment to another, for each reader."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from layers.access import reader_of
from layers.differences.features import features
from layers.differences.sides import between
from layers.differences.summary import summary
from layers.differences.tile import tile
from registries.changes.edits import Edit
from registries.core.models import User
from registries.land.models import Zone
from registries.networks.models import Network
from tests.conftest import Publish, line, parcel, pipe, square
from tests.layers.differences.conftest import building
from tests.layers.tiles.decoding import decode, tile_of


@pytest.fixture
def hall(publish: Publish, zone: Zone) -> Edit:
    edit = building(zone, 100, 100)
    publish([edit])
    return edit


def counts(before: datetime | None, after: datetime | None, user: Any = None) -> dict[str, int]:
    return summary(between(before, after, reader_of(user or AnonymousUser()))).counts


def test_what_came_moved_and_went_since_a_moment(hall: Edit, publish: Publish, zone: Zone) -> None:
    other, third = building(zone, 200, 100), building(zone, 300, 100)
    publish([other])
    start = timezone.now()
    publish([third, Edit.update("land.building", hall.object_id, {}, square(110, 100, 40))])
    publish([Edit.delete("land.building", other.object_id)])
    assert counts(start, None) == {"added": 1, "changed": 1, "removed": 1}


def test_the_other_way_round_additions_are_removals(hall: Edit, publish: Publish, zone: Zone) -> None:
    start = timezone.now()
    publish([building(zone, 200, 100)])
    assert counts(None, start) == {"added": 0, "changed": 0, "removed": 1}


def test_between_two_past_moments_later_changes_do_not_count(hall: Edit, publish: Publish) -> None:
    start = timezone.now()
    end = timezone.now()
    publish([Edit.delete("land.building", hall.object_id)])
    assert counts(start, end) == {"added": 0, "changed": 0, "removed": 0}


def test_what_came_back_to_what_it_was_is_no_difference(hall: Edit, publish: Publish) -> None:
    start = timezone.now()
    publish([Edit.update("land.building", hall.object_id, {"floors": 3})])
    publish([Edit.update("land.building", hall.object_id, {"floors": None})])
    assert counts(start, None) == {"added": 0, "changed": 0, "removed": 0}


def test_a_change_of_attributes_alone_is_there_once(hall: Edit, publish: Publish) -> None:
    start = timezone.now()
    publish([Edit.update("land.building", hall.object_id, {"floors": 3})])
    found = features(between(start, None, reader_of(AnonymousUser())), [f"land.building/{hall.object_id}"])
    assert [(one["properties"]["side"], one["properties"]["kept"]) for one in found] == [("new", True)]


def test_a_tile_tells_both_sides(hall: Edit, publish: Publish, tmp_path: Path) -> None:
    start = timezone.now()
    publish([Edit.update("land.building", hall.object_id, {}, square(120, 100, 40))])
    place = tile_of(square(100, 100, 60), 17)
    found = decode(tile(between(start, None, reader_of(None)), *place), place, tmp_path)["changes"]
    assert {(values["item"], values["side"]) for values, _shape in found} == {
        (f"land.building/{hall.object_id}", "old"),
        (f"land.building/{hall.object_id}", "new"),
    }


def test_a_tile_of_a_wide_area_is_spared_the_long_names(hall: Edit, publish: Publish, tmp_path: Path) -> None:
    start = timezone.now()
    publish([Edit.delete("land.building", hall.object_id)])
    place = tile_of(square(100, 100, 40), 15)
    found = decode(tile(between(start, None, reader_of(None)), *place), place, tmp_path)["changes"]
    assert [(values["action"], "item" in values) for values, _shape in found] == [("removed", False)]


def test_assets_of_a_closed_network_are_told_to_staff_alone(
    publish: Publish, network: Network, olena: User, stranger: User
) -> None:
    start = timezone.now()
    publish([Edit.update("networks.network", network.pk, {"visibility": 2})])
    publish([pipe(network, line((100, 100), (300, 100)))])
    assert counts(start, None, olena)["added"] == 1
    for nobody in (None, stranger):
        assert counts(start, None, nobody)["added"] == 0


def test_rights_and_restrictions_are_no_layer_and_are_not_told(publish: Publish, zone: Zone) -> None:
    field = parcel("73626.1.1", square(0, 0), zone.pk)
    publish([field])
    start = timezone.now()
    right = {"zone": zone.pk, "rrr_class": "restriction", "kind": "easement", "parcel": field.object_id}
    publish([Edit.create("land.rightrestriction", right, square(10, 10, 20))])
    assert counts(start, None) == {"added": 0, "changed": 0, "removed": 0}


def test_each_reader_and_each_moment_has_an_edition_of_its_own(
    hall: Edit, publish: Publish, network: Network, olena: User
) -> None:
    publish([Edit.update("networks.network", network.pk, {"visibility": 2})])
    start, end = timezone.now(), timezone.now()
    editions = [
        between(before, after, reader_of(user)).edition
        for before, after in ((start, end), (start, None))
        for user in (None, olena)
    ]
    assert len(set(editions)) == 4
