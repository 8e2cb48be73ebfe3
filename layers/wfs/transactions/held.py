"""Locks as WFS speaks of them: whoever names one is known by it, and who does not is told so in the standard's codes
(OGC 09-025r2, 15.2.3.1.2 and table 3).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from layers.wfs.exceptions import MissingParameter
from layers.wfs.transactions.refusals import CannotLockAllFeatures, InvalidLockId, LockHasExpired
from registries.changes import locks
from registries.changes.models import FeatureLock
from registries.core.models import User

Lock = FeatureLock | None


def named(person: User, lock_id: str) -> Lock:
    """The lock that a transaction names, if it names one."""
    if not lock_id:
        return None
    try:
        return locks.find(person, lock_id)
    except locks.LockExpired as error:
        raise LockHasExpired(error.message, locator=error.locator, hint=error.hint) from None
    except locks.LockUnknown as error:
        raise InvalidLockId(error.message, locator=error.locator) from None


def require(person: User, lock: Lock, ids: Mapping[str, Collection[UUID]]) -> None:
    """What a transaction changes must be free, or held by the lock that it names."""
    try:
        locks.require(person, lock, ids)
    except locks.Locked as error:
        refusal = MissingParameter if lock is None else InvalidLockId
        raise refusal(error.message, locator="lockId", hint=error.hint) from None


def let_go(lock: Lock, touched: Mapping[str, Collection[UUID]], *, whole: bool) -> None:
    """OGC 09-025r2, 15.2.3.1.3: what was not changed stays locked if only some is released, and that begins anew."""
    if lock is None:
        return
    if whole:
        locks.release(lock)
    elif locks.release(lock, touched):
        locks.extend(lock)


def extended(person: User, lock_id: str, lasts: timedelta | None) -> FeatureLock:
    """The lock begins anew; one that never was has expired as well (OGC 09-025r2, 12.2.4.2)."""
    try:
        with transaction.atomic():
            lock = locks.find(person, lock_id)
            locks.extend(lock, lasts)
    except (locks.LockExpired, locks.LockUnknown) as error:
        raise LockHasExpired(error.message, locator="lockId", hint=error.hint) from None
    return lock


def taken(
    person: User, wanted: Mapping[str, Collection[UUID]], lasts: timedelta, *, whole: bool
) -> tuple[FeatureLock, set[UUID]]:
    """A new lock and what it holds."""
    try:
        return locks.take(person, wanted, lasts, whole=whole)
    except locks.Locked as error:
        raise CannotLockAllFeatures(error.message, locator="lockAction") from None
