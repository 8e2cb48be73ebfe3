"""The corner of `tests.flows.world`, published once for a module; each test turns back its own changes only.

Olena and Boris have published it, so tests that publish more take them from here, too.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from registries.changes import door
from registries.core.models import Role, User
from tests.conftest import person
from tests.flows import world

__all__ = ["boris", "corner", "olena", "published_corner"]


@pytest.fixture(scope="module")
def published_corner(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        world.asset_types()
        olena, boris = person("olena", Role.EDITOR), person("boris", Role.REVIEWER)
        change_set = door.propose(olena, [*world.land(), *world.networks()], title="made for a test")
        door.submit(olena, change_set)
        door.approve(boris, change_set, "For a test.")
        door.publish(boris, change_set)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def corner(published_corner: None, db: None) -> None:
    """The published corner, for one test."""


@pytest.fixture
def olena(corner: None) -> User:
    return User.objects.get(username="olena")


@pytest.fixture
def boris(corner: None) -> User:
    return User.objects.get(username="boris")
