"""Vector tiles and the TileJSON that describes them, for whoever asks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from layers.access import Reader, reader_of
from layers.tiles import answers, editions
from layers.tiles.tilejson import document


def reader_or_public(request: HttpRequest) -> Reader | None:
    """None for whoever is not signed in, so that all of the public shares what is kept for it."""
    user = getattr(request, "user", None)
    return reader_of(user) if user is not None and user.is_authenticated else None


@require_safe
def tile(request: HttpRequest, tileset: str, revision: str, z: str, x: str, y: str) -> HttpResponse:
    return answers.answer(request, tileset, revision, (z, x, y), reader_or_public(request))


@require_safe
def tilejson(request: HttpRequest, tileset: str) -> HttpResponse:
    edition = editions.present(tileset, reader_or_public(request))
    # The template of TileJSON stands in braces, which `reverse` would escape.
    address = reverse("tiles:tile", args=[tileset, edition.revision, "z", "x", "y"]).removesuffix("z/x/y.mvt")
    response = JsonResponse(document(edition, request.build_absolute_uri(address) + "{z}/{x}/{y}.mvt"))
    response["Cache-Control"] = "no-cache" if edition.is_public else "private, no-cache"
    response["Access-Control-Allow-Origin"] = "*"
    return response
