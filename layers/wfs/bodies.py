"""What a request brings, by whatever way: pairs in the address or a form, or XML in the body, compressed or not."""

from __future__ import annotations

import binascii
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, QueryDict, RawPostDataException
from django.utils.translation import gettext as _

from layers.wfs.exceptions import NotParsed, OperationNotServed, TooLarge
from layers.wfs.requests import GetFeature, Request

# Addresses longer than this are refused by proxies, and by our own server.
LONGEST_BODY = 3_000
FORM = "application/x-www-form-urlencoded"
Pairs = tuple[tuple[str, str], ...]


def pairs(request: HttpRequest) -> Pairs:
    """The parameters in the order given, repeated ones repeated."""
    if request.method not in ("GET", "HEAD", "POST"):
        raise OperationNotServed(_("Only GET and POST are served."), locator="request")
    given = tuple(_flat(request.GET))
    return (*given, *_flat(_form(request))) if request.content_type == FORM else given


def _flat(given: QueryDict) -> Iterator[tuple[str, str]]:
    for name, values in given.lists():
        for value in values:
            yield name, value


def _form(request: HttpRequest) -> QueryDict:
    whole(request)
    try:
        return request.POST
    except (BadRequest, SuspiciousOperation):
        raise NotParsed(locator="request") from None


def whole(request: HttpRequest) -> bytes:
    """The body; what is left of one that was broken off could be read as another request (RFC 9112, 8)."""
    try:
        body = request.body
    except (OSError, RawPostDataException, SuspiciousOperation):
        raise NotParsed(locator="request") from None
    if len(body) < int(request.META.get("CONTENT_LENGTH") or 0):
        raise NotParsed(_("The body of the request was broken off."), locator="request")
    return body


def has_document(request: HttpRequest) -> bool:
    """Whether the body is XML: whatever a client calls it, since it is no form."""
    return request.method == "POST" and request.content_type != FORM


def document(request: HttpRequest, most_bytes: int) -> bytes:
    """The body as it was before it was compressed; the site's edge has refused one that is too large."""
    encoding = request.headers.get("Content-Encoding", "").strip().lower()
    if encoding in ("", "identity"):
        return whole(request)
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise NotParsed(
            _("The encoding “%(name)s” is not read.") % {"name": encoding[:40]},
            locator="Content-Encoding",
            hint=_("Use gzip."),
        )
    return inflated(whole(request), most_bytes)


def inflated(data: bytes, most_bytes: int) -> bytes:
    """The content of a gzip or zlib stream; TooLarge once it grows beyond what is read, before it is all in memory."""
    # 32: the header says which of the two it is (zlib manual, inflateInit2).
    stream = zlib.decompressobj(zlib.MAX_WBITS | 32)
    try:
        content = stream.decompress(data, most_bytes + 1)
    except zlib.error:
        raise NotParsed(_("The compressed body cannot be read."), locator="Content-Encoding") from None
    if len(content) > most_bytes:
        raise TooLarge(locator="request")
    if not stream.eof:
        raise NotParsed(_("The compressed body ends too early."), locator="Content-Encoding")
    return content


def as_pairs(asked: Request, content: bytes) -> Pairs:
    """A posted request as parameters of an address, which links to its other pages are: the document goes along,
    packed. Empty where that would be too long, and for what has no pages.
    """
    if not isinstance(asked, GetFeature):
        return ()
    packed = urlsafe_b64encode(zlib.compress(content, 9)).decode().rstrip("=")
    if len(packed) > LONGEST_BODY:
        return ()
    return (("service", "WFS"), ("version", asked.version), ("request", "GetFeature"), ("body", packed))


def unpacked(text: str, most_bytes: int) -> bytes:
    """The document that `as_pairs` packed."""
    try:
        return inflated(urlsafe_b64decode(text + "=" * (-len(text) % 4)), most_bytes)
    except (binascii.Error, ValueError):
        raise NotParsed(locator="body") from None
