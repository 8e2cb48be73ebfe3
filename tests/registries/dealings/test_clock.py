from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from registries.dealings import clock

SOFIA = ZoneInfo("Europe/Sofia")


@pytest.mark.parametrize(
    ("since", "until"),
    [
        # Monday to Monday.
        ("2026-11-16T09:00", "2026-11-23"),
        # Late on a Friday.
        ("2026-11-20T23:30", "2026-11-27"),
        # Over Christmas: the 24th to the 26th are holidays, the 28th is off in lieu of the Saturday.
        ("2026-12-22T10:00", "2027-01-04"),
    ],
)
def test_an_answer_is_due_after_five_working_days(settings, since, until):
    settings.ENQUIRY_REPLY_DAYS = 5
    due = clock.due(datetime.fromisoformat(since).replace(tzinfo=SOFIA)).astimezone(SOFIA)
    assert (due.date().isoformat(), due.hour, due.minute) == (until, 23, 59)


@pytest.mark.parametrize(
    ("day", "works"), [("2026-11-20", True), ("2026-11-21", False), ("2026-03-03", False), ("2026-04-13", False)]
)
def test_working_days_are_those_of_bulgaria(day, works):
    assert clock.is_working(date.fromisoformat(day)) is works


def test_a_moment_in_utc_counts_by_the_local_day(settings):
    settings.ENQUIRY_REPLY_DAYS = 1
    # Past midnight in Sofia already: Tuesday, so Wednesday.
    due = clock.due(datetime(2026, 11, 16, 22, 30, tzinfo=ZoneInfo("UTC"))).astimezone(SOFIA)
    assert due.date() == date(2026, 11, 18)
