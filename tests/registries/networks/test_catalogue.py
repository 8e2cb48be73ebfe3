import json
import re

import pytest
from django.core.management import call_command

from layers.assets import link_columns, node_columns
from registries.core import codes
from registries.core.models import Audience, CodeValue
from registries.core.revisions import number_of
from registries.networks import catalogue
from registries.networks.models import AssetAttribute, AssetType, Link, Node, Theme

pytestmark = pytest.mark.django_db
DOCUMENT = json.loads(catalogue.FIXTURE.read_text(encoding="utf-8"))
APPURTENANCES = {
    "water": "waterAppurtenance",
    "sewer": "sewerAppurtenance",
    "storm": "sewerAppurtenance",
    "gas": "oilGasChemicalsAppurtenance",
    "electricity": "electricityAppurtenance",
    "lighting": "electricityAppurtenance",
    "telecom": "telecomAppurtenance",
    "thermal": "thermalAppurtenance",
}
# QGIS takes fields whose name holds one of these for numbers.
QGIS_TRAP = re.compile("int|long|double")


@pytest.fixture
def loaded():
    codes.load()
    return catalogue.load()


def test_the_catalogue_covers_all_themes_with_more_than_fifty_types(loaded):
    assert AssetType.objects.count() >= 50
    assert set(AssetType.objects.values_list("theme", flat=True)) == set(Theme.values)


def test_every_network_has_nodes_and_links(loaded):
    kinds = set(AssetType.objects.values_list("theme", "geometry_kind"))
    assert kinds == {(theme, kind) for theme in Theme.values for kind in ("node", "link")}


def test_keys_begin_with_their_theme(loaded):
    assert [row.key for row in AssetType.objects.all() if not row.key.startswith(f"{row.theme}_")] == []


def test_no_key_looks_like_a_number_type_to_qgis():
    keys = [one["key"] for one in DOCUMENT["types"]] + list(DOCUMENT["attributes"])
    assert [key for key in keys if QGIS_TRAP.search(key)] == []


def test_no_attribute_repeats_a_common_column():
    common = {field.name for model in (Node, Link) for field in model._meta.get_fields()}
    published = {column.name for column in (*link_columns(), *node_columns())}
    assert (common | published) & set(DOCUMENT["attributes"]) == set()


def test_every_attribute_is_used():
    used = {key for one in DOCUMENT["types"] for key in one["attributes"]}
    assert set(DOCUMENT["attributes"]) == used


def test_every_code_list_that_is_named_exists(loaded):
    named = set(AssetAttribute.objects.exclude(code_list="").values_list("code_list", flat=True))
    assert named <= set(CodeValue.objects.values_list("code_list", flat=True))


def test_every_symbol_is_in_the_list_for_its_geometry():
    assert [one["key"] for one in DOCUMENT["types"] if one["symbol"] not in DOCUMENT["symbols"][one["kind"]]] == []


def test_appurtenances_have_a_word_of_their_themes_code_list(loaded):
    rows = AssetType.objects.filter(inspire_class="Appurtenance").exclude(inspire_code="")
    assert [row.key for row in rows if row.inspire_code not in codes.labels(APPURTENANCES[row.theme])] == []


def test_sources_of_drinking_water_are_for_staff_only(loaded):
    assert AssetType.objects.get(key="water_well").audience == Audience.INTERNAL


def test_a_second_load_changes_nothing(loaded):
    before = number_of(catalogue.TOPIC)
    types, attributes = catalogue.load()
    assert not types.changed
    assert not attributes.changed
    assert number_of(catalogue.TOPIC) == before


def test_a_load_keeps_types_and_attributes_of_staff(loaded):
    own = AssetType.objects.create(
        key="water_bench", theme="water", geometry_kind="node", title_bg="Чешма", title_en="Tap"
    )
    extra = AssetAttribute.objects.create(asset_type_id="water_pipe", key="colour", title_bg="цвят", title_en="colour")
    catalogue.load()
    assert AssetType.objects.filter(pk=own.pk).exists()
    assert AssetAttribute.objects.filter(pk=extra.pk).exists()


def test_a_load_renews_what_came_with_the_product(loaded):
    AssetType.objects.filter(key="water_pipe").update(title_en="Something else")
    types, _attributes = catalogue.load()
    assert types.updated == 1
    assert AssetType.objects.get(key="water_pipe").title_en == "Water pipe"


@pytest.mark.parametrize("model", [AssetType, AssetAttribute])
def test_a_change_of_the_catalogue_raises_its_revision(loaded, model):
    before = number_of(catalogue.TOPIC)
    model.objects.filter().first().save()
    assert number_of(catalogue.TOPIC) > before


def test_the_command_tells_what_it_did(capsys):
    call_command("load_catalogue")
    call_command("load_catalogue")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 6
    assert f"{len(DOCUMENT['types'])}" in lines[1]
    assert f"{len(DOCUMENT['types'])}" in lines[4]
