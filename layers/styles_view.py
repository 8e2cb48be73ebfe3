"""The published style documents, for MapLibre clients and QGIS: `/styles/{tileset}.json`."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from layers import moment
from layers.catalogue import catalogue_at
from layers.styles import TILESETS, document


@require_safe
@gzip_page
def style_document(request: HttpRequest, tileset: str) -> HttpResponse:
    """The MapLibre style document of one tileset, with the layers that the reader may see."""
    if tileset not in TILESETS:
        raise Http404(_("There is no tileset “%(name)s”.") % {"name": tileset})
    when = moment.asked(request.user, request.GET.get("at", ""))
    catalogue = catalogue_at(request.user, when)
    shown = [layer for layer in catalogue if TILESETS[tileset](layer)]
    end = f"?{urlencode({'at': when.text})}" if when else ""
    source = {"type": "vector", "url": request.build_absolute_uri(f"/tiles/{tileset}.json{end}")}
    body = json.dumps(document(tileset, shown, source), ensure_ascii=False, separators=(",", ":"))
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response["Cache-Control"] = "private, no-cache" if when or catalogue.reader.token else "max-age=60"
    response["Access-Control-Allow-Origin"] = "*"
    return response
