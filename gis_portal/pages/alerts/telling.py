"""The worker's round: for each confirmed search what is new, one letter for all of it, and what it told is known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone, translation
from django.utils.timezone import localtime

from gis_portal.pages.alerts import asking, news
from gis_portal.pages.plots import addresses
from registries.changes.models import ChangeSet
from registries.core.errors import BadInput
from registries.notices.models import SavedSearch

NEWS = "alert_news"
# A letter a day comes in the morning, when people read theirs.
MORNING_H = 7
# A publication has its moment when it begins and can be seen when it ends: whoever looked meanwhile looks again.
UNSEEN = timedelta(minutes=15)
# Of more a letter tells how many, and leads to the list.
MOST = 40
log = structlog.get_logger(__name__)


def tell_all() -> int:
    """How many letters were written. Each search is its own transaction: one that fails holds up no other's letter."""
    return sum(tell(pk) for pk in list(_due()))


def _due() -> Iterator[UUID]:
    """Those that may have news: something was published since they were looked at, or another day began, which ends
    and opens offers.
    """
    now = timezone.now()
    morning = localtime(now).replace(hour=MORNING_H, minute=0, second=0, microsecond=0)
    last = ChangeSet.objects.aggregate(at=Max("published_at"))["at"]
    due = Q(looked_at=None) | (Q(looked_at__lt=morning) if now >= morning else Q(pk=None))
    if last is not None:
        due |= Q(pace=SavedSearch.Pace.AT_ONCE, looked_at__lt=last + UNSEEN)
    live = SavedSearch.objects.filter(due, ended_at=None).exclude(confirmed_at=None)
    return live.order_by("looked_at").values_list("pk", flat=True).iterator()


@transaction.atomic
def tell(pk: UUID) -> bool:
    """Whether there was anything to tell. A search that another worker has in hand, or that ended, is passed over."""
    live = SavedSearch.objects.exclude(confirmed_at=None).filter(pk=pk, ended_at=None)
    search = live.select_for_update(skip_locked=True).first()
    if search is None:
        return False
    search.looked_at = timezone.now()
    try:
        now = news.state(asking.terms_of(search))
    except BadInput as problem:
        # What was looked for exists no more, such as a zone: nothing can be new for it until it does again.
        log.warning("alert.unreadable", search=str(search.pk), problem=str(problem))
        search.save(update_fields=["looked_at"])
        return False
    found = news.differences(search.known, now)
    if found:
        _write(search, found)
        search.told_at = search.looked_at
    search.known = now
    search.save(update_fields=["looked_at", "told_at", "known"])
    return bool(found)


def _write(search: SavedSearch, found: dict[str, list[str]]) -> None:
    with translation.override(search.language):
        items = news.told(found, search.known)
        lines = [(item, search.origin + addresses.of_plot(item.plot, False, lang=search.language)) for item in items]
        asking.write(NEWS, search, items=lines[:MOST], count=len(items), more=max(0, len(items) - MOST))
