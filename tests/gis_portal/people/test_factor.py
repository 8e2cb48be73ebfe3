from __future__ import annotations

import pytest
from django.test import Client
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from gis_portal.people import factor
from registries.core.models import AuditEntry, RoleGrant, User
from tests.conftest import person
from tests.gis_portal.people.conftest import code_of, equip, is_known, log_in, rest, wrong_code

pytestmark = pytest.mark.usefixtures("password", "strict")
CHECK, SET_UP = "/accounts/second-factor/", "/accounts/second-factor/set-up/"


def send(client: Client, address: str, code: str, **rest: str):
    return client.post(address, {"code": code, **rest}, headers={"Accept-Language": "en"})


def test_the_password_of_a_reviewer_alone_opens_nothing(client, boris):
    answer = log_in(client, "boris", next="/desk/")
    assert answer.headers["location"] == f"{SET_UP}?next=%2Fdesk%2F"
    assert not is_known(client)


def test_an_editor_needs_no_second_factor(client):
    log_in(client, "olena")
    assert is_known(client)


def test_a_demonstration_does_without(settings, client):
    settings.REQUIRE_SECOND_FACTOR = False
    log_in(client, "boris")
    assert is_known(client)


def test_a_reviewer_of_one_zone_needs_it_too(client, olena, zone):
    RoleGrant.objects.create(user=olena, role="reviewer", zone_id=zone.pk)
    log_in(client, "olena")
    assert not is_known(client)


def test_a_superuser_without_a_role_needs_it_too(stranger):
    User.objects.filter(pk=stranger.pk).update(is_superuser=True)
    assert factor.must(User.objects.get(pk=stranger.pk))


def test_setting_it_up_opens_the_portal_and_tells_ten_codes_once(client, boris):
    log_in(client, "boris")
    client.get(SET_UP)
    device = TOTPDevice.objects.get(user=boris)
    answer = send(client, SET_UP, code_of(device), next="/desk/")
    assert len(answer.context["codes"]) == 10
    assert answer.context["next"] == "/desk/"
    assert "no-store" in answer.headers["cache-control"]
    assert is_known(client)
    again = client.get(SET_UP)
    assert again.status_code == 302


def test_a_wrong_code_sets_nothing_up(client, boris):
    log_in(client, "boris")
    client.get(SET_UP)
    device = TOTPDevice.objects.get(user=boris)
    answer = send(client, SET_UP, wrong_code(device))
    assert "not right" in answer.text
    assert factor.device_of(boris) is None
    assert not is_known(client)


def test_the_page_shows_the_key_as_picture_and_text(client):
    log_in(client, "boris")
    text = client.get(SET_UP).text
    assert 'src="data:image/svg+xml' in text
    assert "otpauth://totp/" in text
    assert 'class="key"' in text


def test_a_reload_shows_the_same_key(client):
    log_in(client, "boris")
    first, second = (client.get(SET_UP).context["key"] for _time in range(2))
    assert first == second


def test_with_it_a_log_in_asks_for_the_code(client, boris):
    device, _codes = equip(boris)
    assert log_in(client, "boris", next="/desk/").headers["location"] == f"{CHECK}?next=%2Fdesk%2F"
    assert not is_known(client)
    assert send(client, CHECK, code_of(device), next="/desk/").headers["location"] == "/desk/"
    assert is_known(client)


def test_whoever_set_it_up_freely_is_asked_too(client, olena):
    equip(olena)
    log_in(client, "olena")
    assert not is_known(client)


def test_a_code_is_good_once(client, boris):
    device, _codes = equip(boris)
    code = code_of(device)
    log_in(client, "boris")
    send(client, CHECK, code)
    thief = Client()
    log_in(thief, "boris")
    assert send(thief, CHECK, code).status_code == 200
    assert not is_known(thief)


def test_a_recovery_code_opens_once(client, boris):
    _device, codes = equip(boris)
    log_in(client, "boris")
    assert send(client, CHECK, f" {codes[3].upper()} ").status_code == 302
    other = Client()
    log_in(other, "boris")
    assert send(other, CHECK, codes[3]).status_code == 200
    assert factor.codes_left(boris) == 9


def test_recovery_codes_are_not_kept_as_they_are(boris):
    _device, codes = equip(boris)
    kept = set(StaticToken.objects.values_list("token", flat=True))
    assert not kept & {code.replace("-", "") for code in codes}


def test_five_wrong_codes_lock(client, boris):
    device, _codes = equip(boris)
    log_in(client, "boris")
    for _time in range(5):
        rest(boris)
        send(client, CHECK, wrong_code(device))
    rest(boris)
    answer = send(client, CHECK, code_of(device))
    assert "Too many failed attempts" in answer.text
    assert not is_known(client)


def test_logging_in_again_does_not_forget_the_wrong_codes(client, boris):
    device, _codes = equip(boris)
    for _round in range(2):
        log_in(client, "boris")
        for _time in range(3):
            rest(boris)
            send(client, CHECK, wrong_code(device))
    assert log_in(client, "boris").status_code == 429


def test_wrong_codes_from_many_addresses_are_slowed_down(client, boris):
    device, _codes = equip(boris)
    log_in(client, "boris")
    for number in range(3):
        client.post(CHECK, {"code": wrong_code(device)}, REMOTE_ADDR=f"192.0.2.{number}")
    send(client, CHECK, code_of(device))
    assert not is_known(client)


@pytest.mark.parametrize("address", ["/desk/", "/admin/", "/accounts/tokens/", "/accounts/password/"])
def test_pages_lead_whoever_owes_it_to_the_log_in(client, boris, address):
    User.objects.filter(pk=boris.pk).update(is_staff=True)
    client.force_login(boris)
    assert "login" in client.get(address).headers["location"]
    assert client.get("/accounts/login/").headers["location"].startswith(SET_UP)


def test_a_protocol_sees_a_stranger_until_it_is_proved(client, boris):
    client.force_login(boris)
    address = "/api/history/land.plot/7d444840-9dc0-11d1-b245-5ffdce74fad2/"
    assert client.get(address).status_code == 403
    device, _codes = equip(boris)
    send(client, CHECK, code_of(device))
    assert client.get(address).status_code == 200


def test_a_role_given_later_asks_at_once(client, olena):
    log_in(client, "olena")
    RoleGrant.objects.create(user=olena, role="reviewer")
    assert not is_known(client)


def test_a_second_factor_of_somebody_else_proves_nothing(client, boris, olena):
    device, _codes = equip(olena)
    equip(boris)
    log_in(client, "boris")
    send(client, CHECK, code_of(device))
    assert not is_known(client)


def test_whoever_changes_the_account_loses_the_proof(client, boris):
    device, _codes = equip(boris)
    log_in(client, "boris")
    send(client, CHECK, code_of(device))
    admin = person("root")
    factor.remove(admin, boris)
    assert not is_known(client)
    assert AuditEntry.objects.get(action="remove second factor").actor == admin


def test_the_proof_does_not_pass_on_to_the_next_person(client, boris, olena):
    device, _codes = equip(boris)
    log_in(client, "boris")
    send(client, CHECK, code_of(device))
    equip(olena)
    log_in(client, "olena")
    assert not is_known(client)


def test_the_session_has_a_new_key_once_it_is_proved(client, boris):
    device, _codes = equip(boris)
    log_in(client, "boris")
    before = client.cookies["sessionid"].value
    send(client, CHECK, code_of(device))
    assert client.cookies["sessionid"].value != before


def test_whoever_must_have_it_cannot_switch_it_off(client, boris):
    device, codes = equip(boris)
    log_in(client, "boris")
    send(client, CHECK, code_of(device))
    send(client, "/accounts/second-factor/off/", codes[0])
    assert factor.device_of(boris) == device


def test_others_switch_it_off_with_a_code_only(client, olena):
    device, codes = equip(olena)
    log_in(client, "olena")
    send(client, CHECK, codes[0])
    send(client, "/accounts/second-factor/off/", "000000")
    assert factor.device_of(olena) == device
    rest(olena)
    send(client, "/accounts/second-factor/off/", codes[1])
    assert factor.device_of(olena) is None
    assert is_known(client)


def test_new_recovery_codes_end_the_old_ones(client, olena):
    _device, codes = equip(olena)
    log_in(client, "olena")
    send(client, CHECK, codes[0])
    fresh = send(client, "/accounts/second-factor/codes/", codes[1]).context["codes"]
    assert not set(fresh) & set(codes)
    assert factor.verify(olena, codes[2]) is None
    assert factor.codes_left(olena) == 10


def test_no_page_shows_the_codes_again(client, olena):
    _device, codes = equip(olena)
    log_in(client, "olena")
    send(client, CHECK, codes[0])
    pages = [client.get(page).text for page in ("/accounts/", "/accounts/second-factor/codes/")]
    assert not any(code in page for code in codes for page in pages)


def test_its_pages_are_for_whoever_gave_the_password(client):
    assert "login" in client.get(SET_UP).headers["location"]
    assert "login" in client.get(CHECK).headers["location"]


def test_leading_on_stays_on_this_site(client, boris):
    device, _codes = equip(boris)
    log_in(client, "boris")
    assert send(client, CHECK, code_of(device), next="//evil.example/").headers["location"] == "/accounts/"


def test_whoever_owes_it_can_log_out(client):
    log_in(client, "boris")
    client.post("/accounts/logout/")
    assert "login" in client.get(SET_UP).headers["location"]
