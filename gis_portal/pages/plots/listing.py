"""The list of plots with its filters: the map's equivalent for a screen reader, a printer, and a browser without
scripts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from gis_portal.pages.plots.asking import asked
from gis_portal.pages.reading import reading
from layers.catalogue import Catalogue, catalogue_at
from layers.moment import When, seen
from layers.moment import asked as moment_asked
from layers.plots.search import matching
from layers.plots.terms import Terms
from layers.query import Query, Sort, csv, snapshot


@require_safe
@gzip_page
def listing(request: HttpRequest) -> HttpResponse:
    with reading(request) as it:
        found = asked(request, it)
        # Whoever chooses another day keeps what they asked.
        it = replace(it, kept=[*it.kept, *found.terms.pairs()])
        context = {"asked": found, "page": "plots", "reading": it, "action": request.path}
        return render(request, "portal/plots.html", context, status=found.status)


@require_safe
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The list, or what of it matches, with all published columns under the names that they have in the services.

    It tells nothing of when it was made: that of a past day is the file that was made on that day, to the byte.
    """
    when = moment_asked(request.user, request.GET.get("at", ""))
    terms = Terms.read(request.GET)
    catalogue = catalogue_at(request.user, when)
    on = localdate(when.end if when else None)
    ids = None
    if not terms.is_empty:
        # Before the answer begins, so that terms which cannot be answered are refused as such.
        with seen(when):
            ids = matching(catalogue, terms, on=on)
    name = f"plots-{on.isoformat()}.csv"
    return StreamingHttpResponse(
        _csv(catalogue, when, ids) if request.method == "GET" else (),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-cache"},
    )


def _csv(catalogue: Catalogue, when: When | None, ids: Sequence[UUID] | None) -> Iterator[bytes]:
    layer = catalogue.get("plots")
    if layer is None:
        return
    by = tuple(Sort(column) for name in ("zone", "code") if (column := layer.column(name)))
    wanted = None if ids is None else tuple(ids)
    with snapshot(when), closing(csv(Query(layer=layer, reader=catalogue.reader, ids=wanted, sort=by))) as blocks:
        yield from blocks
