from uuid import UUID

import pytest
from django.db import connection

from layers.access import reader_of
from layers.catalogue import catalogue_of
from layers.search import Hit, fold, search
from registries.changes.edits import Edit
from tests.conftest import Publish
from tests.flows import world


@pytest.fixture
def corner(publish: Publish) -> None:
    world.asset_types()
    publish([*world.land(), *world.networks()])


def found(text: str, user=None) -> list[Hit]:
    return search(catalogue_of(reader_of(user)), text)


def titles(text: str, user=None) -> list[str]:
    return [hit.title for hit in found(text, user)]


@pytest.mark.parametrize(
    "written",
    [
        "73626.510.12",
        " 73626 . 510 . 12 ",
        "73626,510,12",
        "73626 510 12",
        "73626-510-12",
        "73626.510.12.",
        "7362651012",
    ],
)
def test_a_cadastral_number_is_found_however_it_is_separated(corner, written):
    assert titles(written)[0] == "73626.510.12"


@pytest.mark.parametrize("written", ["П-2", "п2", "P-2", "p 2", "П - 2"])
def test_a_plot_is_found_in_either_alphabet(corner, written):
    assert titles(written)[0] == "П-2"


def test_look_alikes_are_the_same_letters():
    assert fold("АВЕКМНОРСТУХ") == fold("ABEKMHOPCTYX")


@pytest.mark.parametrize(
    "written",
    ["АВЕКМНОРСТУХ бгдзийлпфцчшщюяъьж", "73626 . 510,12;/\\_-–—:", "Strasse\u00a0№ 5\t(б)", "", "ЁЫЭ", "' $$ \\0041"],
)
def test_the_database_folds_as_the_search_does(db, written):
    with connection.cursor() as cursor:
        cursor.execute("SELECT public.search_key(%s)", [written])
        assert cursor.fetchone()[0] == fold(written)


def test_a_number_is_found_by_its_last_parts(corner):
    assert "73626.510.13" in titles("510.13")


def test_an_exact_number_comes_before_those_that_begin_with_it(corner, publish):
    shape = world.rectangle(0, 0, 5, 5)
    publish([Edit.create("land.parcel", {"national_cadastral_reference": "73626.510.122"}, shape)])
    assert titles("73626.510.12")[:2] == ["73626.510.12", "73626.510.122"]


def test_an_old_number_finds_todays_parcel_and_says_so(corner):
    first = found(world.OLD_NUMBER)[0]
    assert (first.title, first.formerly) == (world.SPLIT_NUMBER, world.OLD_NUMBER)


def test_an_old_number_is_followed_over_several_changes(corner, publish):
    older = {
        "kind": "renumber",
        "parent_id": UUID(int=6),
        "parent_reference": "73626.9.9",
        "child_id": UUID(int=7),
        "child_reference": world.OLD_NUMBER,
    }
    publish([Edit.create("land.parcellineage", older)])
    assert titles("73626.9.9") == [world.SPLIT_NUMBER]


def test_a_zone_is_found_by_a_name_with_a_slip_of_the_pen(corner):
    assert "Индустриална зона Изток" in titles("Индустриалнa зона Исток")


def test_a_zone_is_found_by_its_english_name(corner):
    assert titles("zone east")[0] == "Индустриална зона Изток"


def test_a_street_is_found_by_its_label(corner):
    assert titles("Индустриална")[-1] == "ул. Индустриална"


def test_the_label_of_a_network_that_is_not_public_is_not_found_by_a_visitor(corner):
    assert titles("Т-1") == []


def test_who_may_see_the_network_finds_its_labels(corner, boris):
    assert titles("Т-1", boris) == ["Т-1"]


@pytest.mark.parametrize(
    "text", ["", " ", "7", "--", "%", "_ _", "\x00", "' OR 1=1 --", "%%%%", "\\", "a" * 5000, "{}"]
)
def test_what_names_nothing_finds_nothing(corner, text):
    assert titles(text) == []


def test_bounds_are_those_of_the_geometry_in_degrees(corner):
    west, south, east, north = found("П-1")[0].bounds
    assert 26.57 < west < east < 26.58
    assert 43.24 < south < north < 43.25


def test_no_more_hits_than_asked_for(corner):
    assert len(search(catalogue_of(reader_of(None)), "73626", limit=3)) == 3


def test_the_parcels_of_a_street_do_not_hide_the_street(corner, publish):
    address = {"address": "ул. Индустриална 1", "zone": world.ZONE}
    publish(
        [
            Edit.create(
                "land.parcel",
                {"national_cadastral_reference": f"73626.600.{number}", **address},
                world.rectangle(6 * number, 0, 5, 5),
            )
            for number in range(20)
        ]
    )
    assert "ул. Индустриална" in titles("ул. Индустриална")
