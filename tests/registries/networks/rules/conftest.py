"""What each test of a warning asks: a draft of some edits, and what one rule says of it."""

from collections.abc import Callable

import pytest

from registries.changes import checks, door
from registries.changes.edits import Edit
from registries.core.models import User
from registries.core.rules import Moment, Problem
from registries.networks.models import AssetType, Network
from tests.conftest import Publish

Told = Callable[..., list[Problem]]


@pytest.fixture
def told(olena: User) -> Told:
    """What the rule `code` says of a draft of `edits`."""

    def ask(code: str, *edits: Edit) -> list[Problem]:
        change_set = door.propose(olena, edits, title="x")
        return [one for one in checks.problems(change_set, Moment.SUBMIT) if one.code == code]

    return ask


@pytest.fixture
def sewer(publish: Publish, network: Network) -> Network:
    """A published sewer in the zone of the water network."""
    AssetType.objects.get_or_create(
        key="sewer_pipe", defaults={"theme": "sewer", "geometry_kind": "link", "title_bg": "x", "title_en": "x"}
    )
    AssetType.objects.get_or_create(
        key="sewer_manhole", defaults={"theme": "sewer", "geometry_kind": "node", "title_bg": "x", "title_en": "x"}
    )
    edit = Edit.create("networks.network", {"zone": network.zone_id, "theme": "sewer", "name": "Канализация"})
    publish([edit])
    return Network.objects.get(pk=edit.object_id)
