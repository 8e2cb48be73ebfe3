"""Values as clients write them: whatever comes is read by the column's type, or refused by the column's name."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg import sql

from layers.layer import Column, ColumnType
from layers.writing import values
from registries.core.errors import BadInput

TYPES = get_args(ColumnType)


def column(kind: Any) -> Column:
    return Column(name="x", title_bg="х", title_en="x", expression=sql.SQL("t.x"), type=kind)


@pytest.mark.parametrize(
    ("kind", "given_", "read"),
    [
        ("text", 5, "5"),
        ("text", " а ", "а"),
        ("integer", " 7 ", 7),
        ("integer", 7.0, 7),
        ("real", 0.1, Decimal("0.1")),
        ("real", "1.2500", Decimal("1.25")),
        ("real", "-.5", Decimal("-0.5")),
        ("boolean", 1, True),
        ("boolean", "False", False),
        ("date", "2024-05-06T23:59:59.999+03:00", date(2024, 5, 6)),
        ("date", datetime(2024, 5, 6, tzinfo=UTC), date(2024, 5, 6)),
        ("datetime", "2024-05-06T07:08:09Z", datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)),
    ],
)
def test_it_is_read_by_its_type(kind: str, given_: Any, read: Any) -> None:
    assert values.read(column(kind), given_) == read


@pytest.mark.parametrize("kind", [kind for kind in TYPES if kind != "text"])
@pytest.mark.parametrize("nothing", ["", "  ", None])
def test_nothing_is_null(kind: str, nothing: Any) -> None:
    assert values.read(column(kind), nothing) is None


@pytest.mark.parametrize(
    ("kind", "bad"),
    [
        ("integer", "7.5"),
        ("integer", True),
        ("integer", "9" * 30),
        ("real", "1,5"),
        ("real", "INF"),
        ("real", float("nan")),
        ("real", False),
        ("boolean", "maybe"),
        ("boolean", 2),
        ("date", "2024-02-30"),
        ("date", 20240506),
        ("datetime", "soon"),
        ("uuid", "x"),
        ("text", {"a": 1}),
    ],
)
def test_what_does_not_fit_is_refused_by_name(kind: str, bad: Any) -> None:
    with pytest.raises(BadInput) as caught:
        values.read(column(kind), bad)
    assert caught.value.locator == "x"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(kind=st.sampled_from(TYPES), value=JSON)
def test_nothing_breaks_it(kind: str, value: Any) -> None:
    try:
        read = values.read(column(kind), value)
    except BadInput:
        return
    assert values.same(column(kind), read, read)


@pytest.mark.parametrize(
    ("kind", "one", "other", "is_same"),
    [
        ("text", None, "", True),
        ("text", "a", "a ", True),
        ("real", Decimal("1.10"), 1.1, True),
        ("real", 1.0, 1.001, False),
        ("real", None, 0.0, False),
        ("real", 0.0, Decimal(0), True),
        ("boolean", False, None, False),
        ("datetime", datetime(2024, 5, 6, 7, 8, 9, 123456, UTC), datetime(2024, 5, 6, 7, 8, 9, 123000, UTC), True),
    ],
)
def test_what_says_the_same(kind: str, one: Any, other: Any, is_same: bool) -> None:
    assert values.same(column(kind), one, other) is is_same


def test_whole_numbers_are_written_out() -> None:
    given_ = ("100", "1e3", "-20.0", "0")
    assert [str(values.read(column("real"), text)) for text in given_] == ["100", "1000", "-20", "0"]
