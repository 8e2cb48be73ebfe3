"""Where the shape of a feature may lie: in its zone and what surrounds it. Elsewhere its axes came in the wrong order,
or its reference system is another one; such a shape is refused, never stored.
"""

from __future__ import annotations

import math
from functools import cached_property
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.gis.gdal import GDALException
from django.contrib.gis.geos import GEOSException, GEOSGeometry, Polygon
from django.db import connection
from django.utils.translation import gettext as _

from layers.crs import safe_bounds
from layers.writing.heights import vertices
from registries.changes.edits import brought, in_registry_crs
from registries.core.errors import InvalidGeometry
from registries.core.records import registry_model

ZONES = "SELECT z.id, z.geom, ST_Buffer(z.geom, %s) FROM land_zone z ORDER BY z.code"
# Far above the mountains; what is beyond is a mistake, and would be written with hundreds of digits.
HIGHEST_M = 20_000
FLIPPED = "SELECT ST_FlipCoordinates(%s::geometry)"


class Surroundings:
    """The zones as they are now, each with what surrounds it; read once, when a shape first asks."""

    @cached_property
    def _zones(self) -> dict[UUID, tuple[Any, Any]]:
        with connection.cursor() as cursor:
            cursor.execute(ZONES, [settings.ZONE_BUFFER_M])
            shapes = [(pk, GEOSGeometry(zone), GEOSGeometry(around)) for pk, zone, around in cursor.fetchall()]
        # Prepared shapes do not keep what they were made of.
        self._kept = shapes
        return {pk: (zone.prepared, around.prepared) for pk, zone, around in shapes}

    def _is_near(self, geom: GEOSGeometry) -> bool:
        """Whether no vertex lies where nothing of the registry can: one of a long line may have lost its way."""
        west, south, east, north = safe_bounds(settings.REGISTRY_SRID)
        xmin, ymin, xmax, ymax = geom.extent
        return west <= xmin and south <= ymin and xmax <= east and ymax <= north

    @cached_property
    def _extent(self) -> Any:
        west, south, east, north = settings.REGISTRY_EXTENT
        return Polygon.from_bbox((west, south, east, north))

    def zone_of(self, geom: GEOSGeometry) -> UUID | None:
        """The zone that holds the shape; else the only one in whose surroundings it lies."""
        try:
            inside = geom.point_on_surface
            found = [pk for pk, (zone, _around) in self._zones.items() if zone.intersects(inside)]
            near = [] if found else [pk for pk, (_zone, around) in self._zones.items() if around.intersects(geom)]
        except GEOSException:
            # The door says what is wrong with a shape that cannot be compared.
            return None
        return found[0] if found else near[0] if len(near) == 1 else None

    def holds(self, geom: GEOSGeometry, zone: UUID | None) -> bool:
        """Whether the shape lies in the surroundings of its zone, or of another one, where it may be going; where
        it has no zone, in the registry's extent.
        """
        if not self._is_near(geom):
            return False
        try:
            if zone in self._zones:
                own = self._zones[zone][1]
                return bool(own.intersects(geom)) or any(one.intersects(geom) for _zone, one in self._zones.values())
            return bool(self._extent.intersects(geom.transform(4326, clone=True)))
        except GDALException:
            return False
        except GEOSException:
            # The door says what is wrong with a shape that cannot be compared.
            return True

    def check(self, geom: GEOSGeometry, zone: UUID | None, given: GEOSGeometry) -> None:
        """Raises InvalidGeometry for a shape elsewhere; `given` is the shape as it came."""
        if self.holds(geom, zone):
            return
        x, y = given.extent[:2]
        message = (
            _("The geometry lies outside the zone and %(metres)d m around it: x %(x).6g, y %(y).6g in EPSG:%(srid)s.")
            if zone in self._zones
            else _("The geometry lies outside the registry's extent: x %(x).6g, y %(y).6g in EPSG:%(srid)s.")
        )
        hint = _("Check the reference system and the order of the axes.")
        if self._holds_flipped(given, zone):
            hint = _("With its axes swapped it would lie inside: x and y came in the wrong order.")
        raise InvalidGeometry(
            message % {"metres": settings.ZONE_BUFFER_M, "x": x, "y": y, "srid": given.srid}, locator="geom", hint=hint
        )

    def _holds_flipped(self, given: GEOSGeometry, zone: UUID | None) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(FLIPPED, [given.hexewkb.decode()])
            flipped = GEOSGeometry(cursor.fetchone()[0])
        try:
            return self.holds(in_registry_crs(flipped), zone)
        except InvalidGeometry:
            return False


def arrived(registry: str, geom: GEOSGeometry | None) -> GEOSGeometry:
    """The shape as the registry keeps it; raises InvalidGeometry for none, an empty one, and what are no numbers."""
    if geom is None or geom.empty:
        raise InvalidGeometry(
            _("An empty geometry came, so nothing was changed."),
            locator="geom",
            hint=_(
                "QGIS sends one when it edits a shape with curves or heights over WFS; edit it over OGC API – Features."
            ),
        )
    _require_numbers(geom)
    moved = brought(registry_model(registry), geom)
    _require_numbers(moved)
    if moved.hasz:
        _require_heights(moved)
    return moved


def _require_numbers(geom: GEOSGeometry) -> None:
    coords = geom.coords  # type: ignore[attr-defined]  # the stubs know it of the kinds only
    if not all(math.isfinite(number) for vertex in vertices(coords) for number in vertex):
        raise InvalidGeometry(
            _("The geometry has coordinates that are not numbers."),
            locator="geom",
            hint=_("Check the reference system and the order of the axes."),
        )


def _require_heights(geom: GEOSGeometry) -> None:
    coords = geom.coords  # type: ignore[attr-defined]  # the stubs know it of the kinds only
    found = next((vertex[2] for vertex in vertices(coords) if abs(vertex[2]) > HIGHEST_M), None)
    if found is not None:
        raise InvalidGeometry(
            _("A height of %(height).6g m is none of this earth.") % {"height": found},
            locator="geom",
            hint=_("Check the reference system and the order of the axes."),
        )
