"""One reader's view of the catalogue as a drawing: the tables Mapnik reads, with the reader's rights in each."""

from __future__ import annotations

from functools import lru_cache

from django.db import connection
from PIL import Image
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg.pq import Conninfo

from layers.catalogue import Catalogue
from layers.layer import Layer
from layers.maps.mapnik_adapter import Box, draw, style_zoom
from layers.maps.mapnik_xml import Table, map_xml
from layers.query import Query, where
from layers.style_subset import reads
from layers.styles import in_order, layers_of

WORLD = "-20037508.35,-20037508.35,20037508.35,20037508.35"
KEPT_XML = 64


class Drawing:
    """Draws layers of one catalogue. The catalogue holds only what its reader may see, so nothing else can be drawn."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._source = connection_parameters()
        self.xml = lru_cache(maxsize=KEPT_XML)(self._xml)

    def picture(self, keys: tuple[str, ...], bbox: Box, size: tuple[int, int], srid: int) -> Image.Image:
        """The layers `keys`, lowest first within each height of the drawing, as a transparent RGBA picture."""
        return draw(self.xml(keys, style_zoom(bbox, size, srid)), bbox, size, srid)

    def _xml(self, keys: tuple[str, ...], zoom: float) -> str:
        layers = [layer for key in keys if (layer := self._catalogue.get(key)) is not None]
        shown = [layer for layer in layers if layer.min_zoom <= zoom]
        return map_xml(in_order(shown), {layer.key: self._table(layer) for layer in shown}, zoom)

    def _table(self, layer: Layer) -> Table:
        query = Query(layer=layer, reader=self._catalogue.reader)
        needed = set().union(*(reads(style) for style in layers_of(layer)))
        columns = [
            sql.SQL("{} AS {}").format(column.expression, sql.Identifier(column.name))
            for column in layer.columns
            if column.name in needed
        ]
        # `!bbox!` is Mapnik's word for the box it wants, buffer included.
        statement = sql.SQL("(SELECT {} FROM {} WHERE {} AND {} && !bbox!) AS q").format(
            sql.SQL(", ").join([sql.SQL("{} AS geom").format(layer.geom_3857), *columns]),
            layer.source,
            where(query),
            layer.geom_3857,
        )
        return Table(statement.as_string(None), self._source, layer.geometry == "MultiPolygon")


def connection_parameters() -> dict[str, str]:
    """The site's database for Mapnik's PostGIS plugin.

    The plugin knows but five settings and writes them unquoted into libpq's connection string, so all
    travel as its `dbname`.
    """
    libpq = {option.keyword.decode() for option in Conninfo.get_defaults()}
    known = {name: value for name, value in connection.get_connection_params().items() if name in libpq}
    name = make_conninfo(dbname=known.pop("dbname")).removeprefix("dbname=")
    return {
        "type": "postgis",
        "dbname": f"{name} {make_conninfo(**known)}",
        "srid": "3857",
        "geometry_field": "geom",
        "extent": WORLD,
        "max_size": "8",
    }
