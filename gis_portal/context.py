"""What every page knows: whose portal it is, whether its content is invented, the same page in other languages."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from gis_portal import language
from gis_portal.language import PARAMETER
from gis_portal.pages.about.identity import arms_address, municipality
from gis_portal.pages.desk.rooms import Rooms, rooms_of


def portal(request: HttpRequest) -> dict[str, Any]:
    chosen = language.asked(request)
    return {
        "site_name": settings.SITE_NAME,
        "municipality": municipality(),
        "arms": arms_address(settings.COAT_OF_ARMS),
        "publisher_name": settings.PUBLISHER_NAME,
        "publisher_email": settings.PUBLISHER_EMAIL,
        "licence": settings.DATA_LICENCE,
        "synthetic_data": settings.SYNTHETIC_DATA,
        "languages": [(code, NAMES.get(code, code), _in_language(request, code)) for code in language.LANGUAGES],
        # A function, so that pages without the desk's doors ask nobody who they are.
        "rooms": partial(_rooms, request),
        # Appended to links, so that whoever chose a language keeps it.
        "keep_language": f"?{PARAMETER}={chosen}" if chosen else "",
    }


def _rooms(request: HttpRequest) -> Rooms:
    return rooms_of(request.user)


# A language is listed in its own name.
NAMES = {"bg": "Български", "en": "English"}


def _in_language(request: HttpRequest, code: str) -> str:
    query = request.GET.copy()
    query[PARAMETER] = code
    # A path that begins with two slashes would lead to another site.
    path = "/" + request.path.lstrip("/\\")
    return f"{path}?{query.urlencode(safe='/,')}"
