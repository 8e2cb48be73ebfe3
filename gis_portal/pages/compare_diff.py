"""The map of what became different from one day to another, of all that the reader may see."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from gis_portal.pages import differences
from gis_portal.pages.answers import answers_json
from layers import moment
from layers.access import reader_of
from layers.differences.sides import Difference, between
from registries.core.errors import BadInput
from registries.core.records import registries


@require_safe
@answers_json
def about(request: HttpRequest) -> dict[str, Any]:
    days = urlencode({name: request.GET.get(name, "") for name in ("from", "to")})
    return differences.about(_asked(request), "/compare/diff", days)


@require_safe
@gzip_page
@answers_json
def things(request: HttpRequest) -> dict[str, Any]:
    return differences.things(request, _asked(request), named)


@require_safe
def tile(request: HttpRequest, **place: str) -> HttpResponse:
    return differences.drawn(request, _asked(request), place)


def named(text: str) -> str:
    """A thing as the address has it, `land.parcel/…`. Raises BadInput."""
    registry, slash, _object_id = text.partition("/")
    if not slash or registry not in registries() or len(text) > 120 or "\x00" in text:
        raise BadInput(_("This is not the name of a thing in the registry."), locator="item")
    return text


def _asked(request: HttpRequest) -> Difference:
    before, after = (_instant(request, name) for name in ("from", "to"))
    return between(before, after, reader_of(request.user))


def _instant(request: HttpRequest, name: str) -> datetime | None:
    when = moment.asked(request.user, request.GET.get(name, ""), name)
    return when.end if when else None
