import re

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from registries.changes import door
from registries.core.models import AuditEntry, CodeValue, Role, RoleGrant, User
from registries.core.records import registries
from registries.land.models import Plot
from tests.conftest import parcel, person, square

pytestmark = pytest.mark.django_db
READ_ONLY = [*registries(), "core.auditentry", "changes.changeset", "changes.changeitem"]


def page(key: str, kind: str = "changelist", *args: object) -> str:
    return reverse(f"admin:{key.replace('.', '_')}_{kind}", args=args)


@pytest.fixture
def desk(ada):
    """Ada's browser: an administrator who is staff."""
    User.objects.filter(pk=ada.pk).update(is_staff=True)
    client = Client()
    client.force_login(ada)
    return client


@pytest.fixture
def root():
    return User.objects.create_superuser("root", password="a long enough password")


@pytest.fixture
def filled(publish, zone, network):
    """Something in most lists."""
    publish([parcel("73626.501.1", square(0, 0), zone.pk)])
    return zone


@pytest.mark.parametrize("key", [*READ_ONLY, "core.user", "core.codevalue", "networks.assettype"])
def test_an_administrator_opens_every_list(desk, filled, key):
    assert desk.get(page(key)).status_code == 200


@pytest.mark.parametrize("address", ["land/zone/?code__exact=%00", "networks/assettype/a%00b/change/"])
def test_what_no_text_can_hold_is_no_failure(desk, address):
    assert desk.get(f"/admin/{address}").status_code == 400


@pytest.mark.parametrize("language", ["bg", "en"])
def test_the_pages_speak_both_languages(desk, language):
    answer = desk.get(page("core.user"), headers={"accept-language": language})
    assert f'lang="{language}"' in answer.text


def test_a_registry_object_shows_its_geometry_as_text(desk, filled):
    answer = desk.get(page("land.zone", "change", filled.pk))
    assert answer.status_code == 200
    assert "SRID=7801; MULTIPOLYGON" in answer.text


@pytest.mark.parametrize("key", ["land.zone", "networks.assettype", "core.user"])
def test_no_page_names_another_host(desk, ada, filled, key):
    objects = {"land.zone": filled.pk, "networks.assettype": "water_pipe", "core.user": ada.pk}
    text = desk.get(page(key, "change", objects[key])).text
    assert re.findall(r"""(?:src|href|action)=["'](?:https?:)?//[^"']*""", text) == []


@pytest.mark.parametrize("key", ["land.zone", "networks.assettype", "core.user", "core.codevalue"])
def test_pages_hold_no_script_or_style_that_the_policy_forbids(desk, ada, filled, key):
    text = desk.get(page(key)).text
    assert re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", text) == []
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=", text) == []


@pytest.mark.parametrize("key", READ_ONLY)
@pytest.mark.parametrize("kind", ["add", "change", "delete"])
def test_nobody_writes_registries_or_change_sets_here(client, root, key, kind):
    client.force_login(root)
    known = "00000000-0000-0000-0000-000000000001" if key in registries() else "1"
    address = page(key, kind) if kind == "add" else page(key, kind, known)
    assert client.post(address, {"state": "approved"}).status_code in (302, 403)
    model = admin.site.get_model_admin(_model(key))
    request = client.get(page(key)).wsgi_request
    assert not getattr(model, f"has_{kind}_permission")(request)


def _model(key: str):
    return next(model for model in admin.site._registry if model._meta.label_lower == key)


def test_a_change_set_cannot_be_approved_here(desk, olena, zone):
    change_set = door.propose(olena, [parcel("73626.501.2", square(0, 0), zone.pk)], title="x")
    door.submit(olena, change_set)
    answer = desk.post(page("changes.changeset", "change", change_set.pk), {"state": "approved"})
    change_set.refresh_from_db()
    assert answer.status_code == 403
    assert change_set.state == "submitted"


def test_items_of_a_change_set_are_one_click_away(desk, olena, zone):
    change_set = door.propose(olena, [parcel("73626.501.2", square(0, 0), zone.pk)], title="x")
    text = desk.get(page("changes.changeset", "change", change_set.pk)).text
    address = f"{page('changes.changeitem')}?change_set__id__exact={change_set.pk}"
    assert address in text
    assert desk.get(address).context["cl"].result_count == 1


@pytest.mark.parametrize("who", ["olena", "boris", "stranger"])
def test_whoever_is_not_staff_is_sent_to_the_log_in(client, request, who):
    client.force_login(request.getfixturevalue(who))
    answer = client.get(page("core.user"))
    assert answer.status_code == 302
    assert reverse("admin:login") in answer.headers["location"]


def test_staff_without_a_role_open_nothing(client, stranger, filled):
    User.objects.filter(pk=stranger.pk).update(is_staff=True)
    client.force_login(stranger)
    assert {client.get(page(key)).status_code for key in ("land.zone", "core.user", "core.codevalue")} == {403}


def test_staff_who_edit_read_registries_but_manage_nobody(client, olena, filled):
    User.objects.filter(pk=olena.pk).update(is_staff=True)
    client.force_login(olena)
    assert client.get(page("land.zone")).status_code == 200
    assert client.get(page("core.user")).status_code == 403
    assert client.get(page("core.auditentry")).status_code == 403


def test_an_administrator_of_one_zone_manages_nobody(client, zone):
    local = person("local")
    User.objects.filter(pk=local.pk).update(is_staff=True)
    RoleGrant.objects.create(user=local, role=Role.ADMINISTRATOR, zone_id=zone.pk)
    client.force_login(local)
    assert client.get(page("core.user")).status_code == 403


def grant(desk, somebody, **values):
    form = {
        "username": somebody.username,
        "is_active": "on",
        "grants-TOTAL_FORMS": "1",
        "grants-INITIAL_FORMS": "0",
        **{f"grants-0-{key}": str(value) for key, value in values.items()},
    }
    return desk.post(page("core.user", "change", somebody.pk), form)


def test_a_role_is_given_for_a_zone(desk, stranger, zone):
    assert grant(desk, stranger, role="editor", zone_id=zone.pk).status_code == 302
    assert list(stranger.grants.values_list("role", "zone_id", "network_id")) == [("editor", zone.pk, None)]


def test_a_role_given_is_in_the_audit(desk, ada, stranger, zone):
    grant(desk, stranger, role="editor", zone_id=zone.pk)
    entry = AuditEntry.objects.get(action="change", subject=f"core.user:{stranger.pk}")
    assert entry.actor == ada
    assert "grants" in str(entry.details) or "role" in str(entry.details)


def test_an_operator_without_a_network_is_refused_in_words(desk, stranger):
    answer = grant(desk, stranger, role="operator")
    assert answer.status_code == 200
    assert answer.context["errors"]
    assert not stranger.grants.exists()


def test_an_administrator_makes_nobody_a_superuser(desk, stranger):
    form = {"username": "stranger", "is_active": "on", "is_superuser": "on"}
    desk.post(
        page("core.user", "change", stranger.pk), {**form, "grants-TOTAL_FORMS": "0", "grants-INITIAL_FORMS": "0"}
    )
    stranger.refresh_from_db()
    assert not stranger.is_superuser


@pytest.mark.parametrize("kind", ["change", "password"])
def test_an_administrator_does_not_touch_a_superuser(desk, root, kind):
    address = page("core.user", "change", root.pk) if kind == "change" else f"/admin/core/user/{root.pk}/password/"
    answer = desk.post(address, {"password1": "another long password", "password2": "another long password"})
    assert answer.status_code == 403


def test_nobody_is_deleted(desk, stranger):
    assert desk.post(page("core.user", "delete", stranger.pk), {"post": "yes"}).status_code == 403


def test_the_meaning_of_a_stored_code_stays(desk):
    code = CodeValue.objects.create(code_list="colour", value="red", title_bg="червен", title_en="red")
    form = {"code_list": "x", "value": "y", "title_bg": "алено", "title_en": "scarlet", "position": "1"}
    desk.post(page("core.codevalue", "change", code.pk), form)
    code.refresh_from_db()
    assert (code.code_list, code.value, code.title_bg) == ("colour", "red", "алено")


def test_no_plot_is_made_behind_the_door(client, root, zone):
    client.force_login(root)
    client.post(page("land.plot", "add"), {"zone": zone.pk, "code": "P1"})
    assert not Plot.objects.exists()
