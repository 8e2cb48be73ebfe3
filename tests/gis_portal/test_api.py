"""REST: the history of an object, for staff."""

import json
from uuid import uuid4

import pytest
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from django.test import Client

from registries.changes.edits import Edit
from registries.core.models import AuditEntry, Role, RoleGrant, User
from registries.land.models import Zone
from tests.conftest import Publish, parcel, square


@pytest.fixture
def address(publish: Publish, zone: Zone) -> str:
    """Of a parcel with two versions."""
    first = parcel("73626.501.1", square(0, 0), zone.pk, label="old")
    publish([first])
    publish([Edit.update("land.parcel", first.object_id, {"label": "new"}, square(0, 0, 50))])
    return f"/api/history/land.parcel/{first.object_id}/"


def test_staff_read_every_version_the_latest_first(client: Client, olena: User, address: str) -> None:
    client.force_login(olena)
    found = client.get(address).json()
    versions = [feature["properties"] for feature in found["features"]]
    assert [(one["version"], one["row"]["label"], one["published_by"]) for one in versions] == [
        (2, "new", "boris"),
        (1, "old", "boris"),
    ]


def test_the_shape_is_in_degrees(client: Client, olena: User, address: str) -> None:
    client.force_login(olena)
    shape = client.get(address).json()["features"][1]["geometry"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT ST_AsText(ST_Transform(ST_GeomFromEWKT(%s), 4326))", [square(0, 0).ewkt])
        [expected] = cursor.fetchone()
    assert GEOSGeometry(json.dumps(shape)).equals_exact(GEOSGeometry(expected, srid=4326), 1e-8)


def test_visitors_and_strangers_read_nothing(client: Client, stranger: User, address: str) -> None:
    assert client.get(address).status_code == 403
    client.force_login(stranger)
    assert client.get(address).status_code == 403


def test_an_editor_of_one_zone_does_not_read_all(client: Client, stranger: User, zone: Zone, address: str) -> None:
    RoleGrant.objects.create(user=stranger, role=Role.EDITOR, zone_id=zone.pk)
    client.force_login(stranger)
    assert client.get(address).status_code == 403


def test_nothing_is_written_here(client: Client, olena: User, address: str) -> None:
    client.force_login(olena)
    assert client.post(address, {}).status_code == 405


def test_what_never_was_has_no_versions(client: Client, olena: User) -> None:
    client.force_login(olena)
    assert client.get(f"/api/history/land.parcel/{uuid4()}/").json()["features"] == []
    assert client.get(f"/api/history/land.castle/{uuid4()}/").status_code == 404


def test_who_reads_the_history_with_the_names_in_it_is_noted(client: Client, olena: User, address: str) -> None:
    client.force_login(olena)
    client.get(address)
    client.get(address)
    entry = AuditEntry.objects.get(action="saw")
    assert (entry.actor, entry.details) == (olena, {"what": "published_by"})
    assert entry.subject == " ".join(address.split("/")[-3:-1])


def test_a_history_that_is_empty_or_refused_is_noted_of_nobody(
    client: Client, olena: User, stranger: User, address: str
) -> None:
    for who, path in ((stranger, address), (olena, f"/api/history/land.parcel/{uuid4()}/")):
        client.force_login(who)
        client.get(path)
    assert not AuditEntry.objects.filter(action="saw").exists()
