"""Iva asks, Iskra answers: an enquiry as the form hands it over, without a published world."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from registries.core.models import Role, RoleGrant, User
from registries.dealings import holder
from registries.dealings.models import Enquiry
from registries.dealings.uploads import Accepted
from tests.conftest import person

EAST, WEST = UUID(int=1), UUID(int=2)
PORTAL = "https://park.example"
Ask = Callable[..., Enquiry]


def told(**more: Any) -> dict[str, Any]:
    return {
        "activity": "cold store",
        "contact_name": "Iva Investor",
        "email": "iva@example.org",
        "message": "When can we see it?",
        "zone_ids": [EAST],
        **more,
    }


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def ask(db: None, media: Path, settings: Any) -> Ask:
    settings.ENQUIRY_EMAIL = "office@example.org"

    def asked(files: Sequence[Accepted] = (), token: UUID | None = None, **more: Any) -> Enquiry:
        enquiry, _is_new = holder.receive(token or uuid4(), told(**more), files, language="en", origin=PORTAL)
        return enquiry

    return asked


def adviser(name: str, *zones: UUID) -> User:
    user = person(name)
    user.email = f"{name}@example.org"
    user.save()
    for zone in zones:
        RoleGrant.objects.create(user=user, role=Role.ADVISER, zone_id=zone)
    return user


@pytest.fixture
def iskra(db: None) -> User:
    """Advises investors of the east zone."""
    return adviser("iskra", EAST)
