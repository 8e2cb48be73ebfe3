"""A small published world that WFS and OGC API are read against, and what PostGIS itself says of its coordinates."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection

from registries.changes.edits import Edit
from registries.networks.models import Network
from tests.conftest import hydrant, line, parcel, pipe, point, square

Coordinates = list[list[float]]
ODD = 'Тръба <1> & "2"\nвтори ред'
TABLES = {
    "water_pipe": "networks_link",
    "water_hydrant": "networks_node",
    "parcels": "land_parcel",
    "zones": "land_zone",
}


@dataclass
class Served:
    """What was published, by layer."""

    network: Network
    pipes: list[Edit] = field(default_factory=list)
    hydrants: list[Edit] = field(default_factory=list)
    parcels: list[Edit] = field(default_factory=list)


def build(network: Network, publish: Callable[[Iterable[Edit]], object]) -> Served:
    """Seven pipes from south to north, a hydrant with a height, two parcels of which one has a hole and two parts."""
    pipes = [
        pipe(
            network,
            line((10, 100 * n + 10), (50.5, 100 * n + 20.25), (90, 100 * n + 10)),
            label=ODD if n == 0 else f"P-{n}",
            material="PE" if n % 2 else "steel",
            diameter_mm=100.0 + n,
            installed_on="2020-05-17",
            status="functional" if n < 5 else "projected",
            capacity=12.5,
        )
        for n in range(7)
    ]
    hydrants = [hydrant(network, point(30, 30), label="H-1", ground_height_m=190.25)]
    two = square(500, 0)
    two.extend(square(700, 0, 50))
    parcels = [parcel("73626.1.1", square(0, 0)), parcel("73626.1.2", two)]
    publish([*pipes, *hydrants, *parcels])
    return Served(network, pipes, hydrants, parcels)


def by_postgis(layer: str, id: UUID, srid: int, *, flipped: bool) -> Coordinates:
    """Every vertex of one stored feature in `srid`, as PostGIS transforms it; areas lie to the left of their rings."""
    stored = "CASE WHEN ST_Dimension(geom) = 2 THEN ST_ForcePolygonCCW(geom) ELSE geom END"
    geom = "ST_FlipCoordinates(g)" if flipped else "g"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT ST_X(p.geom), ST_Y(p.geom) FROM (SELECT ST_Transform({stored}, %s) AS g"
            f" FROM {TABLES[layer]} WHERE id = %s) t, ST_DumpPoints({geom}) p ORDER BY p.path",
            [srid, id],
        )
        return [list(row) for row in cursor.fetchall()]


def apart(one: Coordinates, other: Coordinates) -> float:
    """The largest difference of two vertices' numbers; the counts must be equal."""
    assert len(one) == len(other)
    return max(abs(a - b) for p, q in zip(one, other, strict=True) for a, b in zip(p, q, strict=True))
