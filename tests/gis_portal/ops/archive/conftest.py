"""A registry in a database of its own: what backup and restore do cannot be rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.utils import translation

from registries.changes import door
from registries.changes.edits import Edit
from registries.core.models import Role, User
from tests.conftest import person, square
from tests.own_database import own_database


@dataclass
class Registry:
    """The portal with the database `name` and the files in `media`; Olena edits and Boris publishes in it."""

    name: str
    media: Path
    olena: User
    boris: User

    def publish(self, *edits: Edit) -> None:
        change_set = door.propose(self.olena, edits, title="made for a test")
        door.submit(self.olena, change_set)
        door.approve(self.boris, change_set, "For a test.")
        door.publish(self.boris, change_set)


@pytest.fixture(scope="module")
def database(django_db_setup: None, django_db_blocker) -> Iterator[str]:
    with own_database("archive", django_db_blocker) as name:
        yield name


@pytest.fixture(scope="module")
def registry(database: str, tmp_path_factory) -> Registry:
    """Published zones, a draft, an audit entry, and a file."""
    media = tmp_path_factory.mktemp("media")
    (media / "plans").mkdir()
    (media / "plans" / "план.pdf").write_bytes(b"%PDF of a plan")
    found = Registry(database, media, person("olena", Role.EDITOR), person("boris", Role.REVIEWER))
    zone = Edit.create("land.zone", {"code": "east", "name": "Индустриална зона Изток"}, square(0, 0, 1000))
    found.publish(zone)
    found.publish(Edit.update("land.zone", zone.object_id, {"name": "Изток"}, base_version=1))
    west = Edit.create("land.zone", {"code": "west", "name": "Запад"}, square(5000, 0))
    door.propose(found.olena, [west], title="only a draft")
    return found


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def portal(registry: Registry, settings) -> Registry:
    settings.MEDIA_ROOT = registry.media
    return registry
