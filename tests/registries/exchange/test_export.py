"""Files that GDAL writes from rows: all types, missing values, long names, many pieces."""

from __future__ import annotations

import sqlite3
import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyogrio
import pytest
from shapely import Point, to_wkb

from registries.core.errors import Unavailable
from registries.exchange.export import FLATGEOBUF, GEOPACKAGE, PIECE, SHAPEFILE, Field, Form, Table, short_names, write

FIELDS = [
    Field("name", title="Име"),
    Field("count", "integer"),
    Field("size", "real", title="Размер, m"),
    Field("is_open", "boolean"),
    Field("since", "date"),
    Field("seen_at", "datetime"),
    Field("kind", title="Вид", codes={"a": "първи", "b": "втори"}),
]
NOON = datetime(2026, 5, 1, 12, 30, 15, tzinfo=UTC)
FULL = ("Пловдив", 2**40, 1.5, True, date(2026, 5, 1), NOON, "a")
EMPTY = (None,) * 7


def spot(x: float) -> bytes:
    return to_wkb(Point(500_000 + x, 4_790_000))


def points(*rows: tuple[Any, ...], fields: list[Field] = FIELDS) -> Table:
    located = [(*row, spot(number)) for number, row in enumerate(rows)]
    return Table("spots", fields, "Point", 7801, located, title="Места")


def read(path: Path) -> dict[str, list[Any]]:
    meta, _fids, _shapes, columns = pyogrio.raw.read(path, datetime_as_string=True)
    return {str(name): list(column) for name, column in zip(meta["fields"], columns, strict=True)}


@pytest.mark.parametrize("form", [GEOPACKAGE, FLATGEOBUF], ids=["gpkg", "fgb"])
def test_every_type_comes_back(form: Form, tmp_path: Path):
    values = read(write([points(FULL)], form, tmp_path))
    assert (values["name"], values["count"], values["size"], values["kind"]) == (["Пловдив"], [2**40], [1.5], ["a"])
    assert (values["is_open"], values["since"][0][:10].replace("/", "-")) == ([True], "2026-05-01")
    assert values["seen_at"][0].replace("/", "-").replace("T", " ")[:19] == "2026-05-01 12:30:15"


@pytest.mark.parametrize("form", [GEOPACKAGE, FLATGEOBUF, SHAPEFILE], ids=["gpkg", "fgb", "shp"])
def test_what_is_missing_stays_missing(form: Form, tmp_path: Path):
    path = write([points(FULL, EMPTY)], form, tmp_path)
    values = read(tmp_path / "parts" / "spots.shp" if form is SHAPEFILE else path)
    for column in values.values():
        assert sum(value is None or value != value or value == "" for value in column) == 1


def test_a_feature_without_a_shape_is_written(tmp_path: Path):
    path = write([Table("spots", [Field("name")], "Point", 7801, [("one", None)])], GEOPACKAGE, tmp_path)
    assert pyogrio.raw.read(path)[2].tolist() == [None]


@pytest.mark.parametrize("form", [GEOPACKAGE, FLATGEOBUF], ids=["gpkg", "fgb"])
def test_many_rows_take_no_memory(form: Form, tmp_path: Path):
    many = PIECE * 4 + 1

    def rows() -> Iterator[tuple[Any, ...]]:
        for number in range(many):
            yield "x" * 1_000, number, spot(number)

    tracemalloc.start()
    path = write([Table("spots", [Field("name"), Field("count", "integer")], "Point", 7801, rows())], form, tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert pyogrio.read_info(path)["features"] == many
    assert peak < 2 * PIECE * 2_000


def test_a_geopackage_tells_titles_and_codes(tmp_path: Path):
    with closing(sqlite3.connect(write([points(FULL)], GEOPACKAGE, tmp_path))) as package:
        named = dict(package.execute("SELECT column_name, name FROM gpkg_data_columns"))
        codes = dict(package.execute("SELECT value, description FROM gpkg_data_column_constraints"))
        (described,) = package.execute("SELECT description FROM gpkg_contents").fetchone()
    assert (named["size"], named["count"], described) == ("Размер, m", "count", "Места")
    assert codes == {"a": "първи", "b": "втори"}


def test_two_columns_of_one_title_are_told_apart(tmp_path: Path):
    fields = [Field("one", title="Име"), Field("two", title="Име")]
    path = write([points(("a", "b"), fields=fields)], GEOPACKAGE, tmp_path)
    with closing(sqlite3.connect(path)) as package:
        named = dict(package.execute("SELECT column_name, name FROM gpkg_data_columns"))
    assert named == {"one": "Име", "two": "Име (two)"}


def test_a_long_text_of_a_shapefile_is_cut_between_letters(tmp_path: Path):
    write([points(("я" * 200,), fields=[Field("name")])], SHAPEFILE, tmp_path)
    assert read(tmp_path / "parts" / "spots.shp")["name"] == ["я" * 127]


def test_short_names_differ():
    assert short_names(["national_cadastral_reference", "national_cadastral_label", "NATIONAL_C", "id"]) == {
        "national_cadastral_reference": "national_c",
        "national_cadastral_label": "national_2",
        "NATIONAL_C": "NATIONAL_3",
        "id": "id",
    }


def test_a_file_that_cannot_be_made_is_told(tmp_path: Path):
    with pytest.raises(Unavailable):
        write([points(FULL)], GEOPACKAGE, tmp_path / "nowhere")
