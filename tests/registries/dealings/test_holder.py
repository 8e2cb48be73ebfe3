from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import override

from registries.core.errors import BadInput, NotFound, WrongState
from registries.core.models import AuditEntry
from registries.dealings import clock, holder, numbers
from registries.dealings.models import Enquiry, EnquiryEvent, Reason, State
from registries.dealings.uploads import Accepted
from registries.notices.models import Letter

PLAN = Accepted("plan.pdf", "pdf", b"%PDF-1.7\n")


def letters() -> dict[str, Letter]:
    return {one.kind: one for one in Letter.objects.all()}


def test_an_enquiry_starts_the_clock(ask):
    enquiry = ask()
    assert (enquiry.state, enquiry.due_at) == (State.NEW, clock.due(enquiry.created_at))


def test_the_investor_gets_the_number_and_the_address(ask):
    enquiry = ask()
    letter = letters()["enquiry_receipt"]
    assert (letter.recipient, letter.reply_to, letter.language) == ("iva@example.org", "office@example.org", "en")
    assert f"https://park.example/enquiries/{enquiry.shown_number}/" in letter.body


def test_the_office_gets_word_and_answers_to_the_investor(ask):
    ask()
    letter = letters()["enquiry_office"]
    assert (letter.recipient, letter.reply_to) == ("office@example.org", "iva@example.org")


def test_what_people_type_becomes_neither_header_nor_markup(ask):
    ask(company="A\r\nBcc: all@example.org", contact_name="<b>Iva & Co</b>", message="{{ settings.SECRET_KEY }}")
    told = letters()
    assert all("\n" not in one.subject and one.headers == {} for one in told.values())
    assert "<b>Iva & Co</b>" in told["enquiry_office"].body
    assert "{{ settings.SECRET_KEY }}" in told["enquiry_office"].body


def test_a_mailbox_that_nobody_has_proved_gets_no_words_of_strangers(ask):
    typed = "Win at evil.example"
    plots = [{"zone": "", "code": typed, "id": None}, {"zone": "park", "code": "П-1", "id": str(uuid4())}]
    ask(contact_name=typed, activity=typed, company=typed, message=typed, plots=plots)
    body = letters()["enquiry_receipt"].body
    assert typed not in body
    assert "П-1" in body


def test_the_same_form_sent_twice_is_one_enquiry(ask):
    token = uuid4()
    assert ask(token=token).pk == ask(token=token).pk
    assert (Enquiry.objects.count(), Letter.objects.filter(kind="enquiry_receipt").count()) == (1, 1)


def test_a_file_is_kept_under_a_name_that_nobody_chose(ask, media):
    kept = ask([PLAN]).files.get()
    assert kept.name == "plan.pdf"
    assert "plan" not in str(kept.content.name)
    assert (media / str(kept.content.name)).read_bytes() == PLAN.content


def test_mistyped_is_told_from_unknown(ask):
    number = ask().number
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    with override("en"):
        with pytest.raises(NotFound, match="wrong or missing"):
            holder.find(wrong)
        with pytest.raises(NotFound, match="no enquiry"):
            holder.find(numbers.fresh())


def test_a_further_message_starts_the_clock_again(ask):
    enquiry = ask()
    Enquiry.objects.update(due_at=None, state=State.ANSWERED)
    holder.write(enquiry, "One more thing.")
    enquiry.refresh_from_db()
    assert enquiry.due_at is not None
    assert letters()["enquiry_message"].recipient == "office@example.org"


def test_a_message_pressed_twice_is_one(ask):
    enquiry = ask()
    assert holder.write(enquiry, "Hello") == holder.write(enquiry, "Hello ")
    assert enquiry.messages.count() == 1


@pytest.mark.parametrize("text", ["", " \r\n ", "\x00", "x" * (holder.MESSAGE_MAX + 1)])
def test_no_message_and_too_long_a_message_are_refused(ask, text):
    with pytest.raises(BadInput):
        holder.write(ask(), text)


def test_withdrawing_closes_it(ask):
    enquiry = ask()
    holder.withdraw(enquiry)
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.reason, enquiry.due_at) == (State.CLOSED, Reason.WITHDRAWN, None)
    with pytest.raises(WrongState):
        holder.write(enquiry, "Too late.")


def test_forgetting_leaves_nothing_that_names_anybody(ask, media, django_capture_on_commit_callbacks):
    enquiry = ask([PLAN], company="Plod Ltd", phone="+359 1", plots=[{"zone": "east", "code": "1", "id": None}])
    holder.write(enquiry, "Iva again.")
    with django_capture_on_commit_callbacks(execute=True):
        holder.forget(enquiry)
    enquiry.refresh_from_db()
    told = " ".join(str(value) for value in vars(enquiry).values())
    assert not any(word in told for word in ("Iva", "iva@", "Plod", "+359", "cold store", "When can"))
    assert not any(found.exists() for found in (enquiry.messages.all(), enquiry.files.all(), Letter.objects.all()))
    assert [path for path in media.rglob("*") if path.is_file()] == []
    # For the statistics.
    assert enquiry.plots == [{"zone": "east", "code": "1", "id": None}]


def test_a_forgotten_number_leads_nowhere(ask):
    enquiry = ask()
    holder.forget(enquiry)
    with pytest.raises(NotFound):
        holder.find(enquiry.number)


def test_what_happened_cannot_be_rewritten(ask):
    ask()
    with pytest.raises(DatabaseError, match="kept as they were written"), transaction.atomic():
        EnquiryEvent.objects.update(at=timezone.now())


def test_the_audit_names_nobody(ask):
    enquiry = ask()
    entry = AuditEntry.objects.get(action="receive enquiry")
    assert (entry.subject, entry.details) == (enquiry.subject, {})
