"""The relations of ISO 19108 between days and instants, and what ends a day has."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import product
from typing import Any

import pytest
from django.db import connection
from psycopg import sql

from layers.filters.compile import compile
from layers.filters.nodes import Period, Property, Temporal, TemporalOperator, Value
from layers.filters.times import RELATIONS
from layers.land import PARCELS, PLOTS
from registries.core.errors import BadInput
from tests.layers.filters.conftest import World

pytestmark = pytest.mark.django_db
DAYS = [date(2020, 1, day) for day in (1, 2, 3, 4)]
SPANS = [(one, other) for one in DAYS for other in DAYS if one <= other]


def related(one: tuple[date, date], other: tuple[date, date]) -> set[str]:
    """The relations that hold, by the definitions of ISO 19108 (5.2.3.5) and OGC 21-065r2 (table 11)."""
    (b1, e1), (b2, e2) = one, other
    facts = {
        "before": e1 < b2,
        "after": b1 > e2,
        "equals": one == other,
        "during": b1 > b2 and e1 < e2,
        "contains": b1 < b2 and e1 > e2,
        "begins": b1 == b2 and e1 < e2,
        "begun_by": b1 == b2 and e1 > e2,
        "ends": e1 == e2 and b1 > b2,
        "ended_by": e1 == e2 and b1 < b2,
        "meets": e1 == b2 and b1 < e1 and b2 < e2,
        "met_by": e2 == b1 and b1 < e1 and b2 < e2,
        "overlaps": b1 < b2 < e1 < e2,
        "overlapped_by": b2 < b1 < e2 < e1,
        "any_interacts": not (e1 < b2 or b1 > e2),
        "disjoint": e1 < b2 or b1 > e2,
    }
    return {name for name, is_true in facts.items() if is_true}


def operand(span: tuple[date, date]) -> Any:
    return Value(span[0]) if span[0] == span[1] else Period(*span)


def test_each_relation_holds_where_it_should():
    pairs = list(product(SPANS, SPANS))
    conditions = [
        compile(Temporal(operator, operand(one), operand(other)), PLOTS)
        for one, other in pairs
        for operator in RELATIONS
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT ARRAY[{}]").format(sql.SQL(", ").join(conditions)))
        found = iter(cursor.fetchone()[0])
    for one, other in pairs:
        assert {name for name in RELATIONS if next(found)} == related(one, other), (one, other)


@pytest.mark.parametrize(
    ("operator", "other", "is_found"),
    [
        ("equals", Value("2020-05-17"), True),
        ("after", Value("2020-05-16"), True),
        ("after", Value("2020-05-17"), False),
        ("after", Value(datetime(2020, 5, 16, 23, tzinfo=UTC)), True),
        ("during", Period(None, None), True),
        ("during", Period(date(2020, 5, 17), date(2020, 6, 1)), False),
        ("begins", Period(date(2020, 5, 17), date(2020, 6, 1)), True),
        ("any_interacts", Period(date(2020, 5, 1), date(2020, 5, 17)), True),
        ("before", Period(Property("installed_on"), None), False),
        # Beside an instant a day is as long as it is (ISO 19108, 5.2.3.5): the pipes are of 17 May.
        ("before", Value(datetime(2020, 5, 17, 12, tzinfo=UTC)), False),
        ("before", Value(datetime(2020, 5, 18, tzinfo=UTC)), True),
        ("after", Value(datetime(2020, 5, 17, tzinfo=UTC)), False),
        ("equals", Value(datetime(2020, 5, 17, tzinfo=UTC)), False),
        ("contains", Value(datetime(2020, 5, 17, 12, tzinfo=UTC)), True),
        ("before", Period(datetime(2020, 5, 17, 12, tzinfo=UTC), datetime(2020, 5, 18, 1, tzinfo=UTC)), False),
        ("overlaps", Period(datetime(2020, 5, 17, 12, tzinfo=UTC), datetime(2020, 5, 18, 1, tzinfo=UTC)), True),
        ("during", Period(datetime(2020, 5, 16, 12, tzinfo=UTC), datetime(2020, 5, 17, 12, tzinfo=UTC)), False),
        ("during", Period(datetime(2020, 5, 16, 12, tzinfo=UTC), datetime(2020, 5, 18, tzinfo=UTC)), True),
    ],
)
def test_days_are_compared(world: World, operator: TemporalOperator, other: Any, is_found: bool):
    found = world.found("water_pipe", Temporal(operator, Property("installed_on"), other))
    assert found == world.by_hand("water_pipe", str(is_found))


def test_the_last_day_of_a_period_belongs_to_it(world: World):
    today = datetime.now(UTC).date()
    node = Temporal("any_interacts", Property("begin_lifespan_version"), Period(today, today))
    assert world.found("parcels", node) == world.by_hand(
        "parcels", "(begin_lifespan_version AT TIME ZONE 'UTC')::date = %s", today
    )


@pytest.mark.parametrize("bad", [Value("soon"), Value(7), Value(None), Property("land_use"), Property("geom")])
def test_what_is_no_time_is_refused(bad: Any):
    with pytest.raises(BadInput):
        compile(Temporal("after", Property("valid_from"), bad), PARCELS)


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(BadInput, match="ends before"):
        compile(Temporal("during", Property("valid_from"), Period(DAYS[1], DAYS[0])), PARCELS)
