"""The background maps to choose from, and whether one answers. A browser is sent to one only if this server reached it
just now: a machine without Internet then shows a plain ground, and no visitor sees a broken request.
"""

from __future__ import annotations

import logging
import threading
import time
from http.client import HTTPException
from typing import Any
from urllib.request import Request, urlopen

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from gis_portal.pages.answers import answers_json, number

TRUSTED_FOR_S = 600
PATIENCE_S = 3
log = logging.getLogger(__name__)
_lock = threading.Lock()
_known: dict[str, tuple[bool, float]] = {}


def choices() -> list[dict[str, Any]]:
    """As scripts and the page's list of them take them; `key` stands for one in addresses."""
    return [
        {
            "key": key,
            "name": one.title(get_language()),
            "url": one.url,
            "attribution": one.attribution,
            "maxZoom": one.max_zoom,
        }
        for key, one in enumerate(settings.BASEMAPS, start=1)
    ]


@require_GET
@answers_json
def status(request: HttpRequest) -> dict[str, Any]:
    if not settings.BASEMAPS:
        return {"available": False}
    key = int(number(request.GET, "key", 1, len(settings.BASEMAPS)))
    return {"available": available(settings.BASEMAPS[key - 1].url)}


def available(url: str) -> bool:
    """Asked once in ten minutes by each process; whoever comes while it is being asked hears what was known before."""
    known, at = _known.get(url, (False, -TRUSTED_FOR_S))
    if time.monotonic() - at < TRUSTED_FOR_S:
        return known
    if not _lock.acquire(blocking=False):
        return known
    try:
        _known[url] = (_answers(url), time.monotonic())
    finally:
        _lock.release()
    return _known[url][0]


def _answers(url: str) -> bool:
    """One tile, the whole world, which every server has."""
    address = url.replace("{s}", "a").replace("{z}", "0").replace("{x}", "0").replace("{y}", "0").replace("{r}", "")
    try:
        # The settings admit http and https only.
        with urlopen(Request(address, headers={"User-Agent": "gis-portal"}), timeout=PATIENCE_S) as answer:  # noqa: S310
            return str(answer.headers.get_content_type()).startswith("image/")
    except (OSError, HTTPException) as problem:
        log.info("The base map does not answer: %s", problem)
        return False
