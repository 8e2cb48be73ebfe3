from io import BytesIO

import pytest
from gunicorn.http.errors import InvalidChunkSize, NoMoreData

pytestmark = pytest.mark.urls("tests.gis_portal.urls")
LIMIT = 1000


class Endless(BytesIO):
    """Zeros without end; `given` tells how many, `largest` how many at once."""

    given = largest = 0

    def read(self, size: int | None = -1, /) -> bytes:
        assert size is not None
        assert size > 0, "The whole body was asked for."
        self.given += size
        self.largest = max(self.largest, size)
        return bytes(size)


@pytest.fixture(autouse=True)
def _limit(settings):
    settings.UPLOAD_MAX_BYTES = LIMIT


def post_chunked(client, path: str, body: bytes):
    """As gunicorn hands a chunked body on: no length, and an input that ends by itself."""
    extra = {"wsgi.input": BytesIO(body), "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    return client.generic("POST", path, b"", content_type="text/plain", **extra)


def test_a_body_at_the_limit_is_taken(client):
    assert client.post("/test/echo", b"x" * LIMIT, content_type="text/plain").content == b"x" * LIMIT


def test_a_declared_length_above_the_limit_is_refused(client):
    body = Endless()
    extra = {"wsgi.input": body, "CONTENT_LENGTH": str(50_000_000)}
    answer = client.generic("POST", "/test/echo", b"x", content_type="text/plain", **extra)
    assert answer.status_code == 413
    assert answer["Content-Type"] == "application/problem+json"
    assert "1000" in answer.json()["detail"]


def test_a_refused_body_passes_in_small_pieces_so_that_its_sender_comes_to_listen(client):
    body = Endless()
    extra = {"wsgi.input": body, "CONTENT_LENGTH": str(50_000_000)}
    client.generic("POST", "/test/echo", b"x", content_type="text/plain", **extra)
    assert (body.given, body.largest) == (50_000_000, 65536)


def test_a_protocol_of_the_ogc_answers_with_an_exception_report(client):
    answer = client.post("/ows/test", b"x" * (LIMIT + 1), content_type="text/xml")
    assert answer.status_code == 413
    assert answer["Content-Type"].startswith("application/xml")
    assert b'<ows:Exception exceptionCode="OperationParsingFailed">' in answer.content


def test_a_transaction_may_be_larger(client, settings):
    settings.TRANSACTION_MAX_BYTES = 2 * LIMIT
    assert client.post("/ows/wfs/edit", b"x" * 2 * LIMIT, content_type="text/xml").status_code != 413
    assert client.post("/ows/wfs/edit", b"x" * (2 * LIMIT + 1), content_type="text/xml").status_code == 413


def test_a_chunked_body_arrives(client):
    assert post_chunked(client, "/test/echo", b"y" * LIMIT).content == b"y" * LIMIT


class BrokenOff(BytesIO):
    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def read(self, size: int | None = -1, /) -> bytes:
        raise self.error


@pytest.mark.parametrize("error", [NoMoreData(), InvalidChunkSize(b"ZZ")])
def test_chunks_that_are_broken_off_are_the_senders_fault(client, error: Exception):
    extra = {"wsgi.input": BrokenOff(error), "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    answer = client.generic("POST", "/test/echo", b"", content_type="text/plain", **extra)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    answer = client.generic("POST", "/ows/test", b"", content_type="text/plain", **extra)
    assert b'exceptionCode="OperationParsingFailed"' in answer.content


def test_a_chunked_body_above_the_limit_is_refused_and_not_read_for_ever(client):
    body = Endless()
    extra = {"wsgi.input": body, "HTTP_TRANSFER_ENCODING": "chunked"}
    answer = client.generic("POST", "/test/echo", b"", content_type="text/plain", **extra)
    assert answer.status_code == 413
    assert body.given < 300_000_000


def test_a_length_that_is_no_number_is_refused(client):
    answer = client.generic("POST", "/test/echo", b"x", content_type="text/plain", CONTENT_LENGTH="many")
    assert answer.status_code == 400
