"""The two addresses of the service: a request comes in, an answer or a report of what is wrong goes out, none breaks
off midway.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import DataError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from psycopg.errors import ProgramLimitExceeded, QueryCanceled

from layers import exports
from layers.wfs import registered
from layers.wfs.caller import Caller
from layers.wfs.exceptions import OptionNotServed, PersonNeeded, report
from layers.wfs.incoming import Incoming
from layers.wfs.language import language_of
from layers.wfs.links import Links
from layers.wfs.operations import Answer
from registries.core import tokens
from registries.core.errors import BadInput, RegistryError

METHODS = "GET, HEAD, POST, OPTIONS"


@csrf_exempt  # Reads only: a forged POST changes nothing.
def wfs(request: HttpRequest) -> HttpResponseBase:
    """WFS 1.0.0, 1.1.0 and 2.0.0 for whoever asks: what is published."""
    response = respond(request, is_edit=False)
    response["Access-Control-Allow-Origin"] = "*"
    return response


def wfs_edit(request: HttpRequest) -> HttpResponseBase:
    """The same for who edits: the layers that the person may edit, with the own draft, and transactions."""
    return respond(request, is_edit=True)


def respond(request: HttpRequest, *, is_edit: bool) -> HttpResponseBase:
    if request.method == "OPTIONS":
        return HttpResponse(headers={"Allow": METHODS})
    with override(language_of(request.GET.items()) or get_language()):
        incoming = Incoming(request, is_edit=is_edit)
        try:
            if is_edit and not request.user.is_authenticated:
                raise PersonNeeded
            response = answered(request, incoming)
        except RegistryError as error:
            response = report(error, incoming.version)
        response["Content-Language"] = get_language() or settings.LANGUAGE_CODE
    patch_vary_headers(response, ["Accept-Language", "Authorization", "Cookie"])
    return response


def answered(request: HttpRequest, incoming: Incoming) -> HttpResponseBase:
    asked = incoming.read()
    links = Links.of(request.build_absolute_uri(request.path), incoming.given)
    with judged():
        result = registered.perform(asked, Caller(request.user, links, incoming.is_edit, may_write(request)))
    headers = {"Content-Disposition": f'attachment; filename="{result.file_name}"'} if result.file_name else {}
    if incoming.is_edit or result.downloads:
        # QGIS answers itself from whatever it may keep, also what it should ask about first.
        headers["Cache-Control"] = "no-store"
    if request.method == "HEAD":
        return HttpResponse(content_type=result.content_type, headers=headers)
    if result.reader is not None:
        for layer in result.downloads:
            exports.note(request.user, layer, result.reader, result.content_type, incoming.given)
    return StreamingHttpResponse(Begun(result), content_type=result.content_type, headers=headers)


def may_write(request: HttpRequest) -> bool:
    """A link changes nothing in the name of who follows it: without a token a form of ours is needed.

    A browser sends the token too, once somebody has typed it in. Only browsers say where a link stood (Fetch
    Metadata).
    """
    token = getattr(request, "access_token", None)
    if token is None or "Sec-Fetch-Site" in request.headers:
        return request.method == "POST" and tokens.may_write(token)
    return request.method in ("POST", "GET") and tokens.may_write(token)


@contextmanager
def judged() -> Iterator[None]:
    """What fails in the database because of a request's values is the request's fault, and told so."""
    try:
        yield
    except OperationalError as error:
        if not isinstance(error.__cause__, QueryCanceled | ProgramLimitExceeded):
            raise
        raise OptionNotServed(
            _("The answer takes too long to be found."), locator="filter", hint=_("Ask for less at once.")
        ) from None
    except (DataError, InternalError) as error:
        raise BadInput(
            _("The values of the request do not fit the data: %(reason)s") % {"reason": str(error).splitlines()[0]},
            locator="filter",
        ) from None


class Begun:
    """A body whose first block has been made: what fails in the database fails before anything is sent."""

    def __init__(self, answer: Answer) -> None:
        self._blocks = answer.body
        with judged():
            self._first: bytes | None = next(self._blocks, b"")

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if self._first is not None:
            first, self._first = self._first, None
            return first
        return next(self._blocks)

    def close(self) -> None:
        close = getattr(self._blocks, "close", None)
        if close:
            close()
