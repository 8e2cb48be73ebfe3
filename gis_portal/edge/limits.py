"""Refuse a body that is too large before anything looks at it, in the form that the address speaks."""

from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from typing import IO

from django.conf import settings
from django.core.handlers.wsgi import LimitedStream, WSGIRequest
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from gunicorn.http.errors import ParseException

from gis_portal.edge import answers
from layers.wfs.exceptions import NotParsed, TooLarge, report

CHUNK_BYTES = 64 * 1024
# Most clients listen only after they have sent everything: a refused body is let pass up to here, kept nowhere.
LET_PASS_BYTES = 200_000_000
TRANSACTIONS = "/ows/wfs/edit"
# What gunicorn raises for chunks that end too early or tell no size.
BROKEN_OFF = (OSError, ParseException)


class BodyLimitMiddleware:
    """413 for a body above `UPLOAD_MAX_BYTES`, of transactions `TRANSACTION_MAX_BYTES` (RFC 9110, 15.5.14).

    Django takes a body without Content-Length for empty (WSGI tells no end of it), so a chunked one, which
    the server ends by itself (`wsgi.input_terminated`), is first read up to the limit.
    """

    def __init__(self, get_response: Callable[[WSGIRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: WSGIRequest) -> HttpResponseBase:
        is_transaction = request.path_info == TRANSACTIONS
        limit = settings.TRANSACTION_MAX_BYTES if is_transaction else settings.UPLOAD_MAX_BYTES
        chunked = "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower()
        try:
            length = _take(request, limit) if chunked else int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            return answers.problem(400, _("The header Content-Length is not a number."))
        except BROKEN_OFF:
            detail = _("The body of the request was broken off.")
            return report(NotParsed(detail)) if request.path_info.startswith("/ows/") else answers.problem(400, detail)
        if length > limit:
            _let_pass(request.META["wsgi.input"], length)
            return _too_large(request, limit)
        return self.get_response(request)


def _take(request: WSGIRequest, limit: int) -> int:
    """Give `request` its chunked body and length; a body beyond `limit` bytes stays where it is."""
    source, body = request.META["wsgi.input"], BytesIO()
    while body.tell() <= limit and (chunk := source.read(CHUNK_BYTES)):
        body.write(chunk)
    length = body.tell()
    if length > limit:
        return length + LET_PASS_BYTES
    body.seek(0)
    request.META["CONTENT_LENGTH"] = str(length)
    request._stream = LimitedStream(body, length)  # type: ignore[assignment]
    return length


def _let_pass(source: IO[bytes], length: int) -> None:
    left = min(length, LET_PASS_BYTES)
    with suppress(*BROKEN_OFF):
        while left > 0 and (chunk := source.read(min(CHUNK_BYTES, left))):
            left -= len(chunk)


def _too_large(request: WSGIRequest, limit: int) -> HttpResponse:
    detail = _("The body of the request is larger than %(limit)d bytes.") % {"limit": limit}
    if request.path_info.startswith("/ows/"):
        return report(TooLarge(detail))
    megabytes = max(1, limit // 1_000_000)
    hint = _("At most %(count)d MB can be sent at once. Go back: what you typed is still there. Choose smaller files.")
    return answers.answer(request, 413, detail, hint=hint % {"count": megabytes})
