"""Rights by zone and network: an editor of one zone, an operator of one network, and everybody else."""

from uuid import uuid4

import pytest

from registries.changes import door
from registries.changes.edits import Edit
from registries.core.errors import NotAllowed
from registries.core.models import Audience, Role, RoleGrant, User
from registries.core.rights import NOBODY, Place, rights_of
from registries.land.models import Zone
from registries.networks.models import Network
from tests.conftest import Publish, line, parcel, person, pipe, square


def granted(name: str, role: str, **where: object) -> User:
    user = person(name)
    RoleGrant.objects.create(user=user, role=role, **where)
    return user


@pytest.fixture
def other_zone(publish: Publish) -> Zone:
    edit = Edit.create("land.zone", {"code": "west", "name": "Запад"}, square(-5000, 0, 1000))
    publish([edit])
    return Zone.objects.get(pk=edit.object_id)


def test_an_editor_of_a_zone_edits_there(zone: Zone) -> None:
    nadia = granted("nadia", Role.EDITOR, zone_id=zone.pk)
    assert door.propose(nadia, [parcel("73626.501.1", square(0, 0), zone.pk)], title="x").items.count() == 1


def test_an_editor_of_a_zone_edits_no_other(zone: Zone, other_zone: Zone) -> None:
    nadia = granted("nadia", Role.EDITOR, zone_id=zone.pk)
    with pytest.raises(NotAllowed):
        door.propose(nadia, [parcel("73626.501.1", square(-5000, 0), other_zone.pk)], title="x")


def test_nothing_is_moved_out_of_anothers_zone(publish: Publish, zone: Zone, other_zone: Zone) -> None:
    nadia = granted("nadia", Role.EDITOR, zone_id=zone.pk)
    theirs = parcel("73626.501.1", square(-5000, 0), other_zone.pk)
    publish([theirs])
    with pytest.raises(NotAllowed):
        door.propose(nadia, [Edit.update("land.parcel", theirs.object_id, {"zone": zone.pk})], title="x")


def test_a_refused_proposal_leaves_no_change_set(zone: Zone, other_zone: Zone) -> None:
    nadia = granted("nadia", Role.EDITOR, zone_id=zone.pk)
    with pytest.raises(NotAllowed):
        door.propose(nadia, [parcel("73626.501.1", square(-5000, 0), other_zone.pk)], title="x")
    assert not nadia.change_sets.exists()


def test_an_operator_edits_the_own_network_only(network: Network, zone: Zone) -> None:
    oleg = granted("oleg", Role.OPERATOR, network_id=network.pk)
    assert door.propose(oleg, [pipe(network, line((0, 0), (9, 0)))], title="x").items.count() == 1
    with pytest.raises(NotAllowed):
        door.propose(oleg, [parcel("73626.501.1", square(0, 0), zone.pk)], title="y")


def test_a_reviewer_does_not_edit(boris: User, zone: Zone) -> None:
    with pytest.raises(NotAllowed):
        door.propose(boris, [parcel("73626.501.1", square(0, 0), zone.pk)], title="x")


def test_a_reviewer_of_another_zone_does_not_approve(olena: User, zone: Zone, other_zone: Zone) -> None:
    rada = granted("rada", Role.REVIEWER, zone_id=other_zone.pk)
    change_set = door.propose(olena, [parcel("73626.501.1", square(0, 0), zone.pk)], title="x")
    door.submit(olena, change_set)
    with pytest.raises(NotAllowed):
        door.approve(rada, change_set, "For a test.")


@pytest.mark.parametrize("step", [door.approve, door.publish])
def test_an_editor_decides_nothing(ada: User, olena: User, zone: Zone, step: object) -> None:
    change_set = door.propose(ada, [parcel("73626.501.1", square(0, 0), zone.pk)], title="x")
    door.submit(ada, change_set)
    if step is door.publish:
        door.approve(person("rada", Role.REVIEWER), change_set)
    with pytest.raises(NotAllowed):
        step(olena, change_set)  # type: ignore[operator]


def test_only_the_author_withdraws(olena: User, boris: User, zone: Zone) -> None:
    change_set = door.propose(olena, [parcel("73626.501.1", square(0, 0), zone.pk)], title="x")
    with pytest.raises(NotAllowed):
        door.withdraw(boris, change_set)
    assert door.withdraw(olena, change_set).state == "withdrawn"


def test_a_returned_change_set_can_be_submitted_again(olena: User, boris: User, zone: Zone) -> None:
    change_set = door.propose(olena, [parcel("73626.501.1", square(0, 0), zone.pk)], title="x")
    door.submit(olena, change_set)
    assert door.reject(boris, change_set, "Границата не е вярна.").decision == "Границата не е вярна."
    door.propose(olena, [parcel("73626.501.2", square(200, 0), zone.pk)], change_set=change_set)
    door.submit(olena, change_set)
    change_set.refresh_from_db()
    assert change_set.state == "submitted"


def test_inactive_people_and_visitors_have_no_rights(olena: User) -> None:
    olena.is_active = False
    assert rights_of(olena) == NOBODY == rights_of(None)


@pytest.mark.parametrize(
    ("role", "seen"),
    [(Role.VIEWER, Audience.PARTNER), (Role.EDITOR, Audience.INTERNAL), (Role.REVIEWER, Audience.INTERNAL)],
)
def test_a_role_in_a_zone_shows_more_there_only(db: None, role: str, seen: Audience) -> None:
    here, elsewhere = uuid4(), uuid4()
    rights = rights_of(granted("vera", role, zone_id=here))
    assert rights.audience_at(Place(here)) == seen
    assert rights.audience_at(Place(elsewhere)) == rights.audience == Audience.PUBLIC


def test_an_operator_sees_all_of_the_own_network(network: Network) -> None:
    rights = rights_of(granted("oleg", Role.OPERATOR, network_id=network.pk))
    assert rights.audience_at(Place(network.zone_id, network.pk)) == Audience.INTERNAL
    assert rights.audience_at(Place(network.zone_id, uuid4())) == Audience.PUBLIC
