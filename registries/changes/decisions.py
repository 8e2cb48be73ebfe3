"""From the author's hand to the published truth: submit, decide, publish now or at a set time."""

from __future__ import annotations

from datetime import datetime

from django.db import DatabaseError, IntegrityError, transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from registries.changes import apply, checks, conflicts, descriptions, items, overlaps, states, steps
from registries.changes.items import OnRefusal
from registries.changes.models import ChangeItem, ChangeSet
from registries.changes.standing import Standing, keep_places
from registries.changes.waivers import open_warnings
from registries.core import waivers
from registries.core.errors import BadInput, Conflict, RuleViolations, WrongState
from registries.core.models import User
from registries.core.rules import Moment, Problem

WORDS_LENGTH = 4000


class EmptyChangeSet(WrongState):
    default = gettext_noop("The change set is empty.")


# Sent inside the publishing transaction with `change_set` and `ids` (by registry): for what must be true at the same
# moment.
published = Signal()


def submit(
    actor: User, change_set: ChangeSet, on_refusal: OnRefusal | None = None, *, expected: int | None = None
) -> list[Problem]:
    """Hand the draft to the reviewers; the warnings that it carries.

    Without `on_refusal` anything that blocks refuses the whole (RuleViolations); with it the objects at fault are
    told and left out. Raises Conflict (and marks the change set) like `publish`.
    """
    try:
        with transaction.atomic():
            return _submit(actor, change_set, on_refusal, expected)
    except Conflict:
        _mark_conflicted(actor, change_set)
        raise


def _submit(actor: User, change_set: ChangeSet, on_refusal: OnRefusal | None, expected: int | None) -> list[Problem]:
    change_set, standing = steps.begin("submit", actor, change_set, expected)
    if found := conflicts.find(change_set):
        raise Conflict(found, hint=_("Choose what is to stand, then submit it again."))
    idle = _drop_idle(change_set)
    warnings = _without_faults(change_set, on_refusal)
    if not change_set.items.exists():
        raise EmptyChangeSet(hint=_("Change something first, or withdraw it."))
    if idle or on_refusal is not None:
        # What was left out may have lain elsewhere.
        standing = Standing(actor, change_set)
    keep_places(change_set, standing.places, whole=True)
    steps.take("submit", actor, change_set, standing, {"submitted_at": timezone.now(), **_undecided()})
    overlaps.report(change_set)
    return warnings


def _drop_idle(change_set: ChangeSet) -> int:
    """Take out what was put in to be corrected, such as the objects of the error map, and was then left as it is."""
    idle = change_set.items.filter(action=ChangeItem.Action.UPDATE, attributes={}, has_geom=False)
    return idle.delete()[0]


def _without_faults(change_set: ChangeSet, on_refusal: OnRefusal | None) -> list[Problem]:
    """What the rules say once everything that blocks is out."""
    found = checks.problems(change_set, Moment.SUBMIT)
    while blocking := checks.blocking(found):
        at_fault = {problem.object_id for problem in blocking if problem.object_id is not None}
        if on_refusal is None or not change_set.items.filter(object_id__in=at_fault).delete()[0]:
            raise RuleViolations(blocking)
        for problem in blocking:
            on_refusal(problem)
        found = checks.problems(change_set, Moment.SUBMIT)
    return found


@transaction.atomic
def accept_warnings(actor: User, change_set: ChangeSet, reason: str, codes: list[str] | None = None) -> int:
    """Accept the open warnings, or those of the rules `codes`; how many they were. The reason stays on record."""
    change_set, _standing = steps.begin("accept_warnings", actor, change_set)
    reason = descriptions.text(reason, "reason", WORDS_LENGTH)
    found = [one for one in open_warnings(change_set) if codes is None or one.code in codes]
    return waivers.accept(actor, found, reason, change_set.pk)


@transaction.atomic
def approve(actor: User, change_set: ChangeSet, words: str = "", *, expected: int | None = None) -> ChangeSet:
    """Say yes to somebody else's change set. Open warnings need words, which are kept as their acceptance."""
    change_set, standing = steps.begin("approve", actor, change_set, expected)
    return _approve(actor, change_set, standing, words)


def _approve(actor: User, change_set: ChangeSet, standing: Standing, words: str) -> ChangeSet:
    words = descriptions.text(words, "words", WORDS_LENGTH)
    warnings = open_warnings(change_set)
    if warnings and not words:
        raise BadInput(
            ngettext(
                "The change set has %(count)d warning that nobody has accepted.",
                "The change set has %(count)d warnings that nobody has accepted.",
                len(warnings),
            )
            % {"count": len(warnings)},
            locator="words",
            hint=_("Say why it may be published all the same; your words stay on record."),
        )
    if warnings:
        waivers.accept(actor, warnings, words, change_set.pk)
    fields = {"approved_by": actor, "approved_at": timezone.now(), "decision": words}
    return steps.take("approve", actor, change_set, standing, fields, words=words)


@transaction.atomic
def reject(actor: User, change_set: ChangeSet, words: str, *, expected: int | None = None) -> ChangeSet:
    """Give a change set back to its author, with the reasons."""
    change_set, standing = steps.begin("reject", actor, change_set, expected)
    words = descriptions.text(words, "words", WORDS_LENGTH)
    if not words:
        raise BadInput(_("Say why you return the change set."), locator="words")
    return steps.take("reject", actor, change_set, standing, {"decision": words, **_undecided()}, words=words)


@transaction.atomic
def withdraw(actor: User, change_set: ChangeSet, *, expected: int | None = None) -> ChangeSet:
    """Give up one's own change set; its items stay on record."""
    change_set, standing = steps.begin("withdraw", actor, change_set, expected)
    return steps.take("withdraw", actor, change_set, standing, _unscheduled())


def _undecided() -> dict[str, object]:
    return {"approved_by": None, "approved_at": None, **_unscheduled()}


def _unscheduled() -> dict[str, object]:
    return {"publish_at": None, "scheduled_by": None}


@transaction.atomic
def schedule(actor: User, change_set: ChangeSet, at: datetime | None, *, expected: int | None = None) -> ChangeSet:
    """Let an approved change set be published by itself at that time, in the name of `actor`; None cancels it."""
    change_set, standing = steps.begin("schedule", actor, change_set, expected)
    if at is None:
        return steps.take("unschedule", actor, change_set, standing, _unscheduled())
    if timezone.is_naive(at):
        at = timezone.make_aware(at)
    if at <= timezone.now():
        raise BadInput(_("This time is past."), locator="at", hint=_("Choose a later one, or publish now."))
    fields = {"publish_at": at, "scheduled_by": actor}
    return steps.take("schedule", actor, change_set, standing, fields, at=at.isoformat())


def publish(actor: User, change_set: ChangeSet, *, expected: int | None = None) -> ChangeSet:
    """Make an approved change set the published truth, whole or not at all.

    Raises Conflict (and marks the change set) when somebody else published other values of the same fields meanwhile.
    """
    return _to_the_public("publish", actor, change_set, expected)


def approve_and_publish(
    actor: User, change_set: ChangeSet, words: str = "", *, expected: int | None = None
) -> ChangeSet:
    """Both in one step: where it cannot be published, it is not approved either."""
    return _to_the_public("approve_and_publish", actor, change_set, expected, words)


def _to_the_public(
    name: str, actor: User, change_set: ChangeSet, expected: int | None, words: str | None = None
) -> ChangeSet:
    try:
        with transaction.atomic():
            moment = apply.lock()
            change_set, standing = steps.begin(name, actor, change_set, expected)
            if words is not None:
                _approve(actor, change_set, standing, words)
            return _publish(name, actor, change_set, standing, moment)
    except Conflict:
        _mark_conflicted(actor, change_set)
        raise
    except IntegrityError as error:
        raise RuleViolations([_broken_constraint(error)]) from error


def _publish(name: str, actor: User, change_set: ChangeSet, standing: Standing, moment: datetime) -> ChangeSet:
    if found := conflicts.find(change_set):
        raise Conflict(found)
    if blocking := checks.blocking(checks.problems(change_set, Moment.PUBLISH)):
        raise RuleViolations(blocking)
    apply.apply(change_set, actor, moment)
    steps.take(name, actor, change_set, standing, {"published_by": actor, "published_at": moment})
    published.send(sender=ChangeSet, change_set=change_set, ids=items.touched(change_set))
    return change_set


@transaction.atomic
def _mark_conflicted(actor: User, change_set: ChangeSet) -> None:
    """Unless somebody took another step since the publication was turned back: what is withdrawn stays so."""
    change_set = steps.locked(change_set)
    if change_set.state in states.TRANSITIONS["conflict"].sources:
        steps.take("conflict", actor, change_set, Standing(actor, change_set, live=False), _undecided())


def _broken_constraint(error: DatabaseError) -> Problem:
    """What only the database can decide (unique and exclusion constraints), in the words of the model."""
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", "") or ""
    detail = getattr(diagnosis, "message_detail", "") or ""
    message = _("A condition of the database is broken: %(name)s. %(detail)s") % {"name": name, "detail": detail}
    return Problem("DATA-004", message.replace("%", "%%"), locator=name)
