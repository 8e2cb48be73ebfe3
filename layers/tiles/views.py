"""Vector tiles and the TileJSON that describes them, for whoever asks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from layers.access import Reader, reader_of
from layers.tiles import editions
from layers.tiles.answers import Asked, answer
from layers.tiles.tilejson import document


def reader_or_public(request: HttpRequest) -> Reader | None:
    """None for whoever is not signed in, so that all of the public shares what is kept for it."""
    user = getattr(request, "user", None)
    return reader_of(user) if user is not None and user.is_authenticated else None


@require_safe
def tile(request: HttpRequest, **address: str) -> HttpResponse:
    asked = Asked(
        **address,
        if_none_match=request.headers.get("If-None-Match", ""),
        accept_encoding=request.headers.get("Accept-Encoding", ""),
    )
    found = answer(asked, reader_or_public(request))
    response = HttpResponse(found.body, status=found.status, headers=found.headers)
    if not found.body:
        del response["Content-Type"]
    return response


@require_safe
@gzip_page
def tilejson(request: HttpRequest, tileset: str) -> HttpResponse:
    edition = editions.present(tileset, reader_or_public(request))
    # The template of TileJSON stands in braces, which `reverse` would escape.
    address = reverse("tiles:tile", args=[tileset, edition.revision, "z", "x", "y"]).removesuffix("z/x/y.mvt")
    response = JsonResponse(document(edition, request.build_absolute_uri(address) + "{z}/{x}/{y}.mvt"))
    response["Cache-Control"] = "no-cache" if edition.is_public else "private, no-cache"
    response["Access-Control-Allow-Origin"] = "*"
    return response
