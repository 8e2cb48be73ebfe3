"""Drafts and the past: the same querysets answer for one change set or one moment."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from registries.changes import door
from registries.changes.edits import Edit
from registries.core import overlay
from registries.core.errors import BadInput
from registries.core.models import User
from registries.core.records import registries
from registries.land.models import Parcel, Zone
from registries.networks.models import Link, Network
from tests.conftest import Publish, line, parcel, pipe, square


def references() -> list[str]:
    return list(Parcel.objects.order_by("pk").values_list("label", flat=True))


def test_a_draft_shows_its_additions(olena: User, zone: Zone) -> None:
    change_set = door.propose(olena, [parcel("73626.501.1", square(0, 0), zone.pk, label="new")], title="x")
    with overlay.draft(change_set.pk):
        found = Parcel.objects.get()
    assert (found.label, found.area_m2) == ("new", 10_000)


def test_a_draft_shows_changes_over_what_is_published(olena: User, publish: Publish, zone: Zone) -> None:
    first = parcel("73626.501.1", square(0, 0), zone.pk, label="old", address="ул. Първа")
    publish([first])
    edit = Edit.update("land.parcel", first.object_id, {"label": "new"}, square(0, 0, 50))
    change_set = door.propose(olena, [edit], title="x")
    with overlay.draft(change_set.pk):
        found = Parcel.objects.get()
    assert (found.label, found.address, found.area_m2) == ("new", "ул. Първа", 2_500)


def test_a_draft_hides_what_it_removes(olena: User, publish: Publish, zone: Zone) -> None:
    first = parcel("73626.501.1", square(0, 0), zone.pk)
    publish([first])
    change_set = door.propose(olena, [Edit.delete("land.parcel", first.object_id)], title="x")
    with overlay.draft(change_set.pk):
        assert not Parcel.objects.exists()


def test_after_the_block_the_published_truth_answers(olena: User, zone: Zone) -> None:
    change_set = door.propose(olena, [parcel("73626.501.1", square(0, 0), zone.pk)], title="x")
    with overlay.draft(change_set.pk):
        pass
    assert not Parcel.objects.exists()


def test_after_an_error_in_the_block_the_published_truth_answers(olena: User, zone: Zone) -> None:
    change_set = door.propose(olena, [parcel("73626.501.1", square(0, 0), zone.pk)], title="x")
    with pytest.raises(ZeroDivisionError), overlay.draft(change_set.pk):
        _ = 1 / 0
    assert not Parcel.objects.exists()


def test_one_draft_does_not_see_another(olena: User, zone: Zone) -> None:
    mine = door.propose(olena, [parcel("73626.501.1", square(0, 0), zone.pk, label="mine")], title="x")
    other = door.propose(olena, [parcel("73626.501.2", square(200, 0), zone.pk, label="other")], title="y")
    seen = []
    for change_set in (mine, other):
        with overlay.draft(change_set.pk):
            seen.append(references())
    assert seen == [["mine"], ["other"]]


def test_json_attributes_merge_by_key(olena: User, publish: Publish, network: Network) -> None:
    first = pipe(network, line((0, 0), (9, 0)))
    publish([first])
    item = door.propose(olena, [Edit.update("networks.link", first.object_id, {"label": "x"})], title="x").items.get()
    item.attributes["attributes"] = {"a": 1, "b": None}
    item.save()
    with overlay.draft(item.change_set_id):
        assert Link.objects.get().attributes == {"a": 1}


def test_the_past_shows_what_was_current(publish: Publish, zone: Zone) -> None:
    first = parcel("73626.501.1", square(0, 0), zone.pk, label="old")
    before = publish([first]).published_at
    publish([Edit.update("land.parcel", first.object_id, {"label": "new"}, square(0, 0, 50))])
    with overlay.as_of(before):
        found = Parcel.objects.get()
    assert (found.version, found.label, found.area_m2) == (1, "old", 10_000)


def test_the_past_still_has_what_was_removed(publish: Publish, zone: Zone) -> None:
    first = parcel("73626.501.1", square(0, 0), zone.pk)
    before = publish([first]).published_at
    publish([Edit.delete("land.parcel", first.object_id)])
    with overlay.as_of(before):
        assert Parcel.objects.count() == 1


def test_before_the_first_publication_there_was_nothing(zone: Zone) -> None:
    with overlay.as_of(datetime.now(UTC) - timedelta(days=1)):
        assert not Zone.objects.exists()


def test_a_moment_needs_a_time_zone(db: None) -> None:
    with pytest.raises(BadInput), overlay.as_of(datetime(2026, 1, 1)):
        pass


@pytest.mark.parametrize("schema", ["draft", "past"])
def test_each_view_has_its_tables_columns_in_order(db: None, schema: str) -> None:
    asked = "SELECT column_name FROM information_schema.columns WHERE table_schema = %s AND table_name = %s ORDER BY 1"
    for model in registries().values():
        with connection.cursor() as cursor:
            cursor.execute(asked, ["public", model._meta.db_table])
            table = cursor.fetchall()
            cursor.execute(asked, [schema, model._meta.db_table])
            assert cursor.fetchall() == table


def test_the_tile_index_serves_the_past(publish: Publish, network: Network) -> None:
    moment = publish([pipe(network, line((0, 0), (9, 0)))]).published_at
    with overlay.as_of(moment), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT id FROM networks_link WHERE geom_3857 && ST_MakeEnvelope(0, 0, 9, 9, 3857)")
        plan = "\n".join(row for (row,) in cursor.fetchall())
    assert "core_history_geom_3857" in plan


def test_several_drafts_are_seen_as_one(olena: User, publish: Publish, zone: Zone) -> None:
    first, second = parcel("73626.501.1", square(0, 0), zone.pk), parcel("73626.501.2", square(200, 0), zone.pk)
    publish([first, second])
    changed = door.propose(olena, [Edit.update("land.parcel", first.object_id, {"label": "changed"})], title="x")
    removed = door.propose(olena, [Edit.delete("land.parcel", second.object_id)], title="y")
    added = door.propose(olena, [parcel("73626.501.3", square(400, 0), zone.pk, label="added")], title="z")
    with overlay.draft(changed.pk, removed.pk, added.pk):
        assert sorted(references()) == ["added", "changed"]


def test_an_object_of_two_drafts_is_seen_once(olena: User, publish: Publish, zone: Zone) -> None:
    first = parcel("73626.501.1", square(0, 0), zone.pk)
    publish([first])
    sets = [
        door.propose(olena, [Edit.update("land.parcel", first.object_id, {"label": label})], title=label)
        for label in ("earlier", "later")
    ]
    with overlay.draft(*(one.pk for one in sets)):
        assert references() == ["later"]


def test_within_a_draft_the_published_truth_can_be_asked(olena: User, zone: Zone) -> None:
    change_set = door.propose(olena, [parcel("73626.501.1", square(0, 0), zone.pk)], title="x")
    with overlay.draft(change_set.pk):
        with overlay.as_published():
            assert not Parcel.objects.exists()
        assert Parcel.objects.exists()
