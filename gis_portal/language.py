"""Language by address: `?lang=en` wins over what the browser prefers, so that a link shows everybody the same.

No cookie is needed for that.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

PARAMETER = "lang"
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


def language_of_address(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, after Django's own, which puts the language back and names it in the answer."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if wanted := asked(request):
            translation.activate(wanted)
            request.LANGUAGE_CODE = wanted
        return get_response(request)

    return middleware


def asked(request: HttpRequest) -> str:
    """The language that the address asks for; empty for the browser's."""
    wanted = request.GET.get(PARAMETER, "")
    return wanted if wanted in LANGUAGES else ""


def along(request: HttpRequest, address: str) -> str:
    """`address` in the language that the request's address asks for, if it does."""
    wanted = asked(request)
    if not wanted:
        return address
    parts = urlsplit(address)
    query = f"{parts.query}&{PARAMETER}={wanted}" if parts.query else f"{PARAMETER}={wanted}"
    return urlunsplit(parts._replace(query=query))
