"""From the parameters of an address to values that can be searched by, or to a sentence for each that cannot."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registries.core import codes
from registries.core.errors import BadInput
from registries.land.models import OfferedRight, PlotStatus
from registries.networks.models import Theme
from registries.serviceability.nearest import REACH_M

M2_PER_UNIT = {"m2": 1, "dka": 1_000, "ha": 10_000}
# What an investor connects to; roads and railways have filters of their own.
UTILITIES = tuple(theme.value for theme in Theme if theme not in (Theme.ROAD, Theme.RAIL))
# What can be had comes first.
STATUSES = sorted(PlotStatus.values, key=lambda status: status != PlotStatus.AVAILABLE)
RANGES = ("area", "price", "price_m2")
SORTS = ("area", "-area", "price_m2", "-price_m2", "price", "-price", "code", "newest")
PERIODS = ("once", "year")
LONGEST_TEXT = 80
MOST_PAGES = 10_000
# The greatest value of each number.
LIMITS = {
    "area": 1e12,
    "price": 1e12,
    "price_m2": 1e9,
    "density_min": 100.0,
    "kint_min": 50.0,
    "height_min": 500.0,
    "greening_max": 100.0,
}
NUMBER = re.compile(r"[0-9]{1,15}([.,][0-9]{0,9})?", re.ASCII)
# Commas that can only part thousands: 12,500 and 1,250,000, but not 0,500.
THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]{0,9})?", re.ASCII)
SPACES = str.maketrans("", "", " \u00a0\u202f\u2009'’")
# Of these an address may hold several.
SEVERAL = ("status", "right", "use", "road")

Faults = dict[str, str]


@dataclass(frozen=True)
class Range:
    """From `low` to `high`, both included and None where open."""

    low: float | None = None
    high: float | None = None

    def __bool__(self) -> bool:
        return self.low is not None or self.high is not None

    def times(self, factor: float) -> Range:
        low, high = (None if end is None else end * factor for end in (self.low, self.high))
        return Range(low, high)


class BadTerms(BadInput):
    """`faults` says by parameter what is wrong with it."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        name, message = next(iter(faults.items()))
        hint = _("The parameter is “%(name)s”.") % {"name": name}
        super().__init__(message, locator=name, hint=hint)


class Parameters:
    """One look at each parameter; what is wrong is put into `faults` and reads as if it were not there."""

    def __init__(self, params: QueryDict, faults: Faults) -> None:
        self._params = params
        self._faults = faults

    def text(self, name: str) -> str:
        values = [value.strip() for value in self._params.getlist(name)]
        if len(set(values)) > 1:
            self._refuse(name, _("This is given more than once."))
            return ""
        text = values[0] if values else ""
        if "\x00" in text:
            self._refuse(name, _("This holds a character that cannot be read."))
            return ""
        return text

    def parsed(self, name: str, parse: Callable[[str], Any], default: Any) -> Any:
        """What `parse` makes of the text; its BadInput becomes the fault."""
        text = self.text(name)
        try:
            return parse(text) if text else default
        except BadInput as error:
            self._refuse(name, error.message)
            return default

    def number(self, name: str, most: float) -> float | None:
        found: float | None = self.parsed(name, lambda text: number(text, most), None)
        return found

    def range(self, name: str) -> Range:
        low, high = (self.number(f"{name}_{end}", LIMITS[name]) for end in ("min", "max"))
        if low is not None and high is not None and low > high:
            self._refuse(f"{name}_max", _("The greatest value is less than the least."))
            return Range()
        return Range(low, high)

    def codes(self, name: str) -> tuple[str, ...]:
        given = dict.fromkeys(value.strip() for value in self._params.getlist(name) if value.strip())
        unknown = [value for value in given if value not in known(name)]
        if unknown:
            shown = unknown[0].replace("\x00", "")[:40]
            self._refuse(name, _("“%(code)s” is none of the choices.") % {"code": shown})
            return ()
        return tuple(given)

    def _refuse(self, name: str, message: str) -> None:
        self._faults.setdefault(name, message)


def read(params: QueryDict, faults: Faults) -> dict[str, Any]:
    """The fields of `Terms`; what is wrong goes to `faults` by parameter."""
    given = Parameters(params, faults)
    near = {theme: given.parsed(theme, distance, None) for theme in UTILITIES}
    return {
        "q": given.parsed("q", text, ""),
        "zone": given.parsed("zone", code, ""),
        **{name: given.codes(name) for name in SEVERAL},
        **{name: given.range(name) for name in RANGES},
        **{name: given.number(name, LIMITS[name]) for name in LIMITS if name not in RANGES},
        "area_unit": given.parsed("area_unit", one_of(M2_PER_UNIT), "m2"),
        "price_period": given.parsed("price_period", one_of(PERIODS), "once"),
        "near": {theme: metres for theme, metres in near.items() if metres is not None},
        "rail": given.parsed("rail", one_of(("0", "1")), "0") == "1",
        "sort": given.parsed("sort", one_of(SORTS), ""),
        "page": given.parsed("page", page, 1),
        "bounds": given.parsed("bounds", bounds, None),
    }


def known(name: str) -> Collection[str]:
    """The codes that the parameter `name` takes."""
    if name == "status":
        return STATUSES
    if name == "right":
        return OfferedRight.values
    return codes.labels({"use": "permittedUse", "road": "roadClass"}[name])


def text(given: str) -> str:
    if len(given) > LONGEST_TEXT:
        raise BadInput(
            ngettext(
                "This is longer than %(most)d character.", "This is longer than %(most)d characters.", LONGEST_TEXT
            )
            % {"most": LONGEST_TEXT}
        )
    return given


def code(given: str) -> str:
    if len(given) > LONGEST_TEXT:
        raise BadInput(_("“%(code)s” is none of the choices.") % {"code": given[:40]})
    return given


def one_of(choices: Collection[str]) -> Callable[[str], str]:
    def parse(given: str) -> str:
        if given not in choices:
            raise BadInput(_("“%(code)s” is none of the choices.") % {"code": given[:40]})
        return given

    return parse


def number(given: str, most: float) -> float:
    """As people write numbers: `12 500`, `12,500`, `0,75`, `0.75`."""
    written = given.translate(SPACES)
    written = written.replace(",", "") if THOUSANDS.fullmatch(written) else written.replace(",", ".")
    if not NUMBER.fullmatch(written):
        raise BadInput(_("This is no number from 0 on."))
    value = float(written)
    if value > most:
        raise BadInput(_("This is more than can be: at most %(most)s.") % {"most": f"{most:,.0f}".replace(",", " ")})
    return value


def distance(given: str) -> int:
    metres = number(given, REACH_M)
    if metres != int(metres):
        raise BadInput(_("Distances are whole metres."))
    return int(metres)


def page(given: str) -> int:
    """A page that is not there is no fault of the terms: the nearest is shown."""
    digits = given.lstrip("-")
    if not digits.isascii() or not digits.isdigit() or given.startswith("-"):
        return 1
    return min(max(int(digits[:9]), 1), MOST_PAGES)


def bounds(given: str) -> tuple[float, float, float, float]:
    problem = _("This must be west, south, east and north in degrees, parted by commas.")
    try:
        west, south, east, north = (float(part) for part in given[:200].split(","))
    except ValueError:
        raise BadInput(problem) from None
    numbers = (west, south, east, north)
    if not all(map(math.isfinite, numbers)) or not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise BadInput(problem)
    return west, south, east, north
