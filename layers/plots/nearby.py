"""What of the networks lies near one plot, as the reader may see it: worked out when asked, so that it answers for any
day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg import sql

from layers.catalogue import Catalogue
from layers.layer import Layer
from registries.networks.models import Status
from registries.serviceability.nearest import AT_BORDER_M, REACH_M

# What can serve somebody, now or one day.
SERVING = (Status.FUNCTIONAL, Status.UNDER_CONSTRUCTION, Status.PROJECTED)
# What belongs to somebody, unless it ends at the plot. A street that serves houses serves everybody.
ELSES = """(t.role IN ('service', 'private') AND a.theme NOT IN ('road', 'rail')
    AND NOT ST_DWithin(t.geom, p.geom, {border}))"""
# Of each kind the nearest that works, and the nearest that is yet to come.
NEAREST = """
(SELECT DISTINCT ON (t.asset_type_id, t.status = 'functional') t.asset_type_id, t.id, t.network_id, t.label, t.status,
    t.role, t.location_quality, t.begin_lifespan_version, {measures}, ST_Distance(t.geom, p.geom) AS distance
 FROM {table} t JOIN public.networks_assettype a ON a.key = t.asset_type_id,
    (SELECT geom FROM land_plot WHERE id = {plot}) p
 WHERE {open} AND t.asset_type_id = ANY({kinds}) AND t.status = ANY({serving})
   AND ST_DWithin(t.geom, p.geom, {reach}) AND NOT {elses}
 ORDER BY t.asset_type_id, t.status = 'functional', distance, t.id)
"""
STATEMENT = """
SELECT a.*, n.name, n.name_en, n.operator FROM ({links} UNION ALL {nodes}) a
JOIN networks_network n ON n.id = a.network_id ORDER BY a.distance, a.id
"""
OF_LINKS = sql.SQL("t.material, t.diameter_mm, t.pressure_kpa, t.voltage_kv")
OF_NODES = sql.SQL(
    "NULL AS material, NULL::float8 AS diameter_mm, NULL::float8 AS pressure_kpa, NULL::float8 AS voltage_kv"
)


@dataclass(frozen=True)
class Near:
    """The nearest asset of one kind; `distance_m` is from the plot's border, 0 within it."""

    layer: Layer
    id: UUID
    label: str
    status: str
    role: str
    location_quality: str
    since: datetime
    material: str
    diameter_mm: float | None
    pressure_kpa: float | None
    voltage_kv: float | None
    distance_m: float
    network: str
    network_en: str
    operator: str

    @property
    def theme(self) -> str:
        return self.layer.theme

    @property
    def is_line(self) -> bool:
        return self.layer.geometry == "LineString"

    @property
    def is_at_border(self) -> bool:
        return self.distance_m <= AT_BORDER_M


def nearby(catalogue: Catalogue, plot_id: UUID) -> list[Near]:
    """The nearest first."""
    kinds = {layer.key: layer for layer in catalogue if layer.per_network}
    if not kinds:
        return []
    common = {
        "plot": sql.Literal(plot_id),
        "open": catalogue.reader.open_rows,
        "kinds": sql.Literal(list(kinds)),
        "serving": sql.Literal([str(one) for one in SERVING]),
        "reach": sql.Literal(REACH_M),
        "elses": sql.SQL(ELSES).format(border=sql.Literal(AT_BORDER_M)),
    }
    links = sql.SQL(NEAREST).format(table=sql.Identifier("networks_link"), measures=OF_LINKS, **common)
    nodes = sql.SQL(NEAREST).format(table=sql.Identifier("networks_node"), measures=OF_NODES, **common)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(STATEMENT).format(links=links, nodes=nodes))
        return [_near(kinds, row) for row in cursor.fetchall()]


def _near(kinds: dict[str, Layer], row: tuple[Any, ...]) -> Near:
    kind, id, _network, *rest = row
    label, status, role, quality, since, material, diameter, pressure, voltage, distance, name, name_en, operator = rest
    return Near(
        layer=kinds[kind],
        id=id,
        label=label or "",
        status=status,
        role=role or "",
        location_quality=quality or "",
        since=since,
        material=material or "",
        diameter_mm=diameter,
        pressure_kpa=pressure,
        voltage_kv=voltage,
        distance_m=distance,
        network=name,
        network_en=name_en or "",
        operator=operator or "",
    )
