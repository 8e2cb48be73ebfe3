from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import InternalError, ProgrammingError, connection, transaction
from django.utils import timezone

from registries.core import audit
from registries.core.models import AuditEntry, History

# RAISE with the class of errors about privileges.
REFUSED = (ProgrammingError, InternalError)


@pytest.fixture
def entry(boris):
    return audit.record(boris, "publish", "change_set:12", edits=3)


def run(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_entry_says_who_did_what_to_what(entry, boris):
    (found,) = AuditEntry.objects.all()
    assert (found.actor, found.action, found.subject) == (boris, "publish", "change_set:12")
    assert found.details == {"edits": 3}
    assert found.at is not None


@pytest.mark.django_db
def test_the_portal_itself_acts_without_a_person():
    assert audit.record(None, "restore", "database").actor is None


def test_an_entry_cannot_be_changed(entry):
    with pytest.raises(REFUSED, match="kept as they were written"), transaction.atomic():
        AuditEntry.objects.update(action="approve")


def test_an_entry_cannot_be_removed(entry):
    with pytest.raises(REFUSED, match="kept as they were written"), transaction.atomic():
        entry.delete()


def test_an_entry_goes_with_its_transaction(boris):
    with transaction.atomic():
        audit.record(boris, "publish", "change_set:12")
        transaction.set_rollback(True)
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM core_history",
        "UPDATE core_history SET version = 7",
        "UPDATE core_history SET row = '{}'",
        "UPDATE core_history SET geom = NULL",
        "UPDATE core_history SET published_by_id = NULL",
        "UPDATE core_history SET registry = 'land.plot', period = tstzrange(lower(period), now())",
    ],
)
def test_history_is_kept_as_it_was_written(zone, statement):
    with pytest.raises(REFUSED, match="kept as they were written"):
        run(statement)


@pytest.mark.parametrize(
    "period",
    [
        "tstzrange(lower(period) - interval '1 day', NULL)",
        "tstzrange(lower(period) - interval '1 day', now())",
        "tstzrange(lower(period), NULL)",
        "'empty'",
    ],
)
def test_a_period_neither_moves_nor_vanishes(zone, period):
    with pytest.raises(REFUSED, match="kept as they were written"):
        run(f"UPDATE core_history SET period = {period}")


def test_a_period_is_closed_once(zone):
    close = "UPDATE core_history SET period = tstzrange(lower(period), clock_timestamp() + interval '1 hour')"
    run(close)
    assert not History.objects.get().period.upper_inf
    with pytest.raises(REFUSED, match="kept as they were written"):
        run(close)


def told(action: str) -> list[tuple[str, dict]]:
    return list(AuditEntry.objects.filter(action=action).order_by("pk").values_list("subject", "details"))


def test_who_leafs_through_pages_is_noted_once_an_hour(boris, ada):
    for reader in (boris, boris, ada):
        audit.saw(reader, "core.user 7", "name")
    audit.saw(boris, "core.user 8", "name")
    found = AuditEntry.objects.filter(action="saw").order_by("pk").values_list("actor__username", "subject")
    assert list(found) == [("boris", "core.user 7"), ("ada", "core.user 7"), ("boris", "core.user 8")]


def test_other_data_of_the_same_thing_are_noted_too(boris):
    audit.saw(boris, "core.user 7", "name")
    audit.saw(boris, "core.user 7", "email")
    assert told("saw") == [("core.user 7", {"what": "name"}), ("core.user 7", {"what": "email"})]


def test_after_an_hour_the_same_is_noted_again(boris):
    an_hour_ago = timezone.now() - timedelta(minutes=61)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_auditentry (at, actor_id, action, subject, details)"
            """ VALUES (%s, %s, 'saw', 'core.user 7', '{"what": "name"}')""",
            [an_hour_ago, boris.pk],
        )
    audit.saw(boris, "core.user 7", "name")
    assert len(told("saw")) == 2


def test_noting_who_saw_what_is_one_statement(boris, django_assert_num_queries):
    with django_assert_num_queries(1):
        audit.saw(boris, "core.user 7", "name")


@pytest.mark.django_db
@pytest.mark.parametrize("nobody", [None, AnonymousUser()])
def test_whoever_is_not_signed_in_costs_nothing(nobody, django_assert_num_queries):
    with django_assert_num_queries(0):
        audit.saw(nobody, "land.plot 7", "party")
        audit.exported(nobody, "plots", "csv")


def test_an_export_says_layer_format_count_and_filter(boris):
    audit.exported(boris, "layer offers", "csv", count=12, filter="state=awarded")
    details = {"format": "csv", "filter": "state=awarded", "whole": True, "count": 12}
    assert told("export") == [("layer offers", details)]


def test_a_map_that_moves_is_one_export_and_the_whole_layer_another(boris):
    for place in ("1,2,3,4", "2,2,4,4", ""):
        audit.exported(boris, "layer offers", "gml", place=place)
    assert [details.get("place") for _subject, details in told("export")] == ["1,2,3,4", None]


def test_a_long_subject_is_cut_to_what_the_column_holds(boris):
    for _time in range(2):
        audit.saw(boris, "x" * 500, "name")
    assert told("saw") == [("x" * 120, {"what": "name"})]
