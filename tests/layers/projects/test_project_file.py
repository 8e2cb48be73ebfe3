"""The file that everybody gets, and the one for a person: what is in it, for whom, and where it is read from."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.test import Client
from lxml import etree

from layers.access import reader_of
from layers.catalogue import catalogue_of
from registries.changes import door
from registries.changes.edits import Edit
from registries.core.models import User
from registries.networks.models import AssetType
from tests.flows import world
from tests.layers.projects.conftest import PROJECT, SECRET, UNUSED, Project, keys, opened, source
from tests.own_database import forget

ALL = ["zones", "parcels", "plots", "offers", "buildings", "road_axis", "water_pipe", "water_hydrant"]


def renamed(key: str, title: str) -> None:
    """In the catalogue, as if its revision had risen."""
    AssetType.objects.filter(key=key).update(title_bg=title)
    forget()


def test_it_is_a_project_of_qgis_by_name_and_type(client: Client):
    response = client.get(PROJECT, {"lang": "en"})
    assert response["Content-Type"] == "application/x-qgis-project-container"
    assert response["Content-Disposition"] == 'attachment; filename="gis-portal-en.qgz"'
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        assert archive.read(archive.namelist()[0]).startswith(b"<!DOCTYPE qgis PUBLIC")


def test_everybody_gets_the_public_layers_in_the_order_of_the_legend(project: Project):
    assert keys(project()) == [layer.key for layer in catalogue_of(reader_of(None))]
    assert set(keys(project())) == set(ALL)


def test_layers_stand_in_groups_by_theme(project: Project):
    titles = project(lang="en").xpath("/qgis/layer-tree-group/layer-tree-group/@name")
    assert titles == ["Land", "Roads", "Water supply", "Base maps"]


def test_everybody_reads_by_the_public_address_of_wfs(project: Project):
    assert source(project(), "plots") == (
        "pagingEnabled='true' restrictToRequestBBOX='1' srsname='EPSG:7801' typename='zone:plots'"
        " url='http://testserver/ows/wfs' version='2.0.0'"
    )


def test_nothing_is_edited_in_everybodys_file(project: Project):
    document = project()
    assert set(document.xpath("//maplayer[@type='vector']/@readOnly")) == {"1"}
    assert set(document.xpath("//editable/field/@editable")) == {"0"}


def test_a_kind_of_asset_that_is_all_closed_is_for_staff(client: Client, project: Project, editor: User):
    assert SECRET not in keys(project())
    client.force_login(editor)
    assert SECRET in keys(project())


def test_a_closed_column_is_for_staff(client: Client, project: Project, editor: User):
    awarded = "//maplayer[id='registry_offers']//alias[@field='awarded_party']"
    assert not project().xpath(awarded)
    client.force_login(editor)
    assert project().xpath(awarded)


def test_a_person_edits_by_the_address_for_editing_with_a_configuration_of_their_own(
    client: Client, project: Project, editor: User
):
    client.force_login(editor)
    found = source(project(authcfg="abc1234"), "plots")
    assert found.startswith("authcfg=abc1234 ")
    assert "url='http://testserver/ows/wfs/edit'" in found


def test_without_a_wish_the_configuration_has_a_name_of_the_portal(client: Client, project: Project, editor: User):
    client.force_login(editor)
    names = {source(project(), layer).split()[0] for layer in ALL}
    assert len(names) == 1
    assert len(names.pop()) == len("authcfg=gis1234")


def test_an_empty_configuration_lets_qgis_ask(client: Client, project: Project, editor: User):
    client.force_login(editor)
    assert "authcfg" not in source(project(authcfg=""), "plots")


@pytest.mark.parametrize("name", ["short", "with '7'", "LETTERS", "eightlet"])
def test_a_configuration_that_qgis_cannot_have_is_refused(client: Client, editor: User, name: str):
    client.force_login(editor)
    response = client.get(PROJECT, {"authcfg": name})
    assert response.status_code == 400
    assert response.json()["locator"] == "authcfg"


def test_who_only_looks_reads_by_the_public_address_as_themselves(client: Client, project: Project, stranger: User):
    client.force_login(stranger)
    found = source(project(), "plots")
    assert found.startswith("authcfg=gis")
    assert "url='http://testserver/ows/wfs'" in found


def test_layers_may_be_edited_by_the_ogc_api_for_their_heights(client: Client, project: Project, editor: User):
    client.force_login(editor)
    document = project(service="ogc")
    assert "typename='water_pipe' url='http://testserver/ogc'" in source(document, "water_pipe")
    assert document.xpath("//maplayer[id='registry_water_pipe']/provider")[0].text == "OAPIF"


def test_an_unknown_service_is_refused(client: Client, editor: User):
    client.force_login(editor)
    assert client.get(PROJECT, {"service": "sql"}).status_code == 400


def test_a_token_never_stands_in_a_file_that_was_fetched_with_it(client: Client, token: str):
    response = client.get(PROJECT, headers={"Authorization": f"Bearer {token}"})
    text = etree.tostring(opened(response.content), encoding="unicode")
    assert "/ows/wfs/edit" in text
    for word in (token, token[:9], "password", "olena"):
        assert word not in text


def test_a_person_can_have_everybodys_file(client: Client, editor: User):
    everybody = client.get(PROJECT).content
    client.force_login(editor)
    assert client.get(PROJECT, {"public": "1"}).content == everybody


def test_it_speaks_the_language_of_the_request(project: Project):
    words = {
        language: project(lang=language).xpath("//maplayer[id='registry_plots']/layername")[0].text
        for language in ("bg", "en")
    }
    assert words == {"bg": "Терени за инвеститори", "en": "Plots for investors"}


def test_it_is_not_sent_again_until_something_changes(client: Client, editor: User):
    first = client.get(PROJECT)
    again = client.get(PROJECT, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    door.propose(
        editor, [Edit.create("land.zone", {"code": "w", "name": "Запад"}, world.rectangle(0, 0, 9, 9))], title="t"
    )
    assert client.get(PROJECT)["ETag"] == first["ETag"]
    renamed("water_hydrant", "Пожарен кран")
    assert client.get(PROJECT)["ETag"] != first["ETag"]


def test_caches_on_the_way_keep_readers_and_languages_apart(client: Client, editor: User):
    assert client.get(PROJECT)["Cache-Control"] == "no-cache"
    assert {name.strip() for name in client.get(PROJECT)["Vary"].split(",")} >= {
        "Accept-Language",
        "Authorization",
        "Cookie",
    }
    client.force_login(editor)
    assert client.get(PROJECT)["Cache-Control"] == "private, no-cache"


def test_behind_a_proxy_it_names_the_address_that_people_use(client: Client, settings: Any):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.ALLOWED_HOSTS = ["zone.example.bg"]
    response = client.get(PROJECT, headers={"X-Forwarded-Proto": "https", "Host": "zone.example.bg"})
    assert "url='https://zone.example.bg/ows/wfs'" in source(opened(response.content), "plots")


def test_it_opens_in_the_registrys_system_where_the_zone_lies(project: Project):
    document = project()
    assert document.xpath("/qgis/projectCrs/spatialrefsys/authid")[0].text == "EPSG:7801"
    west, south, east, north = (float(document.xpath(f"/qgis/mapcanvas/extent/{side}")[0].text)
                                for side in ("xmin", "ymin", "xmax", "ymax"))  # fmt: skip
    assert west < 587_000 < 587_400 < east
    assert south < 4_790_000 < 4_790_240 < north
    assert east - west < 600


def test_related_layers_are_told(project: Project):
    found = {
        (relation.get("referencedLayer"), relation.get("referencingLayer"))
        for relation in project().xpath("/qgis/relations/relation")
    }
    assert found == {
        ("registry_zones", "registry_parcels"),
        ("registry_zones", "registry_plots"),
        ("registry_zones", "registry_buildings"),
        ("registry_plots", "registry_offers"),
    }


def test_words_that_xml_cannot_carry_do_no_harm(client: Client, editor: User):
    renamed(UNUSED, "A <b> & \x01\x0b\"'")
    client.force_login(editor)
    response = client.get(f"/ows/layers/{UNUSED}.qlr")
    assert etree.fromstring(response.content).xpath("//layername")[0].text == "A <b> & \"'"


def test_only_reading_is_allowed(client: Client):
    assert client.post(PROJECT).status_code == 405
