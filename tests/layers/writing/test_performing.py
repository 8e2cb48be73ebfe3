"""Wishes: features added, changed, replaced and removed as a client writes them, into the person's own draft."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.gis.geos import GEOSGeometry, LineString, Point, Polygon
from django.utils.translation import override

from layers.drafts import draft_of
from layers.writing import perform
from registries.changes.edits import Edit
from registries.changes.models import ChangeItem, ChangeSet
from registries.core.errors import BadInput, InvalidGeometry, NotAllowed, NotFound, RuleViolations
from registries.core.models import Role, RoleGrant, User
from registries.land.models import Parcel, Zone
from registries.networks.models import AssetAttribute, AssetType, Network
from tests.conftest import EAST, NORTH, SRID, Publish, hydrant, line, parcel, pipe, point, square
from tests.layers.writing.conftest import Write, shown, wish

REFERENCE = "national_cadastral_reference"


@pytest.fixture(autouse=True)
def in_english() -> Any:
    with override("en"):
        yield


def items() -> int:
    return ChangeItem.objects.count()


def test_what_is_added_is_a_draft_of_the_person_and_nothing_published(write: Write, olena: User, zone: Zone) -> None:
    done = write("parcels", "create", values={REFERENCE: "73626.1.1", "zone": "east"}, geom=square(0, 0))
    assert shown(olena, done).zone_id == zone.pk
    assert not Parcel.objects.exists()


def test_an_addition_keeps_the_identifier_that_it_brings(write: Write, zone: Zone) -> None:
    id = uuid4()
    assert write("parcels", "create", id, values={REFERENCE: "73626.1.1"}, geom=square(0, 0)).id == id


def test_the_zone_is_found_by_place_where_none_is_given(write: Write, olena: User, zone: Zone) -> None:
    done = write("parcels", "create", values={REFERENCE: "73626.1.1", "zone": None}, geom=square(0, 0))
    assert shown(olena, done).zone_id == zone.pk


def test_an_asset_is_of_its_layers_type_and_of_the_only_network(write: Write, olena: User, network: Network) -> None:
    found = shown(olena, write("water_hydrant", "create", values={"label": "H-1"}, geom=point(5, 5)))
    assert (found.asset_type_id, found.network_id) == ("water_hydrant", network.pk)


def test_of_several_networks_one_has_to_be_named(write: Write, publish: Publish, network: Network) -> None:
    columns = {"zone": network.zone_id, "theme": "water", "name": "Втори водопровод"}
    publish([Edit.create("networks.network", columns)])
    with pytest.raises(BadInput, match="Водопровод, Втори водопровод") as caught:
        write("water_hydrant", "create", geom=point(5, 5))
    assert caught.value.locator == "network"


def test_a_network_is_written_by_its_name(write: Write, olena: User, network: Network) -> None:
    done = write("water_hydrant", "create", values={"network": "Водопровод"}, geom=point(5, 5))
    assert shown(olena, done).network_id == network.pk


@pytest.mark.parametrize(
    ("key", "values", "known"),
    [("parcels", {"zone": "nowhere", REFERENCE: "1"}, "east"), ("water_hydrant", {"network": "none"}, "Водопровод")],
)
def test_an_unknown_name_is_refused_with_those_that_there_are(
    write: Write, network: Network, key: str, values: dict[str, str], known: str
) -> None:
    with pytest.raises(BadInput, match=known):
        write(key, "create", values=values, geom=square(0, 0) if key == "parcels" else point(5, 5))


@pytest.fixture
def typed(asset_types: dict[str, AssetType]) -> None:
    """A hydrant with an attribute of each type."""
    for key, kind in (
        ("outlets", "integer"),
        ("flow", "real"),
        ("dry", "boolean"),
        ("checked", "date"),
        ("maker", "text"),
    ):
        AssetAttribute.objects.get_or_create(
            asset_type=asset_types["water_hydrant"], key=key, defaults={"title_bg": key, "title_en": key, "type": kind}
        )


@pytest.mark.parametrize(
    ("name", "text", "stored"),
    [
        ("outlets", "3", 3),
        ("outlets", "3.0", 3),
        ("outlets", 3, 3),
        ("flow", "1.25", 1.25),
        ("flow", "1.5e3", 1500),
        ("dry", "true", True),
        ("dry", "0", False),
        ("dry", False, False),
        ("checked", "2024-05-06", "2024-05-06"),
        ("checked", "2024-05-06T07:08:09.000Z", "2024-05-06"),
        ("maker", "А & Б", "А & Б"),
    ],
)
def test_attributes_are_read_by_their_type(
    write: Write, olena: User, typed: None, network: Network, name: str, text: Any, stored: Any
) -> None:
    done = write("water_hydrant", "create", values={name: text}, geom=point(5, 5))
    assert shown(olena, done).attributes == {name: stored}


def test_columns_are_read_by_their_type(write: Write, olena: User, zone: Zone) -> None:
    values = {REFERENCE: "73626.1.1", "legal_area_m2": "1.10", "valid_from": "2021-02-03Z"}
    found = shown(olena, write("parcels", "create", values=values, geom=square(0, 0)))
    assert (found.legal_area_m2, found.valid_from) == (Decimal("1.10"), date(2021, 2, 3))


@pytest.mark.parametrize(
    ("values", "locator"),
    [
        ({"legal_area_m2": "much"}, "legal_area_m2"),
        ({"legal_area_m2": "1e400"}, "legal_area_m2"),
        ({"legal_area_m2": "NaN"}, "legal_area_m2"),
        ({"valid_from": "03.02.2021"}, "valid_from"),
        ({"valid_from": "2021-02-30"}, "valid_from"),
        ({"label": ["x"]}, "label"),
        ({"ownership": "mine"}, "ownership"),
        ({"label": "x" * 61}, "label"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_name(
    write: Write, zone: Zone, values: dict[str, Any], locator: str
) -> None:
    with pytest.raises(BadInput) as caught:
        write("parcels", "create", values={REFERENCE: "73626.1.1", **values}, geom=square(0, 0))
    assert caught.value.locator == locator
    assert not ChangeSet.objects.filter(source="qgis").exists()


def test_the_refusal_names_layer_feature_field_and_reason(write: Write, zone: Zone) -> None:
    with pytest.raises(BadInput) as caught:
        write("parcels", "create", values={REFERENCE: "73626.1.1", "valid_from": "soon"}, geom=square(0, 0))
    assert str(caught.value).startswith("Cadastral parcels “73626.1.1”, valid from: “soon” is not a date")


def test_several_problems_are_told_together(olena: User, zone: Zone) -> None:
    bad = [
        wish(olena, "parcels", "create", values={REFERENCE: f"73626.1.{n}", "legal_area_m2": "x"}, geom=square(0, 0))
        for n in range(3)
    ]
    good = wish(olena, "parcels", "create", values={REFERENCE: "73626.1.9"}, geom=square(0, 0))
    with pytest.raises(RuleViolations) as caught:
        perform(olena, [good, *bad])
    assert len(caught.value.problems) == 3
    assert str(caught.value).count("“x” is not a number") == 3
    assert not ChangeSet.objects.filter(source="qgis").exists()


@pytest.fixture
def published(publish: Publish, zone: Zone) -> Edit:
    edit = parcel("73626.1.1", square(0, 0), zone.pk, label="old", legal_area_m2="100.00", address="ул. Първа")
    publish([edit])
    return edit


def test_an_update_changes_what_is_given_and_nothing_else(write: Write, olena: User, published: Edit) -> None:
    done = write("parcels", "update", published.object_id, values={"label": "new"})
    assert (shown(olena, done).label, shown(olena, done).address) == ("new", "ул. Първа")
    assert ChangeItem.objects.get(change_set__source="qgis").attributes == {"label": "new"}


def test_what_is_given_but_the_same_is_not_changed(write: Write, published: Edit) -> None:
    before = items()
    write("parcels", "update", published.object_id, values={"label": "old", "legal_area_m2": "100"}, geom=square(0, 0))
    assert items() == before


def test_null_takes_a_value_away(write: Write, olena: User, published: Edit) -> None:
    done = write("parcels", "update", published.object_id, values={"legal_area_m2": None, "label": None})
    assert (shown(olena, done).legal_area_m2, shown(olena, done).label) == (None, "")


def test_what_must_not_be_null_is_refused(write: Write, published: Edit) -> None:
    with pytest.raises(BadInput) as caught:
        write("parcels", "update", published.object_id, values={"ownership": None})
    assert caught.value.locator == "ownership"


def test_replacing_sets_what_is_not_given_to_its_default(write: Write, olena: User, published: Edit) -> None:
    done = write("parcels", "replace", published.object_id, values={REFERENCE: "73626.1.1"}, geom=square(0, 0))
    found = shown(olena, done)
    assert (found.label, found.address, found.legal_area_m2, found.ownership) == ("", "", None, "unknown")
    assert found.zone_id is not None


def test_removing_hides_it_in_the_draft(write: Write, olena: User, published: Edit) -> None:
    done = write("parcels", "delete", published.object_id)
    with pytest.raises(Parcel.DoesNotExist):
        shown(olena, done)
    assert Parcel.objects.count() == 1


def test_removing_an_own_addition_leaves_no_trace(write: Write, zone: Zone) -> None:
    before = items()
    done = write("parcels", "create", values={REFERENCE: "73626.1.1"}, geom=square(0, 0))
    write("parcels", "delete", done.id)
    assert items() == before


def test_a_wish_sees_what_the_one_before_it_did(olena: User, published: Edit) -> None:
    id = published.object_id
    deleted = wish(olena, "parcels", "delete", id)
    with pytest.raises(NotFound):
        perform(olena, [deleted, wish(olena, "parcels", "update", id, values={"label": "x"})])


@pytest.mark.parametrize("action", ["update", "replace", "delete"])
def test_what_is_not_there_is_not_found(write: Write, zone: Zone, action: str) -> None:
    with pytest.raises(NotFound):
        write("parcels", action, uuid4())


def test_a_feature_of_another_layer_is_not_found(write: Write, publish: Publish, network: Network) -> None:
    added = hydrant(network, point(5, 5))
    publish([added])
    AssetType.objects.get_or_create(
        key="water_valve", defaults={"theme": "water", "geometry_kind": "node", "title_bg": "v", "title_en": "v"}
    )
    with pytest.raises(NotFound):
        write("water_valve", "delete", added.object_id)


def test_what_lies_in_anothers_zone_is_not_found(publish: Publish, stranger: User, published: Edit) -> None:
    west = Edit.create("land.zone", {"code": "west", "name": "W"}, square(-2000, 0, 1000))
    publish([west])
    RoleGrant.objects.create(user=stranger, role=Role.EDITOR, zone_id=west.object_id)
    with pytest.raises(NotFound):
        perform(stranger, [wish(stranger, "parcels", "delete", published.object_id)])


def test_nothing_is_added_to_anothers_zone(publish: Publish, stranger: User, zone: Zone) -> None:
    west = Edit.create("land.zone", {"code": "west", "name": "W"}, square(-2000, 0, 1000))
    publish([west])
    RoleGrant.objects.create(user=stranger, role=Role.EDITOR, zone_id=west.object_id)
    with pytest.raises(NotAllowed):
        perform(stranger, [wish(stranger, "parcels", "create", values={REFERENCE: "1.1.1"}, geom=square(500, 0))])


def test_nobody_edits_anothers_draft(write: Write, ada: User, zone: Zone) -> None:
    done = write("parcels", "create", values={REFERENCE: "73626.1.1"}, geom=square(0, 0))
    with pytest.raises(NotFound):
        perform(ada, [wish(ada, "parcels", "update", done.id, values={"label": "mine"})])


@pytest.mark.parametrize("action", ["update", "replace"])
def test_a_computed_value_that_is_unchanged_may_come_along(write: Write, published: Edit, action: str) -> None:
    values = {REFERENCE: "73626.1.1", "area_m2": "10000.0", "label": "new"}
    write("parcels", action, published.object_id, values=values, geom=square(0, 0))


@pytest.mark.parametrize("action", ["update", "replace"])
@pytest.mark.parametrize("value", ["5", "many", ["5"]])
def test_a_computed_value_cannot_be_changed(write: Write, published: Edit, action: str, value: Any) -> None:
    with pytest.raises(BadInput, match="computed") as caught:
        write("parcels", action, published.object_id, values={"area_m2": value}, geom=square(0, 0))
    assert caught.value.locator == "area_m2"


def test_a_copied_feature_may_bring_what_is_computed(write: Write, zone: Zone) -> None:
    values = {REFERENCE: "73626.1.1", "area_m2": "5", "begin_lifespan_version": "2020-01-01T00:00:00Z"}
    write("parcels", "create", values=values, geom=square(0, 0))


def test_null_on_an_addition_means_the_default(write: Write, olena: User, zone: Zone) -> None:
    values = {REFERENCE: "73626.1.1", "ownership": None, "label": None, "area_m2": None}
    assert shown(olena, write("parcels", "create", values=values, geom=square(0, 0))).ownership == "unknown"


def test_what_is_required_is_asked_for(write: Write, zone: Zone) -> None:
    with pytest.raises(BadInput) as caught:
        write("parcels", "create", values={}, geom=square(0, 0))
    assert caught.value.locator == REFERENCE


def test_an_identifier_that_exists_cannot_be_added_again(write: Write, published: Edit) -> None:
    with pytest.raises(RuleViolations, match="exists already"):
        write("parcels", "create", published.object_id, values={REFERENCE: "73626.1.2"}, geom=square(0, 0))


@pytest.mark.parametrize("geom", [None, GEOSGeometry("POLYGON EMPTY", srid=SRID), Point(srid=SRID)])
@pytest.mark.parametrize("action", ["create", "update"])
def test_an_empty_geometry_is_refused(write: Write, published: Edit, geom: Any, action: str) -> None:
    id = published.object_id if action == "update" else None
    with pytest.raises(InvalidGeometry, match="empty geometry"):
        write("parcels", action, id, values={REFERENCE: "73626.1.2"}, geom=geom)


def test_without_a_geometry_nothing_is_added(write: Write, zone: Zone) -> None:
    with pytest.raises((InvalidGeometry, BadInput), match="geometry is missing"):
        write("parcels", "create", values={REFERENCE: "73626.1.1"})


def test_a_flipped_geometry_is_refused_and_the_refusal_says_so(write: Write, network: Network) -> None:
    with pytest.raises(InvalidGeometry, match="wrong order"):
        write("water_hydrant", "create", geom=Point(NORTH + 5, EAST + 5, srid=SRID))


def test_a_flipped_geometry_in_degrees_is_told_too(write: Write, network: Network) -> None:
    there = point(5, 5)
    there.transform(4326)
    with pytest.raises(InvalidGeometry, match="wrong order"):
        write("water_hydrant", "create", geom=Point(there.y, there.x, srid=4326))


@pytest.mark.parametrize(
    "geom",
    [
        Point(26.5, 43.2, srid=SRID),
        Point(1e300, 1e300, srid=SRID),
        Point(float("nan"), 1, srid=SRID),
        Point(float("inf"), 1, srid=SRID),
        Point(EAST, NORTH, float("nan"), srid=SRID),
        Point(200, 95, srid=4326),
        Point(EAST + 500_000, NORTH, srid=SRID),
    ],
)
def test_a_geometry_elsewhere_is_refused(write: Write, network: Network, geom: Point) -> None:
    with pytest.raises(InvalidGeometry):
        write("water_hydrant", "create", geom=geom)


def test_no_vertex_of_a_line_lies_off_the_map(write: Write, network: Network) -> None:
    with pytest.raises(InvalidGeometry):
        write("water_pipe", "create", geom=line((10, 10), (10, 9_000_000)))


def test_a_moved_feature_must_stay_in_its_surroundings_too(write: Write, published: Edit) -> None:
    with pytest.raises(InvalidGeometry, match="outside the zone"):
        write("parcels", "update", published.object_id, geom=square(50_000, 0))


def test_a_new_zone_must_lie_in_the_registrys_extent(write: Write, zone: Zone) -> None:
    write("zones", "create", values={"code": "far", "name": "Far"}, geom=square(20_000, 0))
    with pytest.raises(InvalidGeometry, match="extent"):
        write("zones", "create", values={"code": "off", "name": "Off"}, geom=square(5_000_000, 0))


def test_a_geometry_in_degrees_is_stored_in_the_registrys_system(write: Write, olena: User, network: Network) -> None:
    there = point(5, 5)
    there.transform(4326)
    found = shown(olena, write("water_hydrant", "create", geom=there))
    assert found.geom.distance(point(5, 5)) < 0.001


@pytest.mark.parametrize("ring", ["0 0, 10 10, 10 0, 0 10, 0 0"])
def test_an_invalid_geometry_is_refused_with_its_reason(write: Write, zone: Zone, ring: str) -> None:
    bowtie = Polygon([(EAST + float(x), NORTH + float(y)) for x, y in re.findall(r"(\d+) (\d+)", ring)], srid=SRID)
    with pytest.raises(BadInput, match="Self-intersection"):
        write("parcels", "create", values={REFERENCE: "73626.1.1"}, geom=bowtie)


def test_another_kind_of_geometry_is_refused(write: Write, network: Network) -> None:
    with pytest.raises(InvalidGeometry, match="takes POINT"):
        write("water_hydrant", "create", geom=line((0, 0), (5, 5)))


@pytest.fixture
def offered(publish: Publish, zone: Zone) -> Edit:
    plot = Edit.create("land.plot", {"zone": zone.pk, "code": "A-1"}, square(0, 0))
    columns = {"right": "lease", "procedure": "tender", "state": "closed", "open_period": "[2026-01-01,2026-02-01)"}
    offer = Edit.create("land.offer", {"plot": plot.object_id, **columns})
    publish([plot, offer])
    return offer


def test_the_ends_of_a_period_are_written_one_by_one(write: Write, olena: User, offered: Edit) -> None:
    done = write("offers", "update", offered.object_id, values={"open_to": "2026-03-31"})
    period = shown(olena, done).open_period
    assert (period.lower, period.upper) == (date(2026, 1, 1), date(2026, 4, 1))


def test_a_period_must_not_end_before_it_begins(write: Write, offered: Edit) -> None:
    with pytest.raises(BadInput, match="before it begins"):
        write("offers", "update", offered.object_id, values={"open_to": "2025-03-31"})


def test_an_offer_is_added_by_the_code_of_its_plot(write: Write, olena: User, offered: Edit) -> None:
    values = {"plot": "A-1", "right": "sale", "procedure": "tender", "state": "closed"}
    assert shown(olena, write("offers", "create", values=values, geom=square(0, 0))).plot_id == offered.columns["plot"]


def test_an_offer_has_no_shape_to_be_moved(write: Write, offered: Edit) -> None:
    write("offers", "update", offered.object_id, values={"price": "5"}, geom=square(0, 0))
    with pytest.raises(InvalidGeometry, match="no shape of its own"):
        write("offers", "update", offered.object_id, geom=square(10, 0))


def test_the_properties_of_gml_are_kept(write: Write, olena: User, zone: Zone) -> None:
    given = {"gml:name": "Имот", "gml:description": None, "gml:identifier": "i-1", "gml:identifier@codeSpace": "urn:x"}
    done = write("parcels", "create", values={REFERENCE: "73626.1.1", **given}, geom=square(0, 0))
    kept = {"gml:name": "Имот", "gml:identifier": "i-1", "gml:identifier@codeSpace": "urn:x"}
    assert shown(olena, done).standard_properties == kept


def test_a_property_of_gml_can_be_taken_away(write: Write, olena: User, published: Edit) -> None:
    write("parcels", "update", published.object_id, values={"gml:name": "a", "gml:description": "b"})
    done = write("parcels", "update", published.object_id, values={"gml:name": None})
    assert shown(olena, done).standard_properties == {"gml:description": "b"}


def test_replacing_takes_the_properties_of_gml_away(write: Write, olena: User, published: Edit) -> None:
    write("parcels", "update", published.object_id, values={"gml:name": "a"})
    done = write("parcels", "replace", published.object_id, values={REFERENCE: "73626.1.1"}, geom=square(0, 0))
    assert shown(olena, done).standard_properties == {}


def test_a_new_identifier_comes_without_the_old_ones_code_space(write: Write, olena: User, published: Edit) -> None:
    id = published.object_id
    write("parcels", "update", id, values={"gml:identifier": "a", "gml:identifier@codeSpace": "urn:x"})
    done = write("parcels", "update", id, values={"gml:identifier": "b"})
    assert shown(olena, done).standard_properties == {"gml:identifier": "b"}


def test_heights_that_come_with_a_shape_are_kept(write: Write, olena: User, network: Network) -> None:
    done = write("water_pipe", "create", geom=line((0, 0, 10), (50, 0, 11)))
    assert [z for _x, _y, z in shown(olena, done).geom.coords] == [10, 11]


def test_heights_of_vertices_that_stay_are_kept(write: Write, olena: User, publish: Publish, network: Network) -> None:
    laid = pipe(network, line((0, 0, 10), (50, 0, 11), (90, 0, 12)))
    publish([laid])
    moved = LineString([(EAST, NORTH), (EAST + 50, NORTH + 8), (EAST + 90, NORTH)], srid=SRID)
    done = write("water_pipe", "update", laid.object_id, geom=moved)
    assert [z for _x, _y, z in shown(olena, done).geom.coords][::2] == [10, 12]


def test_who_has_drafted_nothing_has_no_draft(olena: User, zone: Zone) -> None:
    assert draft_of(olena) is None


def test_a_rule_about_the_object_itself_refuses_at_once(write: Write, zone: Zone) -> None:
    with pytest.raises(RuleViolations, match="“A-1” is not of the form") as caught:
        write("parcels", "create", values={REFERENCE: "A-1"}, geom=square(0, 0))
    assert str(caught.value).startswith("Cadastral parcels “A-1”: ")


def test_a_condition_of_the_database_refuses_at_once(write: Write, published: Edit) -> None:
    with pytest.raises(RuleViolations, match="ends before it begins"):
        write("parcels", "update", published.object_id, values={"valid_from": "2021-02-03", "valid_to": "2021-02-02"})


def test_a_rule_about_neighbours_waits_until_the_draft_is_handed_in(write: Write, published: Edit) -> None:
    write("parcels", "create", values={REFERENCE: "73626.1.2"}, geom=square(0, 0))


def test_what_was_wrong_before_keeps_nobody_from_editing(
    write: Write, publish: Publish, zone: Zone, settings: Any
) -> None:
    settings.CADASTRAL_REFERENCE_PATTERN = "."
    added = parcel("73626.1.1", square(0, 0), zone.pk)
    publish([added])
    settings.CADASTRAL_REFERENCE_PATTERN = "^X"
    write("parcels", "update", added.object_id, values={"label": "x"})
