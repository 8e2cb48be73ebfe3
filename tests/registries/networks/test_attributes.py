import math

import pytest

from registries.changes import door
from registries.changes.edits import Edit
from registries.core import codes
from registries.core.errors import BadInput, RuleViolations
from registries.networks import catalogue
from registries.networks.attributes import check
from registries.networks.models import AssetAttribute, Network, Node
from tests.conftest import hydrant, line, pipe, point

pytestmark = pytest.mark.django_db


@pytest.fixture
def seeded():
    codes.load()
    catalogue.load()


@pytest.fixture
def kind(seeded):
    """A type with an attribute of every type."""
    for key, kind, code_list in [
        ("note", "text", ""),
        ("wheels", "integer", ""),
        ("weight", "real", ""),
        ("locked", "boolean", ""),
        ("seen_on", "date", ""),
        ("stuff", "text", "material"),
    ]:
        AssetAttribute.objects.create(
            asset_type_id="water_well", key=key, title_bg=key, title_en=key, type=kind, code_list=code_list
        )
    return catalogue.kinds.now()["water_well"]


@pytest.mark.parametrize(
    ("key", "value", "stored"),
    [
        ("note", "  сух  ", "сух"),
        ("note", 12, "12"),
        ("note", "a\x00b\ud800", "ab"),
        ("wheels", 4, 4),
        ("wheels", "4", 4),
        ("wheels", 4.0, 4),
        ("weight", 4, 4),
        ("weight", "12.5", 12.5),
        ("locked", True, True),
        ("locked", 0, False),
        ("seen_on", "2026-01-31", "2026-01-31"),
        ("stuff", "PE", "PE"),
        ("stuff", "", None),
        ("weight", None, None),
    ],
)
def test_a_value_is_stored_in_the_catalogues_type(kind, key, value, stored):
    cleaned, faults = check(kind, {key: value}, whole=False)
    assert faults == []
    assert cleaned == {key: stored}
    assert type(cleaned[key]) is type(stored)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("note", ["a"]),
        ("note", True),
        ("note", "x" * 2001),
        ("wheels", "4,0"),
        ("wheels", 4.5),
        ("wheels", True),
        ("wheels", 2**63),
        ("wheels", math.inf),
        ("wheels", "9" * 5000),
        ("weight", "12,5"),
        ("weight", math.nan),
        ("weight", "NaN"),
        ("weight", "1e999"),
        ("weight", 10**400),
        ("weight", {}),
        ("locked", "да"),
        ("locked", 2),
        ("seen_on", "31.01.2026"),
        ("seen_on", "2026-02-30"),
        ("seen_on", 20260131),
        ("stuff", "paper"),
        ("colour", "red"),
    ],
)
def test_a_value_of_another_type_is_refused_with_its_key(kind, key, value):
    cleaned, faults = check(kind, {key: value}, whole=False)
    assert [fault.key for fault in faults] == [key]
    assert cleaned == {}


def test_an_unknown_key_is_answered_with_the_known_ones(kind):
    _cleaned, (fault,) = check(kind, {"colour": "red"}, whole=False)
    assert "sanitary_zone" in fault.message


def test_a_code_outside_its_list_is_answered_with_the_list(kind):
    _cleaned, (fault,) = check(kind, {"stuff": "paper"}, whole=False)
    assert "castIron" in fault.message


def station(network, **columns):
    return Edit.create(
        "networks.node", {"network": network.pk, "asset_type": "electricity_substation", **columns}, point(5, 5)
    )


@pytest.fixture
def grid(publish, zone, seeded):
    """A published electricity network."""
    edit = Edit.create("networks.network", {"zone": zone.pk, "theme": "electricity", "name": "Мрежа 20 kV"})
    publish([edit])
    return Network.objects.get(pk=edit.object_id)


def test_a_required_attribute_must_come_with_a_new_asset(olena, grid):
    with pytest.raises(RuleViolations) as refused:
        door.propose(olena, [station(grid)], title="a station without power")
    (problem,) = refused.value.problems
    assert problem.locator == "rated_power_kva"


def test_a_required_attribute_may_stay_out_of_an_update(publish, grid):
    edit = station(grid, attributes={"rated_power_kva": 630})
    publish([edit])
    publish([Edit.update("networks.node", edit.object_id, {"attributes": {"transformers": "2"}})])
    assert Node.objects.get(pk=edit.object_id).attributes == {"rated_power_kva": 630, "transformers": 2}


def test_a_required_attribute_cannot_be_taken_away(olena, publish, grid):
    edit = station(grid, attributes={"rated_power_kva": 630})
    publish([edit])
    emptied = Edit.update("networks.node", edit.object_id, {"attributes": {"rated_power_kva": None}})
    with pytest.raises(RuleViolations) as refused:
        door.propose(olena, [emptied], title="a station loses its power")
    assert [problem.locator for problem in refused.value.problems] == ["rated_power_kva"]


def test_a_change_of_type_cannot_leave_a_required_attribute_out(olena, publish, grid):
    cabinet = Edit.create("networks.node", {"network": grid.pk, "asset_type": "electricity_cabinet"}, point(7, 7))
    publish([cabinet])
    edit = Edit.update("networks.node", cabinet.object_id, {"asset_type": "electricity_substation"})
    change_set = door.propose(olena, [edit], title="a cabinet becomes a station")
    with pytest.raises(RuleViolations) as refused:
        door.submit(olena, change_set)
    assert "NET-008" in [problem.code for problem in refused.value.problems]


def test_a_bare_asset_is_welcome(publish, seeded, network):
    edit = hydrant(network, point(1, 1))
    publish([edit])
    assert Node.objects.get(pk=edit.object_id).attributes == {}


def test_a_type_of_lines_is_refused_for_a_point(olena, seeded, network):
    edit = Edit.create("networks.node", {"network": network.pk, "asset_type": "water_pipe"}, point(1, 1))
    with pytest.raises(RuleViolations) as refused:
        door.propose(olena, [edit], title="a pipe as a point")
    assert [problem.locator for problem in refused.value.problems] == ["asset_type_id"]


def test_a_wrong_attribute_is_refused_at_the_door(olena, seeded, network):
    edit = pipe(network, line((0, 0), (10, 0)), attributes={"wall_mm": "12,5"})
    with pytest.raises(RuleViolations) as refused:
        door.propose(olena, [edit], title="a comma")
    assert [problem.locator for problem in refused.value.problems] == ["wall_mm"]


def test_attributes_that_are_no_object_are_refused(seeded):
    with pytest.raises(BadInput) as refused:
        Node.clean_columns({"asset_type_id": "water_hydrant", "attributes": [1]})
    assert refused.value.locator == "attributes"


def test_an_attribute_that_staff_add_is_accepted_at_once(publish, seeded, network):
    publish([hydrant(network, point(1, 1), attributes={"flow_l_s": 10})])
    AssetAttribute.objects.create(asset_type_id="water_hydrant", key="colour", title_bg="цвят", title_en="colour")
    edit = hydrant(network, point(2, 2), attributes={"colour": "червен"})
    publish([edit])
    assert Node.objects.get(pk=edit.object_id).attributes == {"colour": "червен"}


def test_twenty_thousand_checks_need_a_handful_of_queries(seeded, django_assert_max_num_queries):
    columns = {"asset_type_id": "water_hydrant", "attributes": {"hydrant_kind": "pillar", "flow_l_s": 15}}
    with django_assert_max_num_queries(20):
        for _ in range(20_000):
            Node.clean_columns(columns)
