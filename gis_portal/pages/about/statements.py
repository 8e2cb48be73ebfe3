"""What a public body owes its visitors in writing: what is kept of them, and how far everybody can use the portal."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

# When the statement on accessibility was last compared with the pages.
ASSESSED = date(2026, 11, 21)


@require_safe
@gzip_page
def privacy(request: HttpRequest) -> HttpResponse:
    context = {
        "page": "privacy",
        "contact": settings.DATA_PROTECTION_CONTACT,
        "authority": settings.DATA_PROTECTION_BODY,
        "basemap_hosts": ", ".join(sorted({host_of(one.url) for one in settings.BASEMAPS})),
        "enquiry_months": settings.ENQUIRY_KEEP_MONTHS,
        "lock_minutes": settings.LOGIN_LOCK_MINUTES,
    }
    return render(request, "portal/about/privacy.html", context)


@require_safe
@gzip_page
def accessibility(request: HttpRequest) -> HttpResponse:
    context = {"page": "accessibility", "assessed": ASSESSED, "body": settings.ACCESSIBILITY_BODY}
    return render(request, "portal/about/accessibility.html", context)


def host_of(address: str) -> str:
    """Whom browsers ask for tiles; `{s}` stands for any subdomain."""
    return urlsplit(address.replace("{s}.", "")).hostname or ""
