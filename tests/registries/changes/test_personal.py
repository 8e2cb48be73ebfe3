"""Who opens a change set that names people is noted in the audit."""

from __future__ import annotations

from datetime import timedelta

import pytest

from registries.changes import door
from registries.changes.edits import Edit
from registries.changes.models import ChangeSet
from registries.core.models import AuditEntry, User
from registries.land.models import Zone
from tests.conftest import Publish, square

DAY = timedelta(days=1)


@pytest.fixture
def plain(olena: User, zone: Zone) -> ChangeSet:
    return door.propose(olena, [Edit.update("land.zone", zone.pk, {"name": "Запад"})], title="made for a test")


@pytest.fixture
def naming(olena: User, zone: Zone, publish: Publish) -> ChangeSet:
    plot = Edit.create("land.plot", {"zone": zone.pk, "code": "П-1"}, square(0, 0))
    publish([plot])
    columns = {"plot": plot.object_id, "rrr_class": "right", "kind": "ownership", "party": "Мария Иванова"}
    return door.propose(olena, [Edit.create("land.rightrestriction", columns)], title="made for a test")


def noted() -> list[tuple[str, str, str]]:
    found = AuditEntry.objects.filter(action="saw").order_by("pk")
    return [(entry.actor.username, entry.subject, entry.details["what"]) for entry in found]


def test_a_change_set_that_names_a_party_notes_who_opens_it(naming, boris):
    door.saw(boris, naming)
    door.saw(boris, naming)
    assert noted() == [("boris", f"change_set {naming.pk}", "party")]


def test_a_change_set_that_names_nobody_notes_nobody(plain, boris):
    door.saw(boris, plain)
    assert noted() == []


def test_the_address_of_an_outside_reviewer_is_personal(plain, olena, boris, ada):
    door.submit(olena, plain)
    door.name_reviewer(ada, plain, "Външен експерт", "expert@example.org", DAY)
    door.saw(boris, plain)
    assert noted() == [("boris", f"change_set {plain.pk}", "review_link.reviewer.email")]


def test_the_outside_reviewer_sees_parties_but_not_the_addresses_of_others(naming, olena, ada):
    door.submit(olena, naming)
    link = door.link_of(door.name_reviewer(ada, naming, "Външен експерт", "expert@example.org", DAY))
    door.saw(link.reviewer, naming)
    assert noted() == [(link.reviewer.username, f"change_set {naming.pk}", "party")]


def test_one_item_opened_by_its_address_is_noted_like_the_whole(naming, boris, client):
    client.force_login(boris)
    assert "Мария Иванова" in client.get(f"/desk/changes/{naming.pk}/items/{naming.items.get().pk}/").text
    assert noted() == [("boris", f"change_set {naming.pk}", "party")]
