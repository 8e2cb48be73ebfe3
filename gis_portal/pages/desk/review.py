"""How an outside reviewer comes in: the link is exchanged for a cookie, so that its secret leaves the address bar."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from gis_portal.pages.desk.case import REVIEW_PATH, discreetly, remember
from registries.changes import door


@require_safe
@discreetly
def follow(request: HttpRequest, secret: str) -> HttpResponseBase:
    """A forged link is not found, an expired one says so; both before anything is remembered."""
    door.link_of(secret)
    response = redirect(REVIEW_PATH)
    remember(response, secret)
    return response
