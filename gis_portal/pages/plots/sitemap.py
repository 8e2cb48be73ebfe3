"""What search engines may find: the map, the list and every plot, in each language, with the day of its last change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from xml.sax.saxutils import escape

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from gis_portal.language import LANGUAGES
from gis_portal.pages.plots import addresses
from registries.land.models import Offer, OfferState, Plot, PlotStatus

# sitemaps.org: more need an index of several.
MOST = 20_000
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
)


@require_safe
@gzip_page
@cache_control(public=True, max_age=3600)
def show(request: HttpRequest) -> HttpResponse:
    lines = [line for address, day in pages() for line in entries(request, address, day)]
    return HttpResponse(HEAD + "".join(lines) + "</urlset>\n", content_type="application/xml; charset=utf-8")


def pages() -> Iterator[tuple[str, date | None]]:
    """Addresses, as far as one language differs from another by `lang` alone, and when they changed."""
    yield "/", None
    yield reverse("plots"), None
    shared = set(
        Plot.objects.values("code").annotate(zones=Count("id")).filter(zones__gt=1).values_list("code", flat=True)
    )
    offered = dict(Offer.objects.filter(state=OfferState.PUBLISHED).values_list("plot_id", "begin_lifespan_version"))
    shown = Plot.objects.exclude(status=PlotStatus.WITHDRAWN).order_by("zone__code", "code", "pk")
    for id, code, zone, since in shown.values_list("pk", "code", "zone__code", "begin_lifespan_version")[:MOST]:
        latest = max(since, offered.get(id, since))
        yield addresses.path(code, zone if code in shared else ""), localdate(latest)


def entries(request: HttpRequest, address: str, day: date | None) -> Iterator[str]:
    whole = request.build_absolute_uri(address)
    sign = "&" if "?" in whole else "?"
    known = {language: f"{whole}{sign}lang={language}" for language in LANGUAGES}
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{language}" href="{escape(one)}"/>'
        for language, one in {**known, "x-default": whole}.items()
    )
    changed = f"<lastmod>{day.isoformat()}</lastmod>" if day else ""
    for one in known.values():
        yield f"<url><loc>{escape(one)}</loc>{changed}{links}</url>\n"
