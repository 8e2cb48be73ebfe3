import json

import pytest
from django.utils.translation import override

from layers.assets import link_columns, node_columns
from layers.land import LAND_LAYERS
from registries.core import codes
from registries.core.models import CodeValue
from registries.core.revisions import number_of
from registries.land import models as land
from registries.networks import models as networks

pytestmark = pytest.mark.django_db

CHOICES = {
    "conditionOfFacility": networks.Status,
    "verticalPosition": networks.VerticalPosition,
    "locationQuality": networks.LocationQuality,
    "theme": networks.Theme,
    "nodeRole": networks.NodeRole,
    "linkRole": networks.LinkRole,
    "flowDirection": networks.Direction,
    "zoneKind": land.ZoneKind,
    "ownership": land.Ownership,
    "lineageKind": land.LineageKind,
    "plotStatus": land.PlotStatus,
    "rightClass": land.RightClass,
    "offeredRight": land.OfferedRight,
    "procedure": land.Procedure,
    "priceBasis": land.PriceBasis,
    "offerState": land.OfferState,
}
CAD_MATERIALS = {
    "concrete": "1",
    "reinforcedConcrete": "2",
    "steel": "3",
    "castIron": "4",
    "galvanizedSteel": "5",
    "stone": "6",
    "masonry": "7",
    "asbestos": "8",
    "PP": "9",
    "PE": "10",
    "HDPE": "11",
    "PVC": "12",
    "FRP": "13",
}


PUBLISHED = [*(column for layer in LAND_LAYERS for column in layer.columns), *link_columns(), *node_columns()]


@pytest.fixture
def loaded():
    return codes.load()


@pytest.mark.parametrize("code_list", CHOICES)
def test_a_list_holds_just_the_values_that_the_database_accepts(loaded, code_list):
    assert list(codes.labels(code_list)) == list(CHOICES[code_list].values)


def test_a_label_follows_the_language(loaded):
    label = codes.labels("conditionOfFacility")["underConstruction"]
    with override("bg"):
        assert label.title == "в строеж"
    with override("en"):
        assert label.title == "under construction"


def test_materials_carry_their_codes_of_cad_4_03(loaded):
    found = {value: label.cad_code for value, label in codes.labels("material").items() if label.cad_code}
    assert found == CAD_MATERIALS


def test_every_code_has_a_bulgarian_label_in_cyrillic_or_a_number(loaded):
    latin = CodeValue.objects.exclude(title_bg__regex="[а-яА-Я]").values_list("code_list", flat=True).distinct()
    assert set(latin) == {"coverClass"}


def test_every_code_list_of_a_published_column_exists(loaded):
    named = {column.code_list for column in PUBLISHED if column.code_list}
    assert len(named) > 10
    assert [name for name in named if not codes.labels(name)] == []


def test_an_unknown_list_is_empty(loaded):
    assert codes.labels("nothing") == {}


def test_a_second_load_changes_nothing(loaded):
    before = number_of(codes.TOPIC)
    again = codes.load()
    assert (again.created, again.updated) == (0, 0)
    assert again.unchanged == loaded.created
    assert number_of(codes.TOPIC) == before


def test_a_load_renews_a_title_of_its_own(loaded):
    CodeValue.objects.filter(code_list="material", value="PE").update(title_bg="нещо друго")
    assert codes.load().updated == 1
    assert codes.values("material")["PE"].title_bg == "полиетилен (PE)"


def test_a_load_keeps_what_staff_added(loaded):
    own = CodeValue.objects.create(code_list="material", value="glass", title_bg="стъкло", title_en="glass")
    codes.load()
    assert CodeValue.objects.filter(pk=own.pk).exists()


def test_a_code_that_staff_add_is_seen_at_once(loaded):
    codes.labels("material")
    CodeValue.objects.create(code_list="material", value="glass", title_bg="стъкло", title_en="glass")
    assert "glass" in codes.labels("material")


def test_every_code_fits_its_column():
    document = json.loads(codes.FIXTURE.read_text(encoding="utf-8"))
    limits = {
        name: CodeValue._meta.get_field(name).max_length for name in ("code_list", "value", "title_bg", "title_en")
    }
    assert all(len(row[name]) <= (limit or 0) for row in codes.rows(document) for name, limit in limits.items())
