"""The life of a change set: one table drives what may happen, who may do it and what it leads to."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from django.utils.translation import gettext as _

from registries.changes.models import ChangeSet
from registries.core.errors import NotAllowed, WrongState
from registries.core.models import User

State = ChangeSet.State


class Who(enum.Enum):
    AUTHOR = "author"
    OTHER_REVIEWER = "a reviewer who is not the author"
    REVIEWER = "a reviewer"


@dataclass(frozen=True)
class Transition:
    sources: frozenset[str]
    target: str
    who: Who


EDITABLE = frozenset({State.DRAFT, State.RETURNED, State.CONFLICTED})
TRANSITIONS = {
    "submit": Transition(EDITABLE, State.SUBMITTED, Who.AUTHOR),
    "withdraw": Transition(EDITABLE | {State.SUBMITTED, State.APPROVED}, State.WITHDRAWN, Who.AUTHOR),
    "approve": Transition(frozenset({State.SUBMITTED}), State.APPROVED, Who.OTHER_REVIEWER),
    "reject": Transition(frozenset({State.SUBMITTED, State.APPROVED}), State.RETURNED, Who.REVIEWER),
    "publish": Transition(frozenset({State.APPROVED}), State.PUBLISHED, Who.REVIEWER),
}


def require(name: str, change_set: ChangeSet, actor: User, may_review: bool) -> Transition:
    """The transition `name`, if `actor` may make it now; nobody approves their own change set, whatever their roles."""
    transition = TRANSITIONS[name]
    if change_set.state not in transition.sources:
        raise WrongState(
            _("The change set is “%(state)s”; this step is not possible now.")
            % {"state": change_set.get_state_display()},
            locator=f"change_set {change_set.pk}",
            hint=_("Reload the page to see where it stands."),
        )
    is_author = change_set.author_id == actor.pk
    if transition.who is Who.AUTHOR and not is_author:
        raise NotAllowed(_("Only the author can do this."), locator=f"change_set {change_set.pk}")
    if transition.who is Who.OTHER_REVIEWER and is_author:
        raise NotAllowed(
            _("Nobody approves their own change set."),
            locator=f"change_set {change_set.pk}",
            hint=_("Ask another reviewer."),
        )
    if transition.who is not Who.AUTHOR and not may_review:
        raise NotAllowed(_("Only a reviewer of these zones can do this."), locator=f"change_set {change_set.pk}")
    return transition
