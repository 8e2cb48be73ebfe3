"""Bodies that do not arrive as they were sent."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.test import RequestFactory

from layers.wfs import bodies
from layers.wfs.exceptions import NotParsed


def broken_off(content: bytes, kind: str) -> WSGIRequest:
    """Of which more was announced than came."""
    environ = {**RequestFactory().post("/ows/wfs/edit").environ, "CONTENT_TYPE": kind}
    return WSGIRequest({**environ, "wsgi.input": BytesIO(content), "CONTENT_LENGTH": str(len(content) + 9)})


def test_a_form_that_was_broken_off_is_refused():
    with pytest.raises(NotParsed):
        bodies.pairs(broken_off(b"request=Transaction&resourceId=a.1", bodies.FORM))


def test_a_document_that_was_broken_off_is_refused_though_it_could_be_read():
    with pytest.raises(NotParsed):
        bodies.document(broken_off(b"<Transaction/>", "text/xml"), 1000)


def test_a_document_in_a_form_that_was_read_already_is_refused():
    request = RequestFactory().post("/ows/wfs/edit", {"a": "b"})
    assert request.POST["a"] == "b"
    with pytest.raises(NotParsed):
        bodies.document(request, 1000)
