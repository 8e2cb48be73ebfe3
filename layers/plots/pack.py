"""What designers take away of one plot: its outline, its parcels, and what lies around it, as layers of files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from django.conf import settings
from django.contrib.gis.geos import Polygon
from django.db import connection
from psycopg import sql

from layers import styles
from layers.catalogue import Catalogue
from layers.downloads import Taken, table
from layers.layer import Layer
from layers.query import BBox, Query
from registries.exchange.dxf import Drawn
from registries.exchange.export import Table
from registries.land.models import Plot, PlotParcel
from registries.networks.models import Status

# How far around the plot, and how many things of a kind at most.
AROUND_M = 100
MOST = 10_000
# How layers of land are drawn: colour, the field of the label.
PLOT, PARCELS, NEIGHBOURS, BUILDINGS = "plot", "parcels", "neighbours", "buildings"
LAND = {
    PLOT: ("#14213d", "code"),
    PARCELS: ("#7b8892", "national_cadastral_reference"),
    NEIGHBOURS: ("#0b6b45", "code"),
    BUILDINGS: ("#8a7a66", "name"),
}
NEAR = """
SELECT DISTINCT t.asset_type_id FROM {table} t
WHERE {open} AND t.geom && ST_MakeEnvelope({west}, {south}, {east}, {north}, {srid})
"""


@dataclass(frozen=True)
class Piece:
    """One layer of the files: which features, under which name, and how a drawing shows them."""

    name: str
    query: Query
    color: str
    label: str

    def table(self) -> Table:
        """Read anew each time: the rows of a table are read once."""
        layer = self.query.layer
        made = table(Taken(self.query, layer.columns, settings.REGISTRY_SRID), self.name)
        return replace(made, title=layer.title)

    def drawn(self) -> Drawn:
        is_network = self.query.layer.per_network
        variant = "status" if is_network else ""
        return Drawn(self.table(), self.color, self.label, variant, Status.FUNCTIONAL, is_bold=self.name == PLOT)


def pieces(catalogue: Catalogue, plot: Plot) -> list[Piece]:
    """The layers that the reader may see, the plot first; those of networks only where there is something."""
    west, south, east, north = plot.geom.extent
    box = BBox(west - AROUND_M, south - AROUND_M, east + AROUND_M, north + AROUND_M, settings.REGISTRY_SRID)
    return [*_land(catalogue, plot, box), *_networks(catalogue, box)]


def _land(catalogue: Catalogue, plot: Plot, box: BBox) -> Iterator[Piece]:
    parcels = PlotParcel.objects.filter(plot=plot).values_list("parcel_id", flat=True)
    beside = Plot.objects.filter(geom__bboverlaps=_polygon(box)).exclude(pk=plot.pk).values_list("pk", flat=True)
    wanted: dict[str, tuple[str, tuple[UUID, ...] | None]] = {
        PLOT: ("plots", (plot.pk,)),
        PARCELS: ("parcels", tuple(parcels)),
        NEIGHBOURS: ("plots", tuple(beside[:MOST])),
        BUILDINGS: ("buildings", None),
    }
    for name, (key, ids) in wanted.items():
        layer = catalogue.get(key)
        if layer is not None:
            query = Query(layer, catalogue.reader, ids=ids, bbox=box if ids is None else None, limit=MOST)
            yield Piece(name, query, *LAND[name])


def _networks(catalogue: Catalogue, box: BBox) -> Iterator[Piece]:
    near = _kinds(catalogue, box)
    for layer in catalogue:
        if layer.per_network and layer.key in near:
            query = Query(layer, catalogue.reader, bbox=box, limit=MOST)
            yield Piece(layer.key, query, styles.color_of(layer), _label(layer))


def _label(layer: Layer) -> str:
    return "label" if layer.column("label") else ""


def _kinds(catalogue: Catalogue, box: BBox) -> set[str]:
    """The kinds of assets that lie in the box, in one question."""
    corners = {
        "west": sql.Literal(box.xmin),
        "south": sql.Literal(box.ymin),
        "east": sql.Literal(box.xmax),
        "north": sql.Literal(box.ymax),
        "srid": sql.Literal(box.srid),
        "open": catalogue.reader.open_rows,
    }
    parts = [sql.SQL(NEAR).format(table=sql.Identifier(name), **corners) for name in ("networks_link", "networks_node")]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(" UNION ").join(parts))
        return {str(key) for (key,) in cursor.fetchall()}


def _polygon(box: BBox) -> Polygon:
    shape = Polygon.from_bbox((box.xmin, box.ymin, box.xmax, box.ymax))
    shape.srid = box.srid
    return shape
