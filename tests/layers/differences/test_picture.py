"""The picture of one change: what stays, comes and goes, and its measures."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon

from layers.differences.picture import WIDTH, Drawing, drawing
from layers.differences.sides import of_change_set
from registries.changes import door
from registries.changes.edits import Edit
from registries.core.models import User
from registries.land.models import Zone
from registries.networks.models import Network
from tests.conftest import EAST, NORTH, SRID, Publish, hydrant, line, pipe, point, square
from tests.layers.differences.conftest import Draft


def places(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path)]


def area(path: str) -> float:
    """In square pixels, by the shoelace formula, of each ring."""
    rings = [places(ring) for ring in path.split("Z") if ring]
    doubled = [sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) for ring in rings]
    return sum(abs(one) / 2 for one in doubled)


def of(draft: Draft, edit: Edit) -> Drawing:
    found = drawing(of_change_set(draft.change_set), draft.item(edit).pk)
    assert found is not None
    return found


def changed(author: User, publish: Publish, before: Edit, after: Edit) -> Drawing:
    publish([before])
    change_set = door.propose(author, [after], title="Changed")
    found = drawing(of_change_set(change_set), change_set.items.get().pk)
    assert found is not None
    return found


def test_a_moved_area_shows_what_stays_comes_and_goes_in_proportion(draft: Draft) -> None:
    found = of(draft, draft.moved)
    # 40 m × 40 m, moved by 20 m both ways: a quarter stays.
    assert area(found.added) / area(found.kept) == pytest.approx(3, rel=0.02)
    assert area(found.removed) / area(found.kept) == pytest.approx(3, rel=0.02)
    assert (found.before, found.after) == (1600, 1600)


def test_all_of_it_lies_on_the_paper(draft: Draft) -> None:
    found = of(draft, draft.moved)
    assert all(
        0 < x < WIDTH and 0 < y < found.height
        for path in (found.kept, found.added, found.removed)
        for x, y in places(path)
    )


def test_corners_that_moved_are_marked_and_others_are_not(olena: User, publish: Publish, zone: Zone) -> None:
    hall = Edit.create("land.building", {"zone": zone.pk}, square(100, 100, 40))
    ring = [(100, 100), (140, 100), (150, 150), (100, 140), (100, 100)]
    pulled = MultiPolygon(Polygon([(EAST + x, NORTH + y) for x, y in ring]), srid=SRID)
    found = changed(olena, publish, hall, Edit.update("land.building", hall.object_id, {}, pulled))
    assert (len(found.new_corners), len(found.old_corners)) == (1, 1)
    assert found.removed == ""


@pytest.mark.parametrize(
    ("edit", "before", "after"), [("added", None, 1600), ("removed", 1600, None), ("raised", 1600, 1600)]
)
def test_measures_are_those_of_the_sides_there_are(
    draft: Draft, edit: str, before: float | None, after: float | None
) -> None:
    found = of(draft, getattr(draft, edit))
    assert (found.before, found.after) == (before, after)


def test_a_change_of_attributes_alone_keeps_its_whole_shape(draft: Draft) -> None:
    found = of(draft, draft.raised)
    assert (found.is_kept, found.added, found.removed, found.new_corners) == (True, "", "", [])


def test_a_line_is_measured_along_itself(olena: User, publish: Publish, network: Network) -> None:
    main = pipe(network, line((100, 100), (200, 100)))
    longer = Edit.update("networks.link", main.object_id, {}, line((100, 100), (200, 100), (200, 150)))
    found = changed(olena, publish, main, longer)
    assert (found.dimension, found.before, found.after) == (1, 100, 150)
    assert found.removed == ""


def test_a_moved_point_is_drawn_where_it_was_and_where_it_is(olena: User, publish: Publish, network: Network) -> None:
    stand = hydrant(network, point(100, 100))
    found = changed(olena, publish, stand, Edit.update("networks.node", stand.object_id, {}, point(110, 100)))
    (old, _same), (new, _also) = places(found.removed), places(found.added)
    assert new[0] > old[0]
    assert new[1] == old[1]
    assert (found.before, found.after) == (None, None)


def test_the_bar_measures_what_it_says(draft: Draft) -> None:
    found = of(draft, draft.added)
    side_px = max(x for x, _y in places(found.added)) - min(x for x, _y in places(found.added))
    assert float(found.bar_px) / found.bar_m == pytest.approx(side_px / 40, rel=0.01)


def test_what_has_no_shape_has_no_picture(olena: User, zone: Zone) -> None:
    network = Edit.create("networks.network", {"zone": zone.pk, "theme": "gas", "name": "Gas"})
    change_set = door.propose(olena, [network], title="No place")
    assert drawing(of_change_set(change_set), change_set.items.get().pk) is None
