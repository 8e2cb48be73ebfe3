"""What somebody wants changed, and its canonical form: column values as JSON, geometry in the registry's CRS and
kind.
"""

from __future__ import annotations

import math
import re
import threading
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.gis.gdal import CoordTransform, GDALException, SpatialReference
from django.contrib.gis.geos import (
    GeometryCollection,
    GEOSException,
    GEOSGeometry,
    LineString,
    MultiPolygon,
    Point,
    Polygon,
    WKBWriter,
)
from django.contrib.postgres.fields import RangeField
from django.core.exceptions import ValidationError
from django.db.models import ForeignKey, JSONField
from django.utils.translation import gettext as _
from psycopg.types.range import Range

from registries.changes.models import ChangeItem
from registries.core.errors import BadInput, InvalidGeometry
from registries.core.overlay import Column, has_geom, plain_columns
from registries.core.records import LooseZMixin, Record, registry_model

Action = ChangeItem.Action
_of_thread = threading.local()
# What neither XML 1.0 nor a text column takes; halves of surrogate pairs are no characters either.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
RANGE_TEXT = re.compile(r"^([\[(])\s*([0-9-]*)\s*,\s*([0-9-]*)\s*([\])])$")


@dataclass(frozen=True)
class Edit:
    """One wish: create, update or delete one object. `columns` by field or column name; `geom` None leaves the
    geometry alone.

    `base_version` is the version the editor looked at; None means the present one.
    """

    registry: str
    action: str
    object_id: uuid.UUID
    columns: Mapping[str, Any] = field(default_factory=dict)
    geom: GEOSGeometry | None = None
    base_version: int | None = None

    @classmethod
    def create(
        cls,
        registry: str,
        columns: Mapping[str, Any],
        geom: GEOSGeometry | None = None,
        object_id: uuid.UUID | None = None,
    ) -> Edit:
        return cls(registry, Action.CREATE, object_id or uuid.uuid4(), columns, geom)

    @classmethod
    def update(
        cls,
        registry: str,
        object_id: uuid.UUID,
        columns: Mapping[str, Any],
        geom: GEOSGeometry | None = None,
        base_version: int | None = None,
    ) -> Edit:
        return cls(registry, Action.UPDATE, object_id, columns, geom, base_version)

    @classmethod
    def delete(cls, registry: str, object_id: uuid.UUID, base_version: int | None = None) -> Edit:
        return cls(registry, Action.DELETE, object_id, {}, None, base_version)


@cache
def _fields(model: type[Record]) -> dict[str, Column]:
    fields = plain_columns(model)
    return {name: one for one in fields for name in (one.name, one.column)}


@cache
def _defaults(model: type[Record]) -> dict[str, Any]:
    return {one.column: _json(one, one.get_default()) for one in plain_columns(model)}


@cache
def _required(model: type[Record]) -> tuple[str, ...]:
    return tuple(f.column for f in plain_columns(model) if not f.null and not f.blank and not f.has_default())


def canonical_columns(edit: Edit) -> dict[str, Any]:
    """The edit's columns by column name, as JSON values of the column's type; complete with defaults for a creation.

    Raises BadInput with the column as locator.
    """
    model = registry_model(edit.registry)
    fields = _fields(model)
    cleaned = dict(_defaults(model)) if edit.action == Action.CREATE else {}
    for name, value in edit.columns.items():
        if name not in fields:
            known = ", ".join(sorted({one.column for one in fields.values()}))
            raise BadInput(
                _("“%(name)s” is not a column that can be written.") % {"name": name},
                locator=name,
                hint=_("Use one of: %(known)s.") % {"known": known},
            )
        cleaned[fields[name].column] = canonical_value(fields[name], value)
    if edit.action == Action.CREATE:
        for column in _required(model):
            if cleaned[column] in (None, ""):
                raise BadInput(_("“%(name)s” is required.") % {"name": fields[column].verbose_name}, locator=column)
    return cleaned


def canonical_value(field: Column, value: Any) -> Any:
    """One value as JSON; raises BadInput that names the column and says what it takes."""
    is_text = field.get_internal_type() in ("CharField", "TextField", "SlugField")
    if isinstance(value, str):
        value = FORBIDDEN.sub("", value).strip()
    if value is None and is_text and not field.null:
        value = ""
    if value == "" and not is_text:
        value = None
    try:
        if value is None or (value == "" and field.blank):
            field.validate(value, None)
            return value
        if isinstance(field, ForeignKey):
            return str(field.target_field.to_python(value))
        if isinstance(field, RangeField):
            return _json(field, _range(value))
        if is_text and not isinstance(value, str):
            value = _text(value)
        if isinstance(field, JSONField):
            value = _object(value)
        return _json(field, field.clean(value, None))
    except ValidationError as error:
        raise BadInput(f"{field.verbose_name}: {' '.join(error.messages)}", locator=field.column) from error
    except (ValueError, TypeError, OverflowError) as error:
        raise BadInput(f"{field.verbose_name}: {error}", locator=field.column) from error


def _text(value: Any) -> str:
    if isinstance(value, Mapping | Collection):
        raise ValueError(_("%(value)r is not a text.") % {"value": value})
    return str(value)


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(_("%(value)r is not an object of names and values.") % {"value": value})
    return {
        FORBIDDEN.sub("", str(key)): FORBIDDEN.sub("", one).strip() if isinstance(one, str) else one
        for key, one in value.items()
    }


def _range(value: Any) -> Range[Any]:
    if isinstance(value, Range):
        return value
    found = RANGE_TEXT.match(str(value))
    if not found:
        raise ValueError(_("%(value)r is not a period; write it as [2026-01-31,2026-12-31).") % {"value": value})
    opening, lower, upper, closing = found.groups()
    ends = [date.fromisoformat(end) if end else None for end in (lower, upper)]
    return Range(ends[0], ends[1], opening + closing)


def _json(field: Column, value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(_("%(value)s is not a number that can be stored.") % {"value": value})
    if isinstance(value, Range):
        lower, upper = (end.isoformat() if end is not None else "" for end in (value.lower, value.upper))
        return f"{'[' if value.lower_inc else '('}{lower},{upper}{']' if value.upper_inc else ')'}"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal | uuid.UUID):
        return str(value)
    if isinstance(field, JSONField):
        return dict(value) if value else {}
    return value


def canonical_geom(edit: Edit) -> GEOSGeometry | None:
    """The edit's geometry in the registry's CRS and of the registry's kind; raises InvalidGeometry saying what is
    wrong and where.
    """
    model = registry_model(edit.registry)
    geom = edit.geom
    if not has_geom(model):
        if geom is not None:
            raise BadInput(_("This registry has no geometry."), locator="geom")
        return None
    column: Any = next(one for one in model._meta.concrete_fields if one.column == "geom")
    if geom is None:
        if edit.action == Action.CREATE and not column.null:
            raise InvalidGeometry(_("The geometry is missing."), locator="geom")
        return None
    return _checked(brought(model, geom))


def brought(model: type[Record], geom: GEOSGeometry) -> GEOSGeometry:
    """The shape in the registry's CRS and of its kind, not yet looked at; raises InvalidGeometry."""
    if not geom.srid:
        raise InvalidGeometry(_("The geometry does not say its reference system."), locator="geom")
    column: Any = next(one for one in model._meta.concrete_fields if one.column == "geom")
    return _of_kind(in_registry_crs(geom), column.geom_type, isinstance(column, LooseZMixin))


def _transformation(srid: int) -> CoordTransform:
    """Making one takes longer than using it; PROJ allows each to one thread only."""
    known: dict[Any, CoordTransform] = _of_thread.__dict__
    if srid not in known:
        known[srid] = CoordTransform(SpatialReference(srid), SpatialReference(settings.REGISTRY_SRID))
    return known[srid]


def in_registry_crs(geom: GEOSGeometry) -> GEOSGeometry:
    """The same place in the registry's CRS; raises InvalidGeometry."""
    if geom.srid is None or geom.srid == settings.REGISTRY_SRID:
        return geom
    try:
        moved: GEOSGeometry = geom.transform(_transformation(geom.srid), clone=True)
    except (GDALException, GEOSException) as error:
        raise InvalidGeometry(
            _("The geometry cannot be brought from EPSG:%(srid)s into EPSG:%(registry)s.")
            % {"srid": geom.srid, "registry": settings.REGISTRY_SRID},
            locator="geom",
            hint=_("Check the reference system and the order of the axes."),
        ) from error
    return moved


def _of_kind(geom: GEOSGeometry, kind: str, keeps_z: bool) -> GEOSGeometry:
    """Single polygons become multi, single-part multis become single where the registry wants it; nothing else is
    converted.
    """
    srid = geom.srid
    if isinstance(geom, GeometryCollection) and len(geom) == 1 and kind == geom.geom_type[5:].upper():
        geom = geom[0]
    if geom.hasz and not keeps_z:
        geom = GEOSGeometry(memoryview(WKBWriter(dim=2).write(geom)), srid=srid)
    if kind == "MULTIPOLYGON" and isinstance(geom, Polygon):
        geom = MultiPolygon(geom)
    geom.srid = srid
    wanted = {"MULTIPOLYGON": MultiPolygon, "POINT": Point, "LINESTRING": LineString}[kind]
    if not isinstance(geom, wanted):
        raise InvalidGeometry(
            _("The geometry is a %(found)s; this registry takes %(kind)s.") % {"found": geom.geom_type, "kind": kind},
            locator="geom",
            hint=_("Split it in QGIS with “Multipart to singleparts”.") if geom.geom_type.startswith("Multi") else "",
        )
    return geom


def _checked(geom: GEOSGeometry) -> GEOSGeometry:
    if geom.empty:
        raise InvalidGeometry(_("The geometry is empty."), locator="geom")
    if not geom.valid:
        # GEOS tells them so; looking into each geometry for them would take longer than all else that is checked.
        if "Invalid Coordinate" in geom.valid_reason:
            raise InvalidGeometry(_("The geometry has coordinates that are not numbers."), locator="geom")
        raise InvalidGeometry(
            _("The geometry is not valid: %(reason)s.") % {"reason": geom.valid_reason},
            locator="geom",
            hint=_("Repair it in QGIS with “Fix geometries”."),
        )
    if isinstance(geom, LineString):
        if geom.length < 0.01:
            raise InvalidGeometry(_("The line is shorter than 1 cm."), locator="geom")
        if not geom.simple:
            raise InvalidGeometry(_("The line crosses itself."), locator="geom", hint=_("Split it at the crossing."))
    return geom
