"""Prices as people compare them: in total and per m², in euros with leva beside them."""

from __future__ import annotations

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from gis_portal.pages.plots.sheets import Price
from registries.land.models import BGN_PER_EUR, PER_AREA, YEARLY, Offer

NAMES = {"EUR": "€", "BGN": "лв."}


def price_of(offer: Offer, area_m2: float) -> Price | None:
    if offer.price is None or area_m2 <= 0:
        return None
    is_per_area, area = offer.basis in PER_AREA, Decimal(str(area_m2))
    total = offer.price * area if is_per_area else offer.price
    per_m2 = offer.price if is_per_area else offer.price / area
    is_yearly = offer.basis in YEARLY
    whole, each = total_text(total, offer.currency, is_yearly), per_m2_text(per_m2, offer.currency, is_yearly)
    return Price(
        text=each if is_per_area else whole,
        also=whole if is_per_area else each,
        leva=_in_leva(total, per_m2, offer),
        total=float(round(total, 2)),
        per_m2=float(round(per_m2, 4)),
        currency=offer.currency,
        period="year" if is_yearly else "",
    )


def total_text(total: Decimal, currency: str, is_yearly: bool) -> str:
    return _paid(amount(total, currency, 0 if total >= 1000 else 2), is_yearly)


def per_m2_text(per_m2: Decimal, currency: str, is_yearly: bool) -> str:
    return _paid(_("%(amount)s per m²") % {"amount": amount(per_m2, currency, 2)}, is_yearly)


def _paid(text: str, is_yearly: bool) -> str:
    return _("%(amount)s a year") % {"amount": text} if is_yearly else text


def amount(value: Decimal, currency: str, digits: int = 2) -> str:
    """`1 234 567 €`, with no line break within."""
    return f"{number_format(f'{value:.{digits}f}', digits, force_grouping=True)}\u00a0{NAMES.get(currency, currency)}"


def in_leva(value: Decimal | None, currency: str) -> str:
    """The same sum in leva; empty when it is not in euros."""
    return amount(value * BGN_PER_EUR, "BGN") if value is not None and currency == "EUR" else ""


def _in_leva(total: Decimal, per_m2: Decimal, offer: Offer) -> str:
    if offer.currency != "EUR":
        return ""
    each = _("%(amount)s per m²") % {"amount": amount(per_m2 * BGN_PER_EUR, "BGN")}
    return _paid(f"{amount(total * BGN_PER_EUR, 'BGN')} · {each}", offer.basis in YEARLY)
