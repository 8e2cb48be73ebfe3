"""The terms of a search in the words of people: for chips, saved searches and letters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from django.utils.formats import number_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from layers.plots.parameters import UTILITIES, Range
from registries.core import codes
from registries.land.models import OfferedRight, PlotStatus, Zone
from registries.networks.models import Theme

if TYPE_CHECKING:
    from layers.plots.terms import Terms

LISTS = {"status": "plotStatus", "right": "offeredRight", "use": "permittedUse", "road": "roadClass"}
CHOICES: Mapping[str, Mapping[str, object]] = {"status": dict(PlotStatus.choices), "right": dict(OfferedRight.choices)}


def label(name: str, code: str) -> str:
    """What the code `code` of the filter `name` is called."""
    if known := codes.labels(LISTS[name]).get(code):
        return known.title
    return str(CHOICES.get(name, {}).get(code, code))


def utility(theme: str) -> str:
    name = str(Theme(theme).label)
    return name[:1].upper() + name[1:]


def unit(area_unit: str) -> str:
    return {"m2": _("m²"), "dka": _("dka"), "ha": _("ha")}[area_unit]


def number(value: float) -> str:
    written = f"{value:.2f}".rstrip("0").rstrip(".")
    return number_format(written, len(written.partition(".")[2]), force_grouping=True)


def phrase(terms: Terms, name: str) -> str:
    if name in UTILITIES:
        return near(name, terms.near[name])
    if name in LISTS:
        return ", ".join(label(name, code) for code in getattr(terms, name))
    return PHRASES[name](terms)


def near(theme: str, metres: int) -> str:
    if metres == 0:
        return _("%(utility)s at the border") % {"utility": utility(theme)}
    return _("%(utility)s within %(metres)s m") % {"utility": utility(theme), "metres": number(metres)}


def span(ends: Range, unit: str) -> str:
    """`5 000–10 000 m²`, `from 5 000 m²`, `up to 10 000 m²`."""
    low, high = ("" if end is None else number(end) for end in (ends.low, ends.high))
    if low and high:
        return f"{low}–{high} {unit}"
    if low:
        return pgettext("least", "from %(value)s %(unit)s") % {"value": low, "unit": unit}
    return pgettext("greatest", "up to %(value)s %(unit)s") % {"value": high, "unit": unit}


def price_unit(terms: Terms, per_m2: bool) -> str:
    if terms.price_period == "year":
        return _("€ per m² a year") if per_m2 else _("€ a year")
    return _("€ per m²") if per_m2 else "€"


def zone(terms: Terms) -> str:
    found = Zone.objects.filter(code=terms.zone).values_list("name", "name_en").first()
    return named(*found) if found else terms.zone


def named(name: str, name_en: str) -> str:
    """What something with two names is called in the active language."""
    return (name_en or name) if (get_language() or "").startswith("en") else name


PHRASES: dict[str, Callable[[Terms], str]] = {
    "q": lambda terms: _("“%(text)s”") % {"text": terms.q},
    "zone": zone,
    "area": lambda terms: span(terms.area, unit(terms.area_unit)),
    "price": lambda terms: span(terms.price, price_unit(terms, per_m2=False)),
    "price_m2": lambda terms: span(terms.price_m2, price_unit(terms, per_m2=True)),
    "density_min": lambda terms: _("density of %(value)s %% at least") % {"value": number(terms.density_min or 0)},
    "kint_min": lambda terms: _("Kint of %(value)s at least") % {"value": number(terms.kint_min or 0)},
    "height_min": lambda terms: _("height of %(value)s m at least") % {"value": number(terms.height_min or 0)},
    "greening_max": lambda terms: _("greening of %(value)s %% at most") % {"value": number(terms.greening_max or 0)},
    "rail": lambda _terms: _("rail siding at the plot"),
    "bounds": lambda _terms: _("in this part of the map"),
}
