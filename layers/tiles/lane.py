"""The short way for public tiles: what a page needs (session, language, messages) costs as much as a small tile."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, get_resolver

from layers.tiles.views import tile
from registries.core.errors import RegistryError


class TileLane:
    """Answers a tile for whoever brings no session; all else, errors too, takes the long way and is told there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.addresses = get_resolver("layers.tiles.urls")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.short_way(request) or self.get_response(request)

    def short_way(self, request: HttpRequest) -> HttpResponseBase | None:
        if not request.path_info.startswith("/tiles/") or request.method != "GET" or is_somebody(request):
            return None
        try:
            match = self.addresses.resolve(request.path_info)
            if match.func is not tile:
                return None
            request.resolver_match = match
            return match.func(request, **match.kwargs)
        except (Resolver404, RegistryError):
            return None


def is_somebody(request: HttpRequest) -> bool:
    """Whether the request may be a signed-in person's: only then is anybody looked up."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES or "HTTP_AUTHORIZATION" in request.META
