"""The published style documents, for MapLibre clients and QGIS: `/styles/{tileset}.json`."""

from __future__ import annotations

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from layers.access import reader_of
from layers.catalogue import catalogue_of
from layers.styles import TILESETS, document


@require_safe
@gzip_page
def style_document(request: HttpRequest, tileset: str) -> HttpResponse:
    """The MapLibre style document of one tileset, with the layers that the reader may see."""
    if tileset not in TILESETS:
        raise Http404(_("There is no tileset “%(name)s”.") % {"name": tileset})
    reader = reader_of(request.user)
    shown = [layer for layer in catalogue_of(reader) if TILESETS[tileset](layer)]
    source = {"type": "vector", "url": request.build_absolute_uri(f"/tiles/{tileset}.json")}
    body = json.dumps(document(tileset, shown, source), ensure_ascii=False, separators=(",", ":"))
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response["Cache-Control"] = "private, no-cache" if reader.token else "max-age=60"
    response["Access-Control-Allow-Origin"] = "*"
    return response
