from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import transaction
from pytest_django import DjangoDbBlocker

from registries.changes import door
from registries.core.models import Role
from tests.conftest import person
from tests.layers.plots import market


@pytest.fixture(scope="module")
def published_market(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Published once for all tests of a module, each of which turns back its own changes only."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_catalogue", verbosity=0)
        olena, boris = person("olena", Role.EDITOR), person("boris", Role.REVIEWER)
        change_set = door.propose(olena, list(market.edits()), title="made for a test")
        door.submit(olena, change_set)
        door.approve(boris, change_set, "For a test.")
        door.publish(boris, change_set)
        yield
        transaction.set_rollback(True)
