"""What the map page lists and draws of a search: for the page itself, and for its script when a filter changes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from gis_portal.pages.plots.asking import Asked, asked
from gis_portal.pages.reading import Reading, reading
from layers.plots import drawn


@require_safe
@gzip_page
def results(request: HttpRequest) -> HttpResponse:
    """Filters and list as the page has them, and the data; 400 with what is right where something is wrong."""
    with reading(request) as it:
        search = asked(request, it, with_ids=True)
        context = {"asked": search, "reading": it, "on_map": True}
        answer = {
            **data(it, search),
            "filters": render_to_string("portal/plots/filters.html", context, request),
            "results": render_to_string("portal/plots/results.html", context, request),
        }
    response = JsonResponse(answer, status=search.status, json_dumps_params={"ensure_ascii": False})
    patch_cache_control(response, private=True, no_cache=True)
    return response


def data(it: Reading, search: Asked) -> dict[str, Any]:
    """What the script knows of a search; `only` is null where every plot matches."""
    found = search.found
    is_all = found.count == found.total
    return {
        "query": search.terms.query(),
        "count": found.count,
        "chosen": len(search.terms.active),
        "told": told(search),
        "show": show(found.count),
        "extent": found.extent,
        "only": None if is_all else drawn.only(it.catalogue, found.ids or ()),
        "shapes": drawn.outlines(it.catalogue, [row.id for row in found.rows]),
    }


def told(search: Asked) -> str:
    """For a screen reader, after each change."""
    if search.faults:
        return " ".join(search.faults.values())
    count = search.count
    if not count:
        return _("No plot matches.")
    return ngettext("%(count)s plot matches.", "%(count)s plots match.", count) % {"count": count}


def show(count: int) -> str:
    """On the button that leads from the filters to the list."""
    return ngettext("Show %(count)s plot", "Show %(count)s plots", count) % {"count": count}
