"""WMS and WMTS as Django views: who asks, what they may see, whether they have it already; MapProxy does the rest."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, nullcontext
from threading import Lock
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from mapproxy.response import Response

from layers.access import reader_of
from layers.maps import dimension
from layers.maps.errors import MapRefusal, wmts_exception
from layers.maps.refused import refused
from layers.maps.requests import (
    JPEG,
    WMTS_VERSION,
    Parameters,
    check_get_map,
    check_get_tile,
    check_wmts_version,
    operation,
    parameters,
    wms_version,
)
from layers.maps.service import MapService, service_for
from layers.moment import seen

# ISO 639-2 as INSPIRE has it, beside the two letters.
LANGUAGES = {"bul": "bg", "bg": "bg", "eng": "en", "en": "en"}
# Feature information is not offered yet: MapProxy's templates tell of it in any case.
NOT_OFFERED = re.compile(
    r"\s*<GetFeatureInfo>.*?</GetFeatureInfo>|\s*<ows:Operation name=\"GetFeatureInfo\">.*?</ows:Operation>", re.S
)
# A picture of 4096 by 4096 pixels takes 400 MB while it is made: each process makes one at a time.
LARGE_PX = 2_000_000
LARGE = Lock()


@csrf_exempt
def wms(request: HttpRequest) -> HttpResponse:
    """Web Map Service 1.1.1 and 1.3.0 (OGC 01-068r3, 06-042)."""
    asked = parameters(request.GET.dict())
    version = wms_version(asked)
    try:
        with override(language_of(asked)):
            only_reading(request)
            if asked.get("service", "WMS").upper() != "WMS":
                raise MapRefusal(_("SERVICE must be WMS."), locator="service")
            return _wms_answer(request, asked, version)
    except MapRefusal as refusal:
        return refused(refusal, asked, version)


def _wms_answer(request: HttpRequest, asked: Parameters, version: str) -> HttpResponse:
    name = operation(asked, ("GetCapabilities", "GetMap"))
    query = {**asked, "service": "WMS", "request": name, "version": version}
    if name == "GetCapabilities":
        days = dimension.extent(request.user)
        service = service_for(reader_of(request.user))
        return answered(request, service, "wms", "/wms", query, days, lambda text: dimension.told(text, version, days))
    return _picture(request, query, version)


def _picture(request: HttpRequest, asked: dict[str, str], version: str) -> HttpResponse:
    when = dimension.asked(request.user, asked)
    with seen(when):
        service = service_for(reader_of(request.user), past=when is not None)
        check_get_map(asked, service, version)
        query = {**asked, "styles": "", "format": asked["format"].partition(";")[0].strip()}
        query.pop("time", None)
        if query["format"] == JPEG:
            # It has no transparency: what is not drawn would be black.
            query.pop("transparent", None)
        with turn(query):
            return answered(request, service, "wms", "/wms", query, str(when))


def turn(asked: Parameters) -> AbstractContextManager[object]:
    """Held while an answer is made: large pictures wait for each other."""
    is_large = int(asked.get("width", "0")) * int(asked.get("height", "0")) > LARGE_PX
    return LARGE if is_large else nullcontext()


@csrf_exempt
def wmts(request: HttpRequest) -> HttpResponse:
    """Web Map Tile Service 1.0.0 by key and value (OGC 07-057r7, clause 8)."""
    asked = parameters(request.GET.dict())
    try:
        with override(language_of(asked)):
            only_reading(request)
            if asked.get("service", "").upper() != "WMTS":
                missing = "MissingParameterValue" if not asked.get("service") else "InvalidParameterValue"
                raise MapRefusal(_("SERVICE must be WMTS."), missing, "service")
            name = operation(asked, ("GetCapabilities", "GetTile"))
            check_wmts_version(asked)
            service = service_for(reader_of(request.user))
            if name == "GetTile":
                check_get_tile(asked, service)
                asked = {**asked, "style": "default", "format": "image/png"}
            query = {**asked, "service": "WMTS", "request": name, "version": WMTS_VERSION}
            return answered(request, service, "ows", "/wmts", query)
    except MapRefusal as refusal:
        return wmts_exception(refusal)


@csrf_exempt
def wmts_capabilities(request: HttpRequest) -> HttpResponse:
    """The same service's description by address (OGC 07-057r7, clause 10)."""
    try:
        with override(language_of(parameters(request.GET.dict()))):
            only_reading(request)
            service = service_for(reader_of(request.user))
            return answered(request, service, "wmts", "/wmts/1.0.0/WMTSCapabilities.xml", {})
    except MapRefusal as refusal:
        return wmts_exception(refusal)


@csrf_exempt
def wmts_tile(request: HttpRequest, layer: str, matrix_set: str, matrix: str, column: str, row: str) -> HttpResponse:
    """One tile by address."""
    asked = {"layer": layer, "tilematrixset": matrix_set, "tilematrix": matrix, "tilecol": column, "tilerow": row}
    try:
        only_reading(request)
        service = service_for(reader_of(request.user))
        check_get_tile(asked, service)
        return answered(request, service, "wmts", f"/wmts/{layer}/{matrix_set}/{matrix}/{column}/{row}.png", {})
    except MapRefusal as refusal:
        return wmts_exception(refusal)


def only_reading(request: HttpRequest) -> None:
    if request.method not in ("GET", "HEAD"):
        raise MapRefusal(_("The map services are asked with GET."), "OperationNotSupported", status=405)


def language_of(asked: Parameters) -> str | None:
    """The language that LANGUAGE names (INSPIRE view services), else the request's own."""
    return LANGUAGES.get(asked.get("language", "").lower(), get_language())


def answered(
    request: HttpRequest,
    service: MapService,
    handler: str,
    path: str,
    query: dict[str, str],
    more: str = "",
    finish: Callable[[str], str] = str,
) -> HttpResponse:
    """MapProxy's answer, or 304 if the client has just that: the same question of one edition has one answer.

    `more` is what the answer depends on beside these, `finish` the last touch to a document.
    """
    # Empty, it means the default, but MapProxy looks for a colour in it.
    text = urlencode({name: value for name, value in query.items() if value or name != "bgcolor"})
    identity = f"{service.edition} {get_language()} {request.get_host()} {path}?{text} {more}"
    tag = f'"{hashlib.sha256(identity.encode()).hexdigest()[:20]}"'
    if tag in (known.strip() for known in request.headers.get("If-None-Match", "").split(",")):
        return labelled(HttpResponse(status=304), service, tag)
    found = service.answer(handler, environment(request, path, text))
    response = translated(found, finish)
    is_good = response.status_code == 200 and response.headers["Content-Type"] != "application/vnd.ogc.se_xml"
    return labelled(response, service, tag) if is_good else response


def environment(request: HttpRequest, path: str, query: str) -> dict[str, Any]:
    """A WSGI environment with nothing of the client's but address and question: MapProxy trusts forwarding headers."""
    host, _colon, port = request.get_host().partition(":")
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "/ows",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "HTTP_HOST": request.get_host(),
        "SERVER_NAME": host,
        "SERVER_PORT": port or ("443" if request.is_secure() else "80"),
        "wsgi.url_scheme": request.scheme,
    }


def translated(found: Response, finish: Callable[[str], str]) -> HttpResponse:
    body = found.response
    if isinstance(body, str):
        body = finish(NOT_OFFERED.sub("", body)).encode()
    elif not isinstance(body, bytes):
        with closing(body) as file:
            body = file.read()
    # MapProxy sends some refusals with 500, although they are the client's.
    status = 200 if b"<ServiceException" in body[:1000] else int(str(found.status).split()[0])
    # MapProxy's names of formats are texts of a kind of its own, which strict WSGI servers refuse.
    return HttpResponse(body, status=status, content_type=str(found.headers["Content-type"]))


def labelled(response: HttpResponse, service: MapService, tag: str) -> HttpResponse:
    response["ETag"] = tag
    # Asked again each time, answered with 304 until something is published.
    response["Cache-Control"] = "no-cache" if service.is_public else "private, no-cache"
    response["Access-Control-Allow-Origin"] = "*"
    patch_vary_headers(response, ["Cookie"])
    return response
