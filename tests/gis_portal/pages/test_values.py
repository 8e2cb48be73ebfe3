from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override

from gis_portal.pages import values
from layers.land import PLOTS
from layers.layer import Column
from registries.core.models import CodeValue

DIAMETER = Column(name="d", title_bg="", title_en="", expression=PLOTS.where, unit="mm")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (160.0, "160 mm"),
        (0.1, "0.1 mm"),
        (1234.5678, "1,234.568 mm"),
        (0, "0 mm"),
        (Decimal("2.50"), "2.5 mm"),
        (None, ""),
    ],
)
def test_a_number_is_written_as_short_as_it_is(value, text):
    with override("en"):
        assert values.shown(PLOTS, DIAMETER, value) == text


def test_a_number_is_written_as_in_bulgaria():
    with override("bg"):
        assert values.shown(PLOTS, DIAMETER, 12345.5) == "12\xa0345,5 mm"


@pytest.mark.parametrize(
    ("m2", "text"),
    [
        (11_896.4, "11,896 m² · 11.90 dka · 1.19 ha"),
        (999.5, "1,000 m² · 1.00 dka · 0.10 ha"),
        (0, "0 m² · 0.00 dka · 0.00 ha"),
    ],
)
def test_areas_are_rounded_not_cut(m2, text):
    with override("en"):
        assert values.area(m2) == text


def test_a_day_names_its_month():
    with override("en"):
        assert values.shown(PLOTS, DIAMETER, date(2026, 3, 4)) == "4 March 2026"


def test_a_code_has_the_label_that_staff_gave_it(db):
    CodeValue.objects.update_or_create(
        code_list="plotStatus", value="available", defaults={"title_bg": "за продан", "title_en": "on sale"}
    )
    column = PLOTS.column("status")
    assert column
    with override("en"):
        assert values.code_label(PLOTS, column, "available") == "on sale"


def test_a_code_without_such_a_label_has_that_of_the_model(db):
    CodeValue.objects.filter(code_list="plotStatus").delete()
    column = PLOTS.column("status")
    assert column
    with override("en"):
        assert values.code_label(PLOTS, column, "inProcedure") == "in procedure"


def test_an_unknown_code_is_shown_as_it_is(db):
    column = PLOTS.column("permitted_use")
    assert column
    assert values.code_label(PLOTS, column, "somethingNew") == "somethingNew"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x"])
def test_no_text_is_a_formula_in_a_table(text):
    assert values.in_table(text) == f"'{text}"


def test_other_texts_stand_in_a_table_as_they_are():
    assert values.in_table("3-04 = 2 dka") == "3-04 = 2 dka"
