"""Who sees which change set, cheaply enough for lists and for change sets of thousands of items."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command

from registries.changes import door
from registries.changes.edits import Edit
from registries.changes.models import ChangePlace, ChangeSet
from registries.core.errors import BadInput, NotAllowed, NotFound, RegistryError
from registries.core.models import Role, User
from registries.land.models import Zone
from registries.networks.models import Network
from tests.conftest import Publish, line, parcel, pipe, square
from tests.registries.changes.world import World, granted

State = ChangeSet.State


@pytest.fixture
def west(publish: Publish) -> Zone:
    edit = Edit.create("land.zone", {"code": "west", "name": "Запад"}, square(-5000, 0, 1000))
    publish([edit])
    return Zone.objects.get(pk=edit.object_id)


@pytest.mark.parametrize(
    ("name", "sees"),
    [
        ("author", True),
        ("editor", True),
        ("reviewer", True),
        ("administrator", True),
        ("zone editor", True),
        ("zone reviewer", True),
        ("link", True),
        ("reviewer elsewhere", False),
        ("administrator elsewhere", False),
        ("operator", False),
        ("viewer", False),
        ("superuser", False),
        ("stranger", False),
    ],
)
def test_who_sees_a_change_set_of_the_zone(world: World, name: str, sees: bool) -> None:
    change_set = world.in_state(State.SUBMITTED)
    who = world.people(change_set)[name]
    assert door.may_see(who, change_set) is sees
    assert (change_set in door.visible_to(who)) is sees


@pytest.mark.parametrize("who", [None, AnonymousUser()])
def test_visitors_see_none(world: World, who: Any) -> None:
    change_set = world.draft()
    assert not door.may_see(who, change_set)
    assert door.possible(who, change_set) == []


def test_inactive_people_see_none(world: World) -> None:
    world.author.is_active = False
    assert not door.may_see(world.author, world.draft(world.others["editor"]))


def test_a_viewer_of_the_zone_sees_no_drafts(world: World) -> None:
    change_set = world.draft()
    assert not door.may_see(granted("vlad", Role.VIEWER, zone_id=world.zone.pk), change_set)


def test_one_of_its_zones_is_enough_to_look_but_not_to_decide(world: World, west: Zone) -> None:
    change_set = world.draft()
    door.propose(world.author, [parcel("73626.88.1", square(-5000, 0), west.pk)], change_set=change_set)
    door.submit(world.author, change_set)
    rada = world.others["zone reviewer"]
    assert door.may_see(rada, change_set)
    assert "approve" not in door.possible(rada, change_set)


def test_what_is_taken_out_no_longer_shows_the_set_to_its_zone(world: World, west: Zone) -> None:
    wanda = granted("wanda", Role.REVIEWER, zone_id=west.pk)
    change_set = world.draft()
    door.propose(world.author, [parcel("73626.88.1", square(-5000, 0), west.pk)], change_set=change_set)
    assert door.may_see(wanda, change_set)
    door.drop_items(world.author, change_set, [change_set.items.last().pk])
    assert not door.may_see(wanda, change_set)


def test_an_operator_sees_and_edits_what_is_about_the_own_network(olena: User, network: Network) -> None:
    oleg = granted("oleg", Role.OPERATOR, network_id=network.pk)
    change_set = door.propose(oleg, [pipe(network, line((0, 0), (9, 0)))], title="Тръба")
    other = door.propose(olena, [pipe(network, line((0, 9), (9, 9)))], title="Друга")
    assert set(door.visible_to(oleg)) >= {change_set, other}
    assert "submit" in door.possible(oleg, change_set)
    assert not {"approve", "publish"} & set(door.possible(oleg, other))


def test_an_empty_set_is_its_authors_and_the_offices(world: World) -> None:
    change_set = door.open_change_set(world.author, "Празен")
    seers = {name for name, who in world.people(change_set).items() if door.may_see(who, change_set)}
    assert seers == {"author", "editor", "reviewer", "administrator", "link"}


def test_looking_at_a_list_takes_two_statements(world: World, django_assert_num_queries: Any) -> None:
    for _time in range(5):
        world.draft()
    rada = User.objects.get(pk=world.others["zone reviewer"].pk)
    with django_assert_num_queries(2):
        assert len(door.visible_to(rada)) == 6


def test_the_buttons_do_not_look_into_the_items(world: World, django_assert_max_num_queries: Any) -> None:
    change_set = world.in_state(State.SUBMITTED)
    with django_assert_max_num_queries(4):
        door.possible(User.objects.get(pk=world.others["zone reviewer"].pk), change_set)


def test_places_are_kept_once(world: World) -> None:
    change_set = world.draft()
    for _time in range(3):
        door.propose(world.author, [world.addition()], change_set=change_set)
    door.submit(world.author, change_set)
    assert list(ChangePlace.objects.filter(change_set=change_set).values_list("zone_id", "network_id")) == [
        (world.zone.pk, None)
    ]


def test_one_person_on_both_sides_publishes_nothing_from_the_console(
    world: World, almighty: User, tmp_path: Any
) -> None:
    path = tmp_path / "parcels.geojson"
    path.write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"reference": "73626.501.1"},'
        ' "geometry": ' + square(0, 0).transform(4326, clone=True).geojson + "}]}"
    )
    arguments = {"to": "parcels", "publish": True, "author": "almighty", "reviewer": "almighty", "crs": "EPSG:4326"}
    profile = tmp_path / "profile.json"
    profile.write_text('{"columns": {"national_cadastral_reference": "reference"}}')
    with pytest.raises(CommandError) as caught:
        call_command("import_features", path, map=profile, **arguments)
    assert caught.value.returncode == 5
    assert not ChangeSet.objects.filter(author=almighty, approved_by__isnull=False).exists()
    assert ChangeSet.objects.get(author=almighty).state == State.SUBMITTED


def test_the_page_of_a_large_set_asks_for_its_items_only(world: World, network: Network) -> None:
    edits = [pipe(network, line((i % 100 * 9, 500 + i // 100), (i % 100 * 9 + 8, 500 + i // 100))) for i in range(300)]
    change_set = door.propose(world.author, edits, title="Мрежа")
    items = list(change_set.items.values_list("pk", flat=True))
    assert [delta.item_id for delta in door.diff(change_set, items[100:150])] == items[100:150]
    assert door.diff(change_set, []) == []
    assert [delta.object_id for delta in door.diff(change_set)] == [edit.object_id for edit in edits]


def test_one_object_goes_back_to_an_earlier_version(world: World, publish: Publish) -> None:
    first = parcel("73626.501.1", square(0, 0), world.zone.pk, label="първа")
    publish([first])
    publish([Edit.update("land.parcel", first.object_id, {"label": "втора"}, square(0, 0, 90))])
    publish([Edit.update("land.parcel", first.object_id, {"label": "трета"})])
    change_set = door.revert_object(world.author, "land.parcel", first.object_id, 1)
    [delta] = door.diff(change_set)
    assert delta.changed == {"label": ("трета", "първа")}
    assert delta.new_geom is not None
    assert round(delta.new_geom.area) == 10_000
    assert change_set.state == State.DRAFT


def test_a_removed_object_comes_back(world: World, publish: Publish) -> None:
    first = parcel("73626.501.1", square(0, 0), world.zone.pk)
    publish([first])
    publish([Edit.delete("land.parcel", first.object_id)])
    change_set = door.revert_object(world.author, "land.parcel", first.object_id, 1)
    door.submit(world.author, change_set)
    door.approve_and_publish(world.reviewer, change_set, "Да.")
    assert [row.version for row in door.history("land.parcel", first.object_id)] == [2, 1]


@pytest.mark.parametrize(("version", "error"), [(1, BadInput), (7, NotFound), (-1, NotFound)])
def test_there_is_no_way_back_to_now_or_to_what_never_was(
    world: World, version: int, error: type[RegistryError]
) -> None:
    with pytest.raises(error):
        door.revert_object(world.author, "land.zone", world.zone.pk, version)


def test_who_may_not_edit_there_reverts_nothing(world: World, publish: Publish) -> None:
    publish([Edit.update("land.zone", world.zone.pk, {"name": "Друго"})])
    with pytest.raises(NotAllowed):
        door.revert_object(world.reviewer, "land.zone", world.zone.pk, 1)
    assert not ChangeSet.objects.filter(source="revert").exists()
