"""What lies near plots is derived with each publication, only where it touched, and is as if all were derived anew."""

import random
from collections.abc import Callable
from uuid import UUID

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from registries.changes.edits import Edit
from registries.core.models import Audience
from registries.land.models import Zone
from registries.networks.models import AssetAttribute, AssetType, Network
from registries.serviceability import nearest
from registries.serviceability.models import Alongside, Nearest
from tests.conftest import Publish, line, pipe, square


def plot(zone: Zone, x: float, y: float, code: str = "1") -> Edit:
    return Edit.create("land.plot", {"zone": zone.pk, "code": code}, square(x, y))


def distances(plot_id: UUID) -> list[float]:
    return [round(metres, 3) for metres in Nearest.objects.filter(plot_id=plot_id).values_list("distance_m", flat=True)]


@pytest.fixture
def place(publish: Publish, zone: Zone, network: Network) -> UUID:
    """A plot with a pipe 30 m north of it."""
    edit = plot(zone, 200, 200)
    publish([edit, pipe(network, line((200, 330), (300, 330)))])
    return edit.object_id


def test_a_plot_knows_the_nearest_line_of_a_network(place):
    assert distances(place) == [30]


def test_a_line_that_comes_nearer_takes_its_place(publish, network, place):
    publish([pipe(network, line((305, 200), (400, 200)))])
    assert distances(place) == [5]


def test_a_line_that_goes_leaves_the_place_to_the_next(publish, network, place):
    near = pipe(network, line((305, 200), (400, 200)))
    publish([near])
    publish([Edit.delete("networks.link", near.object_id)])
    assert distances(place) == [30]


def test_the_last_line_that_goes_leaves_nothing(publish, network, place):
    [one] = Nearest.objects.all()
    publish([Edit.delete("networks.link", one.link_id)])
    assert distances(place) == []


def test_a_line_that_moves_away_is_measured_again(publish, place):
    [one] = Nearest.objects.all()
    publish([Edit.update("networks.link", one.link_id, {}, line((200, 400), (300, 400)))])
    assert distances(place) == [100]


def test_a_line_out_of_use_does_not_count(publish, place):
    [one] = Nearest.objects.all()
    publish([Edit.update("networks.link", one.link_id, {"status": "disused"})])
    assert distances(place) == []


@pytest.mark.parametrize(("north", "told"), [(300.5, [0.5]), (310, [30])])
def test_a_line_laid_for_one_customer_counts_at_the_border_only(publish, network, place, north, told):
    publish([pipe(network, line((250, north), (250, 320)), role="service")])
    assert distances(place) == told


def test_what_is_farther_than_two_kilometres_is_not_near(publish, zone, network):
    edit = plot(zone, 0, 0)
    publish([edit, pipe(network, line((0, 2101), (50, 2101)))])
    assert distances(edit.object_id) == []


def test_a_plot_that_moves_is_measured_again(publish, place):
    publish([Edit.update("land.plot", place, {}, square(200, 220))])
    assert distances(place) == [10]


def test_a_plot_that_goes_leaves_nothing_behind(publish, place):
    publish([Edit.delete("land.plot", place)])
    assert not Nearest.objects.exists()


def test_what_a_publication_has_nothing_to_do_with_is_not_written_again(publish, zone, place):
    other = Edit.create("networks.network", {"zone": zone.pk, "theme": "water", "name": "другa", "visibility": 0})
    publish([other])
    before = Nearest.objects.get().pk
    columns = {"network": other.object_id, "asset_type": "water_pipe"}
    publish([Edit.create("networks.link", columns, line((500, 500), (600, 500)))])
    assert Nearest.objects.filter(pk=before).exists()
    assert Nearest.objects.count() == 2


def test_what_is_closed_to_others_has_a_row_of_its_own_where_it_is_nearer(publish, network, place):
    closed = {"theme": "water", "geometry_kind": "link", "title_bg": "x", "title_en": "x", "audience": Audience.PARTNER}
    AssetType.objects.create(key="water_closed", **closed)
    publish([pipe(network, line((200, 310), (300, 310)), asset_type="water_closed")])
    rows = Nearest.objects.order_by("audience").values_list("audience", "asset_type_id", "distance_m")
    assert list(rows) == [(Audience.PUBLIC, "water_pipe", 30), (Audience.PARTNER, "water_closed", 10)]


def test_after_any_row_of_publications_all_is_as_if_derived_anew(publish: Publish, zone: Zone, network: Network):
    dice = random.Random(3)

    def course() -> object:
        x, y = dice.randint(0, 900), dice.randint(0, 900)
        return line((x, y), (x + dice.randint(20, 200), y + dice.randint(20, 200)))

    def removed(edits: list[Edit]) -> Edit:
        return edits.pop(dice.randrange(len(edits)))

    plots = [plot(zone, 20 + 200 * (n % 4), 20 + 300 * (n // 4), str(n)) for n in range(12)]
    lines = [pipe(network, course()) for _n in range(12)]
    publish([*plots, *lines])
    steps: list[Callable[[], list[Edit]]] = [
        lambda: [Edit.update("networks.link", dice.choice(lines).object_id, {}, course()) for _n in range(2)],
        lambda: [Edit.delete("networks.link", removed(lines).object_id) for _n in range(3)],
        lambda: [Edit.update("networks.link", one.object_id, {"status": "disused"}) for one in dice.sample(lines, 2)],
        lambda: [Edit.delete("land.plot", removed(plots).object_id), pipe(network, course())],
        lambda: [Edit.update("land.plot", dice.choice(plots).object_id, {}, square(dice.randint(0, 900), 930))],
    ]
    for step in steps:
        publish({edit.object_id: edit for edit in step()}.values())
        kept = set(Nearest.objects.values_list("plot_id", "network_id", "audience", "distance_m"))
        nearest.rebuild()
        assert kept == set(Nearest.objects.values_list("plot_id", "network_id", "audience", "distance_m"))
        assert kept


@pytest.fixture
def street(publish: Publish, zone: Zone) -> UUID:
    """A street 10 m south of a plot."""
    words = {"theme": "road", "geometry_kind": "link", "title_bg": "Улица", "title_en": "Street"}
    AssetType.objects.create(key="road_centreline", **words)
    AssetAttribute.objects.create(asset_type_id="road_centreline", key="road_class", title_bg="клас", title_en="class")
    owner = Edit.create("networks.network", {"theme": "road", "name": "Улици", "visibility": 0})
    axis = {"network": owner.object_id, "asset_type": "road_centreline", "label": "ул. Първа"}
    edit = Edit.create("networks.link", {**axis, "attributes": {"road_class": "mainStreet"}}, line((0, 90), (500, 90)))
    publish([plot(zone, 100, 100), owner, edit])
    return edit.object_id


def test_a_plot_knows_the_class_and_the_name_of_the_street_along_it(street):
    assert list(Alongside.objects.values_list("kind", "name")) == [("mainStreet", "ул. Първа")]


def test_a_street_that_moves_away_no_longer_runs_along(publish, street):
    publish([Edit.update("networks.link", street, {}, line((0, 50), (500, 50)))])
    assert not Alongside.objects.exists()


def test_an_installation_that_has_plots_already_gets_it_filled_by_its_migration(place):
    Nearest.objects.all().delete()
    nearest.fill()
    assert distances(place) == [30]


def test_another_audience_of_an_asset_type_has_all_derived_by_a_job(
    asset_types, django_capture_on_commit_callbacks, network
):
    with django_capture_on_commit_callbacks(execute=True):
        asset_types["water_pipe"].save()
    assert ProcrastinateJob.objects.filter(task_name="registries.serviceability.tasks.rebuild").count() == 1
