"""One step in the life of a change set: locked, checked against the table of states, made, noted in the audit, told.

Every function here runs inside the transaction of the caller.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from registries.changes import notices, states
from registries.changes.models import ChangeSet
from registries.changes.standing import Standing
from registries.core import audit
from registries.core.errors import NotFound, WrongState
from registries.core.models import User


class Stale(WrongState):
    default = gettext_noop("The change set changed since you opened this page.")


def locked(change_set: ChangeSet, expected: int | None = None) -> ChangeSet:
    """The change set as it stands now, nobody else's until the transaction ends; Stale when it is not the edition
    `expected`.
    """
    # Without the key: notices about another change set that somebody holds must not wait for it, and that one for us.
    rows = ChangeSet.objects.select_for_update(of=("self",), no_key=True).select_related("author")
    found = rows.filter(pk=change_set.pk).first()
    if found is None:
        raise NotFound(_("There is no change set %(number)s.") % {"number": change_set.pk})
    if expected is not None and found.edition != expected:
        raise Stale(locator=f"change_set {found.pk}", hint=_("Reload the page, look at it again and decide anew."))
    return found


def begin(name: str, actor: User, change_set: ChangeSet, expected: int | None = None) -> tuple[ChangeSet, Standing]:
    """Lock the change set and make sure that `actor` may take the step `name` now."""
    found = locked(change_set, expected)
    standing = Standing(actor, found)
    states.require(name, found, standing)
    return found, standing


def take(
    name: str, actor: User, change_set: ChangeSet, standing: Standing, fields: dict[str, Any], **details: Any
) -> ChangeSet:
    """Make the step, with `fields` of the change set set, `details` for the audit and for the notice."""
    transition = states.TRANSITIONS[name]
    told = notices.people(change_set, transition.tells, standing.places) if transition.tells else []
    touch(change_set, state=transition.target or change_set.state, **fields)
    if transition.target is not None:
        notices.settle(change_set)
    audit.record(actor, transition.word, f"change_set {change_set.pk}", **details)
    if transition.notice:
        notices.tell(change_set, transition.notice, told, actor, **details)
    return change_set


def touch(change_set: ChangeSet, **fields: Any) -> None:
    """Save `fields` as a new edition."""
    fields["edition"] = change_set.edition + 1
    for name, value in fields.items():
        setattr(change_set, name, value)
    change_set.save(update_fields=list(fields))
