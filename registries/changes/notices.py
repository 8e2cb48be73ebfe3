"""What people should know of change sets: shown on the desk until they have seen it, told in their own language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from registries.changes.models import ChangeSet, Notice
from registries.changes.states import Tell
from registries.core.models import RoleGrant, User
from registries.core.rights import REVIEWS, Place, rights_of

# What asks for a decision, until somebody takes it.
REQUEST = "submitted"
KINDS = {
    REQUEST: gettext_noop("%(who)s asks for a review of “%(title)s”."),
    "withdrawn": gettext_noop("%(who)s withdrew “%(title)s”."),
    "approved": gettext_noop("%(who)s approved “%(title)s”."),
    "returned": gettext_noop("%(who)s returned “%(title)s”: %(words)s"),
    "published": gettext_noop("%(who)s published “%(title)s”."),
    "scheduled": gettext_noop("%(who)s set “%(title)s” to be published on %(at)s."),
    "unscheduled": gettext_noop("%(who)s cancelled the publication of “%(title)s” at a set time."),
    "conflicted": gettext_noop(
        "“%(title)s” was not published: somebody else published a change of the same fields. The author must choose."
    ),
    "commented": gettext_noop("%(who)s commented on “%(title)s”."),
    "late_conflict": gettext_noop(
        "“%(title)s” was not published at the set time: somebody else published a change of the same fields."
    ),
    "late_rules": gettext_noop(
        "“%(title)s” was not published at the set time: it breaks rules of the registry. Open it to see which."
    ),
    "late_rights": gettext_noop(
        "“%(title)s” was not published at the set time: who set it may no longer publish it. Another reviewer can."
    ),
    "late_failure": gettext_noop("“%(title)s” was not published at the set time, because of a failure of the portal."),
}


def text(notice: Notice) -> str:
    """The notice in the active language."""
    params = {"title": notice.change_set.title if notice.change_set else "", "who": "", "words": "", **notice.params}
    if at := params.get("at"):
        params["at"] = date_format(timezone.localtime(datetime.fromisoformat(at)), "DATETIME_FORMAT")
    if notice.kind == "overlap":
        return (
            ngettext(
                "“%(title)s” and “%(other)s” by %(who)s change the same %(count)d object.",
                "“%(title)s” and “%(other)s” by %(who)s change the same %(count)d objects.",
                params["count"],
            )
            % params
        )
    return _(KINDS[notice.kind]) % params


def tell(change_set: ChangeSet, kind: str, people: Iterable[User | None], actor: User | None, **params: Any) -> None:
    """Leave a notice for each of `people` but the one who did it; one that waits unseen already is not doubled."""
    if actor is not None:
        params.setdefault("who", actor.called)
    wanted = {one.pk for one in people if one is not None and one.is_active and one != actor}
    waiting = Notice.objects.filter(change_set=change_set, kind=kind, params=params, seen_at=None, person__in=wanted)
    wanted -= set(waiting.values_list("person_id", flat=True))
    Notice.objects.bulk_create(
        Notice(person_id=person, change_set=change_set, kind=kind, params=params) for person in sorted(wanted)
    )


def people(change_set: ChangeSet, tells: Iterable[Tell], places: Iterable[Place]) -> list[User | None]:
    """Who is meant by `tells` for a change set in `places`."""
    found: list[User | None] = []
    for tell in tells:
        if tell is Tell.AUTHOR:
            found.append(change_set.author)
        elif tell is Tell.DECIDERS:
            found += [change_set.approved_by, change_set.scheduled_by]
        else:
            found += _reviewers(change_set, list(places))
    return found


def _reviewers(change_set: ChangeSet, places: list[Place]) -> list[User]:
    zones = {place.zone_id for place in places}
    grants = RoleGrant.objects.filter(Q(zone_id=None) | Q(zone_id__in=zones), role__in=REVIEWS)
    some = User.objects.filter(is_active=True, pk__in=grants.values("user")).prefetch_related("grants")
    return [one for one in some if one.pk != change_set.author_id and rights_of(one).may_review(places)]


def settle(change_set: ChangeSet) -> None:
    """Nobody need decide any more."""
    Notice.objects.filter(change_set=change_set, kind=REQUEST, seen_at=None).update(seen_at=timezone.now())


def notices_of(user: User) -> QuerySet[Notice]:
    """What the person has not seen yet, the latest first."""
    return Notice.objects.filter(person=user, seen_at=None).select_related("change_set")


def mark_seen(user: User, change_set: ChangeSet | None = None) -> int:
    """The person has seen their notices, all or those of one change set; how many they were."""
    found = Notice.objects.filter(person=user, seen_at=None)
    if change_set is not None:
        found = found.filter(change_set=change_set)
    return found.update(seen_at=timezone.now())
