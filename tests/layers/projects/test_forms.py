"""What people see when they open a feature: words in their language, lists to choose from, what they must fill in."""

from __future__ import annotations

import pytest
from django.test import Client
from lxml import etree

from registries.core.models import User
from tests.layers.projects.conftest import UNUSED


@pytest.fixture
def form(client: Client, editor: User):
    """The definition of a layer as an editor gets it."""
    client.force_login(editor)
    return lambda key, language="en": etree.fromstring(client.get(f"/ows/layers/{key}.qlr", {"lang": language}).content)


def choices(document: etree._Element, field: str) -> dict[str, str]:
    found = document.xpath(
        f"//field[@name='{field}']/editWidget[@type='ValueMap']//Option[@name='map']//Option[@value]"
    )
    return {option.get("value"): option.get("name") for option in found}


@pytest.mark.parametrize(("language", "word"), [("bg", "Статус"), ("en", "Status")])
def test_columns_have_titles(form, language: str, word: str):
    assert form("plots", language).xpath("//alias[@field='status']/@name") == [word]


def test_units_stand_behind_titles(form):
    assert form(UNUSED).xpath("//alias[@field='size']/@name") == ["Size (mm)"]


@pytest.mark.parametrize(("language", "word"), [("bg", "действащо"), ("en", "functional")])
def test_codes_are_chosen_by_their_words(form, language: str, word: str):
    assert choices(form("water_pipe", language), "status")["functional"] == word


def test_an_optional_code_may_be_empty(form):
    assert "{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}" in choices(form("water_pipe"), "material")


def test_dates_are_chosen_in_a_calendar(form):
    assert form("plots").xpath("//field[@name='status_since']/editWidget/@type") == ["DateTime"]


def test_long_texts_have_several_lines(form):
    (several,) = form("plots").xpath("//field[@name='description']//Option[@name='IsMultiline']/@value")
    assert several == "true"


def test_what_the_registry_works_out_cannot_be_written(form):
    editable = {
        one.get("field") or one.get("name"): one.get("editable") for one in form("plots").xpath("//editable/field")
    }
    assert editable["area_m2"] == "0"
    assert editable["code"] == "1"


@pytest.mark.parametrize(
    ("layer", "column", "constraint"),
    [("plots", "code", "1"), ("plots", "description", "0"), ("parcels", "national_cadastral_reference", "3"),
     (UNUSED, "size", "1")],
)  # fmt: skip
def test_what_must_be_filled_in_and_what_is_unique_is_told(form, layer: str, column: str, constraint: str):
    assert form(layer).xpath(f"//constraint[@field='{column}']/@constraints") == [constraint]


def test_a_new_feature_begins_with_what_the_registry_takes_for_granted(form):
    assert form("plots").xpath("//default[@field='status']/@expression") == ["'planned'"]


def test_features_are_known_by_what_people_call_them(form):
    assert form("plots").xpath("//previewExpression/text()") == ['"code"']
