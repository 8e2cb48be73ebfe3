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

from registries.core.code_rules import UNLISTED, unlisted
from registries.core.neighbours import Stage, pairs, rows
from registries.core.outside import outside
from registries.core.records import Record
from registries.core.rules import Finding, Limit, Severity, place_of, rule
from registries.land.models import Building, Parcel, Plot, RightRestriction

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
    is_alone=True,
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


# The mean width of a long thin polygon: twice its area by its perimeter.
SLIVERS = """
SELECT t.id, ST_PointOnSurface(d.geom), w.width_m FROM {table} t CROSS JOIN LATERAL ST_Dump(t.geom) d
CROSS JOIN LATERAL (SELECT 2 * ST_Area(d.geom) / NULLIF(ST_Perimeter(d.geom), 0) AS width_m) w
WHERE {about} AND w.width_m < %(min_width_m)s
"""
SLIVER = gettext_noop(
    "A part of the boundary is only %(width_m)s m wide. Give it to a neighbour, or close the gap it was drawn in."
)
# A start value: narrower than a footpath, wider than what measuring leaves between two boundaries.
WIDTH = {"min_width_m": Limit(0.5, 0.01, 20, "m", gettext_noop("mean width, at least"))}


def _slivers(model: type[Record], ids: list[UUID] | None, min_width_m: float) -> Iterator[Finding]:
    table = sql.Identifier(model._meta.db_table)
    for object_id, place, width_m in rows(SLIVERS, ids, table=table, min_width_m=min_width_m):
        yield Finding(object_id, place_of(place), {"width_m": round(width_m, 2)})


@rule("LAND-008", "land.parcel", SLIVER, Severity.WARNS, limits=WIDTH)
def parcel_sliver(ids: list[UUID] | None, *, min_width_m: float) -> Iterator[Finding]:
    return _slivers(Parcel, ids, min_width_m)


@rule("LAND-009", "land.plot", SLIVER, Severity.WARNS, limits=WIDTH)
def plot_sliver(ids: list[UUID] | None, *, min_width_m: float) -> Iterator[Finding]:
    return _slivers(Plot, ids, min_width_m)


AREA_OFF = """
SELECT t.id, ST_PointOnSurface(t.geom), t.legal_area_m2, t.area_m2 FROM land_parcel t
WHERE {about} AND abs(t.legal_area_m2 - t.area_m2) > greatest(%(least_m2)s, t.area_m2 * %(max_pct)s / 100)
"""


@rule(
    "LAND-010",
    "land.parcel",
    gettext_noop(
        "The area by deed is %(legal_m2)s m², that of the boundary %(area_m2)s m²."
        " Compare both with the cadastre, or accept the difference with its reason."
    ),
    Severity.WARNS,
    # Start values. Of 472 real parcels 48 % differ by more than 5 %: below that, a warning would say nothing.
    limits={
        "max_pct": Limit(10, 0.1, 100, "%", gettext_noop("difference in area, at most")),
        "least_m2": Limit(20, 0, 10_000, "m²", gettext_noop("and in any case up to")),
    },
)
def legal_area_off(ids: list[UUID] | None, *, max_pct: float, least_m2: float) -> Iterator[Finding]:
    for object_id, place, legal_m2, area_m2 in rows(AREA_OFF, ids, max_pct=max_pct, least_m2=least_m2):
        yield Finding(object_id, place_of(place), {"legal_m2": round(float(legal_m2)), "area_m2": round(area_m2)})


UNCOVERED = """
SELECT t.id, ST_PointOnSurface(b.bare), ST_Area(b.bare) FROM land_plot t
CROSS JOIN LATERAL (SELECT ST_Union(p.geom) AS geom FROM land_plotparcel x JOIN land_parcel p ON p.id = x.parcel_id
                    WHERE x.plot_id = t.id) c
CROSS JOIN LATERAL (SELECT CASE WHEN c.geom IS NULL THEN t.geom ELSE ST_Difference(t.geom, c.geom) END AS bare) b
WHERE {about} AND ST_Area(b.bare) > %(max_bare_m2)s
"""


@rule(
    "LAND-011",
    "land.plot",
    gettext_noop(
        "%(bare_m2)s m² of the plot lie in none of its parcels."
        " Enter the parcels that it takes in, or correct its boundary."
    ),
    Severity.WARNS,
    limits={"max_bare_m2": Limit(1, 0, 10_000, "m²", gettext_noop("uncovered, at most"))},
)
def plot_uncovered(ids: list[UUID] | None, *, max_bare_m2: float) -> Iterator[Finding]:
    for object_id, place, bare_m2 in rows(UNCOVERED, ids, max_bare_m2=max_bare_m2):
        yield Finding(object_id, place_of(place), {"bare_m2": round(bare_m2, 1)})


@rule("LAND-012", "land.parcel", UNLISTED, Severity.WARNS)
def parcel_value_outside_its_list(ids: list[UUID] | None) -> Iterator[Finding]:
    return unlisted(Parcel, {"land_use": "landUse", "territory": "territory"}, ids)


@rule("LAND-013", "land.plot", UNLISTED, Severity.WARNS)
def plot_value_outside_its_list(ids: list[UUID] | None) -> Iterator[Finding]:
    return unlisted(Plot, {"permitted_use": "permittedUse"}, ids)


@rule("LAND-014", "land.building", UNLISTED, Severity.WARNS)
def building_value_outside_its_list(ids: list[UUID] | None) -> Iterator[Finding]:
    return unlisted(Building, {"current_use": "buildingUse"}, ids)


@rule("LAND-015", "land.rightrestriction", UNLISTED, Severity.WARNS)
def right_value_outside_its_list(ids: list[UUID] | None) -> Iterator[Finding]:
    return unlisted(RightRestriction, {"kind": "rightKind"}, ids)
