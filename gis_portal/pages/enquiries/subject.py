"""What an enquiry is about: the plots that the address or the form names, and the search that it came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.http import QueryDict

from gis_portal.pages import values
from layers.catalogue import Catalogue
from layers.plots.former import meant
from layers.plots.terms import Terms
from registries.core.errors import BadInput
from registries.land.models import Plot, PlotStatus, Zone

MOST_PLOTS = 5
# No code of a zone and a plot is longer.
LONGEST = 90


@dataclass(frozen=True)
class AskedPlot:
    """A plot as it was asked for; `plot` is None where the registry has none (any more)."""

    zone: str
    code: str
    plot: Plot | None

    @property
    def value(self) -> str:
        """As addresses and forms carry it."""
        return f"{self.zone}/{self.code}" if self.zone else self.code

    @property
    def zone_name(self) -> str:
        return values.in_language(self.plot.zone, "name") if self.plot else self.zone

    @property
    def is_offered(self) -> bool:
        return self.plot is not None and self.plot.status in (PlotStatus.AVAILABLE, PlotStatus.PLANNED)


@dataclass(frozen=True)
class Subject:
    plots: list[AskedPlot] = field(default_factory=list)
    terms: Terms = field(default_factory=Terms)
    left_out: int = 0

    @property
    def zone_ids(self) -> list[UUID]:
        """Of the plots, else of the search, else the only zone there is; none: the enquiry is about any zone."""
        of_plots = [one.plot.zone_id for one in self.plots if one.plot]
        if of_plots:
            return list(dict.fromkeys(of_plots))
        codes = {one.zone for one in self.plots if one.zone} or {self.terms.zone} - {""}
        found = list(Zone.objects.filter(code__in=codes).values_list("pk", flat=True)[:MOST_PLOTS])
        every = found or list(Zone.objects.values_list("pk", flat=True)[:2])
        return every if found or len(every) == 1 else []

    @property
    def kept_plots(self) -> list[dict[str, str | None]]:
        return [
            {"zone": one.zone, "code": one.code, "id": str(one.plot.pk) if one.plot else None} for one in self.plots
        ]


def of_address(catalogue: Catalogue, params: QueryDict) -> Subject:
    return _subject(catalogue, params.getlist("plot"), params)


def of_form(catalogue: Catalogue, posted: QueryDict) -> Subject:
    return _subject(catalogue, posted.getlist("plot"), QueryDict(posted.get("terms", "")[:2000]))


def _subject(catalogue: Catalogue, texts: Iterable[str], params: QueryDict) -> Subject:
    wished = list(dict.fromkeys(text for one in texts if (text := one.replace("\x00", "").strip()[:LONGEST])))
    plots = [_asked(catalogue, text) for text in wished[:MOST_PLOTS]]
    return Subject(plots, _terms(params), max(0, len(wished) - MOST_PLOTS))


def _terms(params: QueryDict) -> Terms:
    """A search that cannot be meant does not keep anybody from writing."""
    try:
        return Terms.read(params)
    except BadInput:
        return Terms()


def _asked(catalogue: Catalogue, text: str) -> AskedPlot:
    """What several zones have is not guessed."""
    found = meant(text) if catalogue.get("plots") else []
    if len(found) == 1:
        return AskedPlot(found[0].zone.code, found[0].code, found[0])
    zone, slash, code = text.partition("/")
    return AskedPlot(zone, code, None) if slash else AskedPlot("", text, None)
