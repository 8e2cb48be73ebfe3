import pytest
from django.db import InternalError, ProgrammingError, connection, transaction

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
