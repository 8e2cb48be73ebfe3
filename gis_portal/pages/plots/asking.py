"""A search for plots as pages ask it: the terms in the address, what they find, and what the templates show of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest
from django.utils.http import urlencode
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from gis_portal import language
from gis_portal.pages.plots.filters import Form
from gis_portal.pages.plots.lines import Line, line_of
from gis_portal.pages.reading import Reading
from layers.plots import phrases
from layers.plots.parameters import SEVERAL, BadTerms, Faults
from layers.plots.search import Found, find
from layers.plots.terms import Terms

PER_PAGE = 20


@dataclass(frozen=True)
class Chip:
    """A filter that is set, in words, with the address of the same page without it."""

    text: str
    query: str


@dataclass(frozen=True)
class Loosened:
    """What to give up, in words, with the number of plots that it would bring."""

    text: str
    count: int
    query: str


@dataclass(frozen=True)
class Asked:
    """`faults` says by parameter what is wrong; `terms` and `found` are then of what is right."""

    terms: Terms
    found: Found
    faults: Faults
    form: Form
    lines: Sequence[Line]
    # What every link of the page keeps beside the terms: the language and the day.
    kept: str

    @property
    def status(self) -> int:
        return 400 if self.faults else 200

    @property
    def count(self) -> int:
        return self.found.count

    @property
    def has_zones(self) -> bool:
        """Whether there is more than one zone, so that rows name theirs."""
        return len(self.found.facets.get("zone", {})) > 1

    @property
    def query(self) -> str:
        """The search as addresses carry it, with language and day: of the map, the table, the feeds."""
        return self._kept(self.terms.query(page=1))

    @property
    def without(self) -> str:
        """The address of the page with no filter."""
        return self._kept(Terms(sort=self.terms.sort).query())

    @cached_property
    def chips(self) -> list[Chip]:
        chips: list[Chip] = []
        for name in self.terms.active:
            if name in SEVERAL:
                chosen: tuple[str, ...] = getattr(self.terms, name)
                for code in chosen:
                    rest = tuple(one for one in chosen if one != code)
                    chips.append(Chip(phrases.label(name, code), self._kept(self.terms.query(**{name: rest}))))
            else:
                chips.append(Chip(self.terms.phrase(name), self._kept(self.terms.without(name).query())))
        return chips

    @cached_property
    def relaxations(self) -> list[Loosened]:
        return [
            Loosened(self._words(one.dropped, one.widened, one.terms), one.count, self._kept(one.terms.query()))
            for one in self.found.relaxations
        ]

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // PER_PAGE))

    @property
    def page(self) -> int:
        return min(self.terms.page, self.pages)

    @property
    def previous(self) -> str:
        return self._kept(self.terms.query(page=self.page - 1)) if self.page > 1 else ""

    @property
    def next(self) -> str:
        return self._kept(self.terms.query(page=self.page + 1)) if self.page < self.pages else ""

    @property
    def first(self) -> int:
        return (self.page - 1) * PER_PAGE + 1

    @property
    def last(self) -> int:
        return min(self.page * PER_PAGE, self.count)

    def _words(self, dropped: Sequence[str], widened: str, terms: Terms) -> str:
        if widened:
            return terms.phrase(widened)
        return _("without “%(filters)s”") % {"filters": ", ".join(self.terms.phrase(name) for name in dropped)}

    def _kept(self, query: str) -> str:
        return "&".join(filter(None, [query, self.kept]))


def asked(request: HttpRequest, it: Reading, *, with_ids: bool = False) -> Asked:
    """What the address of `request` asks, answered of the day of `it`."""
    terms, faults = Terms.attempt(request.GET)
    on = localdate(it.when.end) if it.when and it.when.end else localdate()
    limit, offset = PER_PAGE, (terms.page - 1) * PER_PAGE
    try:
        found = find(it.catalogue, terms, limit, offset, on=on, with_ids=with_ids)
    except BadTerms as error:
        faults |= error.faults
        terms = terms.without(*error.faults)
        found = find(it.catalogue, terms, limit, on=on, with_ids=with_ids)
    if not found.rows and found.count:
        # A page after the last: what was removed meanwhile may have left fewer.
        offset = (found.count - 1) // PER_PAGE * PER_PAGE
        found = find(it.catalogue, terms, limit, offset, on=on, with_ids=with_ids)
    lines = [line_of(row, on) for row in found.rows]
    return Asked(terms, found, faults, Form(terms, found, request.GET, faults), lines, _kept(request, it))


def _kept(request: HttpRequest, it: Reading) -> str:
    pairs = [(language.PARAMETER, language.asked(request)), ("at", it.at)]
    return urlencode([(name, value) for name, value in pairs if value])
