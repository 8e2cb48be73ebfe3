"""Rules of land. Conditions on a single row are constraints of the tables; here is what compares features or asks the
settings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_noop
from psycopg import sql

from registries.core.neighbours import Stage, pairs, rows
from registries.core.outside import outside
from registries.core.rules import Finding, Limit, place_of, rule
from registries.land.models import Parcel

ZONE = sql.SQL("z.geom")
OVERLAPS = """
SELECT x.id, ST_PointOnSurface(c.common), o.national_cadastral_reference, ST_Area(c.common)
FROM {pairs} x
CROSS JOIN LATERAL (SELECT ST_Intersection(x.geom, x.other_geom) AS common) c
JOIN land_parcel o ON o.id = x.other_id
WHERE ST_Area(c.common) > %(max_overlap_m2)s
"""


@rule(
    "LAND-001",
    "land.zone",
    gettext_noop(
        "The zone lies outside the installation's extent. Check the reference system and the order of the axes."
    ),
)
def zone_outside(ids: list[UUID] | None) -> Iterator[Finding]:
    return outside(sql.SQL("land_zone t"), sql.SQL("NULL::geometry"), ids)


OUTSIDE = gettext_noop(
    "The feature lies outside its zone and %(buffer_m)s m around it, or outside the installation's extent."
    " Check the reference system, the order of the axes and the zone."
)


@rule("LAND-002", "land.parcel", OUTSIDE)
def parcel_outside(ids: list[UUID] | None) -> Iterator[Finding]:
    return outside(sql.SQL("land_parcel t LEFT JOIN land_zone z ON z.id = t.zone_id"), ZONE, ids)


@rule("LAND-003", "land.plot", OUTSIDE)
def plot_outside(ids: list[UUID] | None) -> Iterator[Finding]:
    return outside(sql.SQL("land_plot t LEFT JOIN land_zone z ON z.id = t.zone_id"), ZONE, ids)


@rule("LAND-004", "land.building", OUTSIDE)
def building_outside(ids: list[UUID] | None) -> Iterator[Finding]:
    return outside(sql.SQL("land_building t LEFT JOIN land_zone z ON z.id = t.zone_id"), ZONE, ids)


@rule(
    "LAND-005",
    "land.parcel",
    gettext_noop("The parcel overlaps parcel %(other)s by %(area_m2)s m². Correct one of the boundaries."),
    limits={"max_overlap_m2": Limit(1, 0.01, 100, "m²", gettext_noop("overlap, at most"))},
)
def parcels_overlap(ids: list[UUID] | None, *, max_overlap_m2: float) -> Iterator[Finding]:
    meeting = pairs(Stage(Parcel), "land_parcel", ids)
    for object_id, place, other, area_m2 in rows(OVERLAPS, ids, pairs=meeting, max_overlap_m2=max_overlap_m2):
        yield Finding(object_id, place_of(place), {"other": other, "area_m2": round(area_m2, 1)})


@rule(
    "LAND-006",
    "land.parcel",
    gettext_noop("The cadastral identifier “%(reference)s” is not of the form %(pattern)s."),
)
def bad_reference(ids: list[UUID] | None) -> Iterator[Finding]:
    pattern = settings.CADASTRAL_REFERENCE_PATTERN
    parcels = Parcel.objects.all() if ids is None else Parcel.objects.filter(pk__in=ids)
    for object_id, reference in parcels.values_list("pk", "national_cadastral_reference").iterator():
        if not re.search(pattern, reference):
            yield Finding(object_id, None, {"reference": reference, "pattern": pattern})


DUPLICATE_REFERENCE = """
SELECT t.id, t.national_cadastral_reference FROM land_parcel t WHERE {about} AND t.national_cadastral_reference IN (
    SELECT o.national_cadastral_reference FROM land_parcel o GROUP BY 1 HAVING count(*) > 1)
"""


@rule(
    "LAND-007",
    "land.parcel",
    gettext_noop("Another parcel already has the cadastral identifier “%(reference)s”. Correct one of them."),
)
def duplicate_reference(ids: list[UUID] | None) -> Iterator[Finding]:
    for object_id, reference in rows(DUPLICATE_REFERENCE, ids):
        yield Finding(object_id, None, {"reference": reference})
