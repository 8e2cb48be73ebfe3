"""The offers of a plot, open ones first: what right, at what price, how to take part, until when, by whose decision."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gis_portal.pages import values
from gis_portal.pages.plots import money
from gis_portal.pages.plots.origins import Origins
from gis_portal.pages.plots.sheets import Fact, OfferSheet
from layers.catalogue import Catalogue
from layers.layer import Layer
from registries.land.models import Offer, OfferState, Plot

# As the layer of offers has it: drafts and cancelled ones are nobody's business.
SHOWN = (OfferState.PUBLISHED, OfferState.CLOSED, OfferState.AWARDED)
MOST = 12


def offers_of(catalogue: Catalogue, plot: Plot, today: date) -> list[Offer]:
    """Those that can be had stand first, as the search has them: what is open or opens soonest; then the latest."""
    if catalogue.get("offers") is None:
        return []
    found = list(Offer.objects.filter(plot=plot, state__in=SHOWN))
    found.sort(key=lambda one: (one.open_period.lower if one.open_period else date.min) or date.min)
    current = [one for one in found if _is_current(one, today)]
    over = [one for one in reversed(found) if one not in current]
    return [*current, *sorted(over, key=lambda one: one.state != OfferState.PUBLISHED)][:MOST]


def current_offers(plots: Iterable[UUID]) -> dict[UUID, Offer]:
    """The published offer of each plot that is open today or will be, the next one where there are several."""
    today = localdate()
    found = Offer.objects.filter(plot_id__in=list(plots), state=OfferState.PUBLISHED).order_by("-open_period")
    return {offer.plot_id: offer for offer in found if _is_current(offer, today)}


def sheet_of(catalogue: Catalogue, plot: Plot, offer: Offer, origins: Origins, today: date) -> OfferSheet:
    layer = catalogue.get("offers")
    assert layer is not None, "An offer is told to whom the layer of offers is open."
    right = values.label(layer, "right", offer.right)
    return OfferSheet(
        id=str(offer.pk),
        title=right[:1].upper() + right[1:],
        state=offer.state,
        state_label=values.label(layer, "state", offer.state),
        right=offer.right,
        is_open=offer.state == OfferState.PUBLISHED and _within(offer, today),
        deadline=deadline(offer, today) if offer.state == OfferState.PUBLISHED else "",
        price=money.price_of(offer, plot.area_m2),
        facts=tuple(fact for fact in _facts(layer, plot, offer, origins) if fact.text),
    )


def ends_of(offer: Offer) -> tuple[date | None, date | None]:
    """The first and the last day on which it is open."""
    period = offer.open_period
    if period is None:
        return None, None
    return period.lower, period.upper - timedelta(days=1) if period.upper else None


def _is_current(offer: Offer, today: date) -> bool:
    _first, last = ends_of(offer)
    return offer.state == OfferState.PUBLISHED and (last is None or today <= last)


def _within(offer: Offer, today: date) -> bool:
    first, last = ends_of(offer)
    return (first is None or first <= today) and (last is None or today <= last)


def deadline(offer: Offer, today: date) -> str:
    """How long there is still time, in words."""
    first, last = ends_of(offer)
    if first and today < first:
        days = (first - today).days
        return ngettext("opens in %(days)d day", "opens in %(days)d days", days) % {"days": days}
    if last is None:
        return ""
    days = (last - today).days
    if days < 0:
        return _("the deadline has passed")
    if days == 0:
        return _("the last day is today")
    return ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}


def _facts(layer: Layer, plot: Plot, offer: Offer, origins: Origins) -> list[Fact]:
    def fact(key: str, title: str, text: str, value: object, *columns: str, unit: str = "", note: str = "") -> Fact:
        origin = origins.of(Offer.registry(), offer.pk, *(columns or (key,)))
        return Fact(key, title, text, value, unit, origin.source, origin.on, note)

    def money_fact(key: str, title: str, text: str, value: object, note: str) -> Fact:
        columns = ("deposit",) if key == "deposit" else ("price", "basis", "currency")
        return fact(key, title, text, value, *columns, unit=offer.currency, note=note)

    price, term, paid = money.price_of(offer, plot.area_m2), offer.term_years, offer.deposit
    conditions = values.in_language(offer, "conditions")
    deposit = money.amount(paid, offer.currency) if paid is not None else ""
    years = ngettext("%(years)d year", "%(years)d years", term) % {"years": term} if term else ""
    procedure = values.label(layer, "procedure", offer.procedure)
    vat = _("included") if offer.vat_included else _("not included")
    days = [day.isoformat() if day else None for day in ends_of(offer)]
    decision = decision_of(offer)
    # Values are in no language.
    texts = [offer.conditions or "", offer.conditions_en or ""]
    act = [offer.decision_document, offer.decided_on.isoformat() if offer.decided_on else None]
    return [
        fact("right", _("Right"), values.label(layer, "right", offer.right), offer.right),
        money_fact("price", _("Price"), price.text, price.total, price.also) if price else NONE,
        money_fact("leva", _("In leva"), price.leva, None, _("1 € = 1.95583 лв.")) if price else NONE,
        fact("vat", _("VAT"), vat, offer.vat_included, "vat_included"),
        fact("procedure", _("Procedure"), procedure, offer.procedure),
        fact("open", _("Open for offers"), open_days(offer), days, "open_period"),
        fact("term", _("Term"), years, term, "term_years"),
        money_fact("deposit", _("Deposit"), deposit, _number(paid), money.in_leva(paid, offer.currency)),
        fact("conditions", _("Conditions"), conditions, texts, "conditions", "conditions_en"),
        fact("decision", _("Decision"), decision, act, "decision_document", "decided_on"),
    ]


NONE = Fact("", "", "")


def _number(value: Decimal | None) -> float | None:
    return float(value) if value is not None else None


def open_days(offer: Offer) -> str:
    if offer.open_period is None:
        return ""
    return " – ".join(date_format(day, "DATE_FORMAT") if day else "…" for day in ends_of(offer))


def decision_of(offer: Offer) -> str:
    day = date_format(offer.decided_on, "DATE_FORMAT") if offer.decided_on else ""
    return ", ".join(filter(None, [offer.decision_document, day]))
