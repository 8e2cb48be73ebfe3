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


def language_of_address(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, after Django's own, which puts the language back and names it in the answer."""
    known = dict(settings.LANGUAGES)

    def middleware(request: HttpRequest) -> HttpResponse:
        wanted = request.GET.get(PARAMETER, "")
        if wanted in known:
            translation.activate(wanted)
            request.LANGUAGE_CODE = wanted
        return get_response(request)

    return middleware


def along(request: HttpRequest, address: str) -> str:
    """`address` in the language that the request's address asks for, if it does."""
    wanted = request.GET.get(PARAMETER, "")
    if wanted not in dict(settings.LANGUAGES):
        return address
    parts = urlsplit(address)
    query = f"{parts.query}&{PARAMETER}={wanted}" if parts.query else f"{PARAMETER}={wanted}"
    return urlunsplit(parts._replace(query=query))
