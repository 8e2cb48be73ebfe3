from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from registries.core import tokens
from registries.core.models import AccessToken, RoleGrant
from tests.gis_portal.people.conftest import equip

TOKENS = "/accounts/tokens/"


@pytest.fixture
def known(client, olena):
    client.force_login(olena)
    return client


def make(client: Client, **values: object):
    return client.post(TOKENS, {"name": "QGIS", "scope": "read", "days": "30", **values})


def test_the_account_tells_roles_by_the_names_of_zones(known, olena, zone):
    RoleGrant.objects.create(user=olena, role="viewer", zone_id=zone.pk)
    text = known.get("/accounts/").text
    assert zone.name in text
    assert str(zone.pk) not in text


def test_the_account_tells_the_network_of_an_operator(known, olena, network):
    RoleGrant.objects.create(user=olena, role="operator", network_id=network.pk)
    assert network.name in known.get("/accounts/").text


def test_whoever_has_no_role_hears_what_to_do(client, stranger):
    client.force_login(stranger)
    assert "administrator" in client.get("/accounts/?lang=en").text


def test_the_account_is_kept_by_no_cache(known):
    assert "no-store" in known.get("/accounts/").headers["cache-control"]


def test_a_new_token_is_shown_once_and_opens(known, olena):
    secret = make(known).context["secret"]
    assert tokens.find(secret).person == olena
    assert secret not in known.get(TOKENS).text


@pytest.mark.parametrize("wrong", [{"name": ""}, {"scope": "all"}, {"days": "0"}, {"days": "366"}, {"days": "x"}])
def test_a_wrong_form_makes_no_token(known, wrong):
    answer = make(known, **wrong)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not AccessToken.objects.exists()


def test_a_token_is_revoked_by_its_person_alone(known, olena, boris):
    own = tokens.issue(olena, "own", "read", timedelta(days=1))
    other = tokens.issue(boris, "other", "read", timedelta(days=1))
    for token in AccessToken.objects.all():
        known.post(f"{TOKENS}{token.pk}/revoke/")
    assert tokens.find(own) is None
    assert tokens.find(other)


def test_a_link_revokes_nothing(known, olena):
    tokens.issue(olena, "own", "read", timedelta(days=1))
    assert known.get(f"{TOKENS}{AccessToken.objects.get().pk}/revoke/").status_code == 405


def test_nobody_sees_the_tokens_of_others(known, boris):
    tokens.issue(boris, "the reviewer's own", "read", timedelta(days=1))
    assert "the reviewer" not in known.get(TOKENS).text


def test_a_token_needs_the_form_of_this_site(olena):
    client = Client(enforce_csrf_checks=True)
    client.force_login(olena)
    assert make(client).status_code == 403


def test_the_account_tells_how_many_recovery_codes_are_left(client, olena):
    device, _codes = equip(olena)
    client.force_login(olena)
    session = client.session
    session["second_factor"] = device.pk
    session.save()
    assert "10 recovery codes" in client.get("/accounts/?lang=en").text
