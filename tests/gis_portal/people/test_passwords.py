from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from gis_portal.people import mail
from registries.core.models import AuditEntry, User
from tests.gis_portal.people.conftest import PASSWORD, equip, is_known, log_in

FORGOTTEN, CHANGE = "/accounts/password/forgotten/", "/accounts/password/"
FRESH = "eleven-plots-behind-the-hill"
pytestmark = pytest.mark.usefixtures("password")


def asked(client: Client, email: str) -> tuple[str, list[dict[str, str]]]:
    """The page, and the arguments of the jobs, after somebody gave `email`."""
    text = client.post(FORGOTTEN, {"email": email}).text
    return re.sub(r' (value|nonce)="[^"]+"', "", text), list(ProcrastinateJob.objects.values_list("args", flat=True))


def link(person: User) -> str:
    return mail.link_of(person, "")


def choose(client: Client, address: str, password: str = FRESH):
    form = client.get(address, follow=True)
    place = form.redirect_chain[-1][0] if form.redirect_chain else address
    return client.post(place, {"new_password1": password, "new_password2": password})


def test_the_page_says_the_same_for_every_address(client):
    assert asked(client, "olena@example.org")[0] == asked(client, "nobody@example.org")[0]


def test_the_portal_does_the_same_for_every_address(client, django_assert_num_queries):
    for email in ("olena@example.org", "nobody@example.org"):
        with django_assert_num_queries(1):
            client.post(FORGOTTEN, {"email": email})
    assert ProcrastinateJob.objects.filter(task_name__endswith="send_links").count() == 2


def test_the_message_holds_a_link_that_sets_the_password(client, olena):
    asked(client, "Olena@Example.org")
    mail.send_links(**ProcrastinateJob.objects.get().args)
    message = outbox.outbox[0]
    assert message.to == ["olena@example.org"]
    address = re.search(r"http://testserver(/\S+)", message.body)[1]
    assert choose(client, address).status_code == 302
    assert log_in(client, "olena", FRESH).status_code == 302


def test_nobody_gets_a_message_for_an_address_that_nobody_has(db):
    mail.send_links("nobody@example.org", "http://x", "en")
    assert outbox.outbox == []


def test_an_inactive_person_gets_none(olena):
    User.objects.filter(pk=olena.pk).update(is_active=False)
    mail.send_links("olena@example.org", "http://x", "en")
    assert outbox.outbox == []


def test_a_mailbox_is_not_filled(olena):
    for _time in range(3):
        mail.send_links("olena@example.org", "http://x", "en")
    assert len(outbox.outbox) == 1


def test_addresses_that_only_look_alike_are_two(olena):
    User.objects.filter(pk=olena.pk).update(email="mıke@example.org")
    mail.send_links("mike@example.org", "http://x", "en")
    assert outbox.outbox == []


def test_the_message_speaks_the_language_of_the_page(olena):
    mail.send_links("olena@example.org", "http://x", "en")
    assert "Hello" in outbox.outbox[0].body


def test_a_link_works_once(client, olena):
    address = link(olena)
    choose(client, address)
    assert choose(Client(), address, "yet-another-long-password").status_code == 200
    assert log_in(client, "olena", "yet-another-long-password").status_code == 200


def test_an_old_link_does_not_work(settings, client, olena):
    address = link(olena)
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert not client.get(address).context["validlink"]


@pytest.mark.parametrize("forged", ["/accounts/password/set/MQ/set-password/", "/accounts/password/set/%00/x-y/"])
def test_a_forged_link_says_what_to_do(client, forged):
    answer = client.get(forged)
    assert answer.status_code == 200
    assert FORGOTTEN in answer.text


def test_a_link_does_not_stay_in_the_address(client, olena):
    assert client.get(link(olena)).headers["location"].endswith("/set-password/")


@pytest.mark.parametrize("weak", ["short", "password1234", "olena-olena", "1" * 11])
def test_weak_passwords_are_refused(client, olena, weak):
    assert choose(client, link(olena), weak).status_code == 200
    olena.refresh_from_db()
    assert olena.check_password(PASSWORD)


def test_a_link_does_not_go_round_the_second_factor(client, olena):
    equip(olena)
    choose(client, link(olena))
    assert not is_known(client)
    log_in(client, "olena", FRESH)
    assert not is_known(client)


def change(client: Client, old: str = PASSWORD, new: str = FRESH):
    return client.post(CHANGE, {"old_password": old, "new_password1": new, "new_password2": new})


def test_people_change_their_password_and_other_sessions_end(client, olena):
    other = Client()
    log_in(other, "olena")
    log_in(client, "olena")
    assert change(client).status_code == 302
    assert is_known(client)
    assert not is_known(other)
    assert AuditEntry.objects.filter(actor=olena, action="change password").exists()


def test_a_change_is_told_to_the_person(client, olena):
    log_in(client, "olena")
    change(client)
    job = ProcrastinateJob.objects.get(task_name__endswith="send_word")
    mail.send_word(**job.args)
    assert outbox.outbox[0].to == ["olena@example.org"]
    assert FRESH not in outbox.outbox[0].body


def test_a_stolen_session_is_no_way_to_try_passwords(client):
    log_in(client, "olena")
    for _time in range(5):
        change(client, old="wrong")
    assert change(client).status_code in (200, 429)
    assert log_in(Client(), "olena", FRESH).status_code == 429


def test_a_change_needs_the_form_of_this_site(olena):
    client = Client(enforce_csrf_checks=True)
    client.force_login(olena)
    assert change(client).status_code == 403


def test_without_e_mail_the_page_says_whom_to_ask(settings, client):
    settings.SENDS_EMAIL = False
    text, jobs = asked(client, "olena@example.org")
    assert "<form method" not in text.split("<main", 1)[1]
    assert jobs == []


def test_a_link_ends_with_a_log_in(client, olena):
    address = link(olena)
    User.objects.filter(pk=olena.pk).update(last_login=timezone.now() + timedelta(seconds=5))
    assert not client.get(address).context["validlink"]
