"""CQL2 text and JSON as conditions, and that nothing anybody writes ends the process."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers.crs import LON_LAT, authority
from layers.filters.cql2 import LENGTH_MOST, read
from layers.filters.nodes import (
    DEEPEST,
    All,
    AnyOf,
    Between,
    Call,
    Compare,
    IsNull,
    Like,
    Node,
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
from registries.core.errors import BadInput

A, B = Property("a"), Property("b")
NOW = datetime(2020, 1, 1, 10, tzinfo=UTC)


def one(value: Any) -> Compare:
    return Compare("=", A, Value(value))


def text(value: str) -> Node:
    return read(value, "cql2-text", LON_LAT)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("a = 1", one(1)),
        ("a=-1.5", one(-1.5)),
        ("a = 'x'", one("x")),
        ("a = 'O''Neil'", one("O'Neil")),
        (r"a = 'O\'Neil'", one("O'Neil")),
        ("a = 'a(b'", one("a(b")),
        ("a = TRUE", one(True)),
        ("a = NULL", one(None)),
        ("1 <> a", Compare("<>", Value(1), A)),
        ("a = b", Compare("=", A, B)),
        ('"площ" >= 2', Compare(">=", Property("площ"), Value(2))),
        ("площ >= 2", Compare(">=", Property("площ"), Value(2))),
        ("a = 1 OR b = 2 AND a = 1", AnyOf((one(1), All((Compare("=", B, Value(2)), one(1)))))),
        ("(a = 1 OR a = 2) and a = 1", All((AnyOf((one(1), one(2))), one(1)))),
        ("not a = 1", Not(one(1))),
        ("NOT (((a = 1)))", Not(one(1))),
        ("a IS NULL", IsNull(A)),
        ("a is not null", Not(IsNull(A))),
        ("(a + 1) IS NULL", IsNull(Call("+", (A, Value(1))))),
        ("a BETWEEN 1 AND (2)", Between(A, Value(1), Value(2))),
        ("a NOT BETWEEN 1 AND 2", Not(Between(A, Value(1), Value(2)))),
        ("a IN (1, 'x')", OneOfMany(A, (Value(1), Value("x")))),
        ("a not in (1)", Not(OneOfMany(A, (Value(1),)))),
        ("a LIKE 'x_%'", Like(A, "x_%")),
        (r"a NOT LIKE '50\%'", Not(Like(A, r"50\%"))),
        ("CASEI(a) LIKE casei('ЖU%')", Like(Call("casei", (A,)), "жu%")),
        ("accenti(a) LIKE accenti('é%')", Like(Call("accenti", (A,)), "e%")),
        ("casei(a) = casei('X')", Compare("=", Call("casei", (A,)), Call("casei", (Value("X"),)))),
        ("a div 2 = 1", Compare("=", Call("div", (A, Value(2))), Value(1))),
        ("a % 2 = 1", Compare("=", Call("%", (A, Value(2))), Value(1))),
        (
            "a * (b + 1) ^ 2 = 1",
            Compare("=", Call("*", (A, Call("^", (Call("+", (B, Value(1))), Value(2))))), Value(1)),
        ),
        ("-a = 1", Compare("=", Call("*", (Value(-1), A)), Value(1))),
        ("true", Truth(Value(True))),
        ("a AND NOT b", All((Truth(A), Not(Truth(B))))),
        ("now() > a", Compare(">", Call("now", ()), A)),
        ("concat(a, ('x')) = b", Compare("=", Call("concat", (A, Value("x"))), B)),
        ("a = DATE('2020-01-01')", one(date(2020, 1, 1))),
        ("a = timestamp('2020-01-01T10:00:00Z')", one(NOW)),
        ("a = TIMESTAMP('2020-01-01T12:00:00+02:00')", one(NOW)),
        ("T_BEFORE(a, DATE('2020-01-01'))", Temporal("before", A, Value(date(2020, 1, 1)))),
        ("t_during(a, INTERVAL('2020-01-01', '..'))", Temporal("during", A, Period(date(2020, 1, 1), None))),
        (
            "T_INTERSECTS(INTERVAL(a, b), INTERVAL('..', '2020-01-01T10:00:00Z'))",
            Temporal("any_interacts", Period(A, B), Period(None, NOW)),
        ),
    ],
)
def test_text_means(written: str, meant: Node):
    assert text(written) == meant


@pytest.mark.parametrize(
    ("tree", "meant"),
    [
        ({"op": "=", "args": [{"property": "a"}, 1]}, one(1)),
        ({"op": "isNull", "args": [{"property": "a"}]}, IsNull(A)),
        ({"op": "in", "args": [{"property": "a"}, ["x", "y"]]}, OneOfMany(A, (Value("x"), Value("y")))),
        ({"op": "not", "args": [{"op": "like", "args": [{"property": "a"}, "x%"]}]}, Not(Like(A, "x%"))),
        ({"op": "=", "args": [{"property": "a"}, {"date": "2020-01-01"}]}, one(date(2020, 1, 1))),
        (
            {"op": "t_after", "args": [{"property": "a"}, {"interval": ["..", "2020-01-01"]}]},
            Temporal("after", A, Period(None, date(2020, 1, 1))),
        ),
        ({"op": "and", "args": [{"property": "a"}, True]}, All((Truth(A), Truth(Value(True))))),
    ],
)
def test_json_means(tree: Any, meant: Node):
    assert read(json.dumps(tree), "cql2-json", LON_LAT) == meant


SHAPES = [
    ("POINT(26 43)", "POINT (26 43)"),
    ("POINT Z(26 43 7)", "POINT (26 43)"),
    ("LINESTRING(26 43,27 44)", "LINESTRING (26 43, 27 44)"),
    ("POLYGON((0 0,9 0,9 9,0 0),(4 1,5 1,5 2,4 1))", "POLYGON ((0 0, 9 0, 9 9, 0 0), (4 1, 5 1, 5 2, 4 1))"),
    ("MULTIPOINT((1 1),(2 2))", "MULTIPOINT ((1 1), (2 2))"),
    ("MULTILINESTRING((1 1,2 2),(3 3,4 4))", "MULTILINESTRING ((1 1, 2 2), (3 3, 4 4))"),
    ("MULTIPOLYGON(((0 0,9 0,9 9,0 0)))", "MULTIPOLYGON (((0 0, 9 0, 9 9, 0 0)))"),
    ("GEOMETRYCOLLECTION(POINT(1 1),LINESTRING(1 1,2 2))", "GEOMETRYCOLLECTION (POINT (1 1), LINESTRING (1 1, 2 2))"),
    ("BBOX(1,2,3,4)", "POLYGON ((1 2, 1 4, 3 4, 3 2, 1 2))"),
    ("BBOX(1,2,0,3,4,9)", "POLYGON ((1 2, 1 4, 3 4, 3 2, 1 2))"),
    ("BBOX(1,2,1,2)", "POINT (1 2)"),
    (
        "BBOX(170,2,-170,4)",
        "MULTIPOLYGON (((170 2, 170 4, 180 4, 180 2, 170 2)), ((-180 2, -180 4, -170 4, -170 2, -180 2)))",
    ),
    ("POLYGON EMPTY", "POLYGON EMPTY"),
]


def shape_of(node: Node) -> Any:
    assert isinstance(node, Spatial)
    assert isinstance(node.right, Shape)
    return node.right.geom


@pytest.mark.parametrize(("written", "wkt"), SHAPES)
def test_geometries_are_read(written: str, wkt: str):
    found = shape_of(text(f"S_INTERSECTS(geom, {written})"))
    assert (found.wkt, found.srid) == (wkt, 4326)


@pytest.mark.parametrize("written", ["POINT(43 26)", "BBOX(43,26,43,26)"])
def test_coordinates_are_in_the_order_of_their_system(written: str):
    found = shape_of(read(f"S_INTERSECTS(geom, {written})", "cql2-text", authority(4326)))
    assert found.wkt == "POINT (26 43)"


@pytest.mark.parametrize(
    "written",
    [
        *("", "  ", "a =", "a = 1 AND", "= 1", "a = 1 b", "a = 'x", 'a = "x', "a = (1", "a = 1)", "f(a", "a IN ()"),
        *("a = DATE('soon')", "a = TIMESTAMP('2020-01-01')", "T_AFTER(a, INTERVAL('x', '..'))", "(a, b) = 1"),
        *("A_CONTAINS(a, ('x', 'y'))", "a LIKE b", "(a = 1) + 1 = 2", "1", "'x'", "a + 1", "\x01 = 1", "casei(a) LIKE"),
        *("S_INTERSECTS(geom, POINT EMPTY)", "S_INTERSECTS(geom, POLYGON((0 0,1 1,1 0)))", "S_INTERSECTS(geom)"),
        *("S_INTERSECTS(geom, LINESTRING(1 1))", "S_WITHIN(geom, BBOX(1,2,3))", "S_WITHIN(geom, BBOX(1,9,3,4))"),
    ],
)
def test_what_is_no_condition_is_refused(written: str):
    with pytest.raises(BadInput) as error:
        text(written)
    assert error.value.locator == "filter"


@pytest.mark.parametrize(
    ("written", "place"),
    [("a = = 1", 5), ("a = 1 AND (b = 2 OR\n (b = = 3))", 27), ("a = (1", 5), ("a = 'жж' AND b 7", 16)],
)
def test_the_place_of_an_error_is_told(written: str, place: int):
    with pytest.raises(BadInput, match=f"character {place} "):
        text(written)


@pytest.mark.parametrize(
    "tree", ["", "{", "[]", "1", '"x"', "{}", '{"op":"="}', '{"op":"=","args":[1]}', '{"op":1,"args":[]}']
)
def test_json_that_is_no_condition_is_refused(tree: str):
    with pytest.raises(BadInput) as error:
        read(tree, "cql2-json", LON_LAT)
    assert error.value.locator == "filter"


FLAT = {
    "and": "a=1" + " AND a=1" * 2_400,
    "or": "(a = 1)" + " OR (a = 1)" * 1_800,
    "in": "a IN (1" + ",1" * 9_900 + ")",
    "polygon": "S_INTERSECTS(geom,POLYGON((0 0" + ",1 1" * 4_900 + ",0 0)))",
    "words": "a = '" + "x" * 19_900 + "'",
    "blanks": " " * 19_000 + "a = 1",
}


@pytest.mark.parametrize("kind", FLAT)
def test_long_but_flat_filters_are_served(kind: str):
    begun = time.perf_counter()
    assert text(FLAT[kind])
    assert time.perf_counter() - begun < 5


def test_a_filter_of_any_length_is_refused():
    with pytest.raises(BadInput, match=str(LENGTH_MOST)):
        text("a = 1" + " " * LENGTH_MOST)


def test_brackets_that_people_write_are_served():
    depth = DEEPEST - 2
    assert text("(" * depth + "a = 1" + ")" * depth) == one(1)


HOSTILE = {
    "brackets": "'('*N + 'a=1' + ')'*N",
    "open brackets": "'('*N",
    "wrong inside": "'('*N + 'a=' + ')'*N",
    "not": "'NOT '*N + 'a=1'",
    "not in brackets": "'NOT ('*N + 'a=1' + ')'*N",
    "minus": "'a = ' + '-'*N + '1'",
    "spaced minus": "'a = ' + '- '*N + '1'",
    "minus in brackets": "'a = ' + '-('*N + '1' + ')'*N",
    "plus": "'a = 1' + '+1'*N",
    "power": "'a = 1' + '^1'*N",
    "equals": "'a' + '=1'*N",
    "like": "'a' + ' LIKE 1'*N",
    "between": "'a' + ' BETWEEN 1 AND 2'*N",
    "is null": "'a' + ' IS NULL'*N",
    "functions": "'f('*N + '1' + ')'*N",
    "open functions": "'f(('*N",
    "lists": "'a IN (' + '('*N + '1' + ')'*N + ')'",
    "open lists": "'a IN ('*N",
    "lists in lists": "'a IN ('*N + '=' + ')'*N",
    "lists in arguments": "'f(a IN ('*N + '=' + '))'*N",
    "arguments in geometries": "'POLYGON(f(('*N + '=' + ')))'*N",
    "arrays": "'A_CONTAINS(a, ' + '('*N + '1,2' + ')'*N + ')'",
    "collections": "'S_INTERSECTS(g, ' + 'GEOMETRYCOLLECTION('*N + 'POINT(1 1)' + ')'*N + ')'",
    "geometries": "'S_INTERSECTS(g, POLYGON' + '('*N + '1 1' + ')'*N + ')'",
    "conjunction": "'a=1' + ' AND a=1'*N",
    "disjunction": "'a=1' + ' OR NOT a=1'*N",
    "arguments": "'f(1' + ',1'*N + ')=1'",
    "values": "'a IN (1' + ',1'*N + ')'",
    "places": "'S_INTERSECTS(g, LINESTRING(0 0' + ',1 1'*N + '))'",
    "alternation": "'a=1' + ' AND NOT a=1 OR b=2'*N",
    "quotes": '"a = \'" + "\'\'"*N',
    "json not": "'{\"op\":\"not\",\"args\":['*N + 'true' + ']}'*N",
    "json arrays": "'['*N + ']'*N",
    "json plus": "'{\"op\":\"+\",\"args\":['*N + '1' + ',1]}'*N",
    "json quotes": "'\"' + chr(92) * 2 * N + chr(92) + '\"' * N",
    "json escapes": "'\"' + (chr(92) + '\"') * N",
    "json open": "'[{\"op\":'*N",
    "json collections": '\'{"type":"GeometryCollection","geometries":[\'*N + \']}\'*N',
}
# In a thread with a quarter of the usual stack, as if the rest were already used.
ATTEMPT = """
import json, sys, threading
import django
django.setup()
from layers.crs import LON_LAT
from layers.filters.cql2 import read
from registries.core.errors import BadInput

def attempt():
    for name, kind in json.load(sys.stdin).items():
        for N in (15, 29, 55, 59, 61, 119, 130, 1000, 2999, 15000):
            text = eval(kind)
            for lang in ("cql2-text", "cql2-json"):
                try:
                    read(text, lang, LON_LAT)
                except BadInput:
                    pass
        print(name, flush=True)

threading.stack_size(2 * 1024 * 1024)
thread = threading.Thread(target=attempt)
thread.start()
thread.join()
"""


def test_the_process_survives():
    """And none takes a time that grows faster than its text: the first would need years."""
    command = [sys.executable, "-c", ATTEMPT]
    done = subprocess.run(command, input=json.dumps(HOSTILE), capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.splitlines() == [*HOSTILE], done.stderr[-500:]


WORDS = (
    *(
        "a",
        "b",
        "geom",
        '"ж"',
        "1",
        "-2.5e3",
        "1e999",
        "'x'",
        "''",
        "TRUE",
        "NULL",
        "=",
        "<>",
        "<",
        ">=",
        "+",
        "-",
        "*",
    ),
    *("/", "%", "^", "div", "(", ")", "(", ")", ",", "AND", "OR", "NOT", "LIKE", "IN", "IN (", "BETWEEN", "IS NULL"),
    *("casei(", "accenti(", "f(", "DATE('2020-01-01')", "TIMESTAMP('2020-01-01T00:00:00Z')", "INTERVAL('..',", "'..')"),
    *("S_INTERSECTS(", "T_AFTER(", "A_EQUALS(", "POINT(1 2)", "POINT Z(1 2 3)", "POLYGON((0 0,1 1,1 0,0 0))", "BBOX("),
    *(
        "1,2,3,4)",
        "POLYGON EMPTY",
        "POINT",
        "GEOMETRYCOLLECTION(",
        "MULTIPOINT(",
        "1 2",
        ";",
        "'",
        '"',
        "\\'",
        "\n",
        "\0",
    ),
)
LEAVES = (
    st.none() | st.booleans() | st.floats() | st.integers() | st.text() | st.sampled_from(["..", "2020-01-01", "Point"])
)
KEYS = ["op", "args", "property", "date", "timestamp", "interval", "bbox", "type", "coordinates", "geometries"]
OPS = [
    "and",
    "or",
    "not",
    "=",
    "like",
    "in",
    "between",
    "isNull",
    "s_within",
    "t_during",
    "a_contains",
    "casei",
    "+",
    "f",
]
JSON = st.recursive(
    LEAVES | st.builds(lambda name: {"property": name}, st.sampled_from(["a", "geom"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3)
        | st.builds(lambda op, args: {"op": op, "args": args}, st.sampled_from(OPS), st.lists(inner, max_size=3))
    ),
    max_leaves=20,
)


def tried(written: str, lang: Any) -> None:
    with suppress(BadInput):
        assert isinstance(read(written, lang, LON_LAT), Node)


@settings(max_examples=1_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join) | st.text())
def test_any_text_is_read_or_refused(written: str):
    tried(written, "cql2-text")


@settings(max_examples=1_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(JSON.map(json.dumps) | st.text())
def test_any_json_is_read_or_refused(written: str):
    tried(written, "cql2-json")
