"""Publishing: one transaction through four eyes, into the tables, the history and the revisions."""

from datetime import timedelta

import pytest
from django.contrib.gis.geos import Point
from django.db import ProgrammingError, connection
from django.utils import timezone

from registries.changes import door
from registries.changes.edits import Edit
from registries.changes.models import ChangeSet
from registries.core.errors import Conflict, NotAllowed, RuleViolations, WrongState
from registries.core.models import AuditEntry, History, Revision, User
from registries.land.models import Parcel, Zone
from registries.networks.models import Link, Network
from tests.conftest import Publish, hydrant, line, parcel, pipe, point, square


def submitted(author: User, *edits: Edit) -> ChangeSet:
    change_set = door.propose(author, edits, title="a change")
    door.submit(author, change_set)
    return change_set


def test_a_draft_is_not_published(olena: User, zone: Zone) -> None:
    submitted(olena, parcel("73626.501.1", square(0, 0), zone.pk))
    assert not Parcel.objects.exists()


def test_an_approved_change_set_reaches_the_table(olena: User, boris: User, zone: Zone) -> None:
    change_set = submitted(olena, parcel("73626.501.1", square(0, 0), zone.pk))
    door.approve(boris, change_set, "For a test.")
    door.publish(boris, change_set)
    found = Parcel.objects.get()
    assert (found.version, found.national_cadastral_reference, found.area_m2) == (1, "73626.501.1", 10_000)


def test_nobody_approves_their_own(ada: User, zone: Zone) -> None:
    change_set = submitted(ada, parcel("73626.501.1", square(0, 0), zone.pk))
    with pytest.raises(NotAllowed, match=r"own|собствен"):
        door.approve(ada, change_set, "For a test.")


def test_a_superuser_does_not_approve_their_own(ada: User, zone: Zone) -> None:
    ada.is_superuser = True
    ada.save()
    change_set = submitted(ada, parcel("73626.501.1", square(0, 0), zone.pk))
    with pytest.raises(NotAllowed):
        door.approve(ada, change_set, "For a test.")


def test_the_database_itself_keeps_the_four_eyes(olena: User, zone: Zone) -> None:
    change_set = submitted(olena, parcel("73626.501.1", square(0, 0), zone.pk))
    with pytest.raises(Exception, match="changes_four_eyes"):
        ChangeSet.objects.filter(pk=change_set.pk).update(approved_by=olena)


def test_an_unapproved_change_set_is_not_published(olena: User, boris: User, zone: Zone) -> None:
    change_set = submitted(olena, parcel("73626.501.1", square(0, 0), zone.pk))
    with pytest.raises(WrongState):
        door.publish(boris, change_set)


def test_publishing_twice_is_refused(publish: Publish, boris: User, zone: Zone) -> None:
    change_set = publish([parcel("73626.501.1", square(0, 0), zone.pk)])
    with pytest.raises(WrongState):
        door.publish(boris, change_set)
    assert History.objects.filter(registry="land.parcel").count() == 1


def test_a_stranger_proposes_nothing(stranger: User, zone: Zone) -> None:
    with pytest.raises(NotAllowed):
        door.propose(stranger, [parcel("73626.501.1", square(0, 0), zone.pk)], title="x")


def test_an_update_raises_the_version_and_leaves_other_columns(publish: Publish, zone: Zone) -> None:
    first = parcel("73626.501.1", square(0, 0), zone.pk, label="501.1")
    publish([first])
    publish([Edit.update("land.parcel", first.object_id, {"address": "ул. Първа"})])
    found = Parcel.objects.get()
    assert (found.version, found.label, found.address) == (2, "501.1", "ул. Първа")


def test_a_deletion_ends_the_period(publish: Publish, zone: Zone) -> None:
    first = parcel("73626.501.1", square(0, 0), zone.pk)
    publish([first])
    publish([Edit.delete("land.parcel", first.object_id)])
    assert not Parcel.objects.exists()
    assert History.objects.get(registry="land.parcel").period.upper is not None


def test_periods_of_versions_touch_without_gap(publish: Publish, zone: Zone) -> None:
    first = parcel("73626.501.1", square(0, 0), zone.pk)
    publish([first])
    publish([Edit.update("land.parcel", first.object_id, {"label": "x"})])
    older, newer = History.objects.filter(object_id=first.object_id).order_by("version")
    assert older.period.upper == newer.period.lower
    assert newer.period.upper is None


def test_history_tells_who_published(publish: Publish, boris: User, zone: Zone) -> None:
    first = parcel("73626.501.1", square(0, 0), zone.pk)
    publish([first])
    assert [row.published_by for row in door.history("land.parcel", first.object_id)] == [boris]


def test_untouched_fields_merge(olena: User, publish: Publish, boris: User, zone: Zone) -> None:
    first = parcel("73626.501.1", square(0, 0), zone.pk)
    publish([first])
    mine = submitted(olena, Edit.update("land.parcel", first.object_id, {"label": "mine"}))
    publish([Edit.update("land.parcel", first.object_id, {"address": "theirs"})])
    door.approve(boris, mine, "For a test.")
    door.publish(boris, mine)
    found = Parcel.objects.get()
    assert (found.version, found.label, found.address) == (3, "mine", "theirs")


def test_the_same_field_conflicts_with_base_published_proposed(
    olena: User, publish: Publish, boris: User, zone: Zone
) -> None:
    first = parcel("73626.501.1", square(0, 0), zone.pk, label="base")
    publish([first])
    mine = submitted(olena, Edit.update("land.parcel", first.object_id, {"label": "proposed"}))
    publish([Edit.update("land.parcel", first.object_id, {"label": "published"})])
    door.approve(boris, mine, "For a test.")
    with pytest.raises(Conflict) as caught:
        door.publish(boris, mine)
    [conflict] = caught.value.conflicts
    assert (conflict.field, conflict.base, conflict.published, conflict.proposed) == (
        "label",
        "base",
        "published",
        "proposed",
    )
    mine.refresh_from_db()
    assert mine.state == ChangeSet.State.CONFLICTED


def test_two_moves_of_one_geometry_conflict(olena: User, publish: Publish, boris: User, network: Network) -> None:
    first = pipe(network, line((0, 0), (50, 0)))
    publish([first])
    mine = submitted(olena, Edit.update("networks.link", first.object_id, {}, line((0, 0), (60, 0))))
    publish([Edit.update("networks.link", first.object_id, {}, line((0, 0), (70, 0)))])
    door.approve(boris, mine, "For a test.")
    with pytest.raises(Conflict) as caught:
        door.publish(boris, mine)
    assert [conflict.field for conflict in caught.value.conflicts] == ["geom"]


def test_a_refused_publication_leaves_nothing_behind(olena: User, boris: User, publish: Publish, zone: Zone) -> None:
    mine = submitted(
        olena, parcel("73626.501.1", square(0, 0), zone.pk), parcel("73626.501.2", square(200, 0), zone.pk)
    )
    publish([parcel("73626.501.3", square(150, 0), zone.pk)])
    door.approve(boris, mine, "For a test.")
    before = list(Revision.objects.values_list("topic", "number"))
    with pytest.raises(RuleViolations, match="LAND-005"):
        door.publish(boris, mine)
    assert Parcel.objects.count() == 1
    assert list(Revision.objects.values_list("topic", "number")) == before


def test_revisions_rise_only_where_something_changed(publish: Publish, network: Network) -> None:
    publish([pipe(network, line((0, 0), (50, 0))), hydrant(network, point(50, 0))])
    before = dict(Revision.objects.values_list("topic", "number"))
    publish([pipe(network, line((50, 0), (90, 0)))])
    after = dict(Revision.objects.values_list("topic", "number"))
    risen = {topic for topic in after if after[topic] != before[topic]}
    assert risen == {"networks.link", "networks.link:water_pipe"}


def test_a_removed_asset_raises_its_topic(publish: Publish, network: Network) -> None:
    first = hydrant(network, point(50, 0))
    publish([first])
    before = Revision.objects.get(topic="networks.node:water_hydrant").number
    publish([Edit.delete("networks.node", first.object_id)])
    assert Revision.objects.get(topic="networks.node:water_hydrant").number > before


def test_z_of_a_link_is_kept(publish: Publish, network: Network) -> None:
    publish([pipe(network, line((0, 0, 201.5), (50, 0, 200.25)))])
    assert [vertex[2] for vertex in Link.objects.get().geom] == [201.5, 200.25]


def test_the_guard_refuses_a_write_outside_the_door(zone: Zone) -> None:
    zone.name = "changed behind the door's back"
    with pytest.raises(ProgrammingError, match="published truth"):
        zone.save()


def test_the_audit_tells_each_step(publish: Publish, zone: Zone) -> None:
    change_set = publish([parcel("73626.501.1", square(0, 0), zone.pk)])
    steps = AuditEntry.objects.filter(subject=f"change_set {change_set.pk}").order_by("pk")
    assert [(entry.action, entry.actor.username) for entry in steps if entry.actor] == [
        ("propose", "olena"),
        ("submit", "olena"),
        ("approve", "boris"),
        ("publish", "boris"),
    ]


def test_four_thousand_edits_take_few_statements(
    olena: User, boris: User, network: Network, django_assert_max_num_queries: object
) -> None:
    edits = [pipe(network, line((i % 100 * 10, i // 100 * 20), (i % 100 * 10 + 9, i // 100 * 20))) for i in range(4000)]
    change_set = submitted(olena, *edits)
    door.approve(boris, change_set, "For a test.")
    with django_assert_max_num_queries(120):  # type: ignore[operator]
        door.publish(boris, change_set)
    assert Link.objects.count() == 4000


def test_a_revert_restores_what_was(olena: User, boris: User, publish: Publish, zone: Zone) -> None:
    kept, gone = (
        parcel("73626.501.1", square(0, 0), zone.pk, label="old"),
        parcel("73626.501.2", square(200, 0), zone.pk),
    )
    publish([kept, gone])
    change = publish(
        [
            Edit.update("land.parcel", kept.object_id, {"label": "new"}, square(0, 0, 90)),
            Edit.delete("land.parcel", gone.object_id),
            parcel("73626.501.3", square(400, 0), zone.pk),
        ]
    )
    undo = door.revert(olena, change)
    assert AuditEntry.objects.get(action="revert").details == {"draft": undo.pk}
    door.submit(olena, undo)
    door.approve(boris, undo, "For a test.")
    door.publish(boris, undo)
    rows = Parcel.objects.order_by("national_cadastral_reference").values_list(
        "national_cadastral_reference", "label", "area_m2"
    )
    assert list(rows) == [("73626.501.1", "old", 10_000), ("73626.501.2", "", 10_000)]


def test_moments_of_publication_rise(publish: Publish, zone: Zone) -> None:
    first = publish([parcel("73626.501.1", square(0, 0), zone.pk)])
    second = publish([parcel("73626.501.2", square(200, 0), zone.pk)])
    assert first.published_at is not None
    assert second.published_at is not None
    assert first.published_at < second.published_at <= timezone.now() + timedelta(seconds=1)


def test_a_wrong_point_is_refused_with_a_hint(olena: User, network: Network) -> None:
    flipped = Point(4_790_000.0, 587_000.0, srid=7801)
    change_set = door.propose(olena, [hydrant(network, flipped)], title="axes the wrong way round")
    with pytest.raises(RuleViolations, match="NET-001"):
        door.submit(olena, change_set)


def test_the_door_is_shut_after_publishing(publish: Publish, zone: Zone) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('registries.door', true)")
        assert cursor.fetchone() == ("",)
