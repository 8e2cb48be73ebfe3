"""Other open change sets that touch the same objects: found when one is submitted, and shown with it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from registries.changes import notices
from registries.changes.models import ChangeItem, ChangeSet
from registries.changes.states import OPEN


@dataclass(frozen=True)
class Overlap:
    """Another open change set, and how many objects both touch."""

    change_set: ChangeSet
    count: int


def overlaps(change_set: ChangeSet) -> list[Overlap]:
    """The other open change sets that touch objects of this one, the one with most of them first."""
    mine = change_set.items.order_by().values("object_id")
    found = (
        ChangeItem.objects.order_by()
        .filter(object_id__in=mine, change_set__state__in=OPEN)
        .exclude(change_set=change_set)
        .values_list("change_set")
        .annotate(count=Count("pk"))
    )
    counts: dict[int, int] = dict(found)
    sets = ChangeSet.objects.select_related("author").in_bulk(list(counts))
    return [Overlap(sets[pk], counts[pk]) for pk in sorted(counts, key=lambda pk: (-counts[pk], pk))]


def report(change_set: ChangeSet) -> list[Overlap]:
    """Tell both authors of every overlap."""
    found = overlaps(change_set)
    for one in found:
        _tell(change_set, one.change_set, one.count)
        if one.change_set.author_id != change_set.author_id:
            _tell(one.change_set, change_set, one.count)
    return found


def _tell(change_set: ChangeSet, other: ChangeSet, count: int) -> None:
    params = {"other": other.title, "other_id": other.pk, "count": count, "who": other.author.called}
    notices.tell(change_set, "overlap", [change_set.author], None, **params)
