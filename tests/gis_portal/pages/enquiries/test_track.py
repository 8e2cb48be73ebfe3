"""What the holder of a number sees and may do, and what everybody else does not learn."""

import pytest
from django.test import Client

from registries.dealings import casework, numbers, throttle
from registries.dealings.models import Enquiry, Reason, State
from tests.conftest import person

pytestmark = pytest.mark.django_db
OWN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def enquiry(send) -> Enquiry:
    send(message="When can we see it?", phone="+359 888 1", company="Plod Ltd", power="1200")
    return Enquiry.objects.get()


@pytest.fixture
def path(enquiry) -> str:
    return f"/enquiries/{enquiry.shown_number}/"


def page(client: Client, path: str) -> str:
    return client.get(path, {"lang": "en"}).content.decode()


def test_the_page_tells_the_state_the_day_and_what_was_told(client, path):
    told = page(client, path)
    assert 'data-enquiry-state="new"' in told
    assert "We answer by" in told
    assert "When can we see it?" in told
    assert "1,200 kVA" in told


def test_it_tells_less_of_the_person_than_was_typed(client, path):
    told = page(client, path)
    assert "i…@example.org" in told
    assert not [word for word in ("iva@example.org", "+359 888 1", "Iva Investor", "Plod Ltd") if word in told]


def test_it_is_found_by_no_search_and_told_to_no_other_site(client, path):
    response = client.get(path)
    assert "noindex" in response["X-Robots-Tag"]
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert not response.cookies


@pytest.mark.parametrize("write", [str.lower, lambda number: number.replace("-", "")])
def test_however_it_is_written_it_leads_to_one_address(client, enquiry, path, write):
    response = client.get(f"/enquiries/{write(enquiry.shown_number)}/")
    assert (response.status_code, response["Location"]) == (302, path)


def test_a_number_can_be_typed_in(client, enquiry, path):
    response = client.get("/enquiries/", {"number": f" {enquiry.shown_number.lower()} "})
    assert response["Location"] == path


def test_a_mistyped_number_is_told_from_an_unknown_one(client):
    wrong, unknown = client.get("/enquiries/ABC/?lang=en"), client.get(f"/enquiries/{numbers.fresh()}/?lang=en")
    assert (wrong.status_code, unknown.status_code) == (404, 404)
    assert "wrong or missing" in wrong.content.decode()
    assert "There is no enquiry with this number" in unknown.content.decode()


@pytest.mark.parametrize("typed", ["%00", "..%2f..", "%27;--", "x" * 3000, "١" * 16])
def test_forged_numbers_are_answered_with_a_page(client, typed):
    assert client.get(f"/enquiries/{typed}/").status_code == 404


def test_who_tries_many_numbers_has_to_wait(client, path):
    for _time in range(throttle.NUMBERS.most_an_hour):
        client.get(f"/enquiries/{numbers.fresh()}/")
    assert client.get(f"/enquiries/{numbers.fresh()}/").status_code == 429
    # The right ones, too: else trying on would tell which is right.
    assert client.get(path).status_code == 429


def test_what_staff_answered_stands_there_and_notes_do_not(client, enquiry, path, ada):
    casework.reply(ada, enquiry, "Come on Monday.")
    casework.note(ada, enquiry, "SECRET-NOTE")
    told = page(client, path)
    assert "Come on Monday." in told
    assert "SECRET-NOTE" not in told
    assert "We have answered" in told


def test_the_stations_lead_through_what_happened(client, enquiry, path, ada):
    casework.move(ada, enquiry, "offer")
    casework.close(ada, enquiry, Reason.CONTRACTED)
    told = page(client, path)
    assert "a contract was signed" in told
    # It was never answered by letter nor visited: these stations are left out.
    assert "Visit" not in told.split('class="way"')[1].split("</ol>")[0]


def test_a_message_arrives_once(client, enquiry, path):
    for _time in range(2):
        response = client.post(f"{path}message/", {"text": "One more thing"}, headers=OWN)
        assert response.status_code == 303
    assert enquiry.messages.get().text == "One more thing"


@pytest.mark.parametrize("text", ["", "x" * 5000])
def test_a_message_that_cannot_be_kept_comes_back(client, path, text):
    response = client.post(f"{path}message/?lang=en", {"text": text}, headers=OWN)
    assert response.status_code == 400
    assert text in response.content.decode()


def test_withdrawing_is_one_button(client, enquiry, path):
    client.post(f"{path}withdraw/", headers=OWN)
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.reason) == (State.CLOSED, Reason.WITHDRAWN)
    assert client.post(f"{path}withdraw/", headers=OWN).status_code == 409


def test_deleting_asks_first_and_then_does_it(client, enquiry, path):
    assert client.post(f"{path}delete/", headers=OWN).status_code == 400
    response = client.post(f"{path}delete/", {"sure": "1"}, headers=OWN)
    assert response["Location"] == "/enquiries/?said=deleted"
    assert client.get(path).status_code == 404
    enquiry.refresh_from_db()
    assert enquiry.anonymous_at is not None


@pytest.mark.parametrize("deed", ["message", "withdraw", "delete"])
def test_another_site_can_do_nothing(client, enquiry, path, deed):
    data = {"text": "x", "sure": "1"}
    assert client.post(f"{path}{deed}/", data, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.messages.count()) == (State.NEW, 0)


def test_a_superuser_without_a_role_answers_nobody(client, enquiry):
    supa = person("supa")
    supa.is_superuser = True
    supa.save()
    client.force_login(supa)
    assert client.get(f"/desk/enquiries/{enquiry.pk}/").status_code == 403
