"""People who log in with a password, their authenticator apps, and browsers."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from gis_portal.people import factor
from registries.core.models import User

PASSWORD = "seven-parcels-by-the-river"


@pytest.fixture
def password(olena: User, boris: User, stranger: User) -> str:
    for person in (olena, boris, stranger):
        person.set_password(PASSWORD)
        person.email = f"{person.username}@example.org"
        person.save()
    return PASSWORD


@pytest.fixture
def strict(settings: Any) -> None:
    """As outside the demonstration: reviewers and administrators need a second factor."""
    settings.REQUIRE_SECOND_FACTOR = True


def code_of(device: TOTPDevice, ahead: int = 0) -> str:
    """What the app shows now, or `ahead` steps later: each code is good once."""
    device.refresh_from_db()
    return f"{totp(device.bin_key, t0=-ahead * device.step - device.drift * device.step):06d}"


def wrong_code(device: TOTPDevice) -> str:
    """Six digits that the app shows neither now nor near now."""
    near = {code_of(device, step) for step in range(-3, 4)}
    return next(f"{number:06d}" for number in range(1000) if f"{number:06d}" not in near)


def equip(person: User) -> tuple[TOTPDevice, list[str]]:
    """Give `person` a second factor; its recovery codes."""
    device = TOTPDevice.objects.create(user=person, name="TOTP", confirmed=True)
    return device, factor.new_codes(person)


def log_in(client: Client, name: str, password: str = PASSWORD, **rest: Any) -> Any:
    data = {"username": name, "password": password, "next": rest.pop("next", "")}
    return client.post("/accounts/login/", data, headers={"Accept-Language": "en"}, **rest)


def rest(person: User) -> None:
    """As if the pause after wrong codes had passed."""
    TOTPDevice.objects.filter(user=person).update(throttling_failure_count=0, throttling_failure_timestamp=None)


def is_known(client: Client) -> bool:
    """Whether the portal knows whose session it is, as its pages see it."""
    return client.get("/accounts/").status_code == 200
