import pytest
from django.test import Client
from django.utils import translation

from gis_portal.edge import answers
from registries.core.errors import OUTCOMES

pytestmark = pytest.mark.urls("tests.gis_portal.urls")
BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def forgiving() -> Client:
    """Answers what a server would, instead of raising the view's exception in the test."""
    return Client(raise_request_exception=False)


def test_a_program_gets_problem_json_with_the_place_and_the_way_out(client):
    answer = client.get("/test/lost", headers={"accept-language": "en"})
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "about:blank",
        "title": "Not found",
        "status": 404,
        "detail": "There is no plot П-99.",
        "locator": "code",
        "hint": "Look at the list of plots.",
    }


def test_a_browser_gets_a_page(client):
    answer = client.get("/test/lost", headers=BROWSER)
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("text/html")
    assert "There is no plot П-99." in answer.text
    assert "Look at the list of plots." in answer.text


def test_the_answer_varies_with_what_the_client_accepts(client):
    assert "Accept" in client.get("/test/lost")["Vary"]


def test_what_is_away_says_when_to_come_back(client):
    answer = client.get("/test/away")
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")


def test_a_conflict_tells_base_published_and_proposed(client):
    answer = client.get("/test/contested")
    assert answer.status_code == 409
    (conflict,) = answer.json()["conflicts"]
    assert (conflict["base"], conflict["published"], conflict["proposed"]) == ("a", "b", "c")


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_defect_says_nothing_about_its_cause(forgiving, accept):
    answer = forgiving.get("/test/broken", headers={"accept": accept})
    assert answer.status_code == 500
    assert "4711" not in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_defect_tells_the_number_to_quote(forgiving, accept):
    answer = forgiving.get("/test/broken", headers={"accept": accept})
    assert answer["X-Request-ID"] in answer.text


def test_a_page_that_cannot_be_drawn_still_ends_as_a_page(forgiving, settings):
    # A missing static file, say, which every page but the last one needs.
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "tests.gis_portal.urls.NoStaticFiles"}}
    answer = forgiving.get("/no/such", headers=BROWSER)
    assert answer.status_code == 500
    assert answer["X-Request-ID"] in answer.text


def test_an_unknown_address_answers_in_the_form_asked_for(client):
    assert client.get("/no/such").json()["status"] == 404
    assert "<h1>" in client.get("/no/such", headers=BROWSER).text


def test_an_unreadable_request_is_told_without_repeating_it(forgiving):
    answer = forgiving.get("/test/lost", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "evil" not in answer.text


def test_every_meaning_has_a_status_that_tells_whose_fault_it_is():
    assert all(400 <= row.http_status < 500 or row.http_status == 503 for row in OUTCOMES.values())


def test_the_address_of_a_form_opened_as_a_page_leads_on(client):
    answer = client.get("/test/sent", headers={**BROWSER, "accept-language": "en"})
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "Not possible here" in answer.text


@pytest.mark.parametrize("status", [405, 410])
def test_each_status_that_the_portal_answers_with_has_a_name(status):
    with translation.override("en"):
        assert answers.title(status) != answers.title(500)
