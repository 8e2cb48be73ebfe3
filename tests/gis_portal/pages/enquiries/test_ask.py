"""The form as it is sent: what arrives, what comes back, what is refused."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gis_portal.edge import tokens
from registries.dealings import throttle, uploads
from registries.dealings.models import Enquiry
from registries.notices.models import Letter
from tests.gis_portal.pages.enquiries.conftest import DAY, PDF, SAID, token

pytestmark = pytest.mark.django_db
NEW = "/enquiries/new/?lang=en"


def page(response) -> str:
    return response.content.decode()


def test_the_form_sets_no_cookie_and_is_kept_nowhere(client):
    response = client.get(NEW)
    assert response.status_code == 200
    assert not response.cookies
    assert "no-store" in response["Cache-Control"]


def test_an_enquiry_leads_to_its_own_page(send, client):
    response = send()
    enquiry = Enquiry.objects.get()
    assert response.status_code == 303
    assert response["Location"] == f"/enquiries/{enquiry.shown_number}/?said=sent&lang=en"
    assert "Your enquiry has arrived" in page(client.get(response["Location"]))
    assert not response.cookies


def test_it_keeps_the_language_and_the_address_of_the_portal(send):
    send()
    enquiry = Enquiry.objects.get()
    assert (enquiry.language, enquiry.origin) == ("en", "http://testserver")


def test_the_plots_of_the_address_are_asked_for(client, corner):
    told = page(client.get("/enquiries/new/", {"lang": "en", "plot": "east/П-1"}))
    assert "Ask for plot П-1" in told
    assert 'value="east/П-1" checked' in told


@pytest.mark.parametrize("code", ["П-1", "p1"], ids=["exact", "telephone"])
def test_a_plot_is_found_by_its_code_alone(client, corner, code):
    assert 'value="east/П-1" checked' in page(client.get("/enquiries/new/", {"lang": "en", "plot": code}))


def test_plots_zone_and_search_are_kept(send, corner):
    send(plot=["east/П-1", "east/П-2"], terms="area_min=5000&nonsense=1")
    enquiry = Enquiry.objects.get()
    assert enquiry.plot_names == ["П-1", "П-2"]
    assert all(one["id"] for one in enquiry.plots)
    assert len(enquiry.zone_ids) == 1
    assert enquiry.terms == "area_min=5000"


@pytest.mark.parametrize("plot", ["east/NOWHERE", "'; --", "a\x00b", "x" * 4000, "/", "<script>"])
def test_a_plot_that_there_is_not_is_said_and_asked_for_all_the_same(client, send, corner, plot):
    told = page(client.get("/enquiries/new/", {"lang": "en", "plot": plot}))
    assert "has no such plot" in told
    assert "<script>alert" not in told
    assert send(plot=plot).status_code == 303
    assert Enquiry.objects.get().plots[0]["id"] is None


def test_a_plot_that_is_not_on_offer_is_said(client, corner):
    assert "Not on offer at present" in page(client.get("/enquiries/new/", {"lang": "en", "plot": "П-3"}))


def test_five_plots_are_the_most(client):
    told = page(client.get("/enquiries/new/", {"lang": "en", "plot": [f"p{number}" for number in range(7)]}))
    assert told.count('name="plot"') == 5
    assert "the others were left out" in told


@pytest.mark.parametrize("terms", ["area_min=-1", "sort=%00", "bounds=nan,nan,nan,nan", "\x00", "x" * 4000])
def test_a_search_that_cannot_be_meant_keeps_nobody_away(send, terms):
    assert send(terms=terms).status_code == 303


def test_what_was_typed_comes_back_with_what_is_wrong(send):
    response = send(email="nobody", message="Остава <тук>", power="0,5", files=[("plan.pdf", PDF)])
    told = page(response)
    assert response.status_code == 422
    assert "Остава &lt;тук&gt;" in told
    assert 'value="0,5"' in told
    assert '<a href="#id_email">E-mail</a>' in told
    assert 'id="id_email_error"' in told
    assert "files have to be chosen again" in told
    assert not Enquiry.objects.exists()


def test_the_same_form_sent_twice_is_one_enquiry(send):
    mark = token()
    first, second = send(token=mark), send(token=mark, message="changed")
    assert second["Location"] == first["Location"].replace("said=sent", "said=again")
    assert Letter.objects.filter(kind="enquiry_receipt").count() == 1


def test_files_arrive(send):
    send(files=[("план.pdf", PDF), ("бележка.txt", "Здравейте".encode())])
    assert {one.name for one in Enquiry.objects.get().files.all()} == {"план.pdf", "бележка.txt"}


@pytest.mark.parametrize("files", [[("x.exe", b"MZ\x00")], [(f"{number}.pdf", PDF) for number in range(6)]])
def test_files_that_are_not_taken_are_said(send, files):
    response = send(files=files)
    assert response.status_code == 422
    assert 'id="id_files_error"' in page(response)


def test_a_form_that_lay_open_for_days_is_sent_again_with_a_fresh_mark(send):
    response = send(token=token(2 * DAY), message="kept")
    assert response.status_code == 400
    assert "kept" in page(response)
    again = re.search(r'name="token" value="([^"]+)"', page(response))
    assert again is not None
    assert tokens.is_ours(again[1])


@pytest.mark.parametrize("mark", ["", "x", "a:b:c", "\x00", "x" * 10_000])
def test_a_form_that_is_not_ours_makes_nothing(send, mark):
    assert send(token=mark).status_code == 400
    assert not Enquiry.objects.exists()


def test_haste_is_stopped_and_the_same_form_may_be_sent_again(send):
    mark = token(0)
    response = send(token=mark)
    assert response.status_code == 400
    assert mark in page(response)


def test_the_trap_for_programs_says_what_to_do(send):
    response = send(website="https://spam.example")
    assert response.status_code == 422
    assert "must stay empty" in page(response)


def test_too_many_enquiries_from_one_address_wait(send):
    for time in range(throttle.ENQUIRIES.most_an_hour):
        assert send(email=f"iva{time}@example.org").status_code == 303
    response = send(message="still here")
    assert response.status_code == 429
    assert "still here" in page(response)


def test_nobodys_mailbox_is_filled_with_confirmations(client, send):
    for time in range(throttle.RECIPIENTS.most_an_hour + 1):
        client.defaults["REMOTE_ADDR"] = f"192.0.2.{time}"
        response = send(email="Somebody@example.org" if time % 2 else "somebody@example.org")
    assert response.status_code == 429


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}],
)
def test_a_form_of_another_site_is_refused(send, headers):
    assert send(headers=headers).status_code == 403
    assert not Enquiry.objects.exists()


@pytest.mark.parametrize("headers", [{"Origin": "http://testserver"}, {"Sec-Fetch-Site": "none"}, {"X-Nothing": "1"}])
def test_browsers_that_say_less_are_heard(send, headers):
    assert send(headers=headers).status_code == 303


def test_too_large_a_body_is_answered_with_a_page(client, settings):
    settings.UPLOAD_MAX_BYTES = 1000
    response = client.post(NEW, {**SAID, "files": SimpleUploadedFile("a.pdf", PDF + b"x" * 2000)})
    assert response.status_code == 413
    assert "what you typed is still there" in page(response)


def test_the_page_names_the_limits(client):
    assert ", ".join(uploads.KINDS) in page(client.get(NEW))


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client, method):
    assert getattr(client, method)(NEW).status_code == 405
