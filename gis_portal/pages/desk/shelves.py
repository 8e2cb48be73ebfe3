"""What lies on somebody's desk, as queries: each shelf is one of them."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from registries.changes import door
from registries.changes.models import ChangeItem, ChangePlace, ChangeSet
from registries.core.models import User
from registries.core.rights import REVIEWS, rights_of

State = ChangeSet.State
CLOSED = (State.PUBLISHED, State.WITHDRAWN)


def waiting(person: User) -> QuerySet[ChangeSet]:
    """What the person may decide on now: others' submitted sets, and approved ones to be published, oldest first."""
    to_decide = Q(state=State.SUBMITTED) & ~Q(author=person) | Q(state=State.APPROVED)
    found = every(person).filter(to_decide)
    rights = rights_of(person)
    if not rights.everywhere & REVIEWS:
        zones = [zone for zone, roles in rights.by_zone.items() if roles & REVIEWS]
        elsewhere = ChangePlace.objects.filter(change_set=OuterRef("pk")).exclude(zone_id__in=zones)
        found = found.filter(~Exists(elsewhere)) if zones else found.none()
    return found.order_by("submitted_at", "pk")


def mine(person: User) -> QuerySet[ChangeSet]:
    return every(person).filter(author=person).exclude(state__in=CLOSED).order_by("-pk")


def published(person: User) -> QuerySet[ChangeSet]:
    return every(person).filter(state=State.PUBLISHED).order_by("-published_at", "-pk")


def every(person: User) -> QuerySet[ChangeSet]:
    """All that the person may see, the latest first, each with the number of its changes."""
    items = ChangeItem.objects.filter(change_set=OuterRef("pk")).order_by().values("change_set")
    counted = Coalesce(Subquery(items.annotate(number=Count("pk")).values("number")), 0)
    return door.visible_to(person).select_related("author").annotate(size=counted).order_by("-pk")


SHELVES: dict[str, Callable[[User], QuerySet[ChangeSet]]] = {
    "waiting": waiting,
    "mine": mine,
    "published": published,
    "all": every,
}
