"""What the tiles of a difference hold, at every scale, against what PostGIS says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Polygon

from layers.differences import tile as tiles
from layers.differences.sides import Difference, of_change_set
from layers.differences.tile import tile
from layers.tiles.answers import pack
from registries.changes import door
from registries.changes.edits import Edit
from registries.changes.models import ChangeItem, ChangeSet
from registries.core.models import History, User
from registries.land.models import Zone
from tests.conftest import EAST, NORTH, SRID, Publish, line, pipe, square
from tests.layers.differences.conftest import Draft
from tests.layers.tiles.decoding import Feature, decode, tile_of, unit_m

MIDDLE = square(0, 0, 600)


def features(difference: Difference, folder: Path, zoom: int, around: GEOSGeometry = MIDDLE) -> list[Feature]:
    place = tile_of(around, zoom)
    return decode(tile(difference, *place), place, folder).get("changes", [])


def all_around(difference: Difference, folder: Path, zoom: int) -> list[Feature]:
    """The features of the tile of the zone's middle and of its neighbours."""
    _zoom, column, row = tile_of(MIDDLE, zoom)
    places = [(zoom, column + right, row + down) for right in (-1, 0, 1) for down in (-1, 0, 1)]
    drawn = [(place, tile(difference, *place)) for place in places]
    return [one for place, data in drawn if data for one in decode(data, place, folder)["changes"]]


def sides(found: list[Feature]) -> set[tuple[Any, ...]]:
    # A dot says nothing of its shape, which GDAL reads as not a number.
    return {(values["item"], values["action"], values["side"], values["kept"] == 1) for values, _shape in found}


def shape(found: list[Feature], item: ChangeItem, side: str) -> Any:
    return next(shape for values, shape in found if (values["item"], values["side"]) == (item.pk, side))


def mercator(row: Any) -> Any:
    return shapely.from_wkb(bytes(row.geom_3857.wkb))


def test_each_change_is_there_with_its_sides(draft: Draft, tmp_path: Path) -> None:
    found = all_around(of_change_set(draft.change_set), tmp_path, 15)
    assert sides(found) == {
        (draft.item(draft.added).pk, "added", "new", False),
        (draft.item(draft.moved).pk, "changed", "new", False),
        (draft.item(draft.moved).pk, "changed", "old", False),
        (draft.item(draft.removed).pk, "removed", "old", False),
        (draft.item(draft.raised).pk, "changed", "new", True),
        (draft.item(draft.pipe).pk, "removed", "old", False),
        (draft.item(draft.hydrant).pk, "changed", "new", False),
    }


def test_both_ends_of_a_moved_point_are_there_when_near(draft: Draft, tmp_path: Path) -> None:
    assert draft.hydrant.geom is not None
    found = features(of_change_set(draft.change_set), tmp_path, 18, draft.hydrant.geom)
    item = draft.item(draft.hydrant)
    old = History.objects.get(object_id=item.object_id)
    assert shape(found, item, "new").distance(mercator(item)) <= unit_m(18)
    assert shape(found, item, "old").distance(mercator(old)) <= unit_m(18)


def test_shapes_lie_where_postgis_stored_them(draft: Draft, tmp_path: Path) -> None:
    found = features(of_change_set(draft.change_set), tmp_path, 17, square(180, 80, 100))
    item = draft.item(draft.moved)
    old = History.objects.get(object_id=item.object_id)
    for drawn, stored in (("new", mercator(item)), ("old", mercator(old))):
        difference = shape(found, item, drawn).symmetric_difference(stored)
        assert difference.area <= stored.length * unit_m(17)


def test_near_things_carry_their_names(draft: Draft, tmp_path: Path) -> None:
    found = features(of_change_set(draft.change_set), tmp_path, 17, square(80, 80, 80))
    values = next(values for values, _shape in found if values["action"] == "added")
    assert (values["registry"], values["title"]) == ("land.building", "Hall 100")


def test_a_change_without_a_new_name_is_called_as_before(draft: Draft, tmp_path: Path) -> None:
    found = features(of_change_set(draft.change_set), tmp_path, 17, square(380, 80, 80))
    assert [values["title"] for values, _shape in found if values["kept"] == 1] == ["Hall 400"]


@pytest.mark.parametrize("zoom", [0, 6, 10, 12])
def test_nothing_vanishes_however_far_one_looks(draft: Draft, tmp_path: Path, zoom: int) -> None:
    found = features(of_change_set(draft.change_set), tmp_path, zoom)
    assert {values["action"] for values, _shape in found} == {"added", "changed", "removed"}


def test_what_is_too_small_becomes_one_dot_for_each_place_and_action(olena: User, zone: Zone, tmp_path: Path) -> None:
    sheds = [Edit.create("land.building", {"zone": zone.pk}, square(100 + n, 100, 0.5)) for n in range(9)]
    change_set = door.propose(olena, sheds, title="Sheds")
    found = features(of_change_set(change_set), tmp_path, 12)
    assert [(values["action"], shape.geom_type) for values, shape in found] == [("added", "Point")]


def test_beyond_so_many_corners_the_smaller_shapes_become_dots(
    draft: Draft, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tiles, "CORNERS", 2)
    found = features(of_change_set(draft.change_set), tmp_path, 15)
    kinds = [shape.geom_type for _values, shape in found]
    assert kinds.count("LineString") == 1
    assert set(kinds) == {"LineString", "Point"}


def test_a_shape_sent_again_unchanged_is_there_once(olena: User, publish: Publish, zone: Zone, tmp_path: Path) -> None:
    hall = Edit.create("land.building", {"zone": zone.pk}, square(100, 100, 40))
    publish([hall])
    again = door.propose(olena, [Edit.update("land.building", hall.object_id, {"floors": 2}, hall.geom)], title="Same")
    item = again.items.get()
    assert sides(all_around(of_change_set(again), tmp_path, 15)) == {(item.pk, "changed", "new", True)}


def test_a_published_set_shows_what_it_did_then(
    draft: Draft, olena: User, boris: User, publish: Publish, tmp_path: Path
) -> None:
    before = sides(all_around(of_change_set(draft.change_set), tmp_path, 15))
    door.submit(olena, draft.change_set)
    door.approve(boris, draft.change_set, "seen")
    done = door.publish(boris, draft.change_set)
    publish([Edit.update("land.building", draft.moved.object_id, {}, square(600, 600, 40))])
    found = all_around(of_change_set(done), tmp_path, 15)
    assert sides(found) == before
    new, old = (shape(found, draft.item(draft.moved), side) for side in ("new", "old"))
    assert new.distance(mercator(draft.item(draft.moved))) <= unit_m(15)
    assert old.distance(mercator(History.objects.get(object_id=draft.moved.object_id, version=1))) <= unit_m(15)


def test_another_sets_changes_are_not_there(draft: Draft, olena: User, zone: Zone, tmp_path: Path) -> None:
    other = door.propose(olena, [Edit.create("land.building", {"zone": zone.pk}, square(100, 300, 40))], title="Other")
    found = sides(all_around(of_change_set(other), tmp_path, 15))
    assert found == {(other.items.get().pk, "added", "new", False)}


def test_a_line_that_only_crosses_a_tile_is_on_it(olena: User, network: Any, tmp_path: Path) -> None:
    change_set = door.propose(olena, [pipe(network, line((0, 0), (900, 900)))], title="Main")
    found = features(of_change_set(change_set), tmp_path, 19, square(450, 450, 2))
    assert [(values["action"], shape.geom_type) for values, shape in found] == [("added", "LineString")]


def test_a_tile_of_five_thousand_changes_stays_small(olena: User, zone: Zone) -> None:
    yards = [
        Edit.create("land.building", {"zone": zone.pk}, block(10 + n % 100 * 9.5, 10 + n // 100 * 19))
        for n in range(5000)
    ]
    change_set = ChangeSet.objects.create(title="Many", author=olena)
    ChangeItem.objects.bulk_create(
        ChangeItem(
            change_set=change_set,
            registry=edit.registry,
            object_id=edit.object_id,
            action="create",
            attributes={"name": f"Yard {number}"},
            has_geom=True,
            geom=edit.geom,
        )
        for number, edit in enumerate(yards)
    )
    difference = of_change_set(change_set)
    for zoom in range(10, 18):
        assert len(tiles_packed(difference, zoom)) < 100_000


def tiles_packed(difference: Difference, zoom: int) -> bytes:
    return pack(tile(difference, *tile_of(square(0, 0, 1000), zoom)), "gzip")[0]


def block(x: float, y: float) -> MultiPolygon:
    west, south = EAST + x, NORTH + y
    ring = [(west, south), (west + 8, south + 1), (west + 7, south + 17), (west - 1, south + 16), (west, south)]
    return MultiPolygon(Polygon(ring), srid=SRID)
