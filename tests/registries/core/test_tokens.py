from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from registries.core import tokens
from registries.core.errors import BadInput, NotAllowed
from registries.core.models import AccessToken, AuditEntry

DAY = timedelta(days=1)


@pytest.fixture
def secret(olena):
    return tokens.issue(olena, "QGIS", "read", DAY)


def test_a_secret_is_ascii_and_long(secret):
    assert tokens.FORM.fullmatch(secret)
    assert secret.isascii()
    assert len(secret) == 43


def test_a_secret_finds_its_person(secret, olena):
    assert tokens.find(secret).person == olena


def test_no_secret_is_kept(secret):
    kept = str(AccessToken.objects.values().get()) + str(list(AuditEntry.objects.values()))
    assert secret not in kept
    assert secret[9:] not in kept


@pytest.mark.parametrize(
    "wrong", ["", "gp_", "gp_" + "a" * 40, "gp_" + "é" * 40, "gp_" + "a" * 39 + "\n", "\x00" * 43, "x" * 100_000]
)
def test_anything_else_finds_nobody(secret, wrong):
    assert tokens.find(wrong) is None


def test_an_expired_token_opens_nothing(secret):
    AccessToken.objects.update(expires_at=timezone.now())
    assert tokens.find(secret) is None


def test_a_revoked_token_opens_nothing(secret, olena):
    tokens.revoke(olena, AccessToken.objects.get())
    assert tokens.find(secret) is None


def test_the_token_of_an_inactive_person_opens_nothing(secret, olena):
    olena.is_active = False
    olena.save()
    assert tokens.find(secret) is None


def test_nobody_revokes_the_token_of_another(secret, boris):
    with pytest.raises(NotAllowed):
        tokens.revoke(boris, AccessToken.objects.get())
    assert tokens.find(secret)


def test_revoking_twice_is_noted_once(secret, olena):
    for _time in range(2):
        tokens.revoke(olena, AccessToken.objects.get())
    assert AuditEntry.objects.filter(action="revoke token").count() == 1


def test_an_administrator_revokes_all(secret, olena, ada):
    tokens.issue(olena, "script", "edit", DAY)
    assert tokens.revoke_all(ada, olena) == 2
    assert tokens.find(secret) is None
    assert {entry.actor for entry in AuditEntry.objects.filter(action="revoke token")} == {ada}


def test_making_one_is_in_the_audit(secret, olena):
    entry = AuditEntry.objects.get(action="issue token")
    assert entry.actor == olena
    assert entry.details["scope"] == "read"


def test_use_is_noted_once_an_hour(secret, django_assert_num_queries):
    tokens.find(secret)
    first = AccessToken.objects.get().last_used_at
    assert first
    with django_assert_num_queries(1):
        tokens.find(secret)
    assert AccessToken.objects.get().last_used_at == first
    AccessToken.objects.update(last_used_at=first - timedelta(minutes=61))
    tokens.find(secret)
    assert AccessToken.objects.filter(last_used_at__gte=first).exists()


@pytest.mark.parametrize(
    "asked",
    [
        {"name": "  "},
        {"scope": "all"},
        {"valid_for": timedelta(0)},
        {"valid_for": timedelta(days=366)},
        {"valid_for": -DAY},
    ],
)
def test_a_token_is_named_limited_and_ending(olena, asked):
    with pytest.raises(BadInput):
        tokens.issue(olena, **{"name": "QGIS", "scope": "read", "valid_for": DAY, **asked})
    assert not AccessToken.objects.exists()


def test_only_a_token_for_editing_may_write(olena):
    reading, editing = (tokens.find(tokens.issue(olena, "x", scope, DAY)) for scope in ("read", "edit"))
    assert [tokens.may_write(one) for one in (None, reading, editing)] == [True, False, True]
