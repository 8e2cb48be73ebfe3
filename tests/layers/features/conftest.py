from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction

from registries.changes import door
from registries.changes.edits import Edit
from registries.core.models import Role, User
from registries.networks.models import AssetType, Network
from tests.conftest import Publish, person, square
from tests.layers.features.api import Api
from tests.layers.served import Served, build


@pytest.fixture
def served(network: Network, publish: Publish) -> Served:
    return build(network, publish)


@dataclass(frozen=True)
class World:
    served: Served
    olena: User


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The served world once for a module, which is marked `django_db`: each test is a savepoint within it."""
    with django_db_blocker.unblock(), transaction.atomic():
        olena, boris = person("olena", Role.EDITOR), person("boris", Role.REVIEWER)

        def publish(edits: Iterable[Edit]) -> None:
            change_set = door.propose(olena, edits, title="made for a test")
            door.submit(olena, change_set)
            door.approve(boris, change_set, "For a test.")
            door.publish(boris, change_set)

        for key, kind in (("water_pipe", "link"), ("water_hydrant", "node")):
            AssetType.objects.get_or_create(
                key=key, defaults={"theme": "water", "geometry_kind": kind, "title_bg": key, "title_en": key}
            )
        zone = Edit.create("land.zone", {"code": "east", "name": "Индустриална зона Изток"}, square(0, 0, 1000))
        columns = {"zone": zone.object_id, "theme": "water", "name": "Водопровод", "visibility": 0}
        network = Edit.create("networks.network", columns)
        publish([zone])
        publish([network])
        yield World(build(Network.objects.get(pk=network.object_id), publish), olena)
        transaction.set_rollback(True)


@pytest.fixture
def api(world: World, db: None) -> Api:
    """Olena with a token for editing."""
    return Api.of(world.olena)
