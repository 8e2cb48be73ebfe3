"""What is told of a plot: each value right, with its source and day, in as many queries for every plot."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from gis_portal.pages.plots import facts
from registries.changes.edits import Edit
from tests.flows import world
from tests.gis_portal.pages.plots.told_world import (  # noqa: F401
    boris,
    corner,
    olena,
    publish,
    published_corner,
    sheet,
    told,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told")]
TODAY = date(2026, 11, 21)
# Revisions, the plot, and eight for all that is told of it.
QUERIES = 10


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deadlines are counted from a day that does not move."""
    monkeypatch.setattr(facts, "localdate", lambda moment=None: localdate(moment) if moment else TODAY)


def fact(part: str, key: str, **asked: Any) -> Any:
    with sheet(**asked) as found:
        return found.part(part).fact(key)


def offered(key: str, **asked: Any) -> Any:
    with sheet(**asked) as found:
        return next(one for one in found.offers[0].facts if one.key == key)


def utility(theme: str, **asked: Any) -> Any:
    with sheet(**asked) as found:
        return next(one for one in found.utilities if one.theme == theme)


def test_as_many_queries_for_every_plot():
    """One says what changed, the rest what there is; who reads what, code lists and asset types are kept by then."""
    with sheet():
        pass
    counts = {}
    for number in (1, 6):
        with CaptureQueriesContext(connection) as counted, sheet(number):
            pass
        counts[number] = len([one for one in counted if " FROM " in one["sql"] or "\nFROM " in one["sql"]])
    assert counts == {1: QUERIES, 6: QUERIES}


def test_what_changed_last_names_the_act_and_the_day_it_was_published():
    found = fact("land", "status")
    assert (found.source, found.on) == ("Решение №\u00a07 of 4 May 2026", localdate())


def test_what_did_not_change_keeps_its_first_source():
    assert fact("land", "area_m2").source == "the registry"


def test_parcels_are_the_cadastres():
    found = fact("land", "parcel")
    assert (found.text, found.source) == ("73626.510.11", "the cadastre")
    assert found.link == f"/?selected=parcels/{world.parcel_id(1)}"


def test_the_area_is_told_in_three_units():
    assert fact("land", "area_m2").text == "9,000 m² · 9.00 dka · 0.90 ha"


def test_density_says_what_it_comes_to():
    found = fact("building", "density_max_pct")
    assert (found.value, found.note) == (60.0, "up to 5,400\u00a0m² built-up area")


def test_the_zones_default_is_said_to_be_one():
    assert fact("building", "greening_min_pct").note == "at least 1,800\u00a0m² green area · the zone's default"


def test_a_limit_that_nobody_set_is_said_to_be_missing():
    assert fact("building", "height_max_m").is_missing


def test_the_price_is_told_per_m2_in_total_and_in_leva():
    with sheet() as found:
        price = found.offer.price
    assert (price.text, price.also) == ("38.50\u00a0€ per m²", "346,500\u00a0€")
    assert price.leva == "677,695.10\u00a0лв. · 75.30\u00a0лв. per m²"


def test_days_left_are_counted_to_the_last_day():
    with sheet() as found:
        assert (found.offer.is_open, found.offer.deadline) == (True, "40 days left")


def test_an_offer_that_is_over_says_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(facts, "localdate", lambda moment=None: date(2027, 3, 1))
    with sheet() as found:
        assert (found.offer.is_open, found.offer.deadline) == (False, "the deadline has passed")


def test_what_is_open_stands_before_what_opens_later():
    terms = {"right": "lease", "procedure": "tender", "price": "1.00", "basis": "perM2Year", "state": "published"}
    later = {"plot": world.plot_id(1), "open_period": "[2027-01-01,2028-01-01)", "decision_document": "№ 2"}
    publish([Edit.create("land.offer", {**terms, **later})])
    with sheet() as found:
        assert [(one.right, one.deadline) for one in found.offers] == [
            ("sale", "40 days left"),
            ("lease", "opens in 41 days"),
        ]


def test_conditions_and_deposit_are_told():
    assert offered("conditions").text == "До 24 месеца"
    assert (offered("deposit").text, offered("deposit").note) == ("1,000.00\u00a0€", "1,955.83\u00a0лв.")


def test_a_distance_has_its_own_source_and_says_hours():
    with sheet() as found:
        (way,) = found.part("access").facts
    assert (way.label, way.text) == ("Hemus motorway", "17.4 km · about 1 h 35 min")
    assert way.source == "OSM"


def test_the_nearest_pipe_is_told_with_distance_and_diameter():
    found = utility("water")
    assert (found.fact.text, found.assets[0].measures) == ("12 m", "⌀\u00a0160\u00a0mm, PE")


def test_a_network_that_is_closed_to_the_reader_is_not_told(olena: Any):  # noqa: F811
    assert utility("water").assets[0].distance_m == 12
    assert utility("water", user=olena).assets[0].distance_m == 5


def test_a_theme_of_which_nothing_is_known_is_told_so():
    found = utility("gas")
    assert (found.fact.text, found.fact.is_missing) == ("no data, ask the operator", True)


def test_every_theme_is_told():
    with sheet() as found:
        assert len(found.utilities) == 10


def test_only_files_open_to_the_reader_are_told():
    with sheet() as found:
        assert [one.title for one in found.papers] == ["Terms"]


def test_free_plots_that_share_a_border_are_told_with_the_joint_area():
    shape = world.rectangle(140, 10, 10, 90)
    with sheet() as before:
        assert before.neighbours == ()
    publish(world.plot(9, "available", shape))
    with sheet() as found:
        (one,) = found.neighbours
    assert (one.code, one.joint_m2) == ("П-9", 9_900.0)


def test_a_page_that_nobody_confirmed_for_a_year_is_stale():
    old = (TODAY - timedelta(days=366)).isoformat()
    publish([Edit.update("land.plot", world.plot_id(1), {"confirmed_on": old})])
    with sheet() as found:
        assert found.is_stale


def test_values_say_nothing_in_a_language():
    with sheet(language="en") as english, sheet(language="bg") as bulgarian:
        assert english.values == bulgarian.values


def test_values_change_with_the_data():
    with sheet() as before:
        pass
    publish([Edit.update("land.plot", world.plot_id(1), {"status": "reserved"})])
    with sheet() as after:
        assert before.values != after.values
