"""Up to five plots side by side at an address that can be passed on; the browser keeps which, the portal nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from gis_portal import language
from gis_portal.language import PARAMETER
from gis_portal.pages.plots import addresses
from gis_portal.pages.plots.facts import sheet_of
from gis_portal.pages.plots.sheets import Sheet
from gis_portal.pages.reading import Reading, reading
from gis_portal.pages.shortlist.comparison import different, groups
from gis_portal.pages.shortlist.references import MOST, Chosen, choose, listed, reference
from layers.plots.search import find
from layers.plots.terms import Terms
from registries.land.models import Plot

ONLY = "differences"


@dataclass(frozen=True)
class Column:
    """A plot with the addresses of its page and of the same comparison without it, or with it elsewhere."""

    sheet: Sheet
    reference: str
    page: str
    picture: str
    without: str
    left: str
    right: str


class Page:
    """The addresses of one comparison: each keeps language, day, and whether only differences are shown."""

    def __init__(self, request: HttpRequest, it: Reading, chosen: Chosen) -> None:
        self.plots, self.is_short = chosen.plots, request.GET.get("only") == ONLY
        self._language = {PARAMETER: wanted} if (wanted := language.asked(request)) else {}
        self._kept = {**({"at": it.at} if it.when else {}), **self._language}

    def address(self, plots: Sequence[Plot], *, short: bool) -> str:
        kept = urlencode({**({"only": ONLY} if short else {}), **self._kept})
        query = "&".join(filter(None, [f"plots={listed(plots)}" if plots else "", kept]))
        return f"{reverse('shortlist')}?{query}" if query else reverse("shortlist")

    @property
    def whole(self) -> str:
        return self.address(self.plots, short=False)

    @property
    def short(self) -> str:
        return self.address(self.plots, short=True)

    @property
    def enquiry(self) -> str:
        plots = [("plot", reference(plot)) for plot in self.plots]
        return f"{reverse('enquiry-new')}?{urlencode([*plots, *self._language.items()])}"

    def column(self, sheet: Sheet, place: int) -> Column:
        return Column(
            sheet=sheet,
            reference=reference(sheet.plot),
            page=addresses.of_plot(sheet.plot, False, **self._kept),
            picture=addresses.of_plot(sheet.plot, False, "picture.png", **self._kept),
            without=self.address([*self.plots[:place], *self.plots[place + 1 :]], short=self.is_short),
            left=self._moved(place, place - 1),
            right=self._moved(place, place + 1),
        )

    def _moved(self, place: int, to: int) -> str:
        """Empty where there is no such place."""
        if not 0 <= to < len(self.plots):
            return ""
        plots = list(self.plots)
        plots.insert(to, plots.pop(place))
        return self.address(plots, short=self.is_short)


@require_safe
@gzip_page
def show(request: HttpRequest) -> HttpResponse:
    """`/shortlist/?plots=<zone>/<code>,…`; `only=differences` leaves out what is the same; without plots, how to get
    some here.
    """
    with reading(request) as it:
        chosen = choose(it.catalogue, request.GET.getlist("plots"))
        page = Page(request, it, chosen)
        sheets = [sheet_of(it, plot) for plot in chosen.plots]
        every = groups(sheets)
        context = {
            "chosen": chosen,
            "comparison": page,
            "columns": [page.column(sheet, place) for place, sheet in enumerate(sheets)],
            "groups": different(every) if page.is_short and len(sheets) > 1 else every,
            "differing": sum(row.differs for group in every for row in group.rows),
            "most": MOST,
            "examples": "" if sheets else ", ".join(row.code for row in find(it.catalogue, Terms(), 2, 0).rows),
            "today": date_format(localdate(), "DATE_FORMAT"),
            "page": "shortlist",
            "reading": it,
        }
        return render(request, "portal/shortlist/shortlist.html", context)
