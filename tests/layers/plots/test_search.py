"""Plots by what people remember of them, in an order that makes sense, as of a day, and never more than may be seen."""

from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from layers.access import reader_of
from layers.catalogue import catalogue_at, catalogue_of
from layers.moment import instant, seen
from layers.plots.parameters import BadTerms
from layers.plots.search import Found, find
from layers.plots.terms import Terms
from registries.changes.edits import Edit
from registries.core.models import Audience
from registries.land.models import Offer
from registries.networks.models import AssetType
from tests.conftest import line
from tests.flows import world

TODAY = date(2026, 6, 15)


@pytest.fixture
def corner(publish) -> None:
    world.asset_types()
    publish([*world.land(), *world.networks()])


def search(query: str, user=None, **more) -> Found:
    return find(catalogue_of(reader_of(user)), Terms.read(QueryDict(query)), 50, on=TODAY, **more)


def codes(query: str, user=None) -> list[str]:
    return [row.code for row in search(query, user).rows]


@pytest.mark.parametrize("written", ["П-2", "п2", "P 2", "p-2"])
def test_a_plot_is_found_by_its_code_in_either_alphabet(corner, written):
    assert codes(f"q={written}")[0] == "П-2"


@pytest.mark.parametrize("written", ["73626.510.13", "73626 510 13", "510.13"])
def test_a_plot_is_found_by_the_number_of_its_parcel(corner, written):
    assert codes(f"q={written}") == ["П-3"]


def test_a_plot_is_found_by_the_old_number_of_its_parcel(corner):
    assert codes(f"q={world.OLD_NUMBER}")[0] == "П-1"


def test_a_plot_that_names_its_parcels_is_found_by_those_alone(corner, publish):
    member = {"plot": world.plot_id(2), "parcel": world.parcel_id(3)}
    publish([Edit.create("land.plotparcel", member)])
    assert codes("q=73626.510.13") == ["П-2", "П-3"]
    assert codes("q=73626.510.12") == []


def test_a_plot_is_found_by_its_regulated_plot(corner, publish):
    publish([Edit.update("land.plot", world.plot_id(4), {"regulated_plot": "УПИ VIII-13, кв. 5"})])
    assert codes("q=упи viii 13") == ["П-4"]


@pytest.mark.parametrize("written", ["Индустриална", "ул. Индустриалнa"])
def test_a_plot_is_found_by_the_street_along_it_even_with_a_slip_of_the_pen(corner, written):
    assert len(codes(f"q={written}")) == 6


@pytest.mark.parametrize("written", ["---", "%", "_", "' OR 1=1 --", "\\", "{}", "zzz"])
def test_what_names_nothing_finds_nothing(corner, written):
    assert search("").count == 6
    assert codes(urlencode({"q": written})) == []


def test_what_is_available_stands_first(corner):
    assert [row.status for row in search("").rows][:3] == ["available", "available", "planned"]


@pytest.mark.parametrize(("sort", "first"), [("area", "П-6"), ("-area", "П-3"), ("code", "П-1"), ("price_m2", "П-1")])
def test_plots_are_sorted_as_asked(corner, publish, sort, first):
    smaller, larger = world.rectangle(40, 140, 30, 30), world.rectangle(260, 10, 100, 100)
    publish(
        [
            Edit.update("land.plot", world.plot_id(6), {}, smaller),
            Edit.update("land.plot", world.plot_id(3), {}, larger),
        ]
    )
    assert codes(f"sort={sort}")[0] == first


def test_the_newest_offer_stands_first_when_asked(corner, publish):
    publish([Edit.update("land.plot", world.plot_id(5), {"description": "."})])
    assert codes("sort=newest")[0] == "П-5"


def offer(number: int, **columns: object) -> Edit:
    terms = {"plot": world.plot_id(number), "right": "lease", "procedure": "tender", "price": "2", "basis": "perM2Year"}
    period = {"open_period": "[2026-01-01,2027-01-01)", "decision_document": "№ 1", "state": "published"}
    return Edit.create("land.offer", {**terms, **period, **columns})


def test_yearly_rents_are_never_compared_with_prices(corner, publish):
    publish([offer(4)])
    assert codes("price_m2_max=50") == ["П-1"]
    assert codes("price_m2_max=50&price_period=year") == ["П-4"]
    assert codes("sort=price_m2")[:1] == ["П-1"]
    assert search("").facets["period"] == {"once": 1, "year": 1}


def test_prices_in_leva_and_in_total_are_made_comparable(corner, publish):
    publish([offer(4, right="sale", price="195583", basis="total", currency="BGN")])
    [row] = [row for row in search("").rows if row.code == "П-4"]
    assert (row.offer.price, row.offer.price_m2) == (100_000, 11.11)


def test_an_offer_that_is_over_counts_no_more(corner):
    terms = Terms.read(QueryDict("right=sale"))
    catalogue = catalogue_of(reader_of(None))
    (offer,) = Offer.objects.filter(state="published")
    # The bound of a period is the first day that is no more part of it.
    assert find(catalogue, terms, 1, on=offer.open_period.upper - timedelta(days=1)).count == 1
    assert find(catalogue, terms, 1, on=offer.open_period.upper).count == 0


def test_bounds_keep_what_lies_within(corner):
    west, south, east, north = search("q=П-1").rows[0].bounds
    assert codes(f"bounds={west},{south},{east},{north}") == ["П-1"]


def test_a_zone_that_is_not_there_is_refused(corner):
    with pytest.raises(BadTerms) as refused:
        search("zone=nowhere")
    assert refused.value.locator == "zone"


def test_what_nothing_matches_proposes_the_nearest_with_its_number(corner):
    found = search("status=available&water=5")
    assert (found.count, [(one.count, one.terms.query()) for one in found.relaxations]) == (
        0,
        [(1, "status=available&water=25"), (2, "status=available")],
    )


def test_no_single_filter_to_blame_names_those_that_go_together(corner):
    [first, *_more] = search("status=reserved&area_min=99999&q=zzz").relaxations
    assert set(first.dropped) == {"q", "area"}
    assert first.count == 1


class TestOfWhatIsClosed:
    def test_a_network_that_is_closed_is_no_nearer(self, corner, boris):
        # The closed pipe lies 5 m from the plots, the public one 12 m.
        assert search("water=10").count == 0
        assert search("water=10", boris).count == 3

    def test_no_count_tells_of_it(self, corner):
        assert search("").facets["water"]["10"] == 0

    def test_no_row_tells_of_it(self, corner):
        assert {round(row.near["water"]) for row in search("").rows} == {12, 28}

    def test_a_type_that_is_closed_is_no_nearer_at_once(self, corner):
        AssetType.objects.filter(pk="water_pipe").update(audience=Audience.INTERNAL)
        # Not yet known to this process, as after a change by another one.
        found = search("")
        AssetType.objects.get(pk="water_pipe").save()
        assert search("").facets["water"]["50"] == 0
        assert found.total == 6

    def test_nobody_learns_of_a_street_of_a_closed_network(self, corner, publish, boris):
        words = {"zone": world.ZONE, "theme": "road", "name": "Тайни улици", "visibility": 2}
        secret = Edit.create("networks.network", words)
        axis = {"network": secret.object_id, "asset_type": "road_axis", "label": "ул. Потайна"}
        publish([secret, Edit.create("networks.link", axis, line((0, 125), (400, 125)))])
        assert codes("q=Потайна") == []
        assert len(codes("q=Потайна", boris)) == 3


class TestOfAPastDay:
    @pytest.fixture
    def past(self, corner, publish, settings):
        settings.PUBLIC_HISTORY = True
        moment = publish([Edit.update("land.plot", world.plot_id(6), {"description": "."})]).published_at
        publish([Edit.update("land.plot", world.plot_id(1), {"status": "occupied"})])
        return instant(moment.isoformat(), "at")

    def test_plots_are_searched_as_they_were(self, past):
        catalogue = catalogue_at(None, past)
        with seen(past):
            assert find(catalogue, Terms.read(QueryDict("status=available")), 9, on=TODAY).count == 2
        assert search("status=available").count == 1

    def test_what_lies_near_cannot_be_asked(self, past):
        catalogue = catalogue_at(None, past)
        with seen(past), pytest.raises(BadTerms) as refused:
            find(catalogue, Terms.read(QueryDict("water=0&rail=1&status=available")), 9, on=TODAY)
        assert set(refused.value.faults) == {"water", "rail"}


def test_a_search_is_one_statement_also_when_it_finds_nothing(corner, django_assert_max_num_queries):
    catalogue = catalogue_of(reader_of(None))
    with django_assert_max_num_queries(1):
        find(catalogue, Terms.read(QueryDict("status=available&water=100&area_min=10&right=sale")), 10, with_ids=True)
    with django_assert_max_num_queries(1):
        find(catalogue, Terms.read(QueryDict("status=available&water=5")), 10)
