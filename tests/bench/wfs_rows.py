"""What psql copies in `bench_wfs`: the rows of a WFS download of each layer of lines. Needs Django to be set up."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from psycopg import sql

from layers import crs
from layers.access import reader_of
from layers.catalogue import catalogue_of
from layers.query import Query, geometry, select, where
from layers.wfs.output import gml
from layers.wfs.output.found import Member


@dataclass
class Rows:
    """One layer, and the SELECT of its features as text in each format."""

    layer: str
    geojson: str
    gml: str


def geojson_rows(query: Query) -> sql.Composable:
    """What anybody would write: the whole row by `ST_AsGeoJSON`, in the order of the key."""
    columns = [
        sql.SQL("{} AS {}").format(column.expression, sql.Identifier(column.name)) for column in query.layer.columns
    ]
    return sql.SQL(
        "SELECT ST_AsGeoJSON(q, 'geom', 3) FROM (SELECT t.id, {}, {} AS geom FROM {} WHERE {} ORDER BY t.id) q"
    ).format(sql.SQL(", ").join(columns), geometry(query, crs.SRIDS[0]), query.layer.source, where(query))


def gml_rows(query: Query) -> sql.Composable:
    """The very text that the download holds."""
    reference = crs.Reference(crs.SRIDS[0], is_authority=False)
    return select(query, gml.item(Member(query, query.layer.columns, True, reference)))


def rows() -> list[Rows]:
    catalogue = catalogue_of(reader_of(None))
    queries = [Query(layer=layer, reader=catalogue.reader) for layer in catalogue if layer.geometry == "LineString"]
    connection.ensure_connection()
    plain = connection.connection
    return [
        Rows(query.layer.key, geojson_rows(query).as_string(plain), gml_rows(query).as_string(plain))
        for query in queries
    ]
