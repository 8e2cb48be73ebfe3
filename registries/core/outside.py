"""Features that lie where they cannot belong: the usual sign of a wrong reference system or of swapped axes."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.conf import settings
from django.db import connection
from psycopg import sql

from registries.core.overlay import uuids
from registries.core.rules import Finding, place_of

# The installation's extent is given in degrees and is a plain box there, so it is the feature that is transformed.
OUTSIDE = """
SELECT t.id, ST_PointOnSurface(t.geom) FROM {source}
WHERE ({ids}::uuid[] IS NULL OR t.id = ANY({ids}::uuid[])) AND CASE
    WHEN {zone} IS NOT NULL THEN NOT ST_DWithin(t.geom, {zone}, {buffer_m})
    ELSE NOT ST_Intersects(ST_Transform(t.geom, 4326), ST_MakeEnvelope({west}, {south}, {east}, {north}, 4326)) END
"""


def outside(source: sql.Composable, zone: sql.Composable, ids: list[UUID] | None) -> Iterator[Finding]:
    """The rows `t` of `source` outside their zone and its buffer, or outside the installation where `zone` is NULL."""
    west, south, east, north = (sql.Literal(bound) for bound in settings.REGISTRY_EXTENT)
    statement = sql.SQL(OUTSIDE).format(
        source=source,
        zone=zone,
        ids=uuids(ids),
        buffer_m=sql.Literal(settings.ZONE_BUFFER_M),
        west=west,
        south=south,
        east=east,
        north=north,
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        for object_id, place in cursor.fetchall():
            yield Finding(object_id, place_of(place), {"buffer_m": settings.ZONE_BUFFER_M})
