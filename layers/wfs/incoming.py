"""A request as it comes in, read step by step: pairs, or XML, or the link to another page of a posted request."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest

from layers.wfs import bodies, kvp, markup, versions, xml
from layers.wfs.parameters import Parameters, is_hits
from layers.wfs.requests import GetFeature, Request


class Incoming:
    """`version` is that of a report, as far as it is known by then; `given` are the parameters that links repeat."""

    def __init__(self, request: HttpRequest, *, is_edit: bool) -> None:
        self.request, self.is_edit = request, is_edit
        self.most_bytes = settings.TRANSACTION_MAX_BYTES if is_edit else settings.UPLOAD_MAX_BYTES
        self.version = versions.VERSIONS[0]
        self.given: bodies.Pairs = ()

    def read(self) -> Request:
        self.given = bodies.pairs(self.request)
        lower = {name.lower(): value for name, value in self.given}
        self.version = versions.told(lower.get("version", "").strip())
        if bodies.has_document(self.request):
            content = bodies.document(self.request, self.most_bytes)
            asked = self._document(content)
            self.given = bodies.as_pairs(asked, content)
            return asked
        if "body" in lower:
            return of_page(self._document(bodies.unpacked(lower["body"], self.most_bytes)), Parameters.of(self.given))
        return kvp.parse(self.given)

    def _document(self, content: bytes) -> Request:
        root = markup.parse(content)
        self.version = xml.version_told(root)
        return xml.parse(root)


def of_page(asked: Request, parameters: Parameters) -> Request:
    """The posted request for the page that a link to it names."""
    if not isinstance(asked, GetFeature):
        return asked
    count = parameters.number("count")
    return replace(
        asked,
        start_index=parameters.number("startIndex") or 0,
        count=asked.count if count is None else count,
        hits=asked.hits and is_hits(parameters.get("resultType") or "hits"),
        as_of=parameters.get("as_of"),
    )
