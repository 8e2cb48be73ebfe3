"""What a GeoPackage can say of its columns beside their names: titles and lists of codes (OGC 12-128r19, F.9, extension
`gpkg_schema`). GDAL reads them as aliases and domains, and QGIS shows them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from registries.exchange.export import Table

TABLES = """
CREATE TABLE gpkg_data_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT, mime_type TEXT,
  constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE gpkg_data_column_constraints (
  constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC, min_is_inclusive BOOLEAN,
  max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
INSERT INTO gpkg_extensions VALUES
  ('gpkg_data_columns', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec121/#extension_schema', 'read-write'),
  ('gpkg_data_column_constraints', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec121/#extension_schema',
   'read-write');
"""


def describe(path: Path, tables: Iterable[Table]) -> None:
    """Tell the titles of layers and fields, and the codes that fields may have."""
    tables = list(tables)
    with closing(sqlite3.connect(path)) as package, package:
        package.executescript(TABLES)
        package.executemany(
            "UPDATE gpkg_contents SET description = ? WHERE table_name = ?", [(one.title, one.name) for one in tables]
        )
        for table in tables:
            package.executemany(
                "INSERT INTO gpkg_data_columns (table_name, column_name, name, title, description, constraint_name)"
                " VALUES (?1, ?2, ?3, ?4, ?4, ?5)",
                columns(table),
            )
            package.executemany(
                "INSERT INTO gpkg_data_column_constraints (constraint_name, constraint_type, value, description)"
                " VALUES (?, 'enum', ?, ?)",
                codes(table),
            )


def columns(table: Table) -> Iterator[tuple[str, str, str, str, str | None]]:
    """Two columns of one title would break the table's rule: the second is told apart by its name."""
    told: set[str] = set()
    for one in table.fields:
        name = one.title or one.name
        name = f"{name} ({one.name})" if name in told else name
        told.add(name)
        yield table.name, one.name, name, one.title, f"{table.name}_{one.name}" if one.codes else None


def codes(table: Table) -> Iterator[tuple[str, str, str]]:
    for one in table.fields:
        for value, title in one.codes.items():
            yield f"{table.name}_{one.name}", value, title


def date(path: Path, moment: datetime) -> None:
    """Tell when the content was so, instead of when the file was written: the same content makes the same file."""
    with closing(sqlite3.connect(path)) as package, package:
        package.execute(
            "UPDATE gpkg_contents SET last_change = ?", [moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")]
        )
