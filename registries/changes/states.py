"""The life of a change set: one table drives what may happen, who may do it, what the audit calls it and who is told.

Whoever acts is described by a `Standing` (registries.changes.standing): what the person is to this one change set.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from registries.changes.models import ChangeSet
from registries.core.errors import NotAllowed, WrongState

State = ChangeSet.State
EDITABLE = frozenset({State.DRAFT, State.RETURNED, State.CONFLICTED})
OPEN = EDITABLE | {State.SUBMITTED, State.APPROVED}


class Stands(Protocol):
    """What somebody is to a change set; each asked only where a step depends on it, because some take a query."""

    @property
    def is_author(self) -> bool: ...
    @property
    def may_edit(self) -> bool: ...
    @property
    def may_review(self) -> bool: ...
    @property
    def may_administer(self) -> bool: ...
    @property
    def has_link(self) -> bool: ...
    @property
    def sees(self) -> bool: ...


class Who(enum.Enum):
    PORTAL = "nobody: the portal does it"
    SEER = "whoever sees the change set"
    AUTHOR = "the author"
    EDITING_AUTHOR = "the author, while still allowed to edit there"
    REVIEWER = "a reviewer"
    OTHER_REVIEWER = "a reviewer who is not the author"
    OTHER_ADMINISTRATOR = "an administrator who is not the author"
    AUTHOR_OR_REVIEWER = "the author or a reviewer"
    SEEING_EDITOR = "whoever sees it and may edit there"


class Tell(enum.Enum):
    AUTHOR = "the author"
    REVIEWERS = "everybody who could decide"
    DECIDERS = "who approved it, and who set its time"


@dataclass(frozen=True)
class Transition:
    """`target` None leaves the state; `by_link`: an outside reviewer may do it too; `notice` names the message of
    `registries.changes.notices` that those in `tells` get.
    """

    sources: frozenset[str]
    target: str | None
    who: Who
    word: str
    by_link: bool = False
    notice: str = ""
    tells: tuple[Tell, ...] = ()


SUBMITTED, APPROVED = frozenset({State.SUBMITTED}), frozenset({State.APPROVED})
DECIDED = SUBMITTED | APPROVED
TRANSITIONS = {
    "edit": Transition(EDITABLE, None, Who.AUTHOR, "edit"),
    "resolve": Transition(EDITABLE, None, Who.AUTHOR, "resolve"),
    "submit": Transition(
        EDITABLE, State.SUBMITTED, Who.EDITING_AUTHOR, "submit", notice="submitted", tells=(Tell.REVIEWERS,)
    ),
    "withdraw": Transition(OPEN, State.WITHDRAWN, Who.AUTHOR, "withdraw", notice="withdrawn", tells=(Tell.DECIDERS,)),
    "accept_warnings": Transition(EDITABLE | SUBMITTED, None, Who.AUTHOR_OR_REVIEWER, "accept warnings", by_link=True),
    "approve": Transition(
        SUBMITTED, State.APPROVED, Who.OTHER_REVIEWER, "approve", by_link=True, notice="approved", tells=(Tell.AUTHOR,)
    ),
    "approve_and_publish": Transition(
        SUBMITTED,
        State.PUBLISHED,
        Who.OTHER_REVIEWER,
        "publish",
        by_link=True,
        notice="published",
        tells=(Tell.AUTHOR,),
    ),
    "reject": Transition(
        DECIDED,
        State.RETURNED,
        Who.REVIEWER,
        "reject",
        by_link=True,
        notice="returned",
        tells=(Tell.AUTHOR, Tell.DECIDERS),
    ),
    "publish": Transition(
        APPROVED, State.PUBLISHED, Who.REVIEWER, "publish", notice="published", tells=(Tell.AUTHOR, Tell.DECIDERS)
    ),
    "schedule": Transition(
        APPROVED, None, Who.REVIEWER, "schedule", notice="scheduled", tells=(Tell.AUTHOR, Tell.DECIDERS)
    ),
    "unschedule": Transition(
        APPROVED, None, Who.REVIEWER, "unschedule", notice="unscheduled", tells=(Tell.AUTHOR, Tell.DECIDERS)
    ),
    "conflict": Transition(
        OPEN - {State.CONFLICTED},
        State.CONFLICTED,
        Who.PORTAL,
        "conflict",
        notice="conflicted",
        tells=(Tell.AUTHOR, Tell.DECIDERS),
    ),
    "name_reviewer": Transition(SUBMITTED, None, Who.OTHER_ADMINISTRATOR, "name_reviewer"),
    "revoke_link": Transition(frozenset(State), None, Who.OTHER_ADMINISTRATOR, "revoke_link"),
    "comment": Transition(OPEN, None, Who.SEER, "comment", by_link=True),
    "revert": Transition(frozenset({State.PUBLISHED}), None, Who.SEEING_EDITOR, "revert"),
}

OTHERS = gettext_noop("Only a reviewer of these zones can do this.")
Judged = Callable[[Stands, bool], bool]
# Who may, given the standing and whether the step's outside reviewers count; and the words for everybody else.
WHO: dict[Who, tuple[Judged, str]] = {
    Who.PORTAL: (lambda one, link: False, gettext_noop("The portal does this by itself.")),
    Who.SEER: (lambda one, link: one.sees, gettext_noop("You cannot see this change set.")),
    Who.AUTHOR: (lambda one, link: one.is_author, gettext_noop("Only the author can do this.")),
    Who.EDITING_AUTHOR: (
        lambda one, link: one.is_author and one.may_edit,
        gettext_noop("Only the author can do this, with the right to edit in all zones of the change set."),
    ),
    Who.REVIEWER: (lambda one, link: link or one.may_review, OTHERS),
    Who.OTHER_REVIEWER: (lambda one, link: not one.is_author and (link or one.may_review), OTHERS),
    Who.OTHER_ADMINISTRATOR: (
        lambda one, link: not one.is_author and one.may_administer,
        gettext_noop("Only an administrator of these zones who is not the author can do this."),
    ),
    Who.AUTHOR_OR_REVIEWER: (
        lambda one, link: one.is_author or link or one.may_review,
        gettext_noop("Only the author or a reviewer of these zones can do this."),
    ),
    Who.SEEING_EDITOR: (
        lambda one, link: one.sees and one.may_edit,
        gettext_noop("You have no right to edit in all zones of the change set."),
    ),
}


def allowed(transition: Transition, standing: Stands) -> bool:
    """Whether the person may, the state aside."""
    judge, _words = WHO[transition.who]
    return judge(standing, transition.by_link and standing.has_link)


def require(name: str, change_set: ChangeSet, standing: Stands) -> Transition:
    """The transition `name`, if it may be made now by this person; nobody approves their own change set, whatever
    their roles.
    """
    transition = TRANSITIONS[name]
    where = f"change_set {change_set.pk}"
    if change_set.state not in transition.sources:
        raise WrongState(
            _("The change set is “%(state)s”; this step is not possible now.")
            % {"state": change_set.get_state_display()},
            locator=where,
            hint=_("Reload the page to see where it stands."),
        )
    if transition.who is Who.OTHER_REVIEWER and standing.is_author:
        raise NotAllowed(_("Nobody approves their own change set."), locator=where, hint=_("Ask another reviewer."))
    if not allowed(transition, standing):
        raise NotAllowed(_(WHO[transition.who][1]), locator=where)
    return transition
