"""The form of filters: what is chosen or typed, how many plots each further choice would leave, and what is wrong.

A choice that leaves no plot is disabled but stays readable, unless it is chosen already.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from layers.plots import phrases
from layers.plots.conditions import LEAST
from layers.plots.parameters import M2_PER_UNIT, PERIODS, SORTS, UTILITIES, Faults, Range, known
from layers.plots.search import Found
from layers.plots.terms import Terms
from registries.land.models import Zone


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    count: int | None
    is_chosen: bool

    @property
    def is_disabled(self) -> bool:
        return self.count == 0 and not self.is_chosen


@dataclass(frozen=True)
class Choices:
    """One filter with the values to choose from."""

    name: str
    title: str
    choices: tuple[Choice, ...]
    error: str = ""

    @property
    def chosen(self) -> int:
        return sum(1 for choice in self.choices if choice.value and choice.is_chosen)


@dataclass(frozen=True)
class Field:
    """A field to type in: `typed` is what stands in it, `placeholder` tells what there is to find."""

    name: str
    title: str
    typed: str
    placeholder: str = ""
    unit: str = ""
    # For whom only hears the field: what it is about where its title does not say so.
    what: str = ""
    error: str = ""


class Form:
    """What `filters.html` shows of `terms` with the counts of `found`; `typed` and `faults` are of what was sent."""

    def __init__(self, terms: Terms, found: Found, typed: QueryDict, faults: Faults) -> None:
        self.terms = terms
        self.found = found
        self.typed = typed
        self.faults = faults

    @property
    def text(self) -> Field:
        return self._field("q", _("Search by text"), _("Number, plot, УПИ or street"))

    @property
    def status(self) -> Choices:
        return self._codes("status", _("Status"))

    @property
    def right(self) -> Choices:
        return self._codes("right", _("What is offered"))

    @property
    def use(self) -> Choices:
        return self._codes("use", _("Permitted use"))

    @property
    def road(self) -> Choices:
        return self._codes("road", _("Road at the plot"))

    @property
    def zone(self) -> Choices:
        """Empty where there is one zone to choose from."""
        counts = self.found.facets.get("zone", {})
        zones = Zone.objects.order_by("name").values_list("code", "name", "name_en") if len(counts) > 1 else []
        choices = [Choice("", _("All zones"), None, not self.terms.zone)] if zones else []
        choices += [
            Choice(code, phrases.named(name, name_en), counts.get(code, 0), code == self.terms.zone)
            for code, name, name_en in zones
        ]
        return Choices("zone", _("Zone"), tuple(choices), self.faults.get("zone", ""))

    @property
    def area(self) -> list[Field]:
        factor = M2_PER_UNIT[self.terms.area_unit]
        return self._ends("area", _("Area"), phrases.unit(self.terms.area_unit), factor)

    @property
    def area_units(self) -> Choices:
        choices = (Choice(unit, phrases.unit(unit), None, unit == self.terms.area_unit) for unit in M2_PER_UNIT)
        return Choices("area_unit", _("Unit of area"), tuple(choices), self.faults.get("area_unit", ""))

    @property
    def price(self) -> list[Field]:
        return self._ends("price", _("Price in total"), phrases.price_unit(self.terms, per_m2=False), 1)

    @property
    def price_m2(self) -> list[Field]:
        return self._ends("price_m2", _("Price per m²"), phrases.price_unit(self.terms, per_m2=True), 1)

    @property
    def periods(self) -> Choices:
        labels = {"once": _("paid once"), "year": _("paid each year")}
        counts = self.found.facets.get("period", {})
        chosen = self.terms.price_period
        choices = (Choice(one, labels[one], counts.get(one, 0), one == chosen) for one in PERIODS)
        return Choices("price_period", _("Prices"), tuple(choices), self.faults.get("price_period", ""))

    @property
    def building(self) -> list[Field]:
        titles = {
            "density_min": (_("Density, at least"), "%"),
            "kint_min": (_("Kint, at least"), ""),
            "height_min": (_("Height, at least"), _("m")),
            "greening_max": (_("Greening, at most"), "%"),
        }
        return [self._limit(name, title, unit) for name, (title, unit) in titles.items()]

    @property
    def utilities(self) -> list[Choices]:
        return [self._utility(theme) for theme in UTILITIES]

    @property
    def rail(self) -> Choice:
        count = self.found.facets.get("rail", {}).get("1", 0)
        return Choice("1", _("Rail siding at the plot"), count, self.terms.rail)

    @property
    def sorts(self) -> Choices:
        labels = {
            "": _("Available first"),
            "area": _("Area, smallest first"),
            "-area": _("Area, largest first"),
            "price_m2": _("Price per m², lowest first"),
            "-price_m2": _("Price per m², highest first"),
            "price": _("Price, lowest first"),
            "-price": _("Price, highest first"),
            "code": _("By number"),
            "newest": _("Newest first"),
        }
        choices = (Choice(value, labels[value], None, value == self.terms.sort) for value in ("", *SORTS))
        return Choices("sort", _("Sort"), tuple(choices), self.faults.get("sort", ""))

    @property
    def bounds(self) -> str:
        return dict(self.terms.pairs()).get("bounds", "")

    @property
    def active_in_building(self) -> int:
        return sum(1 for field in self.building if field.typed)

    @property
    def active_in_utilities(self) -> int:
        return len(self.terms.near) + self.terms.rail

    @property
    def wrong(self) -> list[str]:
        """What is wrong, with the names of its fields: the form itself may be out of sight."""
        fields = [*self.area, *self.price_m2, *self.price, *self.building]
        named = {one.name: f"{one.what} {one.title}".strip() for one in fields}
        return [f"{named[name]}: {words}" if name in named else words for name, words in self.faults.items()]

    @property
    def has_hidden_faults(self) -> bool:
        """Whether something is wrong that has no field of its own."""
        return "bounds" in self.faults or "page" in self.faults

    def _codes(self, name: str, title: str) -> Choices:
        """The values that any plot has, in the order of their list."""
        chosen, counts = getattr(self.terms, name), self.found.facets.get(name, {})
        values = [value for value in known(name) if value in counts or value in chosen]
        choices = (Choice(one, phrases.label(name, one), counts.get(one, 0), one in chosen) for one in values)
        return Choices(name, title, tuple(choices), self.faults.get(name, ""))

    def _utility(self, theme: str) -> Choices:
        counts = self.found.facets.get(theme, {})
        wanted = self.terms.near.get(theme)
        choices = [Choice("", _("any distance"), None, wanted is None)]
        for step, count in counts.items():
            label = (
                _("at the border") if step == "0" else _("within %(metres)s m") % {"metres": phrases.number(int(step))}
            )
            choices.append(Choice(step, label, count, step == str(wanted)))
        return Choices(theme, phrases.utility(theme), tuple(choices), self.faults.get(theme, ""))

    def _ends(self, name: str, title: str, unit: str, factor: float) -> list[Field]:
        there = self.found.ranges.get(name, Range()).times(1 / factor)
        return [
            self._field(f"{name}_min", pgettext("least", "from"), _shown(there.low), unit, title),
            self._field(f"{name}_max", pgettext("greatest", "to"), _shown(there.high), unit, title),
        ]

    def _limit(self, name: str, title: str, unit: str) -> Field:
        there = self.found.ranges.get(name, Range())
        return self._field(name, title, _shown(there.high if name in LEAST else there.low), unit)

    def _field(self, name: str, title: str, placeholder: str = "", unit: str = "", what: str = "") -> Field:
        error = self.faults.get(name, "")
        typed = self.typed.get(name, "") if error else dict(self.terms.pairs()).get(name, "")
        return Field(name, title, typed.replace("\x00", "")[:200], placeholder, unit, what, error)


def _shown(end: float | None) -> str:
    return "" if end is None else phrases.number(round(end) if end >= 1_000 else end)
