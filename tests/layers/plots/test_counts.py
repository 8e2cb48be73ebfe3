"""Counts are right: what the one statement answers is what going through all plots one by one finds."""

import random
from collections import Counter

import pytest
from django.http import QueryDict

from layers.access import Reader
from layers.catalogue import Catalogue, catalogue_of
from layers.plots.conditions import STEPS_M
from layers.plots.parameters import UTILITIES, Range
from layers.plots.search import Found, find, matching
from layers.plots.terms import Terms
from registries.core.models import Audience
from registries.land.models import OfferedRight, PlotStatus
from registries.networks.models import Network
from tests.layers.plots import market
from tests.layers.plots.market import TODAY, Known, known_to, passing


@pytest.fixture(autouse=True)
def stocked(published_market, db) -> None:
    pass


def catalogue(audience: Audience) -> Catalogue:
    networks = Network.objects.filter(visibility__lte=audience).order_by("pk").values_list("pk", flat=True)
    return catalogue_of(Reader(audience, tuple(networks)))


def asked(number: int) -> Terms:
    """Terms thrown by dice: from none to many filters."""
    dice = random.Random(number)
    choices = {
        "q": lambda: dice.choice(("0-", "1", "2-3")),
        "zone": lambda: dice.choice(("east", "west")),
        "status": lambda: dice.sample(PlotStatus.values, dice.randint(1, 4)),
        "right": lambda: dice.sample(OfferedRight.values, dice.randint(1, 4)),
        "use": lambda: dice.sample(["production", "logistics", "storage"], dice.randint(1, 2)),
        "road": lambda: dice.sample(["localStreet", "mainStreet"], dice.randint(1, 2)),
        "area_min": lambda: str(dice.randint(0, 8000)),
        "area_max": lambda: str(dice.randint(8000, 15000)),
        "price_m2_min": lambda: str(dice.randint(0, 20)),
        "price_m2_max": lambda: str(dice.randint(20, 60)),
        "price_max": lambda: str(dice.randint(40, 400_000)),
        "price_period": lambda: dice.choice(("once", "year")),
        "density_min": lambda: dice.choice(("50", "60")),
        "kint_min": lambda: "1.5",
        "height_min": lambda: dice.choice(("12", "15")),
        "greening_max": lambda: dice.choice(("20", "30")),
        "water": lambda: dice.choice(("0", "50", "333")),
        "gas": lambda: dice.choice(("10", "250")),
        "telecom": lambda: dice.choice(("100", "500")),
        "electricity": lambda: dice.choice(("25", "100")),
        "rail": lambda: "1",
    }
    query = QueryDict(mutable=True)
    for name in dice.sample(sorted(choices), dice.randint(0, 5)):
        value = choices[name]()
        query.setlist(name, value if isinstance(value, list) else [value])
    return Terms.read(query)


def facets_by_hand(known: list[Known], terms: Terms) -> dict[str, dict[str, int]]:
    def others(*names: str) -> list[Known]:
        return passing(known, terms, *names)

    counted = {
        "zone": Counter(one.zone.code for one in others("zone")),
        "status": Counter(one.plot.status for one in others("status")),
        "right": Counter(one.offer.right for one in others("right") if one.offer),
        "use": Counter(one.plot.permitted_use for one in others("use") if one.plot.permitted_use),
        "road": Counter(road for one in others("road") for road in one.roads),
        "rail": Counter("1" for one in others("rail") if one.has_siding),
        "period": Counter(one.period for one in others("price", "price_m2") if one.offer),
    }
    for theme in UTILITIES:
        steps = {*STEPS_M, *([terms.near[theme]] if theme in terms.near else [])}
        counted[theme] = Counter(
            {str(m): sum(1 for one in others(theme) if one.near.get(theme, 9999) <= max(m, 1)) for m in steps}
        )
    return {name: {value: number for value, number in counts.items() if number} for name, counts in counted.items()}


def facets_told(found: Found) -> dict[str, dict[str, int]]:
    return {
        name: {value: number for value, number in counts.items() if number} for name, counts in found.facets.items()
    }


@pytest.mark.parametrize("audience", list(Audience), ids=lambda audience: audience.name.lower())
def test_what_is_found_and_every_count_is_what_going_through_all_plots_finds(audience):
    known, seen = known_to(audience), catalogue(audience)
    sizes = set()
    for number in range(60):
        terms = asked(number)
        found = find(seen, terms, 100, on=TODAY)
        by_hand = {one.plot.pk for one in passing(known, terms)}
        assert {row.id for row in found.rows} == by_hand, terms.query()
        assert (found.count, found.total) == (len(by_hand), len(known)), terms.query()
        assert facets_told(found) == facets_by_hand(known, terms), terms.query()
        sizes.add(min(found.count, 3))
    # Neither everything nor nothing, or it proves little.
    assert sizes == {0, 1, 2, 3}


def test_ranges_are_from_the_least_to_the_greatest_of_what_the_other_filters_leave():
    known, seen = known_to(Audience.PUBLIC), catalogue(Audience.PUBLIC)
    for number in range(30):
        terms = asked(number)
        found = find(seen, terms, 0, on=TODAY)
        areas = [one.area for one in passing(known, terms, "area")]
        assert found.ranges["area"] == Range(min(areas, default=None), max(areas, default=None)), terms.query()
        prices = [
            one.price_m2
            for one in passing(known, terms, "price_m2")
            if one.price_m2 is not None and one.period == terms.price_period
        ]
        assert found.ranges["price_m2"] == Range(min(prices, default=None), max(prices, default=None)), terms.query()


def test_every_relaxation_brings_as_many_plots_as_it_says():
    seen = catalogue(Audience.PUBLIC)
    offered = 0
    for number in range(120):
        found = find(seen, asked(number), 0, on=TODAY)
        assert not (found.count and found.relaxations)
        for one in found.relaxations:
            offered += 1
            assert one.count == find(seen, one.terms, 0, on=TODAY).count > 0, one.terms.query()
    assert offered > 20


def test_the_identifiers_of_all_matches_are_those_of_the_search():
    seen = catalogue(Audience.PUBLIC)
    terms = Terms.read(QueryDict("status=available&status=planned"))
    found = find(seen, terms, 2, on=TODAY, with_ids=True)
    assert len(found.rows) == 2
    assert set(found.ids) == set(matching(seen, terms, on=TODAY))
    assert len(found.ids) == found.count


def test_pages_together_are_the_whole_without_repeats():
    seen = catalogue(Audience.PUBLIC)
    rows = [row.id for offset in range(0, 40, 7) for row in find(seen, Terms(), 7, offset, on=TODAY).rows]
    assert len(rows) == len(set(rows)) == market.ROWS * market.COLUMNS
