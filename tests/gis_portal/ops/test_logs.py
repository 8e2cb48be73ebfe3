import json
import logging
import logging.config
from collections.abc import Callable, Iterator
from io import StringIO

import pytest
import structlog
from django.test import Client

from gis_portal.ops import logs

pytestmark = pytest.mark.urls("tests.gis_portal.urls")


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict]]]:
    """What production writes, each line read as JSON."""
    requests = logging.getLogger("portal.request")
    before = requests.level
    requests.setLevel(logging.INFO)
    formatter = logs.configuration(readable=False)["formatters"]["line"]
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter["()"](**{key: value for key, value in formatter.items() if key != "()"}))
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)
    requests.setLevel(before)


def test_a_request_is_one_line_under_the_id_that_its_answer_carries(client, lines):
    answer = client.get("/healthz")
    (line,) = lines()
    assert line["request_id"] == answer["X-Request-ID"]
    assert (line["event"], line["method"], line["path"], line["status"]) == ("request", "GET", "/healthz", 200)
    assert line["duration_ms"] >= 0


def test_the_demo_tells_only_of_requests_that_failed():
    levels = {
        readable: logs.configuration(readable=readable)["loggers"]["portal.request"]["level"]
        for readable in (True, False)
    }
    assert levels == {True: "WARNING", False: "INFO"}


def test_each_request_has_an_id_of_its_own(client):
    assert client.get("/healthz")["X-Request-ID"] != client.get("/healthz")["X-Request-ID"]


def test_an_id_from_outside_is_not_taken_over(client):
    assert client.get("/healthz", headers={"x-request-id": "forged"})["X-Request-ID"] != "forged"


def test_query_addresses_and_agents_of_people_are_not_logged(client, lines):
    client.get("/healthz?token=s3cret", REMOTE_ADDR="203.0.113.77", HTTP_USER_AGENT="Olena's phone")
    text = json.dumps(lines())
    assert not [private for private in ("s3cret", "203.0.113.77", "Olena") if private in text]


def test_a_defect_leaves_its_traceback_under_the_id_of_the_answer(lines):
    answer = Client(raise_request_exception=False).get("/test/broken")
    failures = [line for line in lines() if "exception" in line]
    assert [line["request_id"] for line in failures] == [answer["X-Request-ID"]]
    assert "ZeroDivisionError" in failures[0]["exception"]


def test_a_page_of_an_error_that_fails_itself_leaves_its_traceback(lines, settings):
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "tests.gis_portal.urls.NoStaticFiles"}}
    answer = Client(raise_request_exception=False).get("/no/such", headers={"accept": "text/html"})
    (failure,) = [line for line in lines() if "exception" in line]
    assert failure["request_id"] == answer["X-Request-ID"]
    assert "Missing staticfiles" in failure["exception"]


def test_lines_of_any_library_carry_the_id(lines):
    structlog.contextvars.bind_contextvars(request_id="abc")
    logging.getLogger("some.library").warning("Almost %s", "full")
    structlog.contextvars.clear_contextvars()
    (line,) = lines()
    assert (line["event"], line["request_id"], line["level"]) == ("Almost full", "abc", "warning")


def test_the_configuration_is_one_that_python_takes():
    before = logging.getLogger().handlers[:]
    try:
        logging.config.dictConfig({**logs.configuration(readable=True), "incremental": False})
    finally:
        logging.getLogger().handlers = before
