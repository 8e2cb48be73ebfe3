"""What may be built on a plot, and what that comes to in square metres."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from gis_portal.pages import values
from gis_portal.pages.plots.origins import Origins
from gis_portal.pages.plots.sheets import Fact, Part
from registries.land.models import Plot


@dataclass(frozen=True)
class Limit:
    column: str
    label: str
    unit: str
    # What the limit comes to, of a value and the plot's area; "" for none.
    comes_to: Callable[[Decimal, Decimal], str]


def limits() -> list[Limit]:
    return [
        Limit("density_max_pct", _("Building density, at most"), "%", _built_up),
        Limit("floor_area_ratio_max", _("Floor area ratio (Kint), at most"), "", _floors),
        Limit("greening_min_pct", _("Greening, at least"), "%", _green),
        Limit("height_max_m", _("Height to the cornice, at most"), _("m"), lambda _value, _area: ""),
    ]


def square_metres(value: Decimal) -> str:
    unit = _("m²")
    return f"{number_format(f'{value:.0f}', 0, force_grouping=True)}\u00a0{unit}"


def _built_up(percent: Decimal, area: Decimal) -> str:
    return _("up to %(area)s built-up area") % {"area": square_metres(area * percent / 100)}


def _floors(ratio: Decimal, area: Decimal) -> str:
    return _("up to %(area)s total floor area") % {"area": square_metres(area * ratio)}


def _green(percent: Decimal, area: Decimal) -> str:
    return _("at least %(area)s green area") % {"area": square_metres(area * percent / 100)}


def part_of(plot: Plot, origins: Origins) -> Part:
    area = Decimal(str(plot.area_m2))
    facts = [_fact(plot, limit, area, origins) for limit in limits()]
    origin = origins.of(Plot.registry(), plot.pk, "building_line")
    if plot.building_line:
        facts.append(
            Fact("building_line", _("Building line"), plot.building_line, plot.building_line, "", *_of(origin))
        )
    return Part("building", _("What may be built"), tuple(facts), _("The approved plan prevails."))


def _of(origin: Any) -> tuple[str, Any]:
    return origin.source, origin.on


def _fact(plot: Plot, limit: Limit, area: Decimal, origins: Origins) -> Fact:
    own: Decimal | None = getattr(plot, limit.column)
    value = own if own is not None else getattr(plot.zone, limit.column)
    if value is None:
        return Fact(limit.column, limit.label, _("not set; see the approved plan"), is_missing=True)
    subject = plot if own is not None else plot.zone
    origin = origins.of(subject.registry(), subject.pk, limit.column)
    notes = [limit.comes_to(value, area), "" if own is not None else _("the zone's default")]
    return Fact(
        limit.column,
        limit.label,
        f"{values.plain(value)}\u00a0{limit.unit}".rstrip("\u00a0"),
        float(value),
        limit.unit,
        *_of(origin),
        note=" · ".join(filter(None, notes)),
    )
