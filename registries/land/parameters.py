"""What may be built on a zone or a plot, with the limits that the database keeps."""

from __future__ import annotations

from typing import Any

from django.contrib.gis.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


def percent(label: Any) -> models.DecimalField:
    return models.DecimalField(label, max_digits=5, decimal_places=2, null=True, blank=True)


def within(name: str, field: str, lower: int, upper: int, message: Any) -> models.CheckConstraint:
    condition = Q(**{f"{field}__gte": lower, f"{field}__lte": upper}) | Q(**{f"{field}__isnull": True})
    return models.CheckConstraint(name=name, condition=condition, violation_error_message=message)


class BuildingParameters(models.Model):
    """What may be built (INSPIRE PLU `dimensioningIndication`); empty means the zone's default, and the approved plan
    always prevails.
    """

    density_max_pct = percent(_("building density, at most (%)"))
    floor_area_ratio_max = models.DecimalField(
        _("floor area ratio (Kint), at most"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    greening_min_pct = percent(_("greening, at least (%)"))
    height_max_m = models.DecimalField(
        _("height to the cornice, at most (m)"), max_digits=6, decimal_places=2, null=True, blank=True
    )

    class Meta:
        abstract = True


def parameter_constraints(prefix: str) -> list[models.BaseConstraint]:
    return [
        within(f"{prefix}_density", "density_max_pct", 0, 100, _("Density must be between 0 and 100 %.")),
        within(f"{prefix}_greening", "greening_min_pct", 0, 100, _("Greening must be between 0 and 100 %.")),
        within(f"{prefix}_far", "floor_area_ratio_max", 0, 50, _("The floor area ratio must be between 0 and 50.")),
        within(f"{prefix}_height", "height_max_m", 0, 500, _("The height must be between 0 and 500 m.")),
        models.CheckConstraint(
            name=f"{prefix}_density_greening",
            condition=Q(density_max_pct__isnull=True)
            | Q(greening_min_pct__isnull=True)
            | Q(density_max_pct__lte=100 - F("greening_min_pct")),
            violation_error_message=_("Density and greening together exceed 100 %."),
        ),
    ]
