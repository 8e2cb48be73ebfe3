"""Forms that visitors without an account send. They have no cookie, so Django's guard against forgery has nothing to
stand on; and no rights that another site's page could abuse. What is left to check is where a form comes from.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from registries.core.errors import NotAllowed

# What a browser says of requests that this site's own pages, or the person, have made.
OWN_SITES = ("same-origin", "none")


def visitors_form(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let `view` take forms of this site's own pages from people without a cookie; its answers are kept nowhere."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.method == "POST" and not is_own(request):
            raise NotAllowed(
                _("This form was sent from another site."),
                hint=_("Open it on the portal's own page and send it there."),
            )
        response = view(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        return response

    return csrf_exempt(guarded)


def is_own(request: HttpRequest) -> bool:
    """By what browsers say themselves; the page's policy may hide `Origin`, never `Sec-Fetch-Site`. Programs that say
    neither act for nobody.
    """
    site = request.headers.get("Sec-Fetch-Site", "")
    origin = request.headers.get("Origin", "")
    if site:
        return site in OWN_SITES
    return not origin or origin == f"{request.scheme}://{request.get_host()}"
