"""What the investor does: send an enquiry, write again, withdraw it, have the data deleted. Who has the number may."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from registries.core import audit
from registries.core.errors import BadInput, NotFound
from registries.dealings import clock, letters, numbers, retention, states, uploads
from registries.dealings.models import Enquiry, EnquiryEvent, EnquiryMessage, Reason, State
from registries.dealings.uploads import Accepted

MESSAGE_MAX = 4000
# With the words of the consent on the form: raise it when they change.
CONSENT_WORDING = "2026-11"


def receive(
    token: UUID, told: Mapping[str, Any], files: Sequence[Accepted], *, language: str, origin: str
) -> tuple[Enquiry, bool]:
    """The enquiry of the form `token`, and whether it is new: the same form sent twice is one enquiry."""
    known = Enquiry.objects.filter(token=token).first()
    if known is not None:
        return known, False
    now = timezone.now()
    try:
        with transaction.atomic():
            enquiry = Enquiry.objects.create(
                token=token,
                language=language,
                origin=origin,
                created_at=now,
                due_at=clock.due(now),
                consent_at=now,
                consent_wording=CONSENT_WORDING,
                **told,
            )
            uploads.keep(enquiry, files)
            _note(enquiry, "receive")
            letters.receipt(enquiry)
            letters.tell_office("enquiry_office", enquiry)
    except IntegrityError:
        # Pressed twice: the other request was first.
        return Enquiry.objects.get(token=token), False
    return enquiry, True


def find(typed: str) -> Enquiry:
    """The enquiry of a tracking number, however it was grouped. Raises NotFound: mistyped is told from unknown."""
    number = numbers.read(typed)
    if number is None:
        raise NotFound(
            _("This is not a tracking number: a letter or digit is wrong or missing."),
            hint=_("It has four groups of four, as in the letter that confirmed your enquiry. Compare them."),
        )
    enquiry = Enquiry.objects.filter(number=number).exclude(anonymous_at__isnull=False).first()
    if enquiry is None:
        raise NotFound(
            _("There is no enquiry with this number, or its data were deleted."),
            hint=_("If you need help, write or call us."),
        )
    return enquiry


@transaction.atomic
def write(enquiry: Enquiry, text: str) -> EnquiryMessage:
    """A further message to the office. Raises BadInput, WrongState."""
    enquiry = _locked(enquiry)
    states.require("write", enquiry)
    said = words(text)
    last = enquiry.messages.last()
    if last is not None and last.author_id is None and last.text == said:
        # Pressed twice.
        return last
    message = EnquiryMessage.objects.create(enquiry=enquiry, author=None, text=said)
    if enquiry.due_at is None:
        enquiry.due_at = clock.due(timezone.now())
        enquiry.save(update_fields=["due_at"])
    _note(enquiry, "write")
    letters.tell_office("enquiry_message", enquiry, message=message)
    return message


@transaction.atomic
def withdraw(enquiry: Enquiry) -> None:
    """Raises WrongState."""
    enquiry = _locked(enquiry)
    states.require("withdraw", enquiry)
    _close(enquiry)
    letters.tell_office("enquiry_withdrawn", enquiry)


@transaction.atomic
def forget(enquiry: Enquiry) -> None:
    """Delete at once what is personal (GDPR, art. 17); what is left names nobody."""
    enquiry = _locked(enquiry)
    if enquiry.state != State.CLOSED:
        _close(enquiry)
    retention.anonymise(enquiry)


def words(text: str) -> str:
    """A message as it may be kept. Raises BadInput."""
    said = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not said:
        raise BadInput(_("The message is empty."), locator="text")
    if len(said) > MESSAGE_MAX:
        raise BadInput(
            _("The message has %(count)d characters; %(most)d are possible.")
            % {"count": len(said), "most": MESSAGE_MAX},
            locator="text",
            hint=_("Shorten it, or send the rest as a second message."),
        )
    return said


def _close(enquiry: Enquiry) -> None:
    enquiry.state, enquiry.reason = State.CLOSED, Reason.WITHDRAWN
    enquiry.closed_at, enquiry.due_at = timezone.now(), None
    enquiry.save(update_fields=["state", "reason", "closed_at", "due_at"])
    _note(enquiry, "withdraw")


def _locked(enquiry: Enquiry) -> Enquiry:
    return Enquiry.objects.select_for_update(of=("self",)).get(pk=enquiry.pk)


def _note(enquiry: Enquiry, step: str) -> None:
    EnquiryEvent.objects.create(enquiry=enquiry, step=step, state=enquiry.state, reason=enquiry.reason)
    audit.record(None, states.TRANSITIONS[step].word, enquiry.subject)
