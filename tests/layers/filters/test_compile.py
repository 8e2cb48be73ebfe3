"""What conditions find, beside the same asked in SQL by hand; what cannot be asked is refused with words."""

from __future__ import annotations

from uuid import UUID

import pytest

from layers.filters.compile import compile
from layers.filters.nodes import (
    DEEPEST,
    MOST_NODES,
    All,
    AnyOf,
    Call,
    Compare,
    FeatureId,
    Ids,
    IsNull,
    Like,
    Node,
    Not,
    OneOfMany,
    Property,
    Spatial,
    Truth,
    Value,
)
from layers.land import PARCELS, PLOTS
from registries.core.errors import BadInput
from tests.layers.filters.conftest import World
from tests.layers.served import ODD

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("key", "cql2", "by_hand"),
    [
        ("water_pipe", "label = 'P-2'", "label = 'P-2'"),
        ("water_pipe", "label <> 'P-2'", "label <> 'P-2'"),
        ("water_pipe", "NOT (label = 'P-2' OR material = 'PE')", "NOT (label = 'P-2' OR material = 'PE')"),
        ("water_pipe", "label > 'P-4'", "label > 'P-4'"),
        ("water_pipe", "label IN ('P-1', 'P-3', 'nothing')", "label IN ('P-1', 'P-3')"),
        ("water_pipe", "label LIKE 'P-%'", "label LIKE 'P-%'"),
        ("water_pipe", "label LIKE '%<_>%'", "label LIKE '%<1>%'"),
        ("water_pipe", "casei(label) LIKE casei('тръба%')", "label LIKE 'Тръба%'"),
        ("water_pipe", "casei(material) = casei('pe')", "material = 'PE'"),
        ("water_pipe", "network = 'Водопровод'", "TRUE"),
        ("water_pipe", "diameter_mm > 102", "diameter_mm > 102"),
        ("water_pipe", "diameter_mm = '103'", "diameter_mm = 103"),
        ("water_pipe", "diameter_mm BETWEEN 101 AND 103.5", "diameter_mm BETWEEN 101 AND 103.5"),
        ("water_pipe", "diameter_mm NOT IN (101, 102)", "diameter_mm NOT IN (101, 102)"),
        ("water_pipe", "diameter_mm - 2 * 50 = 3", "diameter_mm = 103"),
        ("water_pipe", "(diameter_mm - 100) ^ 2 > 8", "(diameter_mm - 100) ^ 2 > 8"),
        ("water_pipe", "diameter_mm div 2 = 51", "div(diameter_mm::numeric, 2) = 51"),
        ("water_pipe", "diameter_mm % 3 = 0", "diameter_mm::numeric % 3 = 0"),
        ("water_pipe", "1 / (diameter_mm - 100) > 0.4", "diameter_mm IN (101, 102)"),
        ("water_pipe", "-diameter_mm < -104", "diameter_mm > 104"),
        ("water_pipe", "diameter_mm > capacity * 8.3", "diameter_mm > capacity * 8.3"),
        ("water_pipe", "length(geom) > 80", "ST_Length(geom) > 80"),
        ("water_pipe", "capacity IS NULL", "FALSE"),
        ("water_pipe", "direction IS NULL", "direction IS NULL"),
        ("water_pipe", "installed_on = DATE('2020-05-17')", "TRUE"),
        ("water_pipe", "installed_on > '2020-05-17'", "FALSE"),
        ("water_pipe", "installed_on < TIMESTAMP('2020-05-17T00:00:01Z')", "TRUE"),
        ("water_pipe", "year(installed_on) = 2020 AND month(installed_on) = 5 AND day(installed_on) = 17", "TRUE"),
        ("water_pipe", "concat(label, '/', material) = 'P-1/PE'", "label = 'P-1'"),
        ("water_pipe", "strlength(trim(concat(' ', label, ' '))) = 3", "length(label) = 3"),
        ("water_pipe", "max(diameter_mm, 104) = 104 AND min(diameter_mm, 104) > 102", "diameter_mm IN (103, 104)"),
        ("water_pipe", "round(diameter_mm / 10) = 11 AND ceil(0.2) = 1", "diameter_mm >= 105"),
        ("parcels", "begin_lifespan_version <= now()", "TRUE"),
        ("parcels", "begin_lifespan_version > '2020-01-01T00:00:00'", "TRUE"),
        ("parcels", "area(geom) > 11000", "ST_Area(geom) > 11000"),
        ("buildings", "accenti(name) = 'Хале'", "TRUE"),
        ("buildings", "floors = 3.0 AND floors < 9223372036854775808", "TRUE"),
        ("buildings", "floors = 2.5", "FALSE"),
        ("water_hydrant", "is_open", "is_open"),
        ("water_hydrant", "is_open = 'true'", "is_open"),
        ("water_hydrant", "NOT is_open", "NOT is_open"),
        ("water_hydrant", "ground_height_m = NULL", "FALSE"),
    ],
)
def test_a_condition_finds_what_sql_finds(world: World, key: str, cql2: str, by_hand: str):
    assert world.found(key, cql2) == world.by_hand(key, by_hand)


@pytest.mark.parametrize(
    ("node", "by_hand"),
    [
        (Compare("=", Property("material"), Value("pe"), match_case=False), "material = 'PE'"),
        (Like(Property("material"), "S%", match_case=False), "material = 'steel'"),
        (Like(Property("diameter_mm"), "10_"), "TRUE"),
        (Like(Property("label"), "P-1\\"), "FALSE"),
        (Compare("=", Property("label"), Value(7)), "FALSE"),
        (Compare("=", Property("label"), Value(ODD)), "label LIKE 'Тръба%'"),
        (Compare("=", Property("label", "water_pipe"), Value("P-1")), "label = 'P-1'"),
        (OneOfMany(Property("label"), ()), "FALSE"),
        (All(()), "TRUE"),
        (AnyOf(()), "FALSE"),
        (Truth(Value(False)), "FALSE"),
        (IsNull(Property("gml:name")), "TRUE"),
        (Compare("=", Property("id"), Value("not an id")), "FALSE"),
        (Compare("=", Call("+", (Property("diameter_mm"), Value("1"))), Value("102")), "diameter_mm = 101"),
        (Compare("=", Call("/", (Property("diameter_mm"), Value(0))), Value(1)), "FALSE"),
    ],
)
def test_a_tree_finds_what_sql_finds(world: World, node: Node, by_hand: str):
    assert world.found("water_pipe", node) == world.by_hand("water_pipe", by_hand)


def test_identifiers_find_their_features(world: World):
    first, second = (str(edit.object_id) for edit in world.served.pipes[:2])
    ids = Ids((FeatureId("water_pipe", UUID(first)), FeatureId("parcels", UUID(second)), FeatureId("water_pipe", None)))
    assert world.found("water_pipe", ids) == {first}
    assert world.found("water_pipe", Compare("=", Property("id"), Value(first))) == {first}
    assert world.found("water_pipe", Compare("=", Property("@gml:id"), Value(f"water_pipe.{second}"))) == {second}


def test_each_of_many_identifiers_may_name_its_version_in_one_condition(world: World):
    first, second, third = (edit.object_id for edit in world.served.pipes[:3])
    others = tuple(FeatureId("water_pipe", UUID(int=number), number) for number in range(10_000))
    named = (FeatureId("water_pipe", first, 1), FeatureId("water_pipe", second, 2), FeatureId("water_pipe", third))
    assert world.found("water_pipe", Ids((*others, *named))) == {str(first), str(third)}
    assert compile(Ids(others), world.layer("water_pipe")).as_string(None).count("::uuid[]") == 2


@pytest.mark.parametrize(("version", "is_found"), [(1, True), (2, False), (10**30, False)])
def test_an_identifier_may_name_the_version(world: World, version: int, is_found: bool):
    id = world.served.pipes[0].object_id
    found = world.found("water_pipe", Ids((FeatureId("water_pipe", id, version),)))
    assert found == ({str(id)} if is_found else set())


@pytest.mark.parametrize(
    ("node", "locator"),
    [
        (Compare("=", Property("nothing"), Value(1)), "nothing"),
        (Compare("=", Property("awarded_party; DROP TABLE"), Value(1)), "awarded_party; DROP TABLE"),
        (Compare("=", Property("code", "parcels"), Value(1)), "parcels"),
        (Compare("=", Property("area_m2"), Value("much")), "area_m2"),
        (Compare("=", Property("area_m2"), Value("NaN")), "area_m2"),
        (Compare("=", Property("area_m2"), Value(float("inf"))), "area_m2"),
        (Compare("=", Property("area_m2"), Value(True)), "area_m2"),
        (Compare("=", Property("area_m2"), Property("status_since")), "area_m2"),
        (Compare("=", Property("status_since"), Value("2020-02-30")), "status_since"),
        (Compare("=", Property("code"), Value("\0")), "code"),
        (Compare("=", Property("geom"), Value("x")), "geom"),
        (Compare("=", Call("sleep", (Value(1),)), Value(1)), "sleep"),
        (Compare("=", Call("lower", ()), Value(1)), "lower"),
        (Compare("=", Call("abs", (Property("geom"),)), Value(1)), "geom"),
        (Truth(Property("code")), "code"),
        (Spatial("intersects", Property("code"), Property("geom")), "code"),
    ],
)
def test_what_cannot_be_asked_is_refused_at_its_place(node: Node, locator: str):
    with pytest.raises(BadInput) as error:
        compile(node, PLOTS)
    assert error.value.locator == locator


def test_an_unknown_property_is_told_which_there_are():
    with pytest.raises(BadInput, match="legal_area_m2"):
        compile(Compare("=", Property("nothing"), Value(1)), PARCELS)


def nested(depth: int) -> Node:
    node: Node = Truth(Value(True))
    for _ in range(depth):
        node = Not(node)
    return node


def sum_of(count: int) -> Compare:
    found: Property | Call = Property("area_m2")
    for _ in range(count):
        found = Call("+", (found, Value(1)))
    return Compare("=", found, Value(1))


@pytest.mark.parametrize(
    "node",
    [nested(DEEPEST), nested(10_000), sum_of(DEEPEST), AnyOf((Truth(Value(True)),) * MOST_NODES)],
    ids=["deep", "very deep", "long sum", "many"],
)
def test_what_nobody_asks_is_refused(node: Node):
    with pytest.raises(BadInput, match="nested"):
        compile(node, PLOTS)


@pytest.mark.parametrize("node", [nested(DEEPEST - 1), sum_of(DEEPEST - 2), AnyOf((Truth(Value(True)),) * 2_000)])
def test_long_questions_are_answered(world: World, node: Node):
    assert world.found("parcels", node) <= world.by_hand("parcels", "TRUE")


def test_a_calculation_whose_numbers_grow_without_end_is_refused():
    square: Call | Property = Property("area_m2")
    for _ in range(8):
        square = Call("*", (square, square))
    with pytest.raises(BadInput, match="too long"):
        compile(Compare("=", square, Value(1)), PLOTS)


def test_rights_hold_whatever_the_filter_says(world: World):
    """A condition that is true of everything is AND-ed to what the reader may see."""
    everything = AnyOf((Truth(Value(True)), Compare("=", Property("state"), Value("draft"))))
    assert world.found("offers", everything) == world.by_hand("offers", "TRUE")
