from __future__ import annotations

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from registries.core.models import AuditEntry, User
from tests.gis_portal.people.conftest import PASSWORD, is_known, log_in


def test_name_and_password_open_the_portal(client, password):
    assert log_in(client, "olena").headers["location"] == "/accounts/"
    assert is_known(client)


def test_after_the_log_in_people_are_where_they_wanted_to_go(client, password):
    assert log_in(client, "olena", next="/desk/?state=draft").headers["location"] == "/desk/?state=draft"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:///evil.example",
        "\x00",
    ],
)
def test_a_log_in_leads_to_no_other_site(client, password, elsewhere):
    assert log_in(client, "olena", next=elsewhere).headers["location"] == "/accounts/"


@pytest.mark.parametrize("page", ["/accounts/", "/accounts/tokens/", "/accounts/password/", "/desk/"])
def test_pages_of_people_lead_to_the_log_in_and_back(client, db, page):
    assert client.get(page).headers["location"] == f"/accounts/login/?next={page}"


def refusal(client: Client, name: str, password: str) -> str:
    """The page of a refused log-in without what was typed and without its form's key."""
    answer = log_in(client, name, password)
    assert answer.status_code == 200
    return answer.context["form"].non_field_errors()[0]


def test_a_wrong_name_a_wrong_password_and_an_inactive_account_sound_the_same(client, password):
    User.objects.filter(username="stranger").update(is_active=False)
    words = {
        refusal(client, "nobody", PASSWORD),
        refusal(client, "olena", "wrong"),
        refusal(client, "stranger", PASSWORD),
    }
    assert len(words) == 1


class CountingHasher(MD5PasswordHasher):
    """Counts how often it was asked to work, which is what takes long with a safe one."""

    algorithm = "counting"
    worked = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).worked += 1
        return super().encode(password, salt)


def test_a_name_that_nobody_has_takes_as_much_work(settings, client, password, olena):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    olena.set_password(PASSWORD)
    olena.save()

    def work(name: str) -> int:
        before = CountingHasher.worked
        log_in(client, name, "wrong")
        return CountingHasher.worked - before

    assert work("olena") == work("nobody") > 0


def test_the_session_before_a_log_in_is_not_the_one_after_it(client, password):
    log_in(client, "stranger")
    before = client.cookies["sessionid"].value
    log_in(client, "olena")
    assert client.cookies["sessionid"].value != before
    thief = Client()
    thief.cookies["sessionid"] = before
    assert not is_known(thief)


def test_a_log_in_needs_the_form_of_this_site(password):
    assert log_in(Client(enforce_csrf_checks=True), "olena").status_code == 403


@pytest.mark.parametrize("address", ["/admin/login/", "/admin/login/?next=/admin/"])
def test_the_administration_has_no_log_in_of_its_own(client, password, address):
    answer = client.post(address, {"username": "olena", "password": PASSWORD})
    assert answer.status_code == 302
    assert answer.headers["location"].startswith("/accounts/login/")
    assert not is_known(client)


def test_a_password_does_not_open_rest(client, olena, password):
    olena.grants.update(role="administrator")
    address = "/api/history/land.plot/7d444840-9dc0-11d1-b245-5ffdce74fad2/"
    basic = "Basic b2xlbmE6c2V2ZW4tcGFyY2Vscy1ieS10aGUtcml2ZXI="
    assert client.get(address, headers={"Authorization": basic}).status_code == 401


def test_a_log_out_ends_the_session(client, password):
    log_in(client, "olena")
    client.post("/accounts/logout/")
    assert not is_known(client)


@pytest.mark.parametrize("address", ["/accounts/logout/", "/admin/logout/"])
def test_a_link_logs_nobody_out(client, password, address):
    log_in(client, "olena")
    assert client.get(address).status_code == 405
    assert is_known(client)


def test_the_button_of_the_administration_logs_out(client, password):
    log_in(client, "olena")
    client.post("/admin/logout/")
    assert not is_known(client)


def test_nobody_signs_up(client, db):
    assert client.get("/accounts/signup/").status_code == 404
    assert client.get("/accounts/register/").status_code == 404


def test_a_failure_is_in_the_audit_without_what_was_typed(client, olena, password):
    log_in(client, "olena", "a-wrong-password")
    log_in(client, "a-password-in-the-wrong-field", "x")
    entries = AuditEntry.objects.filter(action="fail to log in").order_by("pk")
    assert [entry.subject for entry in entries] == [f"core.user:{olena.pk}", "core.user:unknown"]
    assert "wrong" not in str(list(entries.values()))


def test_the_page_speaks_both_languages(client, db):
    assert "Log-in" in client.get("/accounts/login/?lang=en").text
    assert 'lang="bg"' in client.get("/accounts/login/?lang=bg").text


def test_the_page_allows_no_scripts_of_others_and_has_none_of_its_own(client, db):
    answer = client.get("/accounts/login/")
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert " style=" not in answer.text
    assert "onclick" not in answer.text


def test_a_name_with_a_nul_is_refused_in_words(client, db):
    assert log_in(client, "ol\x00ena").status_code == 200


def test_an_anonymous_visitor_costs_no_query_for_who_asks(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/accounts/login/").status_code == 200
