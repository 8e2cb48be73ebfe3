import pytest
from django.test import Client
from django.urls import reverse

from registries.changes import door
from registries.core import codes
from registries.core.models import User
from registries.core.revisions import number_of
from registries.networks import catalogue
from registries.networks.models import AssetAttribute, AssetType, Node
from tests.conftest import hydrant, point

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(ada):
    codes.load()
    catalogue.load()
    User.objects.filter(pk=ada.pk).update(is_staff=True)
    client = Client()
    client.force_login(ada)
    return client


def attributes_form(key: str, *changed: dict[str, object]) -> dict[str, object]:
    """What the page of an asset type sends: all attributes as they are, then `changed` ones and new ones."""
    kind = AssetType.objects.get(pk=key)
    plain = ("title_bg", "title_en", "symbol", "inspire_class", "inspire_code", "cad_code", "audience", "position")
    form: dict[str, object] = {name: getattr(kind, name) for name in plain}
    rows = [_row(attribute) for attribute in kind.asset_attributes.all()]
    known = {row["key"]: row for row in rows}
    for change in changed:
        if change["key"] in known:
            known[change["key"]].update(change)
        else:
            rows.append({"type": "text", "audience": 0, "position": 900, **change})
    form["asset_attributes-TOTAL_FORMS"] = len(rows)
    form["asset_attributes-INITIAL_FORMS"] = len(known)
    for number, row in enumerate(rows):
        form |= {f"asset_attributes-{number}-{name}": value for name, value in row.items()}
        form[f"asset_attributes-{number}-asset_type"] = key
    return form


def _row(attribute: AssetAttribute) -> dict[str, object]:
    names = ("id", "key", "title_bg", "title_en", "type", "unit", "code_list", "audience", "position")
    row = {name: getattr(attribute, name) for name in names}
    return row | ({"required": "on"} if attribute.required else {})


def send(desk, key, *changed):
    return desk.post(reverse("admin:networks_assettype_change", args=[key]), attributes_form(key, *changed))


def new_attribute(key, kind="text", **more):
    return {"key": key, "title_bg": "ново", "title_en": "new", "type": kind, **more}


def test_a_new_attribute_is_made_in_the_browser_and_used_at_once(desk, publish, network):
    before = number_of(catalogue.TOPIC)
    assert send(desk, "water_hydrant", new_attribute("colour", code_list="material")).status_code == 302
    edit = hydrant(network, point(1, 1), attributes={"colour": "PE"})
    publish([edit])
    assert Node.objects.get(pk=edit.object_id).attributes == {"colour": "PE"}
    assert number_of(catalogue.TOPIC) > before


def test_a_new_asset_type_is_made_in_the_browser(desk):
    form = {"key": "water_tap", "theme": "water", "geometry_kind": "node", "title_bg": "Чешма", "title_en": "Tap"}
    counts = {"asset_attributes-TOTAL_FORMS": "0", "asset_attributes-INITIAL_FORMS": "0"}
    answer = desk.post(reverse("admin:networks_assettype_add"), {**form, "audience": "0", "position": "5", **counts})
    assert answer.status_code == 302
    assert AssetType.objects.get(pk="water_tap").title_en == "Tap"


@pytest.mark.parametrize("key", ["joint_kind", "length_long", "Цвят", "diameter_mm", "a b"])
def test_a_key_that_would_not_work_is_refused_in_words(desk, key):
    answer = send(desk, "water_hydrant", new_attribute(key))
    assert answer.status_code == 200
    assert answer.context["errors"]
    assert not AssetAttribute.objects.filter(key=key, asset_type="water_hydrant").exists()


def test_a_title_with_what_no_document_can_hold_is_refused(desk):
    """A vertical tab, the line break of word processors, would break the capabilities of every service."""
    answer = send(desk, "water_hydrant", new_attribute("maker", title_bg="про\x0bизводител"))
    assert "errornote" in answer.text
    assert not AssetAttribute.objects.filter(key="maker").exists()


def test_a_code_list_that_does_not_exist_is_refused(desk):
    assert send(desk, "water_hydrant", new_attribute("colour", code_list="rainbow")).status_code == 200
    assert not AssetAttribute.objects.filter(key="colour").exists()


def test_a_type_cannot_change_under_published_values(desk, publish, network):
    send(desk, "water_hydrant", new_attribute("colour"))
    publish([hydrant(network, point(1, 1), attributes={"colour": "червен"})])
    answer = send(desk, "water_hydrant", {"key": "colour", "type": "integer"})
    assert answer.status_code == 200
    assert AssetAttribute.objects.get(asset_type="water_hydrant", key="colour").type == "text"


def test_a_type_cannot_change_under_drafted_values(desk, olena, network):
    send(desk, "water_hydrant", new_attribute("colour"))
    door.propose(olena, [hydrant(network, point(1, 1), attributes={"colour": "червен"})], title="x")
    send(desk, "water_hydrant", {"key": "colour", "type": "integer"})
    assert AssetAttribute.objects.get(asset_type="water_hydrant", key="colour").type == "text"


def test_a_type_may_change_when_all_values_fit(desk, publish, network):
    send(desk, "water_hydrant", new_attribute("wheels", "integer"))
    publish([hydrant(network, point(1, 1), attributes={"wheels": 4})])
    assert send(desk, "water_hydrant", {"key": "wheels", "type": "real"}).status_code == 302
    assert AssetAttribute.objects.get(asset_type="water_hydrant", key="wheels").type == "real"


def test_a_key_in_use_stays_what_it_is(desk):
    attribute = AssetAttribute.objects.get(asset_type="water_hydrant", key="flow_l_s")
    form = attributes_form("water_hydrant")
    number = next(name.split("-")[1] for name, value in form.items() if value == "flow_l_s")
    form[f"asset_attributes-{number}-key"] = "renamed"
    desk.post(reverse("admin:networks_assettype_change", args=["water_hydrant"]), form)
    attribute.refresh_from_db()
    assert attribute.key == "flow_l_s"


def test_a_type_with_published_assets_is_not_deleted(desk, publish, network):
    publish([hydrant(network, point(1, 1))])
    desk.post(reverse("admin:networks_assettype_delete", args=["water_hydrant"]), {"post": "yes"})
    assert AssetType.objects.filter(pk="water_hydrant").exists()
