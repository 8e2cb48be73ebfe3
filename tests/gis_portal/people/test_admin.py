from __future__ import annotations

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from gis_portal.people import factor, lockout, mail
from registries.core import tokens
from registries.core.models import AuditEntry, User
from tests.gis_portal.people.conftest import equip

PEOPLE = "/admin/core/user/"


@pytest.fixture
def desk(client, ada):
    User.objects.filter(pk=ada.pk).update(is_staff=True)
    client.force_login(ada)
    return client


def act(desk, action: str, *people: User):
    return desk.post(PEOPLE, {"action": action, "_selected_action": [one.pk for one in people]}, follow=True)


def lock(person: User) -> None:
    AccessAttempt.objects.create(
        username=person.username, ip_address="192.0.2.1", attempt_time=timezone.now(), failures_since_start=5
    )


def test_a_new_person_has_no_password_and_gets_a_link(desk):
    form = {"username": "vera", "first_name": "Вера", "last_name": "Илиева", "email": "vera@example.org"}
    assert desk.post(f"{PEOPLE}add/", form).status_code == 302
    vera = User.objects.get(username="vera")
    assert not vera.has_usable_password()
    assert ProcrastinateJob.objects.get(task_name__endswith="send_link").args["person_id"] == vera.pk


def test_nobody_types_the_password_of_another(desk, stranger):
    text = desk.get(f"{PEOPLE}{stranger.pk}/password/").text + desk.get(f"{PEOPLE}add/").text
    assert 'type="password"' not in text


def test_an_administrator_sends_a_link(desk, ada, stranger):
    User.objects.filter(pk=stranger.pk).update(email="stranger@example.org")
    answer = desk.post(f"{PEOPLE}{stranger.pk}/password/", {"password1": "x", "password2": "x"})
    assert "/accounts/password/set/" not in answer.text
    assert ProcrastinateJob.objects.filter(task_name__endswith="send_link").exists()
    assert AuditEntry.objects.get(action=mail.SENT).actor == ada


def test_without_e_mail_the_link_is_shown_once_and_noted(settings, desk, ada, stranger):
    settings.SENDS_EMAIL = False
    address = f"{PEOPLE}{stranger.pk}/password/"
    assert "/accounts/password/set/" not in desk.get(address).text
    assert "/accounts/password/set/" in desk.post(address).text
    assert AuditEntry.objects.get(action="show password link").actor == ada


def test_an_administrator_ends_a_lock(desk, ada, stranger):
    lock(stranger)
    assert lockout.locks_of(stranger)
    act(desk, "unlock", stranger)
    assert lockout.locks_of(stranger) is None
    assert AuditEntry.objects.get(action="unlock").actor == ada


def test_an_administrator_takes_a_lost_second_factor_away(desk, ada, boris):
    equip(boris)
    act(desk, "reset_second_factor", boris)
    assert factor.device_of(boris) is None
    assert AuditEntry.objects.get(action="remove second factor").actor == ada


def test_an_administrator_revokes_the_tokens_of_others(desk, olena):
    secret = tokens.issue(olena, "QGIS", "read", timedelta(days=1))
    act(desk, "revoke_tokens", olena)
    assert tokens.find(secret) is None


@pytest.mark.parametrize("action", ["unlock", "reset_second_factor", "revoke_tokens"])
def test_superusers_are_out_of_reach_of_others(desk, stranger, action):
    User.objects.filter(pk=stranger.pk).update(is_superuser=True)
    lock(stranger)
    equip(stranger)
    secret = tokens.issue(stranger, "x", "read", timedelta(days=1))
    act(desk, action, stranger)
    assert lockout.locks_of(stranger)
    assert factor.device_of(stranger)
    assert tokens.find(secret)


def test_the_page_of_a_person_tells_lock_and_second_factor(desk, boris):
    lock(boris)
    equip(boris)
    text = desk.get(f"{PEOPLE}{boris.pk}/change/?lang=en").text
    assert "10 recovery codes left" in text
    assert "until" in text


def test_the_page_of_a_person_offers_zones_by_name(desk, stranger, zone):
    assert f'<option value="{zone.pk}">' in desk.get(f"{PEOPLE}{stranger.pk}/change/").text
    assert zone.name in desk.get(f"{PEOPLE}{stranger.pk}/change/").text


@pytest.mark.parametrize("address", ["/admin/otp_totp/totpdevice/", "/admin/otp_static/staticdevice/", "/admin/axes/"])
def test_nobody_looks_at_keys_there(client, stranger, address):
    User.objects.filter(pk=stranger.pk).update(is_staff=True, is_superuser=True)
    client.force_login(User.objects.get(pk=stranger.pk))
    assert client.get(address).status_code == 404


def test_an_editor_manages_nobody(client, olena, stranger):
    User.objects.filter(pk=olena.pk).update(is_staff=True)
    client.force_login(olena)
    assert client.post(f"{PEOPLE}{stranger.pk}/password/").status_code == 403
