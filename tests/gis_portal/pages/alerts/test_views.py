"""The pages of saved searches, as a visitor without an account or cookie meets them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from gis_portal.edge import tokens
from gis_portal.pages.alerts import asking
from registries.notices.models import Letter, SavedSearch
from tests.gis_portal.pages.alerts.conftest import EMAIL, ask

pytestmark = pytest.mark.django_db
NEW = "/alerts/new/?status=available&lang=en"


@pytest.fixture
def token(monkeypatch) -> str:
    """Of a form that was opened a minute ago."""
    with monkeypatch.context() as earlier:
        moment = timezone.now().timestamp() - 60
        earlier.setattr("django.core.signing.time.time", lambda: moment)
        return tokens.fresh()


@pytest.fixture
def visitor() -> Client:
    return Client(enforce_csrf_checks=True)


def fields(mark: str, **others: str) -> dict[str, str]:
    return {"email": EMAIL, "pace": "daily", "consent": "on", "token": mark, **others}


def path(name: str) -> str:
    return f"/alerts/{name}/{SavedSearch.objects.get().secret}/?lang=en"


def test_the_form_says_what_is_looked_for(client):
    text = client.get(NEW).content.decode()
    assert "available" in text
    assert 'action="' not in text.split("<form method")[1].split(">")[0]


def test_a_search_that_cannot_be_meant_is_refused_by_name(client):
    answer = client.get("/alerts/new/?area_min=x", headers={"Accept": "application/json"})
    assert (answer.status_code, "area_min" in answer.json()["locator"]) == (400, True)


def test_a_form_asks_without_a_cookie_and_leads_to_the_mailbox(visitor, token):
    answer = visitor.post(NEW, fields(token))
    assert (answer.status_code, answer["Location"]) == (302, "/alerts/asked/?lang=en")
    assert SavedSearch.objects.get().terms == "status=available"
    assert not answer.cookies


def test_the_answer_is_the_same_for_an_address_that_is_known(visitor, token, zone, confirmed):
    confirmed()
    unknown = visitor.post(NEW, fields(token, email="new@example.org"))
    known = visitor.post(NEW, fields(token))
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"email": "iva"}, "valid email"),
        ({"consent": ""}, "Without your consent"),
        ({"pace": "hourly"}, "not one of the available choices"),
        ({"token": "forged"}, "could not be recognised"),
    ],
    ids=["email", "consent", "pace", "token"],
)
def test_a_form_with_a_fault_comes_back_with_it_and_what_was_typed(visitor, token, change, words):
    answer = visitor.post(NEW, fields(token, **change))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert f'value="{change.get("email", EMAIL)}"' in answer.content.decode()
    assert not SavedSearch.objects.exists()


def test_a_corrected_form_can_be_sent_at_once(visitor, token):
    text = visitor.post(NEW, fields(token, email="iva")).content.decode()
    assert f'name="token" value="{token}"' in text


def test_a_program_that_sends_within_three_seconds_is_asked_once_more(visitor):
    answer = visitor.post(NEW, fields(tokens.fresh()))
    assert (answer.status_code, SavedSearch.objects.count()) == (422, 0)


def test_a_program_that_fills_in_the_unseen_field_is_thanked_and_nothing_is_kept(visitor, token):
    assert visitor.post(NEW, fields(token, website="x")).status_code == 302
    assert not SavedSearch.objects.exists()


def test_another_sites_page_cannot_ask(visitor, token):
    answer = visitor.post(NEW, fields(token), headers={"Origin": "https://evil.example"})
    assert (answer.status_code, SavedSearch.objects.count()) == (403, 0)


def test_one_visitor_may_ask_ten_times_an_hour(visitor, token):
    for number in range(10):
        visitor.post(NEW, fields(token, email=f"p{number}@example.org"))
    assert visitor.post(NEW, fields(token, email="p10@example.org")).status_code == 429
    assert SavedSearch.objects.count() == 10


def test_without_a_mail_server_the_page_leads_to_the_feed(client, settings):
    settings.SENDS_EMAIL = False
    text = client.get(NEW).content.decode()
    assert 'href="/offers.atom?status=available"' in text
    assert "<form method" not in text


def test_opening_the_letters_link_confirms_nothing(visitor, zone):
    ask()
    assert "Yes, write to me" in visitor.get(path("confirm")).content.decode()
    assert SavedSearch.objects.get().confirmed_at is None


def test_the_button_confirms(visitor, zone):
    ask()
    assert "You will hear of new plots" in visitor.post(path("confirm")).content.decode()
    assert SavedSearch.objects.get().confirmed_at is not None


def test_after_a_week_the_link_is_no_good(visitor, zone):
    ask()
    SavedSearch.objects.update(created_at=timezone.now() - timedelta(days=7, minutes=1))
    assert visitor.post(path("confirm")).status_code == 409
    assert SavedSearch.objects.get().confirmed_at is None


def test_a_confirmed_search_can_be_looked_at_for_ever(visitor, zone, confirmed):
    confirmed()
    SavedSearch.objects.update(created_at=timezone.now() - timedelta(days=100))
    assert visitor.get(path("confirm")).status_code == 200


def test_opening_the_link_to_end_ends_nothing(visitor, zone, confirmed):
    confirmed()
    assert "End these letters?" in visitor.get(path("end")).content.decode()
    assert SavedSearch.objects.get().ended_at is None


def test_a_mail_program_ends_it_by_itself(visitor, zone, confirmed):
    confirmed()
    answer = visitor.post(path("end"), {"List-Unsubscribe": "One-Click"}, headers={"Origin": "https://mail.example"})
    assert answer.status_code == 200
    assert SavedSearch.objects.get().ended_at is not None


def test_ending_again_changes_nothing(visitor, zone, confirmed):
    asking.end(confirmed())
    before = SavedSearch.objects.get().ended_at
    assert visitor.post(path("end")).status_code == 200
    assert SavedSearch.objects.get().ended_at == before


@pytest.mark.parametrize("name", ["confirm", "end"])
def test_a_secret_that_nobody_has_opens_nothing(visitor, name):
    assert visitor.get(f"/alerts/{name}/{'x' * 43}/").status_code == 404


@pytest.mark.parametrize("name", ["confirm", "end"])
def test_pages_with_a_secret_are_kept_by_nobody(visitor, zone, name):
    ask()
    assert "no-store" in visitor.get(path(name))["Cache-Control"]
    assert Letter.objects.count() == 1
