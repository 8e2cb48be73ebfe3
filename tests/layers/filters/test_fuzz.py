"""No tree that a parser could make leads to an error of the database, whatever the rows hold."""

from __future__ import annotations

import math
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from django.contrib.gis.geos import GEOSGeometry, LineString, MultiPoint, Point, Polygon
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql

from layers import crs
from layers.filters.expressions import OPERATORS
from layers.filters.functions import FUNCTIONS
from layers.filters.nodes import (
    All,
    AnyOf,
    Between,
    Call,
    Compare,
    Distance,
    FeatureId,
    Ids,
    IsNull,
    Like,
    Not,
    OneOfMany,
    Period,
    Property,
    Shape,
    Spatial,
    Temporal,
    Truth,
    Value,
)
from layers.filters.shapes import FUNCTIONS as SPATIAL
from layers.filters.times import RELATIONS
from layers.layer import Column, ColumnType, Layer
from layers.query import Query, count
from registries.core.errors import BadInput
from tests.conftest import EAST, NORTH
from tests.layers.filters.conftest import World

TEXT_NAMES, NUMBER_NAMES = ("label", "id", "@gml:id"), ("floors", "diameter_mm", "exact")
DATE_NAMES, OTHER_NAMES = ("installed_on", "begin_lifespan_version"), ("is_open", "geom", "nothing")
COLUMNS: dict[str, tuple[ColumnType, str]] = {
    "label": ("text", "text"),
    "floors": ("integer", "bigint"),
    "diameter_mm": ("real", "float8"),
    "exact": ("real", "numeric"),
    "is_open": ("boolean", "boolean"),
    "installed_on": ("date", "date"),
    "begin_lifespan_version": ("datetime", "timestamptz"),
}
# A row of people's and the worst that columns of these types can hold; geometries as WKT from the zone's corner.
ROWS = (
    ("P-1", "3", "110.5", "0.1", "true", "2020-05-17", "2020-05-17T10:00:00Z", "LINESTRING(10 10, 50 20)"),
    (None, None, None, None, None, None, None, None),
    ("", "0", "0", "0", "false", "infinity", "infinity", "POINT(0 0)"),
    ("1", "9223372036854775807", "1e308", "1e300", "true", "9999-12-31", "294276-12-31", "POINT EMPTY"),
    (
        "NaN",
        "-9223372036854775808",
        "NaN",
        "NaN",
        "true",
        "4713-01-01 BC",
        "4713-01-02 BC",
        "POLYGON((0 0,9 9,9 0,0 0))",
    ),
    ("%\\", "-1", "-Infinity", "-1e-300", "true", "-infinity", "-infinity", "MULTIPOINT(0 0, 30 30)"),
    ("é", "2", "5e-324", "-7", "true", "9999-12-31", "0001-01-01", "POINT Z(30 30 7)"),
)
TEXTS = ("", "PE", "P-1", "1", "true", "%", "\\", "\0", "\ud800", "'", "a" * 300, "{}", "%s")
NUMBER_TEXTS = ("1", "-1e308", "1e-400", "1e400", "NaN", "Infinity", "5e-324", " 7 ", "1e999999", "0" * 350)
NUMBERS = (0, 1, 2, -1, -3, 2**31, 2**63, 10**320, 0.5, 1e308, -1e308, 5e-324, 1e299, 1e6, math.inf, math.nan, -1e-300)
DATE_TEXTS = (
    "2020-05-17",
    "2020-05-17T10:00:00",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "2020-02-30",
)
DATES = (date(2020, 5, 17), date.max, date.min, datetime(2020, 5, 17), datetime.max, datetime.min)
PLACES = st.one_of(
    st.tuples(st.floats(EAST - 50, EAST + 1100), st.floats(NORTH - 50, NORTH + 1100)),
    st.tuples(st.floats(-180, 180), st.floats(-90, 90)),
    st.tuples(st.floats(allow_nan=False), st.floats(allow_nan=False)),
    st.sampled_from([(0.0, 0.0), (26.0, 43.0), (26.5, 43.2), (EAST, NORTH), (EAST + 30, NORTH + 30)]),
)


def shaped(places: list[tuple[float, float]], kind: str, srid: int) -> Shape:
    geom: GEOSGeometry
    if kind == "point":
        geom = Point(places[0] if places[0][0] else (math.nan, 0.0))
    elif kind == "points":
        geom = MultiPoint([Point(place) for place in places])
    elif kind == "line":
        geom = LineString([*places, places[0]])
    elif kind == "empty":
        geom = Polygon()
    else:
        geom = Polygon([*places, (places[0][0], places[-1][1]), places[0]])
    geom.srid = srid
    return Shape(geom)


def literals(*choices: object) -> st.SearchStrategy[Value]:
    return st.builds(Value, st.sampled_from(choices))


def properties(*names: str) -> st.SearchStrategy[Property]:
    return st.builds(Property, st.sampled_from(names))


def calls(names: Iterable[str], arguments: st.SearchStrategy[Any], count: int) -> st.SearchStrategy[Call]:
    return st.builds(
        lambda name, found: Call(name, tuple(found)),
        st.sampled_from(sorted(names)),
        st.lists(arguments, min_size=count, max_size=count),
    )


def of_argument(kind: str) -> list[str]:
    return [one.name for one in FUNCTIONS.values() if one.arguments and one.arguments[0].type == kind]


values = literals(*TEXTS, *NUMBER_TEXTS, *NUMBERS, *DATE_TEXTS, *DATES, None, True, False)
values |= st.builds(Value, st.text() | st.floats() | st.integers())
names = properties(*TEXT_NAMES, *NUMBER_NAMES, *DATE_NAMES, *OTHER_NAMES)
texts = st.recursive(
    properties(*TEXT_NAMES) | literals(*TEXTS, *NUMBERS) | st.builds(Value, st.text()),
    lambda inner: calls(set(of_argument("text")) - {"strlength"}, inner, 1) | calls(["concat"], inner, 2),
)
dates = properties(*DATE_NAMES) | literals(*DATE_TEXTS, *DATES) | st.just(Call("now", ()))
measures = calls(of_argument("geometry"), st.just(Property("geom")), 1) | calls(of_argument("date"), dates, 1)
numbers = st.recursive(
    properties(*NUMBER_NAMES) | literals(*NUMBERS, *NUMBER_TEXTS) | measures | calls(["strlength"], texts, 1),
    lambda inner: calls(OPERATORS, inner, 2) | calls(of_argument("number"), inner, 1) | calls(["min", "max"], inner, 3),
    max_leaves=12,
)
shapes = st.builds(
    shaped,
    st.lists(PLACES, min_size=3, max_size=6),
    st.sampled_from(["point", "points", "line", "empty", "area"]),
    st.sampled_from(crs.SRIDS),
)
places = st.just(Property("geom")) | shapes
days = st.none() | st.sampled_from(DATES) | properties(*DATE_NAMES)
times = dates | st.builds(Period, days, days)
anything = st.one_of(values, names, texts, numbers, shapes, times)


def compared(side: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.builds(Compare, st.sampled_from(["=", "<>", "<", ">", "<=", ">="]), side, side, st.booleans()),
        st.builds(Between, side, side, side),
        st.builds(lambda one, many: OneOfMany(one, tuple(many)), side, st.lists(side, max_size=4)),
    )


conditions = st.one_of(
    compared(numbers),
    compared(texts),
    compared(dates),
    compared(anything),
    st.builds(Like, texts | names, st.text(alphabet="aP%_\\\0") | st.text(), st.booleans()),
    st.builds(IsNull, anything),
    st.builds(Spatial, st.sampled_from([*SPATIAL]), places, places),
    st.builds(Distance, places, places, st.floats(0, 1e6) | st.floats(), st.booleans()),
    st.builds(Temporal, st.sampled_from([*RELATIONS]), times, times),
    st.builds(Truth, anything),
    st.builds(
        lambda key, version: Ids((FeatureId(key, UUID(int=7), version), FeatureId(key, None))),
        st.sampled_from(["odd", "parcels"]),
        st.none() | st.integers(),
    ),
)
nodes = st.recursive(
    conditions,
    lambda inner: st.one_of(
        st.builds(lambda parts: All(tuple(parts)), st.lists(inner, max_size=3)),
        st.builds(lambda parts: AnyOf(tuple(parts)), st.lists(inner, max_size=3)),
        st.builds(Not, inner),
    ),
    max_leaves=4,
)


def odd_layer() -> Layer:
    """A layer of ROWS, none of which any table has to hold."""
    rows = []
    for number, (*row, wkt) in enumerate(ROWS):
        typed = [
            sql.SQL("{}::{}").format(sql.Literal(value), sql.SQL(type))
            for value, (_kind, type) in zip(row, COLUMNS.values(), strict=True)
        ]
        geom = sql.SQL("ST_Translate(ST_GeomFromText({}, 7801), {}, {})").format(*map(sql.Literal, (wkt, EAST, NORTH)))
        key = sql.SQL("{}::uuid, 1").format(sql.Literal(str(UUID(int=number))))
        rows.append(sql.SQL("({}, {}, {})").format(key, geom, sql.SQL(", ").join(typed)))
    names = [sql.Identifier(name) for name in ("id", "version", "geom", *COLUMNS)]
    columns = tuple(
        Column(
            name=name, title_bg=name, title_en=name, type=kind, expression=sql.SQL("t.{}").format(sql.Identifier(name))
        )
        for name, (kind, _type) in COLUMNS.items()
    )
    source = sql.SQL("(VALUES {}) t({})").format(sql.SQL(", ").join(rows), sql.SQL(", ").join(names))
    return Layer(key="odd", theme="", registry="", title_bg="", title_en="", source=source, columns=columns)


def real_layer(world: World, key: str, columns: dict[str, str]) -> Layer:
    """A layer of the catalogue; the names of COLUMNS stand for its own columns of the same kinds."""
    layer = world.layer(key)
    found = {column.name: column for column in layer.columns}
    named = tuple(replace(found[own], name=name) for name, own in columns.items())
    return replace(layer, columns=named)


REAL = {
    "water_pipe": {"label": "label", "diameter_mm": "diameter_mm", "exact": "capacity", "installed_on": "installed_on"},
    "parcels": {"label": "zone", "exact": "area_m2", "begin_lifespan_version": "begin_lifespan_version"},
    "water_hydrant": {"label": "network", "exact": "ground_height_m", "is_open": "is_open"},
    "buildings": {"label": "name", "floors": "floors", "exact": "height_m"},
}


@pytest.mark.parametrize("key", ["odd", *REAL])
@pytest.mark.django_db
def test_no_tree_makes_the_database_fail(world: World, key: str):
    layer = odd_layer() if key == "odd" else real_layer(world, key, REAL[key])

    @settings(max_examples=300 if key == "odd" else 60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(node=nodes)
    def run(node: Any) -> None:
        with suppress(BadInput), transaction.atomic():
            count(Query(layer=layer, reader=world.reader, filter=node))

    run()
