"""Features of several layers that belong together: tuples, their order and pages, and whose rows they are."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from psycopg import sql

from layers.access import Reader
from layers.catalogue import catalogue_of
from layers.filters.nodes import All, Compare, Distance, FeatureId, Ids, IsNull, Node, Not, Property, Spatial, Value
from layers.joins import Join, Part, SortBy, count, rows
from layers.query import Query, snapshot
from registries.core.errors import BadInput
from registries.core.models import Audience
from tests.layers.filters.conftest import World

pytestmark = pytest.mark.django_db
MEET = Spatial("intersects", Property("geom", "p"), Property("geom", "w"))
LABEL, REFERENCE = Property("label", "w"), Property("national_cadastral_reference", "p")


@pytest.fixture
def joined(world: World) -> Callable[..., Join]:
    def join(filter: Node | None, **more: object) -> Join:
        parts = (("parcels", "p", "national_cadastral_reference"), ("water_pipe", "w", "label"))
        return Join(
            tuple(
                Part(
                    Query(layer=world.layer(key), reader=world.reader),
                    alias,
                    sql.SQL("t.{}").format(sql.Identifier(text)),
                )
                for key, alias, text in parts
            ),
            filter,
            **more,
        )

    return join


def found(join: Join) -> list[list[str]]:
    """The texts of each tuple."""
    item = sql.SQL(" || ',' || ").join([sql.SQL("replace({}, chr(10), '')").format(part.text) for part in join.parts])
    with snapshot():
        matched = count(join)
        return [one.split(",") for one in b"".join(rows(join, item, matched)).decode().splitlines()]


def by_hand(condition: str) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.national_cadastral_reference, replace(w.label, chr(10), '') FROM land_parcel p, networks_link w"
            f" WHERE {condition}"
        )
        return sorted(cursor.fetchall())


@pytest.mark.parametrize(
    ("node", "condition"),
    [
        (MEET, "ST_Intersects(p.geom, w.geom)"),
        (All((MEET, Compare("=", LABEL, Value("P-0")))), "FALSE"),
        (Distance(Property("geom", "p"), Property("geom", "w"), 120), "ST_DWithin(p.geom, w.geom, 120)"),
        (Spatial("equals", Property("geom", "p"), Property("geom", "w")), "FALSE"),
        (Compare("<", REFERENCE, LABEL), "p.national_cadastral_reference < w.label"),
        (
            All(
                (
                    Compare("=", LABEL, Value("P-3")),
                    Compare(">", Property("area_m2", "p"), Property("diameter_mm", "w")),
                )
            ),
            "w.label = 'P-3'",
        ),
        (Not(IsNull(Property("gml:name", "w"))), "w.standard_properties ->> 'gml:name' IS NOT NULL"),
        (None, "TRUE"),
    ],
)
def test_a_join_finds_what_sql_finds(joined: Callable[..., Join], node: Node | None, condition: str):
    assert sorted(map(tuple, found(joined(node)))) == by_hand(condition)


def test_pages_of_a_join_are_one_whole(joined: Callable[..., Join]):
    whole = found(joined(None))
    assert len(whole) == 14
    assert [one for start in range(0, 14, 5) for one in found(joined(None, limit=5, offset=start))] == whole


def test_tuples_are_in_the_order_asked_for(joined: Callable[..., Join], world: World):
    column = world.layer("water_pipe").column("label")
    assert column is not None
    texts = [text for _parcel, text in found(joined(None, sort=(SortBy("w", column, descending=True),)))]
    assert texts == sorted(texts, reverse=True)


def test_identifiers_are_of_one_of_the_parts(joined: Callable[..., Join], world: World):
    id = FeatureId("parcels", world.served.parcels[0].object_id)
    assert {parcel for parcel, _text in found(joined(Ids((id,))))} == {"73626.1.1"}


def test_each_part_shows_only_what_its_reader_may_see(joined: Callable[..., Join], world: World):
    blind = Reader(Audience.PUBLIC, ())
    assert catalogue_of(blind).get("water_pipe") is None
    join = joined(None)
    parts = tuple(Part(Query(layer=one.query.layer, reader=blind), one.alias, one.item) for one in join.parts)
    assert found(Join(parts)) == []


@pytest.mark.parametrize(
    ("node", "locator"),
    [
        (Compare("=", Property("label"), Value("x")), "label"),
        (Compare("=", Property("label", "water_pipe"), Value("x")), "water_pipe"),
        (Compare("=", Property("nothing", "p"), Value("x")), "nothing"),
    ],
)
def test_a_property_must_be_of_one_part(joined: Callable[..., Join], node: Node, locator: str):
    with pytest.raises(BadInput) as error:
        count(joined(node))
    assert error.value.locator == locator


@pytest.mark.parametrize("aliases", [("a", "a"), ("a", ""), ("a", "x" * 64), ("a", 'b"'), ("a",), tuple("abcdefg")])
def test_aliases_must_tell_the_parts_apart(joined: Callable[..., Join], aliases: tuple[str, ...]):
    first = joined(None).parts[0]
    with pytest.raises(BadInput):
        Join(tuple(Part(first.query, alias, first.item) for alias in aliases))


def test_a_layer_can_be_joined_with_itself(joined: Callable[..., Join]):
    first = joined(None).parts[0]
    near = Spatial("disjoint", Property("geom", "one"), Property("geom", "other"))
    join = Join(tuple(Part(first.query, alias, first.item) for alias in ("one", "other")), near)
    assert sorted(found(join)) == [["73626.1.1", "73626.1.2"], ["73626.1.2", "73626.1.1"]]
