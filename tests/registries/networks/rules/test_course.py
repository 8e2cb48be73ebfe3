"""Where links run: loose ends, near misses, crossings, clear distances; each with a case that just is none."""

import pytest

from registries.changes.edits import Edit
from registries.core.rules import Moment, Scope, run
from registries.networks.models import Link, Network
from tests.conftest import EAST, NORTH, Publish, hydrant, line, pipe, point
from tests.registries.networks.rules.conftest import Told


def drain(sewer: Network, *places: tuple[float, ...], **columns: object) -> Edit:
    return pipe(sewer, line(*places), asset_type="sewer_pipe", **columns)


def test_both_ends_of_a_lone_link_hang_free(told: Told, network: Network) -> None:
    problems = told("NET-010", pipe(network, line((0, 0), (50, 0))))
    assert sorted(one.place.x - EAST for one in problems if one.place) == [0, 50]


def test_an_end_at_a_node_is_joined(told: Told, network: Network) -> None:
    edits = [pipe(network, line((0, 0), (50, 0))), hydrant(network, point(0, 0)), hydrant(network, point(50, 0))]
    assert told("NET-010", *edits) == []


def test_an_end_in_the_middle_of_a_published_link_is_joined(told: Told, publish: Publish, network: Network) -> None:
    publish([pipe(network, line((0, 0), (100, 0)))])
    [problem] = told("NET-010", pipe(network, line((50, 0), (50, 40))))
    assert problem.place is not None
    assert problem.place.y == NORTH + 40


def test_a_neighbour_that_the_draft_removes_joins_nothing(told: Told, publish: Publish, network: Network) -> None:
    neighbour = hydrant(network, point(50, 0))
    publish([neighbour, hydrant(network, point(0, 0))])
    edits = [Edit.delete("networks.node", neighbour.object_id), pipe(network, line((0, 0), (50, 0)))]
    [problem] = told("NET-010", *edits)
    assert problem.place is not None
    assert problem.place.x == EAST + 50


def test_a_node_of_another_network_joins_nothing(told: Told, sewer: Network, network: Network) -> None:
    elsewhere = hydrant(sewer, point(50, 0), asset_type="sewer_manhole")
    assert len(told("NET-010", pipe(network, line((0, 0), (50, 0))), elsewhere)) == 2


@pytest.mark.parametrize(("gap_m", "codes"), [(0.005, []), (0.05, ["NET-011"]), (0.5, [])])
def test_an_end_that_just_misses_a_node(told: Told, network: Network, gap_m: float, codes: list[str]) -> None:
    problems = told("NET-011", pipe(network, line((0, 0), (50, 0))), hydrant(network, point(50 + gap_m, 0)))
    assert [one.code for one in problems] == codes


def test_a_near_miss_tells_the_distance(told: Told, network: Network) -> None:
    [problem] = told("NET-011", pipe(network, line((0, 0), (50, 0))), hydrant(network, point(50.04, 0)))
    assert problem.params["distance_cm"] == pytest.approx(4)


def test_a_crossing_without_heights_is_told_once(told: Told, network: Network) -> None:
    east = pipe(network, line((0, 0), (100, 0)))
    north = pipe(network, line((50, -50), (50, 50)))
    [problem] = told("NET-012", east, north)
    assert problem.place is not None
    assert (problem.place.x, problem.place.y) == (EAST + 50, NORTH)


def test_a_crossing_with_a_published_link(told: Told, publish: Publish, network: Network) -> None:
    publish([pipe(network, line((0, 0), (100, 0)), label="ПЕВП 110")])
    [problem] = told("NET-012", pipe(network, line((50, -50), (50, 50))))
    assert problem.params["other"] == "ПЕВП 110"


def test_a_crossing_at_different_heights(told: Told, network: Network) -> None:
    above = pipe(network, line((0, 0), (100, 0)), z_start_m=180, z_end_m=182)
    beneath = pipe(network, line((50, -50), (50, 50)), z_start_m=180, z_end_m=180)
    assert told("NET-012", above, beneath) == []


def test_a_crossing_at_the_same_height(told: Told, network: Network) -> None:
    above = pipe(network, line((0, 0), (100, 0)), z_start_m=179, z_end_m=181)
    beneath = pipe(network, line((50, -50), (50, 50)), z_start_m=180, z_end_m=180)
    assert len(told("NET-012", above, beneath)) == 1


def test_a_crossing_whose_vertices_carry_heights(told: Told, network: Network) -> None:
    above = pipe(network, line((0, 0, 180), (100, 0, 182)))
    beneath = pipe(network, line((50, -50), (50, 50)), z_start_m=180, z_end_m=180)
    assert told("NET-012", above, beneath) == []


def test_a_crossing_with_a_node_is_a_joint(told: Told, network: Network) -> None:
    east = pipe(network, line((0, 0), (100, 0)))
    north = pipe(network, line((50, -50), (50, 50)))
    assert told("NET-012", east, north, hydrant(network, point(50, 0))) == []


def test_an_end_on_a_link_is_no_crossing(told: Told, network: Network) -> None:
    assert told("NET-012", pipe(network, line((0, 0), (100, 0))), pipe(network, line((50, 0), (50, 50)))) == []


def test_a_pipe_close_beside_one_of_another_network(told: Told, network: Network, sewer: Network) -> None:
    near = pipe(network, line((0, 0), (100, 0)), diameter_mm=200)
    # 40 cm between the axes, 15 cm between the walls.
    [problem] = told("NET-015", near, drain(sewer, (0, 0.4), (100, 0.4), diameter_mm=300))
    assert problem.params["clear_m"] == pytest.approx(0.15)


def test_a_pipe_at_the_norm_from_another(told: Told, network: Network, sewer: Network) -> None:
    near = pipe(network, line((0, 0), (100, 0)), diameter_mm=200)
    assert told("NET-015", near, drain(sewer, (0, 0.46), (100, 0.46), diameter_mm=300)) == []


def test_a_duct_may_lie_against_its_cable(told: Told, network: Network, sewer: Network) -> None:
    duct = drain(sewer, (0, 0.1), (100, 0.1))
    assert told("NET-015", pipe(network, line((0, 0), (100, 0)), container=duct.object_id), duct) == []


def test_pipes_that_nearly_touch_where_they_cross(told: Told, network: Network, sewer: Network) -> None:
    upper = pipe(network, line((0, 0), (100, 0)), z_start_m=180, z_end_m=180)
    # The lower one's crown reaches to 5 cm beneath.
    lower = drain(sewer, (50, -50), (50, 50), z_start_m=179.65, z_end_m=179.65, diameter_mm=300)
    [problem] = told("NET-016", upper, lower)
    assert problem.params["clear_m"] == pytest.approx(0.05)


def test_pipes_that_keep_clear_where_they_cross(told: Told, network: Network, sewer: Network) -> None:
    upper = pipe(network, line((0, 0), (100, 0)), z_start_m=180, z_end_m=180)
    lower = drain(sewer, (50, -50), (50, 50), z_start_m=179.55, z_end_m=179.55, diameter_mm=300)
    assert told("NET-016", upper, lower) == []


def test_networks_that_cross_without_heights_are_not_judged(told: Told, network: Network, sewer: Network) -> None:
    assert told("NET-016", pipe(network, line((0, 0), (100, 0))), drain(sewer, (50, -50), (50, 50))) == []


def test_faults_elsewhere_do_not_speak_against_a_draft(told: Told, publish: Publish, network: Network) -> None:
    publish([pipe(network, line((0, 0), (50, 0)))])
    ends = [hydrant(network, point(500, 500)), hydrant(network, point(550, 500))]
    assert told("NET-010", pipe(network, line((500, 500), (550, 500))), *ends) == []


def test_by_night_all_of_it_is_judged(publish: Publish, network: Network) -> None:
    publish([pipe(network, line((0, 0), (100, 0))), pipe(network, line((50, -50), (50, 50)))])
    found = [one.code for one in run(Moment.NIGHTLY, Scope(None))]
    assert (found.count("NET-010"), found.count("NET-012")) == (4, 1)
    assert Link.objects.count() == 2
