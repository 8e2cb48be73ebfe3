"""The door: the only way by which anything enters, changes in or leaves the registry.

Web pages, WFS, OGC API, imports and the console make `Edit`s and call these functions; each is one transaction,
checks the actor's
rights by zone, and writes the audit.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import DatabaseError, IntegrityError, transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from registries.changes import apply, checks, conflicts, items, states
from registries.changes.diff import Delta, diff
from registries.changes.edits import Edit
from registries.changes.items import OnRefusal
from registries.changes.models import ChangeSet
from registries.changes.past import history, revert_edits
from registries.core import audit
from registries.core.errors import BadInput, Conflict, NotAllowed, NotFound, RuleViolations, WrongState
from registries.core.models import User
from registries.core.overlay import as_of, draft
from registries.core.rights import rights_of
from registries.core.rules import Moment, Problem

__all__ = [
    "Delta",
    "Edit",
    "EmptyChangeSet",
    "approve",
    "as_of",
    "diff",
    "draft",
    "drop_unchanged",
    "history",
    "open_change_set",
    "propose",
    "publish",
    "published",
    "reject",
    "revert",
    "submit",
    "withdraw",
]


class EmptyChangeSet(WrongState):
    default = gettext_noop("The change set is empty.")


# Sent inside the publishing transaction with `change_set` and `ids` (by registry): for what must be true at the same
# moment.
published = Signal()


@transaction.atomic
def open_change_set(actor: User, title: str, reason: str = "", source: str = "desk") -> ChangeSet:
    """A new, empty change set of `actor`, who must be allowed to edit somewhere."""
    if not rights_of(actor).is_staff_somewhere():
        raise NotAllowed(_("You have no right to edit."), hint=_("Ask an administrator for the role of editor."))
    if not title.strip():
        raise BadInput(_("A change set needs a title."), locator="title")
    change_set = ChangeSet.objects.create(title=title.strip()[:200], reason=reason, source=source, author=actor)
    audit.record(actor, "propose", f"change_set {change_set.pk}", title=title, source=source)
    return change_set


@transaction.atomic
def propose(
    actor: User,
    edits: Iterable[Edit],
    *,
    title: str = "",
    reason: str = "",
    source: str = "desk",
    change_set: ChangeSet | None = None,
    on_refusal: OnRefusal | None = None,
) -> ChangeSet:
    """Put `edits` into `change_set`, or into a new one.

    Without `on_refusal` one bad edit refuses them all (RuleViolations); with it the bad ones are told and left out.
    """
    change_set = _to_edit(actor, change_set) if change_set else open_change_set(actor, title, reason, source)
    refused: list[Problem] = []
    taken = items.take(change_set, edits, on_refusal or refused.append)
    if refused:
        raise RuleViolations(refused)
    if not rights_of(actor).may_edit(items.places(change_set, taken)):
        raise NotAllowed(_("You have no right to edit in this zone or network."), locator="zone")
    return change_set


@transaction.atomic
def drop_unchanged(actor: User, change_set: ChangeSet) -> int:
    """Take out the items that would change nothing; how many they were."""
    change_set = _to_edit(actor, change_set)
    unchanged = [delta.item_id for delta in diff(change_set) if delta.is_empty]
    return change_set.items.filter(pk__in=unchanged).delete()[0]


@transaction.atomic
def submit(actor: User, change_set: ChangeSet, on_refusal: OnRefusal | None = None) -> list[Problem]:
    """Hand the draft to the reviewers; the warnings that it carries.

    Without `on_refusal` anything that blocks refuses the whole (RuleViolations); with it the objects at fault are
    told and left out.
    """
    change_set = _locked(change_set)
    transition = _require("submit", change_set, actor)
    found = checks.problems(change_set, Moment.SUBMIT)
    while blocking := checks.blocking(found):
        at_fault = {problem.object_id for problem in blocking if problem.object_id is not None}
        if on_refusal is None or not change_set.items.filter(object_id__in=at_fault).delete()[0]:
            raise RuleViolations(blocking)
        for problem in blocking:
            on_refusal(problem)
        found = checks.problems(change_set, Moment.SUBMIT)
    if not change_set.items.exists():
        raise EmptyChangeSet(hint=_("Change something first, or withdraw it."))
    _move(change_set, transition.target, submitted_at=timezone.now(), approved_by=None, approved_at=None)
    audit.record(actor, "submit", f"change_set {change_set.pk}")
    return found


@transaction.atomic
def approve(actor: User, change_set: ChangeSet, words: str = "") -> ChangeSet:
    """Say yes to somebody else's change set."""
    change_set = _locked(change_set)
    transition = _require("approve", change_set, actor)
    _move(change_set, transition.target, approved_by=actor, approved_at=timezone.now(), decision=words)
    audit.record(actor, "approve", f"change_set {change_set.pk}", words=words)
    return change_set


@transaction.atomic
def reject(actor: User, change_set: ChangeSet, words: str) -> ChangeSet:
    """Give a change set back to its author, with the reasons."""
    change_set = _locked(change_set)
    transition = _require("reject", change_set, actor)
    if not words.strip():
        raise BadInput(_("Say why you return the change set."), locator="words")
    _move(change_set, transition.target, decision=words, approved_by=None, approved_at=None)
    audit.record(actor, "reject", f"change_set {change_set.pk}", words=words)
    return change_set


@transaction.atomic
def withdraw(actor: User, change_set: ChangeSet) -> ChangeSet:
    """Give up one's own change set; its items stay on record."""
    change_set = _locked(change_set)
    transition = _require("withdraw", change_set, actor)
    _move(change_set, transition.target)
    audit.record(actor, "withdraw", f"change_set {change_set.pk}")
    return change_set


def publish(actor: User, change_set: ChangeSet) -> ChangeSet:
    """Make an approved change set the published truth, whole or not at all.

    Raises Conflict (and marks the change set) when somebody else published other values of the same fields meanwhile.
    """
    try:
        with transaction.atomic():
            return _publish(actor, change_set)
    except Conflict:
        _mark_conflicted(actor, change_set)
        raise
    except IntegrityError as error:
        raise RuleViolations([_broken_constraint(error)]) from error


def _publish(actor: User, change_set: ChangeSet) -> ChangeSet:
    moment = apply.lock()
    change_set = _locked(change_set)
    transition = _require("publish", change_set, actor)
    if found := conflicts.find(change_set):
        raise Conflict(found)
    if blocking := checks.blocking(checks.problems(change_set, Moment.PUBLISH)):
        raise RuleViolations(blocking)
    apply.apply(change_set, actor, moment)
    _move(change_set, transition.target, published_by=actor, published_at=moment)
    audit.record(actor, "publish", f"change_set {change_set.pk}")
    published.send(sender=ChangeSet, change_set=change_set, ids=items.touched(change_set))
    return change_set


@transaction.atomic
def _mark_conflicted(actor: User, change_set: ChangeSet) -> None:
    """Unless somebody took another step since the publication was turned back: what is withdrawn stays so."""
    change_set = _locked(change_set)
    if change_set.state == ChangeSet.State.APPROVED:
        _move(change_set, ChangeSet.State.CONFLICTED, approved_by=None, approved_at=None)
        audit.record(actor, "conflict", f"change_set {change_set.pk}")


def revert(actor: User, change_set: ChangeSet) -> ChangeSet:
    """A new draft that undoes a published change set; what others changed since stays, or shows as a conflict."""
    change_set = _locked(change_set)
    if change_set.state != ChangeSet.State.PUBLISHED:
        raise WrongState(_("Only a published change set can be reverted."), locator=f"change_set {change_set.pk}")
    title = _("Revert of: %(title)s") % {"title": change_set.title}
    return propose(actor, revert_edits(change_set), title=title, source="revert")


def _locked(change_set: ChangeSet) -> ChangeSet:
    found = ChangeSet.objects.select_for_update().filter(pk=change_set.pk).first()
    if found is None:
        raise NotFound(_("There is no change set %(number)s.") % {"number": change_set.pk})
    return found


def _to_edit(actor: User, change_set: ChangeSet) -> ChangeSet:
    found = _locked(change_set)
    if found.author_id != actor.pk:
        raise NotAllowed(_("Only the author can change a draft."), locator=f"change_set {found.pk}")
    if found.state not in states.EDITABLE:
        raise WrongState(
            _("The change set is “%(state)s” and can no longer be edited.") % {"state": found.get_state_display()},
            locator=f"change_set {found.pk}",
        )
    return found


def _require(name: str, change_set: ChangeSet, actor: User) -> states.Transition:
    ids = items.touched(change_set)
    may_review = rights_of(actor).may_review(items.places(change_set, ids))
    return states.require(name, change_set, actor, may_review)


def _move(change_set: ChangeSet, state: str, **fields: Any) -> None:
    for name, value in {"state": state, **fields}.items():
        setattr(change_set, name, value)
    change_set.save(update_fields=["state", *fields])


def _broken_constraint(error: DatabaseError) -> Problem:
    """What only the database can decide (unique and exclusion constraints), in the words of the model."""
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", "") or ""
    detail = getattr(diagnosis, "message_detail", "") or ""
    message = _("A condition of the database is broken: %(name)s. %(detail)s") % {"name": name, "detail": detail}
    return Problem("DATA-004", message.replace("%", "%%"), locator=name)
