"""Up to five plots side by side at an address that can be passed on; the browser keeps which, the portal nothing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from gis_portal.pages.reading import reading
from gis_portal.pages.shortlist.references import MOST, choose


@require_safe
@gzip_page
def show(request: HttpRequest) -> HttpResponse:
    """`/shortlist/?plots=<zone>/<code>,…`; without plots, how to get some here."""
    with reading(request) as it:
        chosen = choose(it.catalogue, request.GET.getlist("plots"))
        context = {"chosen": chosen, "most": MOST, "page": "shortlist", "reading": it}
        return render(request, "portal/shortlist/shortlist.html", context)
