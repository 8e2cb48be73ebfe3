"""Rows become a file that people take away: GeoPackage, Shapefile, FlatGeobuf. GDAL writes it (through pyogrio), piece
by piece, so that memory stays flat however many rows there are.
"""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from itertools import islice
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyogrio
from django.utils.translation import gettext as _
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError

from registries.core.errors import Unavailable
from registries.exchange import geopackage

FieldType = Literal["text", "integer", "real", "boolean", "date", "datetime", "uuid"]
GeometryType = Literal["Point", "LineString", "MultiPolygon"]
# Rows that are in memory at once.
PIECE = 5_000
# What a dBase file holds: names of so many letters, texts of so many bytes.
NAME_MOST, TEXT_MOST = 10, 254
# How GDAL is told that times are in UTC (OGR_TZFlag).
UTC_FLAG = 100
UNWRITABLE = (DataSourceError, DataLayerError, FeatureError, FieldError, GeometryError, OSError, RuntimeError)
KINDS: dict[str, str] = {
    "integer": "int64",
    "real": "float64",
    "boolean": "bool",
    "date": "datetime64[D]",
    "datetime": "datetime64[ms]",
}


@dataclass(frozen=True)
class Field:
    """`title` says in words what `name` means; `codes` are the values that it may have, with their titles."""

    name: str
    type: FieldType = "text"
    title: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """One layer of a file: `rows` give a value for each field and then the geometry as WKB or None, x before y."""

    name: str
    fields: Sequence[Field]
    geometry: GeometryType
    srid: int
    rows: Iterable[Sequence[Any]]
    title: str = ""
    has_z: bool = False


@dataclass(frozen=True)
class Form:
    """One format of files; `write` makes the file of that form in an empty folder."""

    media_type: str
    suffix: str
    write: Callable[[Sequence[Table], Path], Path]


def write(tables: Sequence[Table], form: Form, folder: Path) -> Path:
    """The file of `tables`, made in the empty `folder`, which the caller removes. Unavailable if it cannot be made."""
    try:
        return form.write(tables, folder)
    except UNWRITABLE as error:
        raise Unavailable(_("The file could not be made: %(reason)s") % {"reason": error}) from error


def _geopackage(tables: Sequence[Table], folder: Path) -> Path:
    path = folder / "export.gpkg"
    for table in tables:
        _append(path, table, "GPKG", _prepared)
    geopackage.describe(path, tables)
    return path


def _flatgeobuf(tables: Sequence[Table], folder: Path) -> Path:
    """A FlatGeobuf is sorted and written in one go: by way of a file that can grow, and never by way of memory."""
    (table,) = tables
    way, path = folder / "way.gpkg", folder / "export.fgb"
    _append(way, table, "GPKG", _prepared)
    with pyogrio.open_arrow(way, layer=table.name, use_pyarrow=False, batch_size=PIECE) as (meta, stream):
        pyogrio.write_arrow(
            stream,
            path,
            driver="FlatGeobuf",
            layer=table.name,
            geometry_name=meta["geometry_name"],
            geometry_type=meta["geometry_type"],
            crs=meta["crs"],
        )
    return path


def _shapefile(tables: Sequence[Table], folder: Path) -> Path:
    """A zip of Shapefiles and of a list of what their short names mean."""
    parts = folder / "parts"
    parts.mkdir()
    with (parts / "fields.csv").open("w", encoding="utf-8-sig", newline="") as listed:
        lines = csv.writer(listed)
        lines.writerow(["layer", "field", "name", "title"])
        for table in tables:
            short = short_names([one.name for one in table.fields])
            lines.writerows([table.name, short[one.name], one.name, one.title] for one in table.fields)
            fields = [Field(short[one.name], "text" if one.type == "datetime" else one.type) for one in table.fields]
            renamed = Table(table.name, fields, table.geometry, table.srid, table.rows, table.title, table.has_z)
            _append(parts / f"{table.name}.shp", renamed, "ESRI Shapefile", _shortened, ENCODING="UTF-8")
    path = folder / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for part in sorted(parts.iterdir()):
            packed.write(part, part.name)
    return path


GEOPACKAGE = Form("application/geopackage+sqlite3", ".gpkg", _geopackage)
SHAPEFILE = Form("application/zip", ".zip", _shapefile)
FLATGEOBUF = Form("application/flatgeobuf", ".fgb", _flatgeobuf)


def short_names(names: Iterable[str]) -> dict[str, str]:
    """Each name cut to what a dBase file holds, all different whatever their case."""
    short: dict[str, str] = {}
    for name in names:
        cut, number = name[:NAME_MOST], 1
        while cut.lower() in (taken.lower() for taken in short.values()):
            number += 1
            cut = f"{name[: NAME_MOST - len(str(number)) - 1]}_{number}"
        short[name] = cut
    return short


def _append(path: Path, table: Table, driver: str, prepare: Callable[[Any, str], Any], **options: str) -> None:
    """The rows of `table` at the end of `path`, in pieces; one without any rows makes a layer without features."""
    for number, rows in enumerate(_pieces(table.rows)):
        columns = list(zip(*rows, strict=True)) if rows else [()] * (len(table.fields) + 1)
        *values, shapes = columns
        arrays = [_array(column, one.type, prepare) for column, one in zip(values, table.fields, strict=True)]
        moments = {one.name: np.full(len(rows), UTC_FLAG, "int8") for one in table.fields if one.type == "datetime"}
        pyogrio.raw.write(
            path,
            _objects([None if shape is None else bytes(shape) for shape in shapes]),
            [array for array, _mask in arrays],
            np.array([one.name for one in table.fields], dtype=object),
            field_mask=[mask for _array, mask in arrays],
            geometry_type=f"{table.geometry}{' Z' if table.has_z else ''}",
            crs=f"EPSG:{table.srid}",
            driver=driver,
            layer=table.name,
            append=number > 0,
            gdal_tz_offsets=moments,
            **options,
        )


def _pieces(rows: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    """At least one, perhaps an empty one."""
    remaining = iter(rows)
    piece = list(islice(remaining, PIECE))
    yield piece
    while piece := list(islice(remaining, PIECE)):
        yield piece


def _array(column: Sequence[Any], type: str, prepare: Callable[[Any, str], Any]) -> tuple[Any, Any]:
    """The values as GDAL's wrapper wants them, and which of them are missing."""
    prepared = [None if value is None else prepare(value, type) for value in column]
    if type not in KINDS:
        return _objects(prepared), None
    missing = np.array([value is None for value in prepared], dtype=bool)
    if KINDS[type].startswith("datetime64"):
        return np.array(prepared, dtype=KINDS[type]), None
    return np.array([value or 0 for value in prepared], dtype=KINDS[type]), missing


def _objects(values: Sequence[Any]) -> Any:
    """An array of Python objects, also of none."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def _prepared(value: Any, type: str) -> Any:
    if type == "datetime":
        return value.astimezone(UTC).replace(tzinfo=None)
    return value if type in KINDS else str(value)


def _shortened(value: Any, type: str) -> Any:
    """A text is cut to what a dBase file holds, between letters; a time, which it does not know, is written as text."""
    if type in KINDS:
        return value
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return text.encode()[:TEXT_MOST].decode(errors="ignore")
