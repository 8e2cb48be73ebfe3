"""The jobs of the worker: whom they remind, and what they forget."""

from datetime import datetime, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from registries.dealings import casework, letters, tasks
from registries.dealings.models import Enquiry, Reason
from registries.notices.models import Letter

MONDAY, SUNDAY = (datetime(2026, 11, day, 7, tzinfo=ZoneInfo("UTC")) for day in (23, 22))


def reminders() -> list[Letter]:
    return list(Letter.objects.filter(kind="enquiry_reminder").order_by("recipient"))


@pytest.fixture
def owed(ask, iskra):
    """Two that are overdue, one of them Iskra's, and one that is not due yet."""
    mine, free, later = ask(), ask(), ask()
    casework.assign(iskra, mine, iskra)
    Enquiry.objects.filter(pk__in=[mine.pk, free.pk]).update(due_at=MONDAY - timedelta(days=3))
    Enquiry.objects.filter(pk=later.pk).update(due_at=MONDAY + timedelta(days=3))
    return mine, free, later


def test_each_is_reminded_of_the_own_ones(owed):
    mine, free, later = owed
    with patch.object(timezone, "now", return_value=MONDAY):
        tasks.remind_of_enquiries(0)
    of_iskra, of_office = reminders()
    assert (of_iskra.recipient, of_office.recipient) == ("iskra@example.org", "office@example.org")
    assert mine.shown_number in of_iskra.body
    assert free.shown_number in of_office.body
    assert later.shown_number not in of_office.body
    assert "https://park.example/desk/enquiries/" in of_office.body


def test_a_round_that_failed_and_is_tried_again_reminds_nobody_twice(owed):
    written, calls = letters.remind, iter([True, False])

    def remind(address: str, enquiries: list[Enquiry]) -> Letter:
        if next(calls):
            return written(address, enquiries)
        raise ConnectionResetError

    with patch.object(timezone, "now", return_value=MONDAY):
        with patch.object(letters, "remind", remind), pytest.raises(ConnectionResetError):
            tasks.remind_of_enquiries(0)
        tasks.remind_of_enquiries(0)
    assert [one.recipient for one in reminders()] == ["iskra@example.org", "office@example.org"]


def test_nobody_is_reminded_on_a_sunday(owed):
    with patch.object(timezone, "now", return_value=SUNDAY):
        tasks.remind_of_enquiries(0)
    assert reminders() == []


@pytest.mark.parametrize(
    ("reason", "days", "is_gone"),
    [
        (Reason.NOT_SUITABLE, 725, False),
        (Reason.NOT_SUITABLE, 735, True),
        (Reason.SPAM, 29, False),
        (Reason.SPAM, 31, True),
    ],
)
def test_closed_ones_become_anonymous_in_time(ask, iskra, settings, reason, days, is_gone):
    settings.ENQUIRY_KEEP_MONTHS = 24
    enquiry = ask()
    casework.close(iskra, enquiry, reason)
    Enquiry.objects.update(closed_at=timezone.now() - timedelta(days=days))
    tasks.forget_enquiries(0)
    enquiry.refresh_from_db()
    assert (enquiry.email != "iva@example.org", enquiry.anonymous_at is not None) == (is_gone, is_gone)


def test_what_is_open_stays(ask):
    Enquiry.objects.filter(pk=ask().pk).update(created_at=timezone.now() - timedelta(days=4000))
    tasks.forget_enquiries(0)
    assert Enquiry.objects.get().email == "iva@example.org"
