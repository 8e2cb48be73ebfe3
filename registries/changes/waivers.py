"""The warnings of the rules that a change set carries, and what becomes of their acceptance when it changes again."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from registries.changes import checks
from registries.changes.models import ChangeSet
from registries.core import waivers
from registries.core.models import Waiver
from registries.core.rules import Moment, Problem


def open_warnings(change_set: ChangeSet) -> list[Problem]:
    """The warnings that nobody has accepted yet."""
    return waivers.open_warnings(checks.problems(change_set, Moment.SUBMIT), change_set.pk)


def forget(change_set: ChangeSet, ids: Collection[UUID]) -> None:
    """What was accepted of objects that are changed once more was said of something else."""
    Waiver.objects.filter(change_set_id=change_set.pk, object_id__in=list(ids)).delete()
