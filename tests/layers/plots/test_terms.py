"""The terms of a search: read from an address, written back to the one canonical form, refused with every fault."""

from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.utils import translation

from layers.plots.parameters import BadTerms, Range
from layers.plots.terms import Terms
from registries.core import codes

ALL = (
    "q=%D0%9F-1&zone=east&status=available&status=planned&right=sale&area_min=0.5&area_max=2&area_unit=ha&price_min=1000"
    "&price_max=500000&price_m2_min=1.25&price_m2_max=30&price_period=year&density_min=50&kint_min=1.5&height_min=10"
    "&greening_max=30&water=0&gas=250&rail=1&sort=-area&page=3&bounds=26.5%2C43.2%2C26.6%2C43.3"
)


@pytest.fixture(autouse=True)
def english(db):
    with translation.override("en"):
        yield


def read(query: str) -> Terms:
    return Terms.read(QueryDict(query))


def faults(query: str) -> dict[str, str]:
    with pytest.raises(BadTerms) as refused:
        read(query)
    return refused.value.faults


def test_what_is_written_is_read_again():
    assert read(ALL).query() == ALL


def test_the_order_and_repeats_of_an_address_make_no_difference():
    assert (
        read("water=5&status=planned&status=available&status=planned").query()
        == "status=available&status=planned&water=5"
    )


def test_nothing_asked_is_empty():
    terms = read("lang=bg&at=2026-01-01&map=16/43/26&utm_source=x&area_unit=ha&price_period=year&sort=area&page=2")
    assert terms.is_empty
    assert not Terms.read(QueryDict("status=available")).is_empty


def test_fields_that_a_form_left_blank_ask_nothing():
    assert read("q=&status=&area_min=&area_unit=m2&price_period=once&water=&rail=&sort=&page=&bounds=").query() == ""


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("12500", 12500),
        ("12 500", 12500),
        ("12\u00a0500", 12500),
        ("12,500", 12500),
        ("1,5", 1.5),
        ("1.5", 1.5),
        ("0,500", 0.5),
    ],
)
def test_numbers_are_read_as_people_write_them(written, meant):
    assert read(urlencode({"area_min": written})).area.low == meant


def test_areas_are_compared_in_square_metres_whatever_their_unit():
    assert read("area_min=1.5&area_max=2&area_unit=ha").area_m2 == Range(15_000, 20_000)
    assert read("area_min=1.5&area_unit=dka").area_m2.low == 1_500


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("status=sold", "status"),
        ("status=available&status=' OR 1=1", "status"),
        ("right=gift", "right"),
        ("use=castle", "use"),
        ("road=wall", "road"),
        ("area_min=big", "area_min"),
        ("area_min=-1", "area_min"),
        ("area_min=1e5", "area_min"),
        ("area_min=nan", "area_min"),
        ("area_min=٣", "area_min"),
        ("area_min=9999999999999", "area_min"),
        ("area_min=5&area_max=4", "area_max"),
        ("price_min=5&price_max=4", "price_max"),
        ("area_unit=acre", "area_unit"),
        ("price_period=month", "price_period"),
        ("density_min=101", "density_min"),
        ("greening_max=-5", "greening_max"),
        ("water=2001", "water"),
        ("water=12.5", "water"),
        ("rail=2", "rail"),
        ("sort=colour", "sort"),
        ("bounds=1,2,3", "bounds"),
        ("bounds=1,2,3,4,5", "bounds"),
        ("bounds=27,43,26,44", "bounds"),
        ("bounds=26,43,27,nan", "bounds"),
        ("bounds=26,43,27,inf", "bounds"),
        ("bounds=26,-91,27,43", "bounds"),
        ("q=a%00b", "q"),
        ("status=%00", "status"),
        ("zone=" + "z" * 9000, "zone"),
        ("q=" + "x" * 10_000, "q"),
        ("q=one&q=two", "q"),
        ("area_min=1&area_min=2", "area_min"),
        ("water=10&water=20", "water"),
    ],
    ids=lambda value: value[:24].replace("\x00", "NUL"),
)
def test_what_cannot_be_meant_is_refused_with_its_name(query, name):
    assert list(faults(query)) == [name]


def test_all_faults_are_told_at_once_and_the_rest_is_kept():
    assert set(faults("status=sold&area_min=x&price_max=9&density_min=200")) == {"status", "area_min", "density_min"}
    terms, _faults = Terms.attempt(QueryDict("status=sold&area_min=x&price_max=9"))
    assert terms.query() == "price_max=9"


@pytest.mark.parametrize("page", ["0", "-3", "x", "1e3", "99999999999999999999", "²"])
def test_a_page_that_cannot_be_is_the_nearest(page):
    assert 1 <= read(urlencode({"page": page})).page <= 10_000


def test_a_filter_is_dropped_by_its_name():
    terms = read("status=available&area_min=5&area_max=9&water=0&page=4")
    assert terms.without("area").query() == "status=available&water=0"
    assert terms.without("water", "status").query() == "area_min=5&area_max=9"


def test_a_change_begins_at_the_first_page():
    terms = read("status=available&page=4")
    assert terms.query(water=25) == "status=available&water=25"
    assert terms.query(page=5) == "status=available&page=5"


def test_terms_are_told_in_words():
    codes.load()
    told = read(ALL).words()
    assert told[:6] == ["“П-1”", "east", "available, planned", "sale", "0.5–2 ha", "1,000–500,000 € a year"]
    assert "Water supply at the border" in told
    assert "Gas within 250 m" in told
    assert "density of 50 % at least" in told
    with translation.override("bg"):
        assert read("status=available").words() == ["свободен"]


def test_each_filter_has_its_words():
    codes.load()
    every = read(
        ALL + "&use=production&road=mainStreet&sewer=10&storm=10&electricity=10&telecom=10&thermal=10&lighting=10"
    )
    assert len(every.words()) == len(Terms.FILTERS)
    assert all(every.words())
