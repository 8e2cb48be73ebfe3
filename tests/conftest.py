"""The named world: Olena edits, Boris reviews, Ada administers, a stranger looks on, Iva invests without an account."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry, LineString, MultiPolygon, Point, Polygon
from django.db import connection, connections
from django.test.utils import override_settings

from registries.changes import door
from registries.changes.edits import Edit
from registries.changes.models import ChangeSet
from registries.core.errors import RuleViolations
from registries.core.kept import Kept
from registries.core.models import Role, RoleGrant, User
from registries.land.models import Zone
from registries.networks.models import AssetType, Network

SRID = 7801
# The south-west corner of the test zone, in the plane of EPSG:7801 at Targovishte.
EAST, NORTH = 587_000.0, 4_790_000.0
Publish = Callable[[Iterable[Edit]], ChangeSet]


def square(x: float, y: float, side: float = 100.0) -> MultiPolygon:
    """A square whose south-west corner is `x`, `y` metres from the zone's."""
    west, south = EAST + x, NORTH + y
    ring = [(west, south), (west + side, south), (west + side, south + side), (west, south + side), (west, south)]
    return MultiPolygon(Polygon(ring), srid=SRID)


def line(*places: tuple[float, ...]) -> LineString:
    """A line through places given in metres from the zone's corner; a third number is a height."""
    return LineString([(EAST + place[0], NORTH + place[1], *place[2:]) for place in places], srid=SRID)


def point(x: float, y: float) -> Point:
    return Point(EAST + x, NORTH + y, srid=SRID)


def person(name: str, *roles: str) -> User:
    # Without a password, because hashing one takes longer than most tests; clients sign in by `force_login`.
    user = User.objects.create_user(name)
    RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role) for role in roles)
    return user


@pytest.fixture(scope="session", autouse=True)
def plain_static_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Static files by their plain names from where they lie, whatever an earlier `collectstatic` left in `var/`; files
    of plots, such as the demonstration's, into a folder of their own.
    """
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    collected = tmp_path_factory.mktemp("static")
    media = tmp_path_factory.mktemp("media")
    storages = {**settings.STORAGES, "staticfiles": plain}
    with override_settings(STORAGES=storages, STATIC_ROOT=collected, MEDIA_ROOT=media):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """All tables are emptied after tests that commit, which the audit refuses; a database of its own tests that."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for table in ("core_auditentry", "core_auditlink"):
            cursor.execute(f"ALTER TABLE public.{table} DISABLE TRIGGER {table}_kept")


@pytest.fixture(scope="session")
def playwright(playwright: Any) -> Iterator[Any]:
    """With its event loop, Django keeps other connections for this thread, which nobody else would find to close."""
    yield playwright
    connections.close_all()


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Each test turns the database back, which no revision tells."""
    for table in Kept.every:
        table.forget()


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    """A safe hash takes a third of a second, and nearly every test makes people."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def olena(db: None) -> User:
    return person("olena", Role.EDITOR)


@pytest.fixture
def boris(db: None) -> User:
    return person("boris", Role.REVIEWER)


@pytest.fixture
def ada(db: None) -> User:
    return person("ada", Role.ADMINISTRATOR)


@pytest.fixture
def stranger(db: None) -> User:
    return person("stranger")


@pytest.fixture
def publish(olena: User, boris: User) -> Publish:
    """Olena proposes, Boris approves and publishes."""

    def through_the_door(edits: Iterable[Edit]) -> ChangeSet:
        change_set = door.propose(olena, edits, title="made for a test")
        door.submit(olena, change_set)
        # With words, so that what only warns does not stop a test about something else.
        door.approve(boris, change_set, "For a test.")
        return door.publish(boris, change_set)

    return through_the_door


@pytest.fixture
def zone(publish: Publish) -> Zone:
    """A published zone of one square kilometre."""
    edit = Edit.create("land.zone", {"code": "east", "name": "Индустриална зона Изток"}, square(0, 0, 1000))
    publish([edit])
    return Zone.objects.get(pk=edit.object_id)


@pytest.fixture
def asset_types(db: None) -> dict[str, AssetType]:
    """Two water types, whether or not the asset catalogue was loaded."""
    kinds = {"water_pipe": "link", "water_hydrant": "node"}
    return {
        key: AssetType.objects.get_or_create(
            key=key,
            defaults={"theme": "water", "geometry_kind": kind, "title_bg": key, "title_en": key},
        )[0]
        for key, kind in kinds.items()
    }


@pytest.fixture
def network(publish: Publish, zone: Zone, asset_types: dict[str, AssetType]) -> Network:
    """A published, public water network."""
    edit = Edit.create("networks.network", {"zone": zone.pk, "theme": "water", "name": "Водопровод", "visibility": 0})
    publish([edit])
    return Network.objects.get(pk=edit.object_id)


def parcel(reference: str, geom: GEOSGeometry, zone_id: UUID | None = None, **columns: object) -> Edit:
    return Edit.create("land.parcel", {"national_cadastral_reference": reference, "zone": zone_id, **columns}, geom)


def pipe(network: Network, geom: GEOSGeometry, **columns: object) -> Edit:
    return Edit.create("networks.link", {"network": network.pk, "asset_type": "water_pipe", **columns}, geom)


def hydrant(network: Network, geom: GEOSGeometry, **columns: object) -> Edit:
    return Edit.create("networks.node", {"network": network.pk, "asset_type": "water_hydrant", **columns}, geom)


def refused(olena: User, *edits: Edit) -> list[str]:
    """The codes of the rules that refuse a change set of `edits`."""
    change_set = door.propose(olena, edits, title="made for a test")
    try:
        door.submit(olena, change_set)
    except RuleViolations as violations:
        return [problem.code for problem in violations.problems]
    return []


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real files; tests that need it are skipped, saying so, where it is absent."""
    folder = Path(os.environ.get("REAL_DATA", Path(__file__).parent.parent.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"No real data at {folder}; set REAL_DATA to the folder.")
    return folder
