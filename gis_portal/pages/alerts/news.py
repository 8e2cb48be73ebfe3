"""What is new for a saved search: plots that match now and did not before, and what changed of those that did.

What is known of each plot is kept with the search, so that it is told once, whenever and however often this runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models.functions import Length
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from gis_portal.pages import values
from gis_portal.pages.plots import money
from gis_portal.pages.plots.offers import current_offers, ends_of
from layers.access import reader_of
from layers.catalogue import catalogue_of
from layers.plots.search import matching
from layers.plots.terms import Terms
from registries.land.models import Offer, Plot, PlotStatus

# So many days before an offer closes its end is told once more.
SOON = timedelta(days=7)
Known = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class News:
    """A plot with what is told of it; `reasons` are sentences in the active language."""

    plot: Plot
    facts: str
    reasons: list[str]

    @property
    def zone(self) -> str:
        return values.in_language(self.plot.zone, "name")


def state(terms: Terms) -> Known:
    """What everybody may know today of each plot that matches, as far as changes of it are told."""
    ids = list(matching(catalogue_of(reader_of(None)), terms))
    offers, today = current_offers(ids), localdate()
    plots = Plot.objects.filter(pk__in=ids).exclude(status=PlotStatus.WITHDRAWN).values_list("pk", "status")
    return {str(pk): {"status": status, **_offered(offers.get(pk), today)} for pk, status in plots}


def _offered(offer: Offer | None, today: date) -> dict[str, Any]:
    if offer is None:
        return {}
    _first, until = ends_of(offer)
    return {
        "right": offer.right,
        "price": _kept_price(offer),
        "until": until.isoformat() if until else "",
        "soon": until is not None and until - today <= SOON,
    }


def differences(before: Known, now: Known) -> dict[str, list[str]]:
    """By plot, the kinds of what happened, the most important first; plots of which nothing is told are absent."""
    found = {key: ["new"] if key not in before else _changes(before[key], facts) for key, facts in now.items()}
    return {key: kinds for key, kinds in found.items() if kinds}


def _changes(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    def became(name: str) -> bool:
        return new.get(name) is not None and new.get(name) != old.get(name)

    kinds = ["available"] if became("status") and new["status"] == PlotStatus.AVAILABLE else []
    if "price" in new and "price" not in old:
        return [*kinds, "offer"]
    kinds += [kind for name, kind in (("price", "price"), ("until", "deadline")) if became(name)]
    return [*kinds, "soon"] if became("soon") and new["soon"] and "deadline" not in kinds else kinds


def told(found: dict[str, list[str]], before: Known) -> list[News]:
    """In words, ordered by zone and code."""
    ids = [UUID(key) for key in found]
    plots = Plot.objects.filter(pk__in=ids).select_related("zone").order_by("zone__code", Length("code"), "code")
    offers = current_offers(ids)
    return [
        News(plot, facts(plot, offers.get(plot.pk)), [_reason(kind, before.get(key, {}), plot) for kind in found[key]])
        for plot in plots
        for key in (str(plot.pk),)
    ]


def facts(plot: Plot, offer: Offer | None) -> str:
    """The plot in one line: status, area, and what it is offered for."""
    parts = [plot.get_status_display(), values.area(plot.area_m2)]
    if offer is not None:
        parts += [asked(plot, offer), deadline_text(offer)]
    return "; ".join(filter(None, parts))


def asked(plot: Plot, offer: Offer) -> str:
    """`sale, 38.50 € per m²`."""
    return ", ".join(filter(None, [offer.get_right_display(), _price(_kept_price(offer), plot)]))


def deadline_text(offer: Offer) -> str:
    first, last = ends_of(offer)
    parts = []
    if first is not None and first > localdate():
        parts.append(_("open from %(day)s") % {"day": date_format(first, "DATE_FORMAT")})
    if last is not None:
        parts.append(_("open until %(day)s") % {"day": date_format(last, "DATE_FORMAT")})
    return ", ".join(parts)


def _kept_price(offer: Offer) -> str:
    return f"{offer.price} {offer.currency} {offer.basis}"


def _price(kept: str, plot: Plot) -> str:
    """As pages tell it."""
    price, currency, basis = kept.split(" ")
    told = money.price_of(Offer(price=Decimal(price), currency=currency, basis=basis), plot.area_m2)
    return told.text if told else ""


def _reason(kind: str, before: dict[str, Any], plot: Plot) -> str:
    until = parse_date(before.get("until", ""))
    if kind == "price":
        return _("The price changed; it was %(price)s.") % {"price": _price(before["price"], plot)}
    if kind == "deadline" and until is not None:
        return _("The offer's last day changed; it was %(day)s.") % {"day": date_format(until, "DATE_FORMAT")}
    return {
        "new": _("New among the plots that match."),
        "available": _("Available now."),
        "offer": _("Offered now."),
        "deadline": _("The offer has a last day now."),
        "soon": _("The offer closes soon."),
    }[kind]
