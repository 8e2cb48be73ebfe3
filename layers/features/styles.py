"""The portal's styles by the addresses of OGC API – Styles (OGC 20-009, a draft): MapLibre documents."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from layers.features.asking import Asking
from layers.features.formats import JSON, MAPLIBRE
from layers.features.links import Link, address, both, link
from layers.features.parameters import RESOURCE, check
from layers.styles import TILESETS
from layers.styles_view import style_document
from registries.core.errors import NotFound

DEFAULT = "zone"


def titles() -> dict[str, str]:
    return {"zone": _("Everything"), "land": _("Land"), "networks": _("Networks")}


def listed(request: HttpRequest) -> dict[str, Any]:
    return {
        "title": _("Styles"),
        "default": DEFAULT,
        "styles": [
            {"id": id, "title": titles()[id], "links": of_style(request, id)} for id in (DEFAULT, *sorted(others()))
        ],
        "links": both(request, address(request, "styles")),
    }


def others() -> set[str]:
    return set(TILESETS) - {DEFAULT}


def of_style(request: HttpRequest, id: str) -> list[Link]:
    return [
        link("stylesheet", address(request, "style", id), MAPLIBRE, titles()[id]),
        link("describedby", address(request, "style-metadata", id), JSON, _("About this style")),
    ]


def described(request: HttpRequest, it: Asking, id: str) -> dict[str, Any]:
    """Which layers the style draws, and where it is (OGC 20-009, 7.5)."""
    known(id)
    drawn = [layer for layer in it.catalogue if TILESETS[id](layer)]
    sheet = link("stylesheet", address(request, "style", id), MAPLIBRE, _("Style document"))
    return {
        "id": id,
        "title": titles()[id],
        "scope": "style",
        "stylesheets": [{"title": "MapLibre", "version": "8", "native": True, "link": sheet}],
        "layers": [
            {
                "id": layer.key,
                "type": {"Point": "point", "LineString": "line", "MultiPolygon": "polygon"}[layer.geometry],
                "sampleData": link("data", address(request, "collection", layer.key), JSON, layer.title),
            }
            for layer in drawn
        ],
        "links": [*both(request, address(request, "style-metadata", id)), sheet],
    }


def known(id: str) -> None:
    if id not in TILESETS:
        raise NotFound(
            _("There is no style “%(name)s”.") % {"name": id[:80]},
            locator="styleId",
            hint=_("Use one of: %(names)s.") % {"names": ", ".join(TILESETS)},
        )


def document(request: HttpRequest, style: str) -> HttpResponseBase:
    """The style itself."""
    check(request.GET, RESOURCE)
    known(style)
    response = style_document(request, style)
    response["Content-Type"] = MAPLIBRE
    return response
