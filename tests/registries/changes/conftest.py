"""The world of the workflow: everybody whose rights differ."""

from uuid import uuid4

import pytest

from registries.core.models import Role, User
from registries.land.models import Zone
from tests.conftest import person
from tests.registries.changes.world import World, granted, with_mail


@pytest.fixture
def world(zone: Zone, olena: User, boris: User, ada: User, stranger: User) -> World:
    superuser = person("supa")
    superuser.is_superuser = superuser.is_staff = True
    superuser.save()
    others = {
        "editor": person("nadia", Role.EDITOR),
        "zone editor": granted("zoya", Role.EDITOR, zone_id=zone.pk),
        "zone reviewer": granted("rada", Role.REVIEWER, zone_id=zone.pk),
        "reviewer elsewhere": granted("rumen", Role.REVIEWER, zone_id=uuid4()),
        "administrator elsewhere": granted("aneta", Role.ADMINISTRATOR, zone_id=uuid4()),
        "operator": granted("oleg", Role.OPERATOR, network_id=uuid4()),
        "viewer": person("vera", Role.VIEWER),
        "superuser": superuser,
        "stranger": stranger,
    }
    return World(zone, with_mail(olena, "olena@example.org"), boris, ada, others)


@pytest.fixture
def almighty(zone: Zone) -> User:
    """Every role there is, everywhere and in the zone, and a superuser besides."""
    user = person("almighty", Role.EDITOR, Role.REVIEWER, Role.ADMINISTRATOR)
    user.is_superuser = user.is_staff = True
    user.save()
    return user
