"""The reply clock: until when the office owes an answer, in its own working days."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache

import holidays
from django.conf import settings
from django.utils import timezone

WEEKEND = (5, 6)
LAST_MINUTE = time(23, 59)


@cache
def _holidays(year: int) -> frozenset[date]:
    """With the days off in lieu of those that fall on a weekend."""
    return frozenset(holidays.country_holidays("BG", years=year, observed=True))


def is_working(day: date) -> bool:
    return day.weekday() not in WEEKEND and day not in _holidays(day.year)


def due(since: datetime) -> datetime:
    """The end of the last of so many working days after `since`; the day itself does not count."""
    day, left = timezone.localtime(since).date(), settings.ENQUIRY_REPLY_DAYS
    while left:
        day += timedelta(days=1)
        left -= is_working(day)
    return timezone.make_aware(datetime.combine(day, LAST_MINUTE))
