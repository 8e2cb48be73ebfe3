"""What somebody looks for: the terms of a search as every page, feed, saved search and address carry them.

One reading and one canonical way of writing: two addresses that ask the same are the same text, so that a saved search,
a cache and a link in a letter agree. What cannot be meant is refused with the parameter at fault, all faults at once,
because a form shows each beside its field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar

from django.http import QueryDict
from django.utils.http import urlencode

from layers.plots import parameters, phrases
from layers.plots.parameters import M2_PER_UNIT, RANGES, SEVERAL, UTILITIES, BadTerms, Faults, Range
from layers.query import BBox

ANY = Range()


@dataclass(frozen=True)
class Terms:
    """All terms hold together; within one of several values any will do. `area` is in `area_unit`, prices in EUR,
    `near` names utilities with their greatest distance in metres, 0 being at the border; `bounds` is west, south, east,
    north in degrees.

    `price_period` says which prices are meant: those paid once (sales, rights for a term) or those paid each year.
    """

    q: str = ""
    zone: str = ""
    status: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    use: tuple[str, ...] = ()
    road: tuple[str, ...] = ()
    area: Range = ANY
    area_unit: str = "m2"
    price: Range = ANY
    price_m2: Range = ANY
    price_period: str = "once"
    density_min: float | None = None
    kint_min: float | None = None
    height_min: float | None = None
    greening_max: float | None = None
    near: Mapping[str, int] = field(default_factory=dict)
    rail: bool = False
    sort: str = ""
    page: int = 1
    bounds: tuple[float, float, float, float] | None = None

    # Fields that say which plots are wanted, in the order of the form; the others say how they are shown.
    FILTERS: ClassVar[tuple[str, ...]] = (
        *("q", "zone", "status", "right", "use", "road", "area", "price", "price_m2"),
        *("density_min", "kint_min", "height_min", "greening_max"),
        *(*UTILITIES, "rail", "bounds"),
    )

    @classmethod
    def read(cls, params: QueryDict) -> Terms:
        """Raises BadTerms with all that is wrong; parameters of other names are none of the search's business."""
        terms, faults = cls.attempt(params)
        if faults:
            raise BadTerms(faults)
        return terms

    @classmethod
    def attempt(cls, params: QueryDict) -> tuple[Terms, Faults]:
        """The terms as far as they make sense, and what is wrong with the others: for forms, which keep both."""
        faults: Faults = {}
        return cls(**parameters.read(params, faults)), faults

    @property
    def is_empty(self) -> bool:
        return not any(self.has(name) for name in self.FILTERS)

    def has(self, name: str) -> bool:
        """Whether the filter `name`, one of FILTERS, is set."""
        if name in UTILITIES:
            return name in self.near
        value = getattr(self, name)
        return value is not None and value not in ("", (), False) and value != ANY

    @property
    def active(self) -> list[str]:
        return [name for name in self.FILTERS if self.has(name)]

    def but(self, **changes: Any) -> Terms:
        """With other values: fields, utilities by their names (None: gone), `area_min` and the like. Any change begins
        at the first page, unless it is the page.
        """
        near = dict(self.near)
        found: dict[str, Any] = {"page": 1}
        for name, value in changes.items():
            stem, _underscore, end = name.rpartition("_")
            if name in UTILITIES:
                near.pop(name, None)
                if value is not None:
                    near[name] = value
            elif stem in RANGES and end in ("min", "max"):
                side = "low" if end == "min" else "high"
                found[stem] = replace(found.get(stem, getattr(self, stem)), **{side: value})
            else:
                found[name] = value
        ordered = {theme: near[theme] for theme in UTILITIES if theme in near}
        return replace(self, **{"near": ordered, **found})

    def without(self, *names: str) -> Terms:
        """Without the filters `names`."""
        blank = {one.name: getattr(Terms(), one.name) for one in fields(Terms)}
        return self.but(**{name: blank.get(name) for name in names})

    def query(self, **changes: Any) -> str:
        """The canonical query string, of the same with `changes` if there are any; empty when nothing is asked."""
        terms = self.but(**{"page": self.page, **changes}) if changes.keys() == {"page"} else self.but(**changes)
        return urlencode(list((terms if changes else self).pairs()))

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Parameters with their values as addresses carry them, in the canonical order."""
        if self.q:
            yield "q", self.q
        if self.zone:
            yield "zone", self.zone
        for name in SEVERAL:
            yield from ((name, value) for value in sorted(set(getattr(self, name))))
        for name in RANGES:
            ends: Range = getattr(self, name)
            yield from (
                (f"{name}_{end}", plain(v)) for end, v in (("min", ends.low), ("max", ends.high)) if v is not None
            )
            if name == "area" and self.area_unit != "m2":
                yield "area_unit", self.area_unit
        if self.price_period != "once":
            yield "price_period", self.price_period
        for name in ("density_min", "kint_min", "height_min", "greening_max"):
            if (value := getattr(self, name)) is not None:
                yield name, plain(value)
        yield from ((theme, str(self.near[theme])) for theme in UTILITIES if theme in self.near)
        yield from (pair for pair, is_set in ((("rail", "1"), self.rail), (("sort", self.sort), self.sort)) if is_set)
        if self.page > 1:
            yield "page", str(self.page)
        if self.bounds:
            yield "bounds", ",".join(plain(degrees) for degrees in self.bounds)

    @property
    def area_m2(self) -> Range:
        return self.area.times(M2_PER_UNIT[self.area_unit])

    @property
    def box(self) -> BBox | None:
        return BBox(*self.bounds, 4326) if self.bounds else None

    def words(self) -> list[str]:
        """What is asked in the words of people, a phrase for each filter; in the active language."""
        return [phrase for name in self.active if (phrase := self.phrase(name))]

    def phrase(self, name: str) -> str:
        """The filter `name` in words."""
        return phrases.phrase(self, name)


def plain(number: float) -> str:
    """As short as it can be written: `12`, `0.75`."""
    return f"{number:.6f}".rstrip("0").rstrip(".")
