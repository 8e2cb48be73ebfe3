"""Vector tiles and the TileJSON that describes them, for whoever asks."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from layers import moment
from layers.access import Reader, reader_of
from layers.moment import When
from layers.tiles import editions
from layers.tiles.answers import Asked, answer
from layers.tiles.tilejson import document


def asked(request: HttpRequest) -> When | None:
    """The moment that the address names, if whoever asks may look into the past."""
    return moment.asked(getattr(request, "user", None), request.GET.get("at", ""))


def reader_in(request: HttpRequest, when: When | None) -> Reader | None:
    """None for whoever is not signed in, so that all of the public shares what is kept for it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    with moment.seen(when):
        return reader_of(user)


@require_safe
def tile(request: HttpRequest, **address: str) -> HttpResponse:
    tile = Asked(
        **address,
        if_none_match=request.headers.get("If-None-Match", ""),
        accept_encoding=request.headers.get("Accept-Encoding", ""),
        when=asked(request),
    )
    found = answer(tile, reader_in(request, tile.when))
    response = HttpResponse(found.body, status=found.status, headers=found.headers)
    if not found.body:
        del response["Content-Type"]
    return response


@require_safe
@gzip_page
def tilejson(request: HttpRequest, tileset: str) -> HttpResponse:
    when = asked(request)
    edition = editions.present(tileset, reader_in(request, when), when)
    # The template of TileJSON stands in braces, which `reverse` would escape.
    address = reverse("tiles:tile", args=[tileset, edition.revision, "z", "x", "y"]).removesuffix("z/x/y.mvt")
    end = f"?{urlencode({'at': when.text})}" if when else ""
    response = JsonResponse(document(edition, request.build_absolute_uri(address) + "{z}/{x}/{y}.mvt" + end))
    response["Cache-Control"] = "no-cache" if edition.is_public else "private, no-cache"
    response["Access-Control-Allow-Origin"] = "*"
    return response
