"""The life of an enquiry: one table drives what may happen, what the audit calls it and what the desk offers.

Everything here is done by advisers of the zone; what the investor does (write, withdraw) is named in the same table.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registries.core.errors import BadInput, WrongState
from registries.dealings.models import Enquiry, Reason, State

OPEN = frozenset(State) - {State.CLOSED}


@dataclass(frozen=True)
class Transition:
    """`target` None leaves the state. `settles`: the office owes no answer after it."""

    sources: frozenset[State]
    target: State | None
    word: str
    label: str | Promise
    settles: bool = False
    by_investor: bool = False


def _to(target: State, word: str, label: Promise) -> Transition:
    return Transition(OPEN - {target}, target, word, label, settles=True)


TRANSITIONS = {
    "reply": Transition(frozenset(State), None, "answer enquiry", gettext_lazy("Answered by letter"), settles=True),
    "assign": Transition(OPEN, None, "assign enquiry", gettext_lazy("Assigned")),
    "note": Transition(frozenset(State), None, "note enquiry", gettext_lazy("Note written")),
    "answered": _to(State.ANSWERED, "mark enquiry answered", gettext_lazy("Mark as answered")),
    "visit": _to(State.VISIT, "arrange visit", gettext_lazy("Visit arranged")),
    "offer": _to(State.OFFER, "make offer", gettext_lazy("Offer made")),
    "close": Transition(OPEN, State.CLOSED, "close enquiry", gettext_lazy("Closed"), settles=True),
    "reopen": Transition(frozenset({State.CLOSED}), State.ANSWERED, "reopen enquiry", gettext_lazy("Open again")),
    "write": Transition(OPEN, None, "write to office", gettext_lazy("The investor wrote"), by_investor=True),
    "withdraw": Transition(
        OPEN, State.CLOSED, "withdraw enquiry", gettext_lazy("The investor withdrew"), settles=True, by_investor=True
    ),
    "receive": Transition(frozenset(), State.NEW, "receive enquiry", gettext_lazy("Received"), by_investor=True),
    "forget": Transition(
        frozenset(State), None, "make enquiry anonymous", gettext_lazy("Personal data deleted"), by_investor=True
    ),
}
# What the board offers as buttons, in the order of the columns.
MOVES = ("answered", "visit", "offer")
COLUMNS = (State.NEW, State.ANSWERED, State.VISIT, State.OFFER, State.CLOSED)


def require(name: str, enquiry: Enquiry) -> Transition:
    """The transition `name`, if it may be made now. Raises WrongState."""
    transition = TRANSITIONS[name]
    if State(enquiry.state) not in transition.sources:
        raise moved_on(enquiry)
    return transition


def moved_on(enquiry: Enquiry) -> WrongState:
    return WrongState(
        _("The enquiry is “%(state)s”; this step is not possible now.") % {"state": enquiry.get_state_display()},
        locator=enquiry.subject,
        hint=_("Reload the page to see where it stands."),
    )


def possible(enquiry: Enquiry) -> list[str]:
    return [name for name, one in TRANSITIONS.items() if not one.by_investor and enquiry.state in one.sources]


def reason_of(text: str) -> Reason:
    """Raises BadInput."""
    if text not in Reason.values:
        raise BadInput(_("Say why the enquiry is closed."), locator="reason")
    return Reason(text)
