"""What advisers do with the enquiries of their zones: each step checks the right, is written down and is audited."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from registries.core import audit
from registries.core.errors import BadInput, NotAllowed, NotFound
from registries.core.models import RoleGrant, User
from registries.core.rights import ADVISES, rights_of
from registries.dealings import clock, holder, letters, states
from registries.dealings.models import Enquiry, EnquiryEvent, EnquiryMessage, EnquiryNote, Reason, State
from registries.notices.models import Letter

SHOWN = "company, contact person, e-mail, telephone, message"


def visible_to(actor: User) -> QuerySet[Enquiry]:
    """Those of the person's zones; one without a zone belongs to who advises everywhere."""
    zones = rights_of(actor).advised_zones()
    found = Enquiry.objects.select_related("assignee")
    return found if zones is None else found.filter(zone_ids__overlap=list(zones))


def find(actor: User, id: UUID) -> Enquiry:
    """Raises NotFound, also for what the person may not see: that it exists is nobody else's business."""
    enquiry = visible_to(actor).filter(pk=id).first()
    if enquiry is None:
        raise NotFound(_("There is no such enquiry in your zones."))
    return enquiry


def saw(actor: User, enquiry: Enquiry) -> None:
    audit.saw(actor, enquiry.subject, SHOWN)


def advisers_for(enquiry: Enquiry) -> list[User]:
    """To whom it may be assigned."""
    there = Q(zone_id=None) | Q(zone_id__in=enquiry.zone_ids)
    ids = RoleGrant.objects.filter(there, role__in=ADVISES).values("user")
    return list(User.objects.filter(pk__in=ids, is_active=True).order_by("last_name", "first_name", "username"))


@transaction.atomic
def assign(actor: User, enquiry: Enquiry, person: User | None) -> None:
    """Raises BadInput for somebody who does not advise there."""
    enquiry = _locked(actor, enquiry, "assign")
    if person is not None and person not in advisers_for(enquiry):
        raise BadInput(_("This person does not advise investors of these zones."), locator="assignee")
    enquiry.assignee = person
    enquiry.save(update_fields=["assignee"])
    _note(actor, enquiry, "assign", person)


@transaction.atomic
def note(actor: User, enquiry: Enquiry, text: str) -> EnquiryNote:
    """A word among staff. Raises BadInput."""
    enquiry = _locked(actor, enquiry, "note")
    made = EnquiryNote.objects.create(enquiry=enquiry, author=actor, text=holder.words(text))
    _note(actor, enquiry, "note")
    return made


@transaction.atomic
def reply(actor: User, enquiry: Enquiry, text: str) -> Letter:
    """Answer the investor by letter; a new enquiry is answered then. Raises BadInput."""
    enquiry = _locked(actor, enquiry, "reply")
    if enquiry.anonymous_at is not None:
        raise BadInput(_("The data of this enquiry were deleted; there is no address to write to."), locator="text")
    message = EnquiryMessage.objects.create(enquiry=enquiry, author=actor, text=holder.words(text))
    if enquiry.state == State.NEW:
        enquiry.state = State.ANSWERED
    if enquiry.assignee is None:
        enquiry.assignee = actor
    _settle(enquiry)
    _note(actor, enquiry, "reply")
    letter = letters.answer(enquiry, message)
    EnquiryMessage.objects.filter(pk=message.pk).update(letter_id=letter.pk)
    return letter


@transaction.atomic
def move(actor: User, enquiry: Enquiry, step: str, seen: str = "") -> None:
    """Into another column: one of `states.MOVES`. Raises WrongState when somebody has moved it from where it was
    `seen`: whoever decides on an old board has decided on something else.
    """
    enquiry = _locked(actor, enquiry, step)
    if seen not in ("", enquiry.state):
        raise states.moved_on(enquiry)
    enquiry.state = states.TRANSITIONS[step].target or enquiry.state
    _settle(enquiry)
    _note(actor, enquiry, step)


@transaction.atomic
def close(actor: User, enquiry: Enquiry, reason: Reason) -> None:
    enquiry = _locked(actor, enquiry, "close")
    enquiry.state, enquiry.reason, enquiry.closed_at = State.CLOSED, reason, timezone.now()
    # Closing without a word to the investor answers nothing.
    enquiry.due_at = None
    enquiry.save(update_fields=["state", "reason", "closed_at", "due_at"])
    _note(actor, enquiry, "close")


@transaction.atomic
def reopen(actor: User, enquiry: Enquiry) -> None:
    enquiry = _locked(actor, enquiry, "reopen")
    answered = enquiry.first_answered_at is not None
    enquiry.state, enquiry.reason, enquiry.closed_at = State.ANSWERED if answered else State.NEW, "", None
    enquiry.due_at = None if answered else clock.due(timezone.now())
    enquiry.save(update_fields=["state", "reason", "closed_at", "due_at"])
    _note(actor, enquiry, "reopen")


def _settle(enquiry: Enquiry) -> None:
    enquiry.first_answered_at = enquiry.first_answered_at or timezone.now()
    enquiry.due_at = None
    enquiry.save(update_fields=["state", "assignee", "first_answered_at", "due_at"])


def _locked(actor: User, enquiry: Enquiry, step: str) -> Enquiry:
    if not visible_to(actor).filter(pk=enquiry.pk).exists():
        raise NotAllowed(_("Only advisers of these zones can do this."), locator=enquiry.subject)
    fresh = Enquiry.objects.select_for_update(of=("self",)).select_related("assignee").get(pk=enquiry.pk)
    states.require(step, fresh)
    return fresh


def _note(actor: User, enquiry: Enquiry, step: str, about: User | None = None) -> None:
    EnquiryEvent.objects.create(
        enquiry=enquiry, actor=actor, step=step, state=enquiry.state, reason=enquiry.reason, about=about
    )
    audit.record(actor, states.TRANSITIONS[step].word, enquiry.subject, state=enquiry.state)
