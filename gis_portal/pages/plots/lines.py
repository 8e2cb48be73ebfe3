"""A plot in a list, in the words of people: what decides whether somebody opens its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import inf
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from gis_portal.pages import values
from gis_portal.pages.plots import addresses
from gis_portal.pages.plots.money import per_m2_text, total_text
from gis_portal.pages.plots.utilities import distance
from layers.plots import phrases
from layers.plots.search import Offered, PlotRow
from registries.networks.models import Theme
from registries.serviceability.nearest import AT_BORDER_M

# A distance beyond this makes no argument for a plot.
NEAR_M = 100
# What a row names, in the order in which investors ask; street lights decide nothing.
UTILITIES = {
    Theme.ELECTRICITY: pgettext_lazy("utility in a row", "power"),
    Theme.WATER: pgettext_lazy("utility in a row", "water"),
    Theme.SEWER: pgettext_lazy("utility in a row", "sewer"),
    Theme.GAS: pgettext_lazy("utility in a row", "gas"),
    Theme.TELECOM: pgettext_lazy("utility in a row", "telecoms"),
    Theme.STORM: pgettext_lazy("utility in a row", "storm water"),
    Theme.THERMAL: pgettext_lazy("utility in a row", "heat"),
}


@dataclass(frozen=True)
class Utility:
    theme: str
    title: str
    distance: str
    is_at_border: bool


@dataclass(frozen=True)
class Line:
    id: UUID
    code: str
    zone: str
    zone_name: str
    address: str
    status: str
    status_label: str
    area: str
    area_also: str
    right: str
    price: str
    price_also: str
    offer_note: str
    use: str
    utilities: tuple[Utility, ...]
    roads: str
    has_siding: bool
    confirmed_on: date | None

    @property
    def at_border(self) -> list[Utility]:
        return [one for one in self.utilities if one.is_at_border]

    @property
    def near(self) -> list[Utility]:
        return [one for one in self.utilities if not one.is_at_border]

    @property
    def near_within(self) -> str:
        return _("Within %(metres)s m") % {"metres": NEAR_M}


def line_of(row: PlotRow, on: date) -> Line:
    """`on` is the day of the page: an offer that opens later is said to."""
    area, also = values.area(row.area_m2).split(" · ", 1)
    price, price_also = _prices(row.offer)
    return Line(
        id=row.id,
        code=row.code,
        zone=row.zone,
        zone_name=values.in_language(row, "zone_name"),
        address=addresses.path(row.code, row.zone if row.is_code_shared else ""),
        status=row.status,
        status_label=phrases.label("status", row.status),
        area=area,
        area_also=also,
        right=phrases.label("right", row.offer.right) if row.offer else "",
        price=price,
        price_also=price_also,
        offer_note=_note(row.offer, on),
        use=phrases.label("use", row.permitted_use) if row.permitted_use else "",
        utilities=tuple(_utility(theme, row.near[theme]) for theme in UTILITIES if row.near.get(theme, inf) <= NEAR_M),
        roads=", ".join(phrases.label("road", road) for road in row.roads),
        has_siding=row.has_siding,
        confirmed_on=row.confirmed_on,
    )


def _utility(theme: str, metres: float) -> Utility:
    is_at_border = metres <= AT_BORDER_M
    told = "" if is_at_border else distance(metres, is_at_border)
    return Utility(theme, str(UTILITIES[Theme(theme)]), told, is_at_border)


def _prices(offer: Offered | None) -> tuple[str, str]:
    """In total, and per m²; those paid each year say so."""
    if offer is None or offer.price is None or offer.price_m2 is None:
        return "", ""
    is_yearly = offer.period == "year"
    whole = total_text(Decimal(str(offer.price)), "EUR", is_yearly)
    return whole, per_m2_text(Decimal(str(offer.price_m2)), "EUR", is_yearly)


def _note(offer: Offered | None, on: date) -> str:
    if offer is None:
        return ""
    if offer.open_from and offer.open_from > on:
        return _("opens on %(day)s") % {"day": date_format(offer.open_from, "SHORT_DATE_FORMAT")}
    if offer.open_to:
        return _("open until %(day)s") % {"day": date_format(offer.open_to, "SHORT_DATE_FORMAT")}
    return ""
