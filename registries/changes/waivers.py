"""Warnings of the rules that somebody accepts for one change set, with a reason that stays on record."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from registries.changes import checks
from registries.changes.models import ChangeSet
from registries.core.models import User, Waiver
from registries.core.rules import Moment, Problem, Severity

# A warning about no object in particular.
NO_OBJECT = UUID(int=0)
Key = tuple[str, str, UUID]


def open_warnings(change_set: ChangeSet) -> list[Problem]:
    """The warnings that nobody has accepted yet."""
    return unaccepted(change_set, checks.problems(change_set, Moment.SUBMIT))


def unaccepted(change_set: ChangeSet, found: Iterable[Problem]) -> list[Problem]:
    """The warnings among `found` that nobody has accepted for the change set."""
    known = Waiver.objects.filter(change_set_id=change_set.pk).values_list("code", "registry", "object_id")
    accepted = set(known)
    return [one for one in found if one.severity is Severity.WARNS and _key(one) not in accepted]


def accept(actor: User, change_set: ChangeSet, warnings: Iterable[Problem], reason: str) -> list[str]:
    """Keep that `actor` accepts the warnings; the codes of the rules."""
    keys = {_key(one) for one in warnings}
    Waiver.objects.bulk_create(
        Waiver(
            code=code,
            registry=registry,
            object_id=object_id,
            change_set_id=change_set.pk,
            reason=reason,
            accepted_by=actor,
        )
        for code, registry, object_id in sorted(keys)
    )
    return sorted({code for code, _registry, _object in keys})


def forget(change_set: ChangeSet, ids: Collection[UUID]) -> None:
    """What was accepted of objects that are changed once more was said of something else."""
    Waiver.objects.filter(change_set_id=change_set.pk, object_id__in=[*ids, NO_OBJECT]).delete()


def _key(warning: Problem) -> Key:
    return warning.code, warning.registry, warning.object_id or NO_OBJECT
