"""Prices as people compare them: in total and per m², in euros with leva beside them."""

from __future__ import annotations

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from gis_portal.pages.plots.sheets import Price
from registries.land.models import Offer, PriceBasis

# Fixed by law since 1999 (Regulation (EU) 2025/1409).
LEVA_PER_EURO = Decimal("1.95583")
PER_AREA = frozenset({PriceBasis.PER_M2, PriceBasis.PER_M2_YEAR})
YEARLY = frozenset({PriceBasis.PER_YEAR, PriceBasis.PER_M2_YEAR})
NAMES = {"EUR": "€", "BGN": "лв."}


def price_of(offer: Offer, area_m2: float) -> Price | None:
    if offer.price is None or area_m2 <= 0:
        return None
    is_per_area, area = offer.basis in PER_AREA, Decimal(str(area_m2))
    total = offer.price * area if is_per_area else offer.price
    per_m2 = offer.price if is_per_area else offer.price / area
    whole, each = total_text(total, offer), per_m2_text(per_m2, offer)
    return Price(
        text=each if is_per_area else whole,
        also=whole if is_per_area else each,
        leva=_in_leva(total, per_m2, offer),
        total=float(round(total, 2)),
        per_m2=float(round(per_m2, 4)),
        currency=offer.currency,
        period="year" if offer.basis in YEARLY else "",
    )


def total_text(total: Decimal, offer: Offer) -> str:
    return _yearly(amount(total, offer.currency, 0 if total >= 1000 else 2), offer)


def per_m2_text(per_m2: Decimal, offer: Offer) -> str:
    return _yearly(_("%(amount)s per m²") % {"amount": amount(per_m2, offer.currency, 2)}, offer)


def _yearly(text: str, offer: Offer) -> str:
    return _("%(amount)s a year") % {"amount": text} if offer.basis in YEARLY else text


def amount(value: Decimal, currency: str, digits: int = 2) -> str:
    """`1 234 567 €`, with no line break within."""
    return f"{number_format(f'{value:.{digits}f}', digits, force_grouping=True)}\u00a0{NAMES.get(currency, currency)}"


def in_leva(value: Decimal | None, currency: str) -> str:
    """The same sum in leva; empty when it is not in euros."""
    return amount(value * LEVA_PER_EURO, "BGN") if value is not None and currency == "EUR" else ""


def _in_leva(total: Decimal, per_m2: Decimal, offer: Offer) -> str:
    if offer.currency != "EUR":
        return ""
    each = _("%(amount)s per m²") % {"amount": amount(per_m2 * LEVA_PER_EURO, "BGN")}
    return _yearly(f"{amount(total * LEVA_PER_EURO, 'BGN')} · {each}", offer)
