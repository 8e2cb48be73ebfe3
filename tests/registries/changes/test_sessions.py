"""Sessions: what a person edits from a map program gathers in one change set for each zone until it is handed in."""

from __future__ import annotations

import threading
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils.translation import override

from registries.changes import door
from registries.changes.edits import Edit
from registries.changes.models import ChangeSet
from registries.changes.sessions import collect, sessions_of
from registries.core.errors import NotAllowed, RuleViolations
from registries.core.models import AuditEntry, History, Role, RoleGrant, User
from registries.land.models import Parcel, Zone
from registries.networks.models import Network
from tests.conftest import Publish, hydrant, parcel, point, square

State = ChangeSet.State


@pytest.fixture
def west(publish: Publish) -> Zone:
    """Another zone, beside the test zone."""
    edit = Edit.create("land.zone", {"code": "west", "name": "Запад", "name_en": "West"}, square(-2000, 0, 1000))
    publish([edit])
    return Zone.objects.get(pk=edit.object_id)


def one(zone: Zone, number: int = 1) -> Edit:
    return parcel(f"73626.501.{number}", square(0, 0), zone.pk)


def opened(person: User) -> list[ChangeSet]:
    return list(ChangeSet.objects.filter(pk__in=sessions_of(person)).order_by("pk"))


def test_requests_in_one_zone_share_a_change_set(olena: User, zone: Zone) -> None:
    for number in (1, 2, 3):
        collect(olena, [one(zone, number)])
    session = opened(olena)
    assert [(each.source, each.zone_id, each.items.count()) for each in session] == [("qgis", zone.pk, 3)]


def test_each_zone_has_its_own(olena: User, zone: Zone, west: Zone) -> None:
    collect(olena, [one(zone, 1), one(west, 2)])
    assert {each.zone_id for each in opened(olena)} == {zone.pk, west.pk}


def test_it_is_named_by_the_day_and_the_zone(olena: User, west: Zone) -> None:
    with override("en"):
        collect(olena, [one(west)])
    (session,) = opened(olena)
    assert session.title.startswith("QGIS, 20")
    assert session.title.endswith(", West")


def test_an_asset_goes_where_its_network_is(olena: User, network: Network) -> None:
    collect(olena, [hydrant(network, point(5, 5))])
    assert opened(olena)[0].zone_id == network.zone_id


def test_an_offer_goes_where_its_plot_is(olena: User, publish: Publish, zone: Zone) -> None:
    plot = Edit.create("land.plot", {"zone": zone.pk, "code": "A-1"}, square(0, 0))
    collect(olena, [plot])
    offer = {"plot": plot.object_id, "right": "sale", "procedure": "tender"}
    collect(olena, [Edit.create("land.offer", offer)])
    assert [(each.zone_id, each.items.count()) for each in opened(olena)] == [(zone.pk, 2)]


def test_what_is_of_no_zone_has_a_change_set_too(olena: User, db: None) -> None:
    collect(olena, [parcel("73626.501.1", square(0, 0))])
    assert [each.zone_id for each in opened(olena)] == [None]


def test_an_object_stays_where_it_stands(olena: User, zone: Zone, west: Zone) -> None:
    added = one(zone)
    collect(olena, [added])
    collect(olena, [Edit.update("land.parcel", added.object_id, {"zone": west.pk})])
    collect(olena, [Edit.update("land.parcel", added.object_id, {"label": "x"})])
    (session,) = opened(olena)
    assert session.items.get().attributes["label"] == "x"


def test_after_handing_in_the_next_edit_opens_another(olena: User, zone: Zone) -> None:
    (first,) = collect(olena, [one(zone, 1)])
    door.submit(olena, first)
    collect(olena, [parcel("73626.501.2", square(300, 0), zone.pk)])
    assert [each.pk for each in opened(olena)] != [first.pk]


def test_what_was_returned_is_open_again(olena: User, boris: User, zone: Zone) -> None:
    (first,) = collect(olena, [one(zone)])
    door.submit(olena, first)
    door.reject(boris, first, "Not yet.")
    collect(olena, [one(zone, 2)])
    assert sessions_of(olena) == (first.pk,)


def test_nobody_shares_anothers_session(olena: User, ada: User, zone: Zone) -> None:
    collect(olena, [one(zone)])
    assert sessions_of(ada) == ()


def test_a_set_of_the_desk_is_no_session(olena: User, zone: Zone) -> None:
    door.propose(olena, [one(zone)], title="On the desk")
    assert sessions_of(olena) == ()


def test_one_bad_edit_refuses_all_in_every_zone(olena: User, zone: Zone, west: Zone) -> None:
    with pytest.raises(RuleViolations) as caught:
        collect(olena, [one(zone), Edit.update("land.parcel", uuid4(), {}), parcel("", square(0, 0), west.pk)])
    assert len(caught.value.problems) == 2
    assert not ChangeSet.objects.filter(source="qgis").exists()


def test_whoever_edits_another_zone_only_is_refused(stranger: User, zone: Zone, west: Zone) -> None:
    RoleGrant.objects.create(user=stranger, role=Role.EDITOR, zone_id=west.pk)
    with pytest.raises(NotAllowed):
        collect(stranger, [one(zone)])


@pytest.mark.django_db(transaction=True)
def test_requests_at_once_open_one_session(olena: User, zone: Zone) -> None:
    start = threading.Barrier(4)

    def save(number: int) -> None:
        start.wait()
        collect(User.objects.get(pk=olena.pk), [one(zone, number)])
        connection.close()

    threads = [threading.Thread(target=save, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [each.items.count() for each in opened(olena)] == [4]


@pytest.fixture
def direct(olena: User, settings: Any) -> User:
    """Olena, who may publish directly, where the installation allows it."""
    settings.DIRECT_PUBLISH = True
    RoleGrant.objects.create(user=olena, role=Role.PUBLISHER)
    # Made when the rights were not yet these.
    return User.objects.get(pk=olena.pk)


def test_whoever_may_publishes_at_once(direct: User, zone: Zone) -> None:
    (made,) = collect(direct, [one(zone)])
    made.refresh_from_db()
    assert (made.state, made.source) == (State.PUBLISHED, "direct")
    assert Parcel.objects.get().zone_id == zone.pk


def test_direct_publication_keeps_history_and_says_who_stood_for_the_second(direct: User, zone: Zone) -> None:
    (made,) = collect(direct, [one(zone)])
    version = History.objects.get(change_set_id=made.pk)
    assert (made.author, version.published_by.username) == (direct, "direct")
    assert AuditEntry.objects.filter(subject=f"change_set {made.pk}", action="publish").exists()


def test_rules_hold_for_direct_publication_too(direct: User, zone: Zone) -> None:
    with pytest.raises(RuleViolations):
        collect(direct, [one(zone, 1), one(zone, 2)])
    assert not ChangeSet.objects.filter(source="direct").exists()


def test_without_the_setting_the_right_is_of_no_use(direct: User, zone: Zone, settings: Any) -> None:
    settings.DIRECT_PUBLISH = False
    collect(direct, [one(zone)])
    assert len(sessions_of(direct)) == 1


def test_without_the_right_the_setting_is_of_no_use(olena: User, zone: Zone, settings: Any) -> None:
    settings.DIRECT_PUBLISH = True
    collect(olena, [one(zone)])
    assert len(sessions_of(olena)) == 1


def test_the_right_counts_in_its_zone(olena: User, zone: Zone, west: Zone, settings: Any) -> None:
    settings.DIRECT_PUBLISH = True
    RoleGrant.objects.create(user=olena, role=Role.PUBLISHER, zone_id=west.pk)
    collect(User.objects.get(pk=olena.pk), [one(zone, 1)])
    assert [each.zone_id for each in opened(olena)] == [zone.pk]


def test_what_stands_in_a_session_is_not_published_past_it(olena: User, zone: Zone, settings: Any) -> None:
    added = one(zone)
    collect(olena, [added])
    settings.DIRECT_PUBLISH = True
    RoleGrant.objects.create(user=olena, role=Role.PUBLISHER)
    collect(User.objects.get(pk=olena.pk), [Edit.update("land.parcel", added.object_id, {"label": "x"})])
    assert not Parcel.objects.exists()


def test_nothing_changed_is_nothing_published(direct: User, zone: Zone) -> None:
    added = one(zone)
    collect(direct, [added])
    (made,) = collect(direct, [Edit.update("land.parcel", added.object_id, {})])
    made.refresh_from_db()
    assert made.state == State.WITHDRAWN
