"""Rules and conditions of land."""

import pytest
from pytest_django.fixtures import Settings

from registries.changes import door
from registries.changes.edits import Edit
from registries.core.errors import RuleViolations
from registries.core.models import User
from registries.land import pattern
from registries.land.models import Offer, Parcel, Zone
from tests.conftest import Publish, parcel, square


def codes(olena: User, *edits: Edit) -> list[str]:
    change_set = door.propose(olena, edits, title="x")
    try:
        door.submit(olena, change_set)
    except RuleViolations as refused:
        return [problem.code for problem in refused.problems]
    return []


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
    assert codes(olena, first, second) == []


def test_overlapping_parcels_are_both_told(olena: User, zone: Zone) -> None:
    first, second = parcel("73626.501.1", square(0, 0), zone.pk), parcel("73626.501.2", square(99, 0), zone.pk)
    assert codes(olena, first, second) == ["LAND-005", "LAND-005"]


def test_an_overlap_with_a_published_parcel(olena: User, publish: Publish, zone: Zone) -> None:
    publish([parcel("73626.501.1", square(0, 0), zone.pk)])
    assert codes(olena, parcel("73626.501.2", square(50, 50), zone.pk)) == ["LAND-005"]


def test_a_split_in_one_change_set_overlaps_nothing(olena: User, publish: Publish, zone: Zone) -> None:
    whole = parcel("73626.501.1", square(0, 0), zone.pk)
    publish([whole])
    part = parcel("73626.501.2", square(0, 0, 50), zone.pk)
    assert codes(olena, Edit.delete("land.parcel", whole.object_id), part) == []


def test_half_a_square_metre_of_overlap_is_measuring_noise(olena: User, zone: Zone) -> None:
    first, second = parcel("73626.501.1", square(0, 0), zone.pk), parcel("73626.501.2", square(99.995, 0), zone.pk)
    assert codes(olena, first, second) == []


def test_a_zone_outside_the_country(olena: User, zone: Zone) -> None:
    assert codes(olena, Edit.create("land.zone", {"code": "x", "name": "x"}, square(900_000, 0))) == ["LAND-001"]


@pytest.mark.parametrize("reference", ["73626.501", "7362.501.1", "73626-501-1", "КККР"])
def test_a_bad_cadastral_identifier(olena: User, zone: Zone, reference: str) -> None:
    assert codes(olena, parcel(reference, square(0, 0), zone.pk)) == ["LAND-006"]


def test_an_identifier_that_is_taken(olena: User, publish: Publish, zone: Zone) -> None:
    publish([parcel("73626.501.1", square(0, 0), zone.pk)])
    assert codes(olena, parcel("73626.501.1", square(200, 0), zone.pk)) == ["LAND-007"]


def test_the_database_knows_the_pattern_too(publish: Publish, zone: Zone, settings: Settings) -> None:
    settings.CADASTRAL_REFERENCE_PATTERN = "^ES-[0-9]+$"
    pattern.enforce()
    publish([parcel("ES-1", square(0, 0), zone.pk)])
    assert Parcel.objects.get().national_cadastral_reference == "ES-1"


def test_density_and_greening_beyond_the_whole(olena: User, zone: Zone) -> None:
    assert codes(olena, plot(zone, "A", density_max_pct=80, greening_min_pct=30)) == ["DATA-001"]


def test_a_published_offer_needs_price_period_and_decision(olena: User, publish: Publish, zone: Zone) -> None:
    ground = plot(zone, "A")
    publish([ground])
    for missing in ("price", "open_period", "decision_document"):
        assert codes(olena, offer(ground.object_id, **{missing: None})) == ["DATA-001"]


def test_an_awarded_offer_needs_a_party(olena: User, publish: Publish, zone: Zone) -> None:
    ground = plot(zone, "A")
    publish([ground])
    assert codes(olena, offer(ground.object_id, state="awarded")) == ["DATA-001"]


def test_two_published_offers_do_not_overlap_in_time(olena: User, boris: User, publish: Publish, zone: Zone) -> None:
    ground = plot(zone, "A")
    publish([ground, offer(ground.object_id)])
    second = door.propose(olena, [offer(ground.object_id, open_period="[2026-06-01,2026-12-01)")], title="x")
    door.submit(olena, second)
    door.approve(boris, second)
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
