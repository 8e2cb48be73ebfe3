import pytest

from registries.core.errors import BadInput, WrongState
from registries.dealings import states
from registries.dealings.models import Enquiry, Reason, State


@pytest.mark.parametrize("state", State)
def test_what_can_be_done_is_what_the_table_says(state):
    possible = states.possible(Enquiry(state=state))
    assert ("reopen" in possible) == (state == State.CLOSED)
    assert ("close" in possible) == (state != State.CLOSED)
    assert not {"write", "withdraw", "receive", "forget"} & set(possible)


@pytest.mark.parametrize("name", states.MOVES)
def test_nothing_moves_to_where_it_is(name):
    with pytest.raises(WrongState):
        states.require(name, Enquiry(state=states.TRANSITIONS[name].target or ""))


@pytest.mark.parametrize("text", ["", "x", "\x00"])
def test_closing_needs_a_reason(text):
    with pytest.raises(BadInput):
        states.reason_of(text)


def test_a_reason_is_known():
    assert states.reason_of("spam") is Reason.SPAM


def test_the_words_of_the_audit_fit():
    assert all(len(one.word) <= 40 for one in states.TRANSITIONS.values())
