from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from joserfc.jwk import RSAKey

from registries.core.models import AuditEntry, User
from tests.gis_portal.people import provider as provider_module
from tests.gis_portal.people.conftest import code_of, equip, is_known
from tests.gis_portal.people.provider import CLIENT, SECRET, Provider

START, BACK = "/accounts/openid/", "/accounts/openid/callback/"
pytestmark = pytest.mark.usefixtures("password")


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    with provider_module.running() as running:
        settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = running.issuer, CLIENT, SECRET
        settings.OIDC_NAME = "the municipality"
        running.claims = {"email": "olena@example.org", "email_verified": True}
        yield running


def come(client: Client, provider: Provider, where: str = "") -> Any:
    address = client.post(START, {"next": where}).headers["location"]
    return client.get(provider.authorize(address), follow=True, headers={"Accept-Language": "en"})


def test_without_settings_there_is_no_button_and_no_address(client):
    assert START not in client.get("/accounts/login/").text
    assert client.post(START).status_code == 404
    assert client.get(BACK).status_code == 404


def test_the_log_in_names_the_provider(client, provider):
    assert "the municipality" in client.get("/accounts/login/").text


def test_a_person_comes_in_by_a_verified_e_mail(client, provider):
    come(client, provider)
    assert client.get("/accounts/").context["person"].username == "olena"


def test_the_person_is_where_the_log_in_was_to_lead(client, provider):
    assert come(client, provider, "/accounts/tokens/").request["PATH_INFO"] == "/accounts/tokens/"


def test_it_leads_to_no_other_site(client, provider):
    assert come(client, provider, "https://evil.example/").request["PATH_INFO"] == "/accounts/"


def refused(client: Client, provider: Provider) -> str:
    text = come(client, provider).text
    assert not is_known(client)
    return text


@pytest.mark.parametrize("verified", [False, None, "true", "yes", 1])
def test_an_e_mail_that_is_not_verified_links_to_nobody(client, provider, verified):
    provider.claims["email_verified"] = verified
    assert "verified" in refused(client, provider)


def test_whoever_has_no_account_is_told_whom_to_ask(client, provider):
    provider.claims["email"] = "nobody@example.org"
    assert "administrator" in refused(client, provider)
    assert not User.objects.filter(email="nobody@example.org").exists()


def test_a_setting_makes_accounts_without_any_role(settings, client, provider):
    settings.OIDC_CREATE_PEOPLE = True
    provider.claims |= {"email": "vera@example.org", "given_name": "Вера"}
    come(client, provider)
    vera = User.objects.get(email="vera@example.org")
    assert (vera.first_name, vera.is_staff, vera.grants.count()) == ("Вера", False, 0)
    assert not vera.has_usable_password()
    assert AuditEntry.objects.filter(action="create person", subject=f"core.user:{vera.pk}").exists()


def test_an_inactive_person_does_not_come_in(settings, client, provider, olena):
    settings.OIDC_CREATE_PEOPLE = True
    User.objects.filter(pk=olena.pk).update(is_active=False)
    refused(client, provider)
    assert User.objects.filter(email="olena@example.org").count() == 1


def test_an_e_mail_of_two_people_links_to_neither(client, provider, stranger):
    User.objects.filter(pk=stranger.pk).update(email="olena@example.org")
    refused(client, provider)


def test_an_e_mail_may_come_from_the_provider_s_second_page(client, provider):
    provider.userinfo = {"sub": "s-1", **provider.claims}
    provider.claims = {}
    come(client, provider)
    assert is_known(client)


def test_a_second_page_about_somebody_else_is_refused(client, provider):
    provider.userinfo = {"sub": "s-2", **provider.claims}
    provider.claims = {}
    refused(client, provider)


@pytest.mark.parametrize(
    "claims", [{"aud": "another"}, {"iss": "https://evil.example"}, {"nonce": "x"}, {"exp": 1000}, {"sub": None}]
)
def test_a_token_for_somebody_or_something_else_is_refused(client, provider, claims):
    provider.claims |= claims
    refused(client, provider)


def test_a_token_signed_by_another_is_refused(client, provider):
    provider.signs_with = RSAKey.generate_key(2048, {"kid": "one"})
    refused(client, provider)


def test_a_provider_under_another_name_is_refused(client, provider):
    provider.calls_itself = "https://evil.example"
    refused(client, provider)


def test_a_stranger_s_answer_logs_nobody_in(client, provider):
    victim = Client()
    address = client.post(START).headers["location"]
    victim.get(provider.authorize(address))
    assert not is_known(victim)


@pytest.mark.parametrize("query", ["", "?code=x", "?state=x", "?error=access_denied&state=x", "?code=%00&state=%00"])
def test_an_answer_that_nobody_asked_for_is_refused_in_words(client, provider, query):
    answer = client.get(BACK + query)
    assert answer.status_code == 302
    assert answer.headers["location"].startswith("/accounts/login/")


def test_an_answer_is_good_once(client, provider):
    back = provider.authorize(client.post(START).headers["location"])
    client.get(back)
    client.post("/accounts/logout/")
    client.get(back)
    assert not is_known(client)


def test_a_provider_that_is_away_is_told(settings, client):
    settings.OIDC_ISSUER = "http://127.0.0.1:9"
    assert "does not answer" in client.post(START, follow=True, headers={"Accept-Language": "en"}).text


def test_a_log_in_is_begun_by_a_form_of_this_site(provider):
    assert Client(enforce_csrf_checks=True).post(START).status_code == 403
    assert Client().get(START).status_code == 405


def test_the_second_factor_is_asked_all_the_same(settings, client, provider, olena):
    device, _codes = equip(olena)
    come(client, provider)
    assert not is_known(client)
    client.post("/accounts/second-factor/", {"code": code_of(device)})
    assert is_known(client)


def test_a_provider_that_asked_for_a_second_factor_is_believed(client, provider, olena):
    equip(olena)
    provider.claims["amr"] = ["pwd", "otp"]
    come(client, provider)
    assert is_known(client)


@pytest.mark.parametrize("methods", [["pwd"], "otp", [["otp"]], 5, {}])
def test_a_provider_that_asked_for_a_password_only_is_not(client, provider, olena, methods):
    equip(olena)
    provider.claims["amr"] = methods
    come(client, provider)
    assert not is_known(client)
