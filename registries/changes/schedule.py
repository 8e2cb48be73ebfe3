"""Publishing at a set time, in the name of whoever set it. What cannot be published is told and not tried again."""

from __future__ import annotations

import logging

from django.db import OperationalError, transaction
from django.utils import timezone

from registries.changes import notices, steps
from registries.changes.decisions import publish
from registries.changes.models import ChangeSet
from registries.changes.states import Tell
from registries.core import audit
from registries.core.errors import Conflict, NotAllowed, RegistryError, RuleViolations

log = logging.getLogger(__name__)
State = ChangeSet.State
# The notice for each meaning of a failure.
REASONS: dict[type[RegistryError], str] = {
    Conflict: "late_conflict",
    RuleViolations: "late_rules",
    NotAllowed: "late_rights",
}
FAILURE = "late_failure"


def publish_due() -> int:
    """Publish what is due, the earliest first; how many it was."""
    due = ChangeSet.objects.filter(state=State.APPROVED, publish_at__lte=timezone.now(), scheduled_by__isnull=False)
    return sum(_publish(one) for one in due.select_related("scheduled_by").order_by("publish_at", "pk"))


def _publish(change_set: ChangeSet) -> bool:
    assert change_set.scheduled_by is not None, "Only what somebody scheduled is due."
    try:
        publish(change_set.scheduled_by, change_set, expected=change_set.edition)
    except steps.Stale:
        # Somebody else acted at the same moment; the next run looks again.
        return False
    except RegistryError as error:
        _give_up(change_set, next((REASONS[one] for one in type(error).__mro__ if one in REASONS), FAILURE))
        return False
    except OperationalError:
        # The database is away or busy: that passes by itself.
        raise
    except Exception:
        # One change set at fault must not hold up those after it; the process goes on, the log and the people know.
        log.exception("Publishing change set %s at its time failed.", change_set.pk)
        _give_up(change_set, FAILURE)
        return False
    return True


@transaction.atomic
def _give_up(change_set: ChangeSet, kind: str) -> None:
    people = notices.people(change_set, (Tell.AUTHOR, Tell.DECIDERS), [])
    if kind == REASONS[Conflict]:
        # The others were told when it was marked.
        people = [change_set.scheduled_by]
    found = steps.locked(change_set)
    steps.touch(found, publish_at=None, scheduled_by=None)
    audit.record(None, "not_published", f"change_set {found.pk}", why=kind)
    notices.tell(found, kind, people, None)
