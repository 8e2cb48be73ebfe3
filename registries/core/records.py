"""What every registry shares: an identity that lasts, an integer version, and where its rights and revisions come from.

A registry is one concrete subclass of `Record`; nothing else has to be listed anywhere.
"""

from __future__ import annotations

import uuid
from functools import cache
from typing import Any, ClassVar

from django.apps import apps
from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GistIndex
from django.db.models import F, FloatField, Func, GeneratedField, Value
from django.utils.translation import gettext_lazy as _

from registries.core.errors import NotFound

STANDARD_PROPERTIES = ("gml:name", "gml:description", "gml:identifier", "gml:identifier@codeSpace")


class Record(models.Model):
    """A row of published truth. Only `registries.changes` writes it; a trigger refuses everybody else."""

    id = models.UUIDField(_("identifier"), primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    # INSPIRE Generic Conceptual Model 9.7: when this version entered the registry.
    begin_lifespan_version = models.DateTimeField(_("valid in the registry since"), editable=False)
    # What GML knows of every feature (OGC 07-036, 7.2.2) and a client may write: texts by STANDARD_PROPERTIES.
    # The database knows the default too, for loads of rows made before there was this column.
    standard_properties = models.JSONField(
        _("standard properties (GML)"), default=dict, db_default=Value({}, models.JSONField()), blank=True
    )

    # ORM paths by which the door finds the zone and the network that decide about rights; empty: none.
    zone_path: ClassVar[str] = "zone"
    network_path: ClassVar[str] = ""
    # Column whose value divides the registry's revisions, so that a new pipe does not expire the valves.
    topic_column: ClassVar[str] = ""
    # Columns that `clean_columns` needs to know even when an edit leaves them alone.
    context_columns: ClassVar[tuple[str, ...]] = ()
    # Columns that may name people: whoever is shown them is noted in the audit.
    personal: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True

    @classmethod
    def clean_columns(cls, columns: dict[str, Any]) -> dict[str, Any]:
        """Check canonical columns of one edit beyond their types; raises BadInput with the column as locator."""
        return columns

    @classmethod
    def registry(cls) -> str:
        """The registry's key, `app.model`, such as `land.parcel`."""
        return cls._meta.label_lower


@cache
def registries() -> dict[str, type[Record]]:
    """Every registry by its key, referenced ones before those that refer to them."""
    found = {model.registry(): model for model in apps.get_models() if issubclass(model, Record)}
    ordered: dict[str, type[Record]] = {}

    def visit(key: str) -> None:
        if key in ordered:
            return
        for field in found[key]._meta.concrete_fields:
            target = field.related_model
            if isinstance(target, type) and issubclass(target, Record) and target is not found[key]:
                visit(target.registry())
        ordered[key] = found[key]

    for key in sorted(found):
        visit(key)
    return ordered


def registry_model(key: str) -> type[Record]:
    try:
        return registries()[key]
    except KeyError:
        raise NotFound(
            _("There is no registry “%(key)s”.") % {"key": key},
            locator="registry",
            hint=_("Use one of: %(keys)s.") % {"keys": ", ".join(registries())},
        ) from None


class LooseZMixin:
    """A geometry column that keeps Z where it was delivered; its SRID and kind are checked by constraints instead of
    a typmod.
    """

    def db_type(self, connection: Any) -> str:
        return "geometry"


class PointZField(LooseZMixin, models.PointField):
    pass


class LineStringZField(LooseZMixin, models.LineStringField):
    pass


def generated_3857() -> GeneratedField:
    """The stored tile geometry: no tile pays for a transformation."""
    flat = Func(F("geom"), function="ST_Force2D")
    return GeneratedField(
        expression=Func(flat, Value(3857), function="ST_Transform"),
        output_field=models.GeometryField(srid=3857),
        db_persist=True,
        verbose_name=_("geometry for tiles"),
    )


def tile_index(prefix: str) -> GistIndex:
    """Django makes spatial indexes of plain geometry columns only; the generated one needs its own."""
    return GistIndex(fields=["geom_3857"], name=f"{prefix}_geom_3857")


def generated_measure(function: str, label: Any) -> GeneratedField:
    """A stored `ST_Area` or `ST_Length` of `geom`, in m² or m of the registry's plane."""
    return GeneratedField(
        expression=Func(F("geom"), function=function), output_field=FloatField(), db_persist=True, verbose_name=label
    )
