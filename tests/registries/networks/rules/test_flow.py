"""What flows: gravity sewers that rise or narrow, cover, unknown position."""

import pytest

from registries.changes.edits import Edit
from registries.networks.models import Network
from tests.conftest import EAST, Publish, hydrant, line, pipe, point
from tests.registries.networks.rules.conftest import Told


def drain(sewer: Network, start: float, end: float, **columns: object) -> Edit:
    """A sewer from `start` to `end` metres along the street, flowing as drawn."""
    given = {"asset_type": "sewer_pipe", "direction": "inDirection", **columns}
    return pipe(sewer, line((start, 0), (end, 0)), **given)


def test_a_gravity_sewer_that_rises(told: Told, sewer: Network) -> None:
    [problem] = told("NET-014", drain(sewer, 0, 50, z_start_m=180, z_end_m=180.5))
    assert problem.params["rise_m"] == pytest.approx(0.5)
    assert problem.place is not None
    assert problem.place.x == EAST + 50


@pytest.mark.parametrize(
    "columns",
    [
        {"z_start_m": 180.5, "z_end_m": 180},
        {"z_start_m": 180, "z_end_m": 180.01},
        {"z_start_m": 180, "z_end_m": 180.5, "direction": "inOppositeDirection"},
        {"z_start_m": 180, "z_end_m": 180.5, "direction": "bothDirections"},
        {"z_start_m": 180, "z_end_m": 180.5, "pressure_kpa": 300},
        {"z_start_m": 180},
    ],
    ids=["falls", "within levelling", "against the drawing", "direction unknown", "pumped", "one height"],
)
def test_a_sewer_that_does_not_rise(told: Told, sewer: Network, columns: dict[str, object]) -> None:
    assert told("NET-014", drain(sewer, 0, 50, **columns)) == []


def test_a_water_pipe_may_rise(told: Told, network: Network) -> None:
    rising = pipe(network, line((0, 0), (50, 0)), direction="inDirection", z_start_m=180, z_end_m=190)
    assert told("NET-014", rising) == []


def test_heights_of_the_vertices_tell_a_rise(told: Told, sewer: Network) -> None:
    rising = pipe(sewer, line((0, 0, 180), (50, 0, 181)), asset_type="sewer_pipe", direction="inDirection")
    assert len(told("NET-014", rising)) == 1


def test_the_narrower_sewer_downstream_is_told(told: Told, sewer: Network) -> None:
    wide, narrow = drain(sewer, 0, 50, diameter_mm=400), drain(sewer, 50, 100, diameter_mm=315)
    [problem] = told("NET-017", wide, narrow)
    assert problem.object_id == narrow.object_id
    assert (problem.params["wider_mm"], problem.params["narrower_mm"]) == (400, 315)


def test_a_wider_sewer_above_a_published_one(told: Told, publish: Publish, sewer: Network) -> None:
    publish([drain(sewer, 50, 100, diameter_mm=315)])
    wide = drain(sewer, 0, 50, diameter_mm=400)
    assert [one.object_id for one in told("NET-017", wide)] == [wide.object_id]


def test_sewers_that_widen_downstream(told: Told, sewer: Network) -> None:
    assert told("NET-017", drain(sewer, 0, 50, diameter_mm=315), drain(sewer, 50, 100, diameter_mm=400)) == []


def test_two_wide_sewers_that_flow_apart(told: Told, sewer: Network) -> None:
    away = drain(sewer, 50, 0, diameter_mm=400)
    assert told("NET-017", away, drain(sewer, 50, 100, diameter_mm=315)) == []


def test_too_little_cover(told: Told, network: Network) -> None:
    [problem] = told("NET-018", pipe(network, line((0, 0), (50, 0)), cover_m=1.1))
    assert (problem.params["cover_m"], problem.params["least_m"]) == (1.1, 1.2)


def test_just_enough_cover(told: Told, network: Network) -> None:
    assert told("NET-018", pipe(network, line((0, 0), (50, 0)), cover_m=1.2)) == []


def test_a_pipe_above_the_ground_needs_no_cover(told: Told, network: Network) -> None:
    above = pipe(network, line((0, 0), (50, 0)), cover_m=0, vertical_position="suspendedOrElevated")
    assert told("NET-018", above) == []


def test_a_link_whose_position_nobody_vouches_for(told: Told, network: Network) -> None:
    assert len(told("NET-020", pipe(network, line((0, 0), (50, 0))))) == 1


@pytest.mark.parametrize("columns", [{"accuracy_m": 0.1}, {"location_quality": "D"}])
def test_a_node_whose_accuracy_is_told(told: Told, network: Network, columns: dict[str, object]) -> None:
    assert told("NET-019", hydrant(network, point(0, 0), **columns)) == []


def test_a_node_whose_position_nobody_vouches_for(told: Told, network: Network) -> None:
    assert len(told("NET-019", hydrant(network, point(0, 0)))) == 1
