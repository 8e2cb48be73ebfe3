"""How much differs, and where."""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import GEOSGeometry, Point

from layers.differences.features import features, items_at
from layers.differences.sides import of_change_set
from layers.differences.summary import summary
from registries.changes import door
from registries.changes.edits import Edit
from registries.core.models import User
from registries.land.models import Zone
from registries.networks.models import Network
from tests.conftest import Publish, line, pipe, point, square
from tests.layers.differences.conftest import Draft, building


def degrees(place: Point) -> tuple[float, float]:
    west, south, _east, _north = place.transform(4326, clone=True).extent
    return west, south


def test_changes_are_counted_by_what_they_do(draft: Draft) -> None:
    assert summary(of_change_set(draft.change_set)).counts == {"added": 1, "changed": 3, "removed": 2}


def test_bounds_hold_what_was_and_what_will_be(olena: User, publish: Publish, zone: Zone) -> None:
    hall = building(zone, 100, 100)
    publish([hall])
    change_set = door.propose(
        olena, [Edit.update("land.building", hall.object_id, {}, square(700, 500, 40))], title="Far"
    )
    bounds = summary(of_change_set(change_set)).bounds
    expected = (square(100, 100, 40) | square(700, 500, 40)).transform(4326, clone=True).extent
    assert bounds == pytest.approx(expected, abs=1e-6)


def test_what_has_no_place_is_counted_apart(olena: User, zone: Zone) -> None:
    network = Edit.create("networks.network", {"zone": zone.pk, "theme": "gas", "name": "Gas"})
    found = summary(of_change_set(door.propose(olena, [network], title="No place")))
    assert (found.counts["added"], found.unplaced, found.bounds) == (1, 1, None)


def test_an_edit_of_the_draft_makes_another_edition(draft: Draft, olena: User) -> None:
    before = of_change_set(draft.change_set).edition
    again = Edit.update("land.building", draft.moved.object_id, {}, square(230, 130, 40))
    changed = door.propose(olena, [again], change_set=draft.change_set)
    changed.refresh_from_db()
    assert of_change_set(changed).edition != before


def test_a_publication_that_changes_what_was_makes_another_edition(draft: Draft, publish: Publish) -> None:
    before = of_change_set(draft.change_set).edition
    publish([Edit.update("land.building", draft.moved.object_id, {"floors": 3})])
    assert of_change_set(draft.change_set).edition != before


def test_at_a_place_thin_things_come_before_areas_and_small_before_large(
    olena: User, zone: Zone, network: Network
) -> None:
    large, small = building(zone, 100, 100), Edit.create("land.building", {"zone": zone.pk}, square(110, 110, 10))
    main = pipe(network, line((90, 116), (200, 116)))
    change_set = door.propose(olena, [large, small, main], title="Pile")
    order = [change_set.items.get(object_id=edit.object_id).pk for edit in (main, small, large)]
    assert items_at(of_change_set(change_set), degrees(point(115, 115)), 5) == order


def test_a_place_where_something_was_finds_it(draft: Draft) -> None:
    found = items_at(of_change_set(draft.change_set), degrees(point(205, 105)), 1)
    assert found == [draft.item(draft.moved).pk]


def test_a_place_off_the_registrys_extent_finds_nothing(draft: Draft) -> None:
    assert items_at(of_change_set(draft.change_set), (0.0, 80.0), 1) == []


def test_a_thing_comes_with_both_sides_the_old_one_first(draft: Draft) -> None:
    item = draft.item(draft.moved)
    old, new = features(of_change_set(draft.change_set), [item.pk])
    assert [side["properties"]["side"] for side in (old, new)] == ["old", "new"]
    shape = GEOSGeometry(str(new["geometry"]).replace("'", '"'))
    expected = item.geom.transform(4326, clone=True)
    assert shape.extent == pytest.approx(expected.extent, abs=1e-7)
