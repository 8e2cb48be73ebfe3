import pytest
from django.utils import timezone

from registries.core.errors import BadInput, NotAllowed, NotFound, WrongState
from registries.core.models import AuditEntry, Role, RoleGrant
from registries.dealings import casework, clock, holder, states
from registries.dealings.models import Enquiry, EnquiryEvent, Reason, State
from registries.notices.models import Letter
from tests.registries.dealings.conftest import EAST, WEST, adviser


def test_an_adviser_sees_what_is_about_the_own_zones(ask, iskra):
    here, both = ask(), ask(zone_ids=[WEST, EAST])
    ask(zone_ids=[WEST])
    ask(zone_ids=[])
    assert set(casework.visible_to(iskra)) == {here, both}


def test_who_advises_everywhere_sees_what_is_about_no_zone(ask, ada):
    enquiry = ask(zone_ids=[])
    assert casework.find(ada, enquiry.pk) == enquiry


@pytest.mark.parametrize("role", [Role.EDITOR, Role.REVIEWER, Role.VIEWER, Role.PUBLISHER])
def test_nobody_else_sees_any(ask, stranger, role):
    RoleGrant.objects.create(user=stranger, role=role)
    with pytest.raises(NotFound):
        casework.find(stranger, ask().pk)


STEPS = {
    "assign": lambda who, one: casework.assign(who, one, who),
    "note": lambda who, one: casework.note(who, one, "x"),
    "reply": lambda who, one: casework.reply(who, one, "x"),
    "visit": lambda who, one: casework.move(who, one, "visit"),
    "close": lambda who, one: casework.close(who, one, Reason.OTHER),
    "reopen": casework.reopen,
}


@pytest.mark.parametrize("step", STEPS)
def test_an_adviser_of_another_zone_does_nothing(ask, step):
    with pytest.raises(NotAllowed):
        STEPS[step](adviser("west", WEST), ask())


def test_an_answer_goes_out_stops_the_clock_and_takes_the_case(ask, iskra):
    enquiry = ask()
    casework.reply(iskra, enquiry, "Come on Monday.")
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.due_at, enquiry.assignee) == (State.ANSWERED, None, iskra)
    assert enquiry.first_answered_at is not None
    letter = Letter.objects.get(kind="enquiry_answer")
    assert (letter.recipient, letter.reply_to) == ("iva@example.org", "office@example.org")
    assert "Come on Monday." in letter.body
    assert enquiry.messages.get().letter_id == letter.pk


def test_a_second_answer_leaves_the_state(ask, iskra):
    enquiry = ask()
    casework.move(iskra, enquiry, "offer")
    casework.reply(iskra, enquiry, "As offered.")
    enquiry.refresh_from_db()
    assert enquiry.state == State.OFFER


def test_word_of_a_message_goes_to_who_works_on_it(ask, iskra):
    from_investor = ask()
    casework.assign(iskra, from_investor, iskra)
    holder.write(from_investor, "Hello?")
    assert Letter.objects.get(kind="enquiry_message").recipient == "iskra@example.org"


def test_it_is_assigned_only_to_who_advises_there(ask, iskra):
    with pytest.raises(BadInput):
        casework.assign(iskra, ask(), adviser("west", WEST))


@pytest.mark.parametrize("step", states.MOVES)
def test_a_move_is_told_in_history_and_audit(ask, iskra, step):
    enquiry = ask()
    casework.move(iskra, enquiry, step)
    event = EnquiryEvent.objects.last()
    assert (event.actor, event.step, event.state) == (iskra, step, states.TRANSITIONS[step].target)
    assert AuditEntry.objects.filter(actor=iskra, subject=enquiry.subject).count() == 1


def test_of_two_who_move_one_card_the_second_hears_of_the_first(ask, iskra):
    enquiry = ask()
    casework.move(iskra, enquiry, "visit", seen=State.NEW)
    with pytest.raises(WrongState):
        casework.move(iskra, enquiry, "offer", seen=State.NEW)
    enquiry.refresh_from_db()
    assert enquiry.state == State.VISIT


def test_what_is_closed_moves_no_more_but_opens_again(ask, iskra):
    enquiry = ask()
    casework.close(iskra, enquiry, Reason.SPAM)
    with pytest.raises(WrongState):
        casework.move(iskra, enquiry, "visit")
    casework.reopen(iskra, enquiry)
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.reason, enquiry.closed_at) == (State.NEW, "", None)
    assert enquiry.due_at == clock.due(timezone.now())


def test_to_somebody_forgotten_nothing_is_written(ask, iskra):
    enquiry = ask()
    holder.forget(enquiry)
    with pytest.raises(BadInput):
        casework.reply(iskra, Enquiry.objects.get(), "Hello")


def test_a_note_stays_among_staff(ask, iskra):
    enquiry = ask()
    before = Letter.objects.count()
    casework.note(iskra, enquiry, "Rings every day.")
    assert (enquiry.notes.get().text, enquiry.messages.count()) == ("Rings every day.", 0)
    assert Letter.objects.count() == before
