"""The derived graph: joints at ends, nodes and T-joins within 1 cm, none at crossings; always as published."""

import pytest

from registries.changes.edits import Edit
from registries.networks.models import Network, NetworkEdge
from tests.conftest import Publish, hydrant, line, pipe, point


def lengths(network: Network) -> list[float]:
    return sorted(round(edge.length_m, 2) for edge in NetworkEdge.objects.filter(network=network))


def test_links_that_meet_share_a_joint(publish: Publish, network: Network) -> None:
    publish([pipe(network, line((0, 0), (50, 0))), pipe(network, line((50, 0), (80, 0)))])
    first, second = NetworkEdge.objects.order_by("-length_m")
    assert first.end_joint == second.start_joint
    assert lengths(network) == [30, 50]


def test_an_end_at_a_middle_divides_the_other_link(publish: Publish, network: Network) -> None:
    publish([pipe(network, line((0, 0), (100, 0))), pipe(network, line((40, 0.005), (40, 30)))])
    assert lengths(network) == pytest.approx([29.995, 40, 60], abs=0.011)


def test_an_end_5_cm_away_is_not_joined(publish: Publish, network: Network) -> None:
    publish([pipe(network, line((0, 0), (100, 0))), pipe(network, line((40, 0.05), (40, 30)))])
    assert lengths(network) == [29.95, 100]


def test_a_crossing_is_no_joint(publish: Publish, network: Network) -> None:
    publish([pipe(network, line((0, 0), (100, 0))), pipe(network, line((40, -10), (40, 30)))])
    assert lengths(network) == [40, 100]


def test_a_node_on_a_link_is_a_joint(publish: Publish, network: Network) -> None:
    node = hydrant(network, point(40, 0))
    publish([pipe(network, line((0, 0), (100, 0))), node])
    before, after = NetworkEdge.objects.order_by("start_fraction")
    assert (before.end_node_id, after.start_node_id) == (node.object_id, node.object_id)
    assert (before.end_fraction, after.length_m) == (0.4, 60)


def test_a_removed_link_leaves_the_graph(publish: Publish, network: Network) -> None:
    first = pipe(network, line((0, 0), (50, 0)))
    publish([first, pipe(network, line((50, 0), (80, 0)))])
    publish([Edit.delete("networks.link", first.object_id)])
    assert lengths(network) == [30]
