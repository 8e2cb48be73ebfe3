"""Whose portal it is, for browsers: the coat of arms as a picture, and the manifest of the site."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

TYPES = {".svg": "image/svg+xml", ".png": "image/png"}
PAPER, GROUND = "#ffffff", "#f3f5f6"


def municipality() -> str:
    """The municipality's name in the reader's language."""
    return settings.MUNICIPALITY_NAME if get_language() == "bg" else settings.MUNICIPALITY_NAME_EN


@lru_cache
def arms_address(file: str) -> str:
    """Where the coat of arms is served, by its content so that browsers may keep it; empty without one."""
    if not file:
        return ""
    return f"{reverse('coat-of-arms')}?v={sha256(Path(file).read_bytes()).hexdigest()[:12]}"


@require_safe
def arms(request: HttpRequest) -> HttpResponse:
    if not settings.COAT_OF_ARMS:
        raise Http404
    file = Path(settings.COAT_OF_ARMS)
    response = HttpResponse(file.read_bytes(), content_type=TYPES[file.suffix.lower()])
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    # Opened by its address an SVG is a document, which may hold scripts.
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
    return response


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """What a phone shows of the site once it stands on its home screen."""
    name = " – ".join(filter(None, [settings.SITE_NAME, municipality()]))
    content = {
        "name": name,
        "short_name": settings.SITE_NAME,
        "lang": get_language(),
        "start_url": f"/?lang={get_language()}",
        "id": "/",
        "scope": "/",
        "display": "minimal-ui",
        "background_color": GROUND,
        "theme_color": PAPER,
        "icons": icons(),
    }
    response = JsonResponse(
        content, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False}
    )
    response["Cache-Control"] = "public, max-age=3600"
    patch_vary_headers(response, ["Accept-Language"])
    return response


def icons() -> list[dict[str, str]]:
    own = settings.COAT_OF_ARMS
    if own:
        return [{"src": arms_address(own), "sizes": "any", "type": TYPES[Path(own).suffix.lower()]}]
    return [
        {"src": static("portal/favicon.svg"), "sizes": "any", "type": TYPES[".svg"]},
        {"src": static("portal/icon-512.png"), "sizes": "512x512", "type": TYPES[".png"]},
    ]
