"""What browsers keep for the time without a network: the worker that keeps it, and the page for what was not kept."""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from gis_portal.language import LANGUAGES

SOURCE = Path(__file__).parents[2] / "static" / "portal" / "offline" / "worker.js"
# What stands under these is somebody's own, or is data in more forms than a browser could keep.
CLOSED = ["/desk/", "/accounts/", "/admin/", "/enquiries/", "/alerts/", "/ows/", "/ogc/", "/api/", "/history/"]
FILES = ["portal.css", "favicon.svg", "offline/register.js", "offline/kept.js"]


@require_safe
@gzip_page
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. It stands at the root because its place is as far as it reaches."""
    page = reverse("offline")
    told = {
        "pages": {code: f"{page}?lang={code}" for code in LANGUAGES},
        "files": [static(f"portal/{name}") for name in FILES],
        "static": settings.STATIC_URL,
        "closed": CLOSED,
    }
    source = _source()
    # Another text is another worker to browsers: they take it as soon as any file that it keeps has changed.
    version = sha256((json.dumps(told) + source).encode()).hexdigest()[:12]
    text = f"self.PORTAL = {json.dumps({**told, 'version': version})};\n{source}"
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@cache
def _source() -> str:
    # Browsers ask for the worker with each page, to learn whether there is a newer one.
    return SOURCE.read_text()


@require_safe
@gzip_page
def page(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/about/offline.html")
