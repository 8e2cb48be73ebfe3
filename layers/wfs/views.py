"""The address of the service: a request comes in, an answer or an exception report goes out, none breaks off midway."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from layers import exports
from layers.catalogue import catalogue_at
from layers.moment import permitted
from layers.wfs.exceptions import NotParsed, OperationNotServed, report
from layers.wfs.kvp import GetFeature, GetFeatureById, parse
from layers.wfs.links import Links
from layers.wfs.operations import downloaded, perform
from registries.core.errors import RegistryError


@csrf_exempt  # Reads only: a forged POST changes nothing.
def wfs(request: HttpRequest) -> HttpResponseBase:
    """WFS 2.0 for whoever asks: GET, or POST of a form with the same pairs."""
    try:
        response = answer(request)
    except RegistryError as error:
        response = report(error)
    response["Access-Control-Allow-Origin"] = "*"
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


def answer(request: HttpRequest) -> HttpResponseBase:
    if request.method == "OPTIONS":
        return HttpResponse(headers={"Allow": "GET, HEAD, POST, OPTIONS"})
    given = tuple(pairs(request))
    links = Links.of(request.build_absolute_uri(request.path), given)
    asked = parse(given)
    when = None
    if isinstance(asked, GetFeature | GetFeatureById):
        when = permitted(request.user, asked.when, "at")
        asked = replace(asked, when=when)
    catalogue = catalogue_at(request.user, when)
    result = perform(asked, catalogue, links)
    if request.method == "HEAD":
        return HttpResponse(content_type=result.content_type)
    if (layer := downloaded(asked, catalogue)) is not None:
        exports.note(request.user, layer, catalogue.reader, result.content_type, given)
    return StreamingHttpResponse(result.body, content_type=result.content_type)


def pairs(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """The parameters in the order given, repeated ones repeated."""
    given: QueryDict = request.GET
    if request.method == "POST":
        given = form(request)
    elif request.method not in ("GET", "HEAD"):
        raise OperationNotServed(_("Only GET and POST are served."), locator="request")
    for name, values in given.lists():
        for value in values:
            yield name, value


def form(request: HttpRequest) -> QueryDict:
    """The posted pairs; the site's edge has refused a body that is too large."""
    if request.content_type != "application/x-www-form-urlencoded":
        raise NotParsed(
            _("Requests in XML are not served."), locator="request", hint=_("Use key-value pairs, by GET or as a form.")
        )
    try:
        return request.POST
    except (BadRequest, SuspiciousOperation):
        raise NotParsed(locator="request") from None
