"""What an investor needs beside what the plots have, line by line, as an adviser compares them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import localize
from django.utils.translation import gettext as _

from gis_portal.pages import values
from gis_portal.pages.plots import addresses
from gis_portal.pages.plots.sheets import Utility
from gis_portal.pages.plots.utilities import utilities_of
from layers.access import reader_of
from layers.catalogue import catalogue_of
from layers.plots import phrases
from registries.core.models import User
from registries.dealings.models import Enquiry
from registries.land.models import Plot
from registries.networks.models import Theme

THEMES = (Theme.ELECTRICITY, Theme.GAS, Theme.WATER, Theme.SEWER, Theme.TELECOM, Theme.ROAD, Theme.RAIL)


@dataclass(frozen=True)
class Asked:
    """A plot as it was asked for, with the plot as it is now, if it is."""

    code: str
    plot: Plot | None
    utilities: tuple[Utility, ...]
    address: str


@dataclass(frozen=True)
class Cell:
    text: str = ""
    note: str = ""


@dataclass(frozen=True)
class Row:
    label: str
    need: str
    cells: Sequence[Cell]


def plots_of(actor: User, enquiry: Enquiry) -> list[Asked]:
    catalogue = catalogue_of(reader_of(actor))
    ids = [one["id"] for one in enquiry.plots if one["id"]]
    known = {str(plot.pk): plot for plot in Plot.objects.select_related("zone").filter(pk__in=ids)}
    found = []
    for one in enquiry.plots:
        plot = known.get(one["id"] or "")
        near = utilities_of(catalogue, plot) if plot else ()
        found.append(Asked(one["code"], plot, near, addresses.of_plot(plot, addresses.is_alone(plot)) if plot else ""))
    return found


def against(enquiry: Enquiry, asked: Sequence[Asked]) -> list[Row]:
    water, waste = enquiry.get_water_unit_display(), enquiry.get_waste_water_unit_display()
    needed = {
        Theme.ELECTRICITY: amount(enquiry.power_kva, _("kVA")),
        Theme.GAS: amount(enquiry.gas_nm3_h, _("Nm³/h")),
        Theme.WATER: amount(enquiry.water, water),
        Theme.SEWER: amount(enquiry.waste_water, waste),
    }
    area = Row(_("Area"), wanted_area(enquiry), [area_of(enquiry, one.plot) for one in asked])
    rows = []
    for theme in THEMES:
        cells = [utility(one, theme) for one in asked]
        rows.append(Row(phrases.utility(theme), needed.get(theme, ""), cells))
    return [area, *rows]


def amount(value: Decimal | None, unit: str) -> str:
    return "" if value is None else f"{localize(value.normalize() + 0)}\u00a0{unit}"


def wanted_area(enquiry: Enquiry) -> str:
    low, high = enquiry.area_min_m2, enquiry.area_max_m2
    told = [values.area(float(one)) for one in (low, high) if one is not None]
    if low is None or high is None:
        words = _("from %(area)s") if high is None else _("up to %(area)s")
        return words % {"area": told[0]} if told else ""
    return "–".join(told)


def area_of(enquiry: Enquiry, plot: Plot | None) -> Cell:
    if plot is None:
        return Cell()
    is_small = enquiry.area_min_m2 is not None and plot.area_m2 < enquiry.area_min_m2
    return Cell(values.area(plot.area_m2), _("smaller than wanted") if is_small else "")


def utility(asked: Asked, theme: str) -> Cell:
    found = next((one.fact for one in asked.utilities if one.theme == theme), None)
    return Cell(found.text, found.note) if found else Cell()
