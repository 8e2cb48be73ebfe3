"""Locks: who keeps others from editing which objects, and until when. The door asks here whatever way an edit came.

A lock that has expired keeps nobody out. It is remembered for a while, so that its holder is told that it has ended.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from registries.changes.items import places_now
from registries.changes.models import FeatureLock, LockedObject
from registries.core.errors import BadInput, Conflict, NotAllowed, NotFound
from registries.core.models import User
from registries.core.rights import rights_of

# By registry.
Ids = Mapping[str, Collection[UUID]]
LONGEST = timedelta(days=1)
REMEMBERED = timedelta(days=1)
BATCH = 2000
# A row that an expired lock still holds is free for the taking.
FREE = """
DELETE FROM changes_lockedobject o USING changes_featurelock l
WHERE l.id = o.lock_id AND l.expires_at <= %s AND o.object_id = ANY(%s::uuid[])
"""


class Locked(Conflict):
    default = gettext_noop("Somebody else is editing this and has locked it.")


class LockUnknown(NotFound):
    default = gettext_noop("There is no such lock.")


class LockExpired(NotAllowed):
    default = gettext_noop("The lock has expired.")


@transaction.atomic
def take(person: User, wanted: Ids, lasts: timedelta, *, whole: bool) -> tuple[FeatureLock, set[UUID]]:
    """A new lock on those of `wanted` that nobody has locked, and which they are.

    With `whole` one object that is locked already refuses all (Locked). Raises NotAllowed for objects that the person
    may not edit. To be called where the person's draft is seen: what is drafted can be locked too.
    """
    _check(lasts)
    if not rights_of(person).may_edit(places_now({key: list(ids) for key, ids in wanted.items()})):
        raise NotAllowed(_("You have no right to edit in this zone or network."), locator="zone")
    now = timezone.now()
    FeatureLock.objects.filter(expires_at__lt=now - REMEMBERED).delete()
    with connection.cursor() as cursor:
        cursor.execute(FREE, [now, [one for ids in wanted.values() for one in ids]])
    lock = FeatureLock.objects.create(person=person, lasts=lasts, expires_at=now + lasts)
    # In one order, so that two who take the same objects never wait for each other.
    rows = [
        LockedObject(lock=lock, registry=key, object_id=one) for key in sorted(wanted) for one in sorted(wanted[key])
    ]
    LockedObject.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)
    held = set(lock.objects_held.values_list("object_id", flat=True))
    if whole and len(held) < len(rows):
        raise _locked(_live(wanted).exclude(lock=lock), person)
    return lock, held


def _check(lasts: timedelta) -> None:
    if not timedelta(0) < lasts <= LONGEST:
        hours = LONGEST // timedelta(hours=1)
        raise BadInput(
            _("A lock lasts more than no time and at most %(hours)d hours.") % {"hours": hours}, locator="expiry"
        )


def find(person: User, name: str) -> FeatureLock:
    """The person's own lock of this identifier, nobody else's until the transaction ends.

    Raises LockUnknown, for another person's as well, and LockExpired.
    """
    try:
        lock = FeatureLock.objects.select_for_update(no_key=True).filter(pk=UUID(name), person=person).first()
    except ValueError:
        lock = None
    if lock is None:
        raise LockUnknown(locator="lockId")
    if lock.expires_at <= timezone.now():
        raise LockExpired(locator="lockId", hint=_("Lock the features again."))
    return lock


def extend(lock: FeatureLock, lasts: timedelta | None = None) -> None:
    """The lock lasts anew from now, as long as before or `lasts`."""
    lock.lasts = lasts if lasts is not None else lock.lasts
    _check(lock.lasts)
    lock.expires_at = timezone.now() + lock.lasts
    lock.save(update_fields=["lasts", "expires_at"])


def release(lock: FeatureLock, ids: Ids | None = None) -> bool:
    """Let go of `ids`, or of all that it holds; a lock that holds nothing is no more. Whether it still is."""
    if ids is not None:
        for key, some in ids.items():
            lock.objects_held.filter(registry=key, object_id__in=list(some)).delete()
    remains = ids is not None and lock.objects_held.exists()
    if not remains:
        lock.delete()
    return remains


def refuse(person: User, ids: Ids) -> None:
    """Raises Locked if another person has locked any of `ids`."""
    others = LockedObject.objects.filter(lock__expires_at__gt=timezone.now()).exclude(lock__person=person)
    if others.exists():
        _refuse_any(_live(ids).exclude(lock__person=person), person)


def require(person: User, lock: FeatureLock | None, ids: Ids) -> None:
    """Raises Locked if any of `ids` is locked by another lock than `lock`, be it the same person's."""
    if LockedObject.objects.filter(lock__expires_at__gt=timezone.now()).exists():
        found = _live(ids)
        _refuse_any(found.exclude(lock=lock) if lock is not None else found, person)


def _refuse_any(found: QuerySet[LockedObject], person: User) -> None:
    if found.exists():
        raise _locked(found, person)


def _live(ids: Ids) -> QuerySet[LockedObject]:
    known = [one for some in ids.values() for one in some]
    rows = LockedObject.objects.filter(registry__in=list(ids), object_id__in=known, lock__expires_at__gt=timezone.now())
    return rows.select_related("lock__person").order_by("registry", "object_id")


def _locked(found: QuerySet[LockedObject], person: User) -> Locked:
    """Which objects, whose and until when; those of the first lock speak for all."""
    first = found.first()
    if first is None:
        return Locked(locator="lockId")
    lock = first.lock
    until = date_format(timezone.localtime(lock.expires_at), "SHORT_DATETIME_FORMAT")
    if lock.person_id == person.pk:
        return Locked(
            message=_("You have locked %(object)s yourself until %(until)s.")
            % {"object": first.object_id, "until": until},
            locator="lockId",
            hint=_("Name the lock in the request."),
        )
    return Locked(
        message=_("%(who)s has locked %(object)s until %(until)s.")
        % {"who": lock.person.called, "object": first.object_id, "until": until},
        locator="lockId",
        hint=_("Try again then, or ask %(who)s to let go of it.") % {"who": lock.person.called},
    )
