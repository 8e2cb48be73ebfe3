"""Rules and conditions of land."""

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from pytest_django.fixtures import Settings

from registries.changes import checks, door
from registries.changes.edits import Edit
from registries.core.errors import RuleViolations
from registries.core.models import CodeValue, User
from registries.core.rules import Moment, Problem
from registries.land import pattern
from registries.land.models import Offer, Parcel, Zone
from tests.conftest import EAST, NORTH, SRID, Publish, parcel, refused, square


def plot(zone: Zone, code: str, x: float = 0, **columns: object) -> Edit:
    return Edit.create("land.plot", {"zone": zone.pk, "code": code, **columns}, square(x, 0))


def offer(plot_id: object, **columns: object) -> Edit:
    base = {
        "plot": plot_id,
        "right": "sale",
        "procedure": "auctionOpen",
        "state": "published",
        "price": "100000",
        "open_period": "[2026-01-01,2026-07-01)",
        "decision_document": "Решение 12/2026",
    }
    return Edit.create("land.offer", {**base, **columns})


def test_neighbours_may_touch(olena: User, zone: Zone) -> None:
    first, second = parcel("73626.501.1", square(0, 0), zone.pk), parcel("73626.501.2", square(100, 0), zone.pk)
    assert refused(olena, first, second) == []


def test_overlapping_parcels_are_both_told(olena: User, zone: Zone) -> None:
    first, second = parcel("73626.501.1", square(0, 0), zone.pk), parcel("73626.501.2", square(99, 0), zone.pk)
    assert refused(olena, first, second) == ["LAND-005", "LAND-005"]


def test_an_overlap_with_a_published_parcel(olena: User, publish: Publish, zone: Zone) -> None:
    publish([parcel("73626.501.1", square(0, 0), zone.pk)])
    assert refused(olena, parcel("73626.501.2", square(50, 50), zone.pk)) == ["LAND-005"]


def test_a_split_in_one_change_set_overlaps_nothing(olena: User, publish: Publish, zone: Zone) -> None:
    whole = parcel("73626.501.1", square(0, 0), zone.pk)
    publish([whole])
    part = parcel("73626.501.2", square(0, 0, 50), zone.pk)
    assert refused(olena, Edit.delete("land.parcel", whole.object_id), part) == []


def test_half_a_square_metre_of_overlap_is_measuring_noise(olena: User, zone: Zone) -> None:
    first, second = parcel("73626.501.1", square(0, 0), zone.pk), parcel("73626.501.2", square(99.995, 0), zone.pk)
    assert refused(olena, first, second) == []


def test_a_zone_outside_the_country(olena: User, zone: Zone) -> None:
    assert refused(olena, Edit.create("land.zone", {"code": "x", "name": "x"}, square(900_000, 0))) == ["LAND-001"]


@pytest.mark.parametrize("reference", ["73626.501", "7362.501.1", "73626-501-1", "КККР"])
def test_a_bad_cadastral_identifier(olena: User, zone: Zone, reference: str) -> None:
    assert refused(olena, parcel(reference, square(0, 0), zone.pk)) == ["LAND-006"]


def test_an_identifier_that_is_taken(olena: User, publish: Publish, zone: Zone) -> None:
    publish([parcel("73626.501.1", square(0, 0), zone.pk)])
    assert refused(olena, parcel("73626.501.1", square(200, 0), zone.pk)) == ["LAND-007"]


def test_the_database_knows_the_pattern_too(publish: Publish, zone: Zone, settings: Settings) -> None:
    settings.CADASTRAL_REFERENCE_PATTERN = "^ES-[0-9]+$"
    pattern.enforce()
    publish([parcel("ES-1", square(0, 0), zone.pk)])
    assert Parcel.objects.get().national_cadastral_reference == "ES-1"


def test_density_and_greening_beyond_the_whole(olena: User, zone: Zone) -> None:
    assert refused(olena, plot(zone, "A", density_max_pct=80, greening_min_pct=30)) == ["DATA-001"]


def test_a_published_offer_needs_price_period_and_decision(olena: User, publish: Publish, zone: Zone) -> None:
    ground = plot(zone, "A")
    publish([ground])
    for missing in ("price", "open_period", "decision_document"):
        assert refused(olena, offer(ground.object_id, **{missing: None})) == ["DATA-001"]


def test_an_awarded_offer_needs_a_party(olena: User, publish: Publish, zone: Zone) -> None:
    ground = plot(zone, "A")
    publish([ground])
    assert refused(olena, offer(ground.object_id, state="awarded")) == ["DATA-001"]


def test_two_published_offers_do_not_overlap_in_time(olena: User, boris: User, publish: Publish, zone: Zone) -> None:
    ground = plot(zone, "A")
    publish([ground, offer(ground.object_id)])
    second = door.propose(olena, [offer(ground.object_id, open_period="[2026-06-01,2026-12-01)")], title="x")
    door.submit(olena, second)
    door.approve(boris, second, "For a test.")
    with pytest.raises(RuleViolations, match="land_offer_no_overlap"):
        door.publish(boris, second)
    assert Offer.objects.count() == 1


def test_an_unknown_zone_is_a_missing_reference(olena: User, zone: Zone) -> None:
    change_set = door.propose(olena, [plot(zone, "A")], title="x")
    item = change_set.items.get()
    item.attributes["zone_id"] = "00000000-0000-0000-0000-000000000001"
    item.save()
    with pytest.raises(RuleViolations, match="DATA-002"):
        door.submit(olena, change_set)


def warned(olena: User, code: str, *edits: Edit) -> list[Problem]:
    """What the rule `code` says of a draft of `edits`."""
    change_set = door.propose(olena, edits, title="x")
    return [one for one in checks.problems(change_set, Moment.SUBMIT) if one.code == code]


def strip(width_m: float) -> MultiPolygon:
    return MultiPolygon(Polygon.from_bbox((EAST, NORTH, EAST + 100, NORTH + width_m)), srid=SRID)


def test_a_sliver(olena: User, zone: Zone) -> None:
    [problem] = warned(olena, "LAND-008", parcel("73626.501.1", strip(0.4), zone.pk))
    assert problem.params["width_m"] == pytest.approx(0.4, abs=0.01)
    assert problem.place is not None


def test_a_path_is_no_sliver(olena: User, zone: Zone) -> None:
    assert warned(olena, "LAND-008", parcel("73626.501.1", strip(0.6), zone.pk)) == []


def test_a_plot_with_a_sliver_for_a_part(olena: User, zone: Zone) -> None:
    shape = MultiPolygon(square(0, 100)[0], strip(0.3)[0], srid=SRID)
    edit = Edit.create("land.plot", {"zone": zone.pk, "code": "A"}, shape)
    [problem] = warned(olena, "LAND-009", edit)
    assert problem.place is not None
    assert problem.place.y < NORTH + 1


@pytest.mark.parametrize(
    ("legal_m2", "codes"), [(8_999, ["LAND-010"]), (9_001, []), (11_001, ["LAND-010"]), (None, [])]
)
def test_the_area_by_deed(olena: User, zone: Zone, legal_m2: int | None, codes: list[str]) -> None:
    problems = warned(olena, "LAND-010", parcel("73626.501.1", square(0, 0), zone.pk, legal_area_m2=legal_m2))
    assert [one.code for one in problems] == codes


def taken(ground: Edit, owned: Edit) -> Edit:
    return Edit.create("land.plotparcel", {"plot": ground.object_id, "parcel": owned.object_id})


def test_a_plot_that_its_parcels_cover(olena: User, zone: Zone) -> None:
    ground, west = plot(zone, "A"), parcel("73626.501.1", square(-50, 0), zone.pk)
    east = parcel("73626.501.2", square(50, 0), zone.pk)
    assert warned(olena, "LAND-011", ground, west, east, taken(ground, west), taken(ground, east)) == []


def test_a_plot_that_its_parcels_leave_bare(olena: User, zone: Zone) -> None:
    ground, west = plot(zone, "A"), parcel("73626.501.1", square(-50, 0), zone.pk)
    [problem] = warned(olena, "LAND-011", ground, west, taken(ground, west))
    assert problem.params["bare_m2"] == 5_000
    assert problem.place is not None
    assert problem.place.x > EAST + 50


def test_a_plot_without_parcels_is_bare(olena: User, zone: Zone) -> None:
    [problem] = warned(olena, "LAND-011", plot(zone, "A"))
    assert problem.params["bare_m2"] == 10_000


def test_a_use_outside_its_list(olena: User, zone: Zone) -> None:
    CodeValue.objects.get_or_create(code_list="landUse", value="storage", defaults={"title_bg": "x", "title_en": "x"})
    right = parcel("73626.501.1", square(0, 0), zone.pk, land_use="storage")
    wrong = parcel("73626.501.2", square(200, 0), zone.pk, land_use="склад")
    [problem] = warned(olena, "LAND-012", right, wrong)
    assert (problem.object_id, problem.params["value"]) == (wrong.object_id, "склад")


def test_a_list_without_codes_restricts_nothing(olena: User, zone: Zone) -> None:
    CodeValue.objects.filter(code_list="permittedUse").delete()
    assert warned(olena, "LAND-013", plot(zone, "A", permitted_use="каквото и да е")) == []


def test_a_right_without_a_place_may_have_a_wrong_kind(olena: User, zone: Zone) -> None:
    CodeValue.objects.get_or_create(code_list="rightKind", value="lease", defaults={"title_bg": "x", "title_en": "x"})
    ground = plot(zone, "A")
    right = Edit.create("land.rightrestriction", {"plot": ground.object_id, "rrr_class": "right", "kind": "наем"})
    [problem] = warned(olena, "LAND-015", ground, right)
    assert problem.place is None
