from decimal import Decimal

import pytest
from django.utils.translation import override

from gis_portal.pages.enquiries.form import EnquiryForm, initial_of
from layers.plots.parameters import Range
from layers.plots.terms import Terms
from tests.gis_portal.pages.enquiries.conftest import SAID


def told(language: str = "en", **more: str) -> dict[str, object]:
    with override(language):
        form = EnquiryForm({**SAID, **more})
        assert form.is_valid(), form.errors
        return form.told


@pytest.mark.parametrize(
    ("language", "typed", "number"),
    [
        ("en", "1200", "1200"),
        ("en", "1,200", "1200"),
        ("en", "1,200.5", "1200.5"),
        ("en", "0,5", "0.5"),
        ("bg", "1 200,5", "1200.5"),
        ("bg", "1,200", "1.200"),
        ("bg", "1\u00a0200", "1200"),
        ("bg", "0.5", "0.5"),
    ],
)
def test_numbers_are_read_as_people_write_them(language, typed, number):
    assert told(language, power=typed)["power_kva"] == Decimal(number)


@pytest.mark.parametrize("typed", ["-1", "1e9", "nan", "inf", "١٢", "1.2.3", "12 kVA", "0x10", "9" * 12, "9" * 4000])
def test_what_is_no_amount_is_told_at_the_field(typed):
    form = EnquiryForm({**SAID, "power": typed})
    assert list(form.errors) == ["power"]


@pytest.mark.parametrize(("unit", "area"), [("m2", 5), ("dka", 5000), ("ha", 50000)])
def test_an_area_is_kept_in_square_metres(unit, area):
    assert told(area_min="5", area_unit=unit)["area_min_m2"] == area


@pytest.mark.parametrize(("unit", "power"), [("kva", 2), ("mva", 2000)])
def test_power_is_kept_in_kva(unit, power):
    assert told(power="2", power_unit=unit)["power_kva"] == power


def test_water_keeps_its_unit():
    assert told(water="5", water_unit="m3/day")["water_unit"] == "m3/day"


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("activity", ""),
        ("activity", "x" * 201),
        ("activity", "a\x00b"),
        ("message", "x" * 1_000_000),
        ("contact_name", ""),
        ("email", "iva"),
        ("email", "iva@example.org\r\nBcc: all@example.org"),
        ("phone", "call me"),
        ("jobs", "-1"),
        ("wanted", "tomorrow"),
        ("area_unit", "acre"),
        ("consent", ""),
        ("website", "https://spam.example"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(name, typed):
    assert list(EnquiryForm({**SAID, name: typed}).errors) == [name]


def test_to_is_not_smaller_than_from():
    assert list(EnquiryForm({**SAID, "area_min": "2", "area_max": "1"}).errors) == ["area_max"]


def test_the_needs_are_folded_until_there_are_any():
    assert not EnquiryForm().needs_are_open
    assert EnquiryForm({"power": "1"}).needs_are_open
    assert EnquiryForm({**SAID, "jobs": "many"}).needs_are_open


def test_the_area_of_the_search_is_there_already():
    form = EnquiryForm(initial=initial_of(Terms(area=Range(5, None), area_unit="dka")))
    assert (form["area_min"].value(), form["area_unit"].value()) == ("5", "dka")


@pytest.mark.parametrize("field", ["activity", "contact_name", "company"])
def test_what_is_one_line_stays_one(field):
    typed = "Iva\r\nBcc: evil@example.org\r\n\r\nYou have won \u202efdp"
    assert told(**{field: typed})[field] == "Iva Bcc: evil@example.org You have won fdp"
