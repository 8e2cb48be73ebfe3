"""Rules that block: each finds what it names, in a draft as in what is published, and nothing else."""

import pytest

from registries.changes import door
from registries.changes.edits import Edit
from registries.core.errors import RuleViolations
from registries.core.models import User
from registries.core.rules import Moment, Scope, Severity, run
from registries.networks.models import AssetType, Network
from tests.conftest import Publish, hydrant, line, pipe, point, refused


def test_a_sound_network_breaks_no_rule(olena: User, network: Network) -> None:
    assert refused(olena, pipe(network, line((0, 0), (50, 0))), hydrant(network, point(50, 0))) == []


def test_far_from_the_zone(olena: User, network: Network) -> None:
    far = pipe(network, line((9_000, 0), (9_050, 0)))
    assert refused(olena, far, hydrant(network, point(9_050, 0))) == ["NET-001", "NET-002"]


def test_near_the_zone_is_allowed(olena: User, network: Network) -> None:
    assert refused(olena, pipe(network, line((-1_500, 0), (0, 0)))) == []


def test_a_type_of_another_theme(olena: User, network: Network) -> None:
    AssetType.objects.create(key="gas_main", theme="gas", geometry_kind="link", title_bg="x", title_en="x")
    assert refused(olena, pipe(network, line((0, 0), (50, 0)), asset_type="gas_main")) == ["NET-004"]


def test_a_point_type_for_a_line(olena: User, network: Network) -> None:
    with pytest.raises(RuleViolations, match="asset_type_id"):
        door.propose(olena, [pipe(network, line((0, 0), (50, 0)), asset_type="water_hydrant")], title="x")


def test_one_of_two_equal_new_links(olena: User, network: Network) -> None:
    assert refused(olena, pipe(network, line((0, 0), (50, 0))), pipe(network, line((50, 0), (0, 0)))) == ["NET-006"]


def test_a_copy_of_a_published_node(olena: User, publish: Publish, network: Network) -> None:
    publish([hydrant(network, point(5, 5))])
    assert refused(olena, hydrant(network, point(5, 5))) == ["NET-005"]


def test_a_node_moved_away_leaves_its_place_free(olena: User, publish: Publish, network: Network) -> None:
    first = hydrant(network, point(5, 5))
    publish([first])
    moved = Edit.update("networks.node", first.object_id, {}, point(8, 8))
    assert refused(olena, moved, hydrant(network, point(5, 5))) == []


def test_a_link_that_ends_where_it_begins(olena: User, network: Network) -> None:
    assert refused(olena, pipe(network, line((0, 0), (50, 0), (50, 50), (0, 0)))) == ["NET-007"]


def test_a_problem_names_feature_place_and_remedy(olena: User, network: Network) -> None:
    loop = pipe(network, line((0, 0), (50, 0), (50, 50), (0, 0)))
    change_set = door.propose(olena, [loop], title="x")
    with pytest.raises(RuleViolations) as caught:
        door.submit(olena, change_set)
    [problem] = caught.value.problems
    assert problem.object_id == loop.object_id
    assert problem.place is not None
    assert (problem.place.x, problem.place.y) == (587_000, 4_790_000)
    assert "587000.00" in str(problem)


def test_what_was_published_blocks_nothing_by_night(publish: Publish, network: Network) -> None:
    publish([pipe(network, line((0, 0), (50, 0)))])
    assert [one for one in run(Moment.NIGHTLY, Scope(None)) if one.severity is Severity.BLOCKS] == []
