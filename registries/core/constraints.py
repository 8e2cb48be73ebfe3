"""Conditions that the database keeps for every registry, whoever writes."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import BooleanField, F, Func, Q
from django.utils.translation import gettext_lazy as _


def one_of(prefix: str, field: str, choices: type[models.TextChoices]) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=f"{prefix}_{field}",
        condition=Q(**{f"{field}__in": list(choices.values)}),
        violation_error_message=_("A value is not in its code list."),
    )


def _check(name: str, test: str, message: Any) -> models.CheckConstraint:
    """A constraint on `geom`; `test` is SQL in which `%(expressions)s` stands for the column."""
    return models.CheckConstraint(
        name=name,
        condition=Func(F("geom"), template=test, output_field=BooleanField()),
        violation_error_message=message,
    )


def geometry_constraints(prefix: str, kind: str) -> list[models.BaseConstraint]:
    """What the database itself refuses: wrong kind or SRID, empty, invalid; for lines also crossing themselves and no
    length.
    """
    checks: list[models.BaseConstraint] = [
        _check(
            f"{prefix}_geom_kind", f"GeometryType(%(expressions)s) = '{kind}'", _("The geometry is of the wrong kind.")
        ),
        _check(
            f"{prefix}_geom_srid",
            f"ST_SRID(%(expressions)s) = {settings.REGISTRY_SRID}",
            _("The geometry is not in the registry's reference system."),
        ),
        _check(f"{prefix}_geom_empty", "NOT ST_IsEmpty(%(expressions)s)", _("The geometry is empty.")),
        _check(f"{prefix}_geom_valid", "ST_IsValid(%(expressions)s)", _("The geometry is not valid.")),
    ]
    if kind == "LINESTRING":
        checks += [
            _check(f"{prefix}_geom_simple", "ST_IsSimple(%(expressions)s)", _("The line crosses itself.")),
            _check(f"{prefix}_geom_length", "ST_Length(%(expressions)s) >= 0.01", _("The line is shorter than 1 cm.")),
        ]
    return checks
