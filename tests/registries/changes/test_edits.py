"""Edits: each wrong value and geometry is refused with its column, its reason and a remedy."""

import uuid
from datetime import date
from typing import Any

import pytest
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Point
from django.db import connection

from registries.changes import door
from registries.changes.edits import Edit, canonical_columns, canonical_geom
from registries.core.errors import BadInput, InvalidGeometry, NotFound, RuleViolations
from registries.core.models import User
from registries.core.rules import Problem
from registries.land.models import Parcel, Zone
from registries.networks.models import Network
from tests.conftest import EAST, NORTH, SRID, Publish, line, parcel, pipe, point, square


def edit_of(**columns: Any) -> Edit:
    return Edit.update("land.parcel", uuid.uuid4(), columns)


def test_an_unknown_registry_is_named_with_the_known_ones() -> None:
    with pytest.raises(NotFound, match=r"land\.parcel"):
        canonical_columns(Edit.create("land.castle", {}))


def test_an_unknown_column_is_named_with_the_known_ones() -> None:
    with pytest.raises(BadInput, match="address") as caught:
        canonical_columns(edit_of(colour="red"))
    assert caught.value.locator == "colour"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("legal_area_m2", "many"),
        ("valid_from", "31.12.2026"),
        ("ownership", "king"),
        ("zone", "not a uuid"),
        ("national_cadastral_reference", "x" * 61),
        ("legal_area_m2", float("nan")),
    ],
)
def test_a_wrong_value_names_its_column(column: str, value: object) -> None:
    with pytest.raises(BadInput) as caught:
        canonical_columns(edit_of(**{column: value}))
    assert caught.value.locator.startswith(column)


def test_a_creation_carries_defaults() -> None:
    columns = canonical_columns(Edit.create("land.parcel", {"national_cadastral_reference": "73626.1.1"}))
    assert (columns["ownership"], columns["legal_area_m2"], columns["address"]) == ("unknown", None, "")


def test_a_creation_without_what_is_required_is_refused() -> None:
    with pytest.raises(BadInput) as caught:
        canonical_columns(Edit.create("land.parcel", {"label": "x"}))
    assert caught.value.locator == "national_cadastral_reference"


def test_dates_and_periods_become_json() -> None:
    columns = canonical_columns(
        Edit.update("land.offer", uuid.uuid4(), {"open_period": "[2026-01-01, 2026-12-31)", "price": "12.50"})
    )
    assert columns == {"open_period": "[2026-01-01,2026-12-31)", "price": "12.50"}
    assert canonical_columns(edit_of(valid_from=date(2026, 5, 1))) == {"valid_from": "2026-05-01"}


def test_control_characters_do_not_enter() -> None:
    assert canonical_columns(edit_of(address="ул.\x00 Първа\x1f\ud800")) == {"address": "ул. Първа"}
    link = Edit.update("networks.link", uuid.uuid4(), {"attributes": {"note\x00": "a\x00b\udfff"}})
    assert canonical_columns(link) == {"attributes": {"note": "ab"}}


@pytest.mark.parametrize("value", [["a"], {"a": 1}, b"a"])
def test_a_text_is_no_collection(value: object) -> None:
    with pytest.raises(BadInput) as caught:
        canonical_columns(edit_of(address=value))
    assert caught.value.locator == "address"


@pytest.mark.parametrize("value", ["a", [1], 5])
def test_attributes_are_an_object(value: object) -> None:
    with pytest.raises(BadInput) as caught:
        canonical_columns(Edit.update("networks.link", uuid.uuid4(), {"attributes": value}))
    assert caught.value.locator == "attributes"


def test_a_geometry_is_brought_into_the_registrys_crs(db: None) -> None:
    given = point(10, 20)
    given.transform(4326)
    moved = canonical_geom(Edit.create("networks.node", {}, given))
    with connection.cursor() as cursor:
        cursor.execute("SELECT ST_AsText(ST_Transform(ST_GeomFromEWKT(%s), %s), 3)", [given.ewkt, SRID])
        [expected] = cursor.fetchone()
    assert moved is not None
    assert moved.distance(GEOSGeometry(expected, srid=SRID)) < 0.002


def test_a_single_polygon_becomes_multi() -> None:
    geom = canonical_geom(Edit.create("land.parcel", {}, square(0, 0)[0]))
    assert isinstance(geom, MultiPolygon)


def test_heights_of_land_are_dropped() -> None:
    wkt = f"SRID={SRID};POLYGON Z (({EAST} {NORTH} 1, {EAST + 9} {NORTH} 1, {EAST} {NORTH + 9} 1, {EAST} {NORTH} 1))"
    geom = canonical_geom(Edit.create("land.parcel", {}, GEOSGeometry(wkt)))
    assert geom is not None
    assert not geom.hasz


@pytest.mark.parametrize(
    ("wkt", "reason"),
    [
        ("POLYGON EMPTY", "empty|празна"),
        ("POLYGON ((0 0, 10 10, 10 0, 0 10, 0 0))", "Self-intersection"),
        ("LINESTRING (0 0, 1 1)", "LineString"),
        ("POLYGON ((0 0, 1 0, 1 nan, 0 0))", "."),
    ],
)
def test_a_bad_geometry_is_refused(wkt: str, reason: str) -> None:
    with pytest.raises(InvalidGeometry, match=reason):
        canonical_geom(Edit.create("land.parcel", {}, GEOSGeometry(wkt, srid=SRID)))


def test_a_geometry_without_reference_system_is_refused() -> None:
    with pytest.raises(InvalidGeometry):
        canonical_geom(Edit.create("networks.node", {}, Point(1, 2)))


def test_a_point_at_the_end_of_the_world_is_refused() -> None:
    with pytest.raises(InvalidGeometry):
        canonical_geom(Edit.create("networks.node", {}, Point(1e30, 95, srid=4326)))


@pytest.mark.parametrize("places", [((0, 0), (0.001, 0)), ((0, 0), (10, 0), (10, 10), (5, -5))])
def test_a_short_or_crossing_line_is_refused(places: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(InvalidGeometry):
        canonical_geom(Edit.create("networks.link", {}, line(*places)))


def test_one_bad_edit_refuses_them_all(olena: User, zone: Zone) -> None:
    good, bad = (
        parcel("73626.501.1", square(0, 0), zone.pk),
        parcel("73626.501.2", square(200, 0), zone.pk, label="x" * 99),
    )
    with pytest.raises(RuleViolations, match=r"label|означение|етикет"):
        door.propose(olena, [good, bad], title="x")
    assert not olena.change_sets.filter(title="x").exists()


def test_bad_edits_can_be_told_and_left_out(olena: User, zone: Zone) -> None:
    good, bad = (
        parcel("73626.501.1", square(0, 0), zone.pk),
        parcel("73626.501.2", square(200, 0), zone.pk, label="x" * 99),
    )
    told: list[Problem] = []
    change_set = door.propose(olena, [good, bad], title="x", on_refusal=told.append)
    assert [problem.object_id for problem in told] == [bad.object_id]
    assert change_set.items.count() == 1


def test_an_update_of_nothing_is_refused(olena: User, zone: Zone) -> None:
    with pytest.raises(RuleViolations, match="EDIT-002"):
        door.propose(olena, [Edit.update("land.parcel", uuid.uuid4(), {"label": "x"})], title="x")


def test_a_creation_of_what_exists_is_refused(olena: User, zone: Zone) -> None:
    with pytest.raises(RuleViolations, match="EDIT-001"):
        door.propose(olena, [Edit.create("land.zone", {"code": "x", "name": "x"}, square(0, 0), zone.pk)], title="x")


@pytest.mark.parametrize("version", [7, -1])
def test_a_version_that_never_was_is_refused(olena: User, zone: Zone, version: int) -> None:
    with pytest.raises(RuleViolations, match="EDIT-003"):
        door.propose(olena, [Edit.update("land.zone", zone.pk, {"name": "x"}, base_version=version)], title="x")


@pytest.mark.parametrize("floors", [float("inf"), float("nan"), 10**30])
def test_a_number_beyond_all_numbers_is_refused(olena: User, zone: Zone, floors: float) -> None:
    edit = Edit.create("land.building", {"zone": zone.pk, "floors": floors}, square(0, 0))
    with pytest.raises(RuleViolations, match="EDIT-004"):
        door.propose(olena, [edit], title="x")


def test_two_edits_of_one_object_become_one_item(olena: User, publish: Publish, zone: Zone) -> None:
    first = parcel("73626.501.1", square(0, 0), zone.pk)
    publish([first])
    change_set = door.propose(olena, [Edit.update("land.parcel", first.object_id, {"label": "a"})], title="x")
    door.propose(olena, [Edit.update("land.parcel", first.object_id, {"address": "b"})], change_set=change_set)
    assert change_set.items.get().attributes == {"label": "a", "address": "b"}


def test_what_is_added_and_removed_in_one_draft_leaves_no_item(olena: User, zone: Zone) -> None:
    first = parcel("73626.501.1", square(0, 0), zone.pk)
    change_set = door.propose(olena, [first], title="x")
    door.propose(olena, [Edit.delete("land.parcel", first.object_id)], change_set=change_set)
    assert not change_set.items.exists()


def test_nobody_edits_anothers_draft(olena: User, ada: User, zone: Zone) -> None:
    change_set = door.propose(olena, [parcel("73626.501.1", square(0, 0), zone.pk)], title="x")
    with pytest.raises(Exception, match=r"author|автор"):
        door.propose(ada, [parcel("73626.501.2", square(200, 0), zone.pk)], change_set=change_set)


def test_items_that_change_nothing_can_be_dropped(olena: User, publish: Publish, network: Network) -> None:
    first = pipe(network, line((0, 0), (9, 0)), diameter_mm=110)
    publish([first])
    same = Edit.update("networks.link", first.object_id, {"diameter_mm": "110.0"}, line((0, 0), (9, 0)))
    change_set = door.propose(olena, [same], title="x")
    assert door.drop_unchanged(olena, change_set) == 1
    assert not change_set.items.exists()


def test_a_referenced_object_is_not_removed(olena: User, publish: Publish, zone: Zone) -> None:
    publish([parcel("73626.501.1", square(0, 0), zone.pk)])
    change_set = door.propose(olena, [Edit.delete("land.zone", zone.pk)], title="x")
    with pytest.raises(RuleViolations, match="DATA-003"):
        door.submit(olena, change_set)
    assert not Parcel.objects.filter(zone=None).exists()
