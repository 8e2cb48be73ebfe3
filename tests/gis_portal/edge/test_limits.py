from io import BytesIO

import pytest

pytestmark = pytest.mark.urls("tests.gis_portal.urls")
LIMIT = 1000


class Untouchable(BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        raise AssertionError("A body that is refused by its length was read.")


@pytest.fixture(autouse=True)
def _limit(settings):
    settings.UPLOAD_MAX_BYTES = LIMIT


def post_chunked(client, path: str, body: bytes):
    """As gunicorn hands a chunked body on: no length, and an input that ends by itself."""
    extra = {"wsgi.input": BytesIO(body), "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    return client.generic("POST", path, b"", content_type="text/plain", **extra)


def test_a_body_at_the_limit_is_taken(client):
    assert client.post("/test/echo", b"x" * LIMIT, content_type="text/plain").content == b"x" * LIMIT


def test_a_declared_length_above_the_limit_is_refused_unread(client):
    extra = {"wsgi.input": Untouchable(), "CONTENT_LENGTH": str(50_000_000)}
    answer = client.generic("POST", "/test/echo", b"x", content_type="text/plain", **extra)
    assert answer.status_code == 413
    assert answer["Content-Type"] == "application/problem+json"
    assert "1000" in answer.json()["detail"]


def test_a_protocol_of_the_ogc_answers_with_an_exception_report(client):
    answer = client.post("/ows/test", b"x" * (LIMIT + 1), content_type="text/xml")
    assert answer.status_code == 413
    assert answer["Content-Type"] == "application/xml"
    assert b'<ows:Exception exceptionCode="OperationProcessingFailed">' in answer.content


def test_a_chunked_body_arrives(client):
    assert post_chunked(client, "/test/echo", b"y" * LIMIT).content == b"y" * LIMIT


def test_a_chunked_body_is_read_no_further_than_the_limit(client):
    body = BytesIO(b"y" * 10_000_000)
    extra = {"wsgi.input": body, "HTTP_TRANSFER_ENCODING": "chunked"}
    answer = client.generic("POST", "/test/echo", b"", content_type="text/plain", **extra)
    assert answer.status_code == 413
    assert body.tell() < 100_000


def test_a_length_that_is_no_number_is_refused(client):
    answer = client.generic("POST", "/test/echo", b"x", content_type="text/plain", CONTENT_LENGTH="many")
    assert answer.status_code == 400
