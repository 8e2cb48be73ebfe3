"""Of which day a page speaks: `at` in its address, checked and entered once, and what the page's date field shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db.models import Min
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.timezone import localdate, localtime

from layers import moment
from layers.access import reader_of
from layers.catalogue import Catalogue, catalogue_of
from layers.moment import When
from registries.changes.models import ChangeSet

# What a page's address keeps when another day is chosen.
KEPT = ("lang", "map", "layers", "selected", "plots", "only")


@dataclass(frozen=True)
class Reading:
    """What the reader of a page sees, `when` being a past instant or None for today."""

    catalogue: Catalogue
    when: When | None
    # Whether the reader may choose another day.
    is_open: bool
    kept: list[tuple[str, str]]

    @property
    def at(self) -> str:
        """The day as addresses carry it; empty for today."""
        return self.when.text if self.when else ""

    @property
    def query(self) -> str:
        """For links that stay on the day: `at=2026-11-12`; empty for today."""
        return urlencode({"at": self.at}) if self.when else ""

    @property
    def told(self) -> str:
        """The day, or the day and time, as people write it."""
        if self.when is None or self.when.start is None:
            return ""
        is_day = moment.DATE.fullmatch(self.at)
        return date_format(localtime(self.when.start), "DATE_FORMAT" if is_day else "DATETIME_FORMAT")

    @property
    def begins(self) -> str:
        """The first day of the registry, when the page shows one before it."""
        if self.when is None or self.when.start is None:
            return ""
        first = ChangeSet.objects.aggregate(at=Min("published_at"))["at"]
        return date_format(localtime(first), "DATE_FORMAT") if first and self.when.start < first else ""

    @property
    def day(self) -> str:
        """What stands in the date field."""
        return localdate(self.when.start).isoformat() if self.when and self.when.start else self.today

    @property
    def today(self) -> str:
        return localdate().isoformat()

    @property
    def back(self) -> str:
        """The query of the same page today."""
        return f"?{urlencode(self.kept)}"


@contextmanager
def reading(request: HttpRequest) -> Iterator[Reading]:
    """Within the block every query speaks of the day in the page's address. Raises BadInput and NotAllowed."""
    when = moment.asked(request.user, request.GET.get("at", ""))
    kept = [(name, request.GET[name]) for name in KEPT if request.GET.get(name)]
    with moment.seen(when):
        catalogue = catalogue_of(reader_of(request.user), past=when is not None)
        yield Reading(catalogue, when, moment.is_open_to(request.user), kept)
