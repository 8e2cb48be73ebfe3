"""Letters about enquiries, worded in `letters/enquiry_*.txt`; what people typed is only ever text in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from registries.dealings.models import Enquiry, EnquiryMessage
from registries.land.models import Zone
from registries.notices import post
from registries.notices.models import Letter


@dataclass(frozen=True)
class Office:
    """Who answers for the enquiry's zone, as far as somebody is named."""

    name: str
    email: str
    phone: str


def office_of(enquiry: Enquiry) -> Office:
    zone = Zone.objects.filter(pk__in=enquiry.zone_ids).order_by("code").first()
    email = (zone.contact_email if zone else "") or settings.ENQUIRY_EMAIL or settings.PUBLISHER_EMAIL
    return Office(
        (zone.contact_name if zone else "") or settings.PUBLISHER_NAME, email, zone.contact_phone if zone else ""
    )


def receipt(enquiry: Enquiry) -> Letter:
    """Nothing that was typed stands in it: nobody has said yet that the mailbox is theirs, and ours is no way to write
    to others'.
    """
    office = office_of(enquiry)
    return _to_investor("enquiry_receipt", enquiry, office=office)


def answer(enquiry: Enquiry, message: EnquiryMessage) -> Letter:
    office = office_of(enquiry)
    author = message.author.called if message.author else office.name
    return _to_investor("enquiry_answer", enquiry, office=office, message=message, author=author)


def _to_investor(kind: str, enquiry: Enquiry, office: Office, **more: object) -> Letter:
    link = f"{enquiry.origin}{reverse('enquiry', args=[enquiry.shown_number])}?lang={enquiry.language}"
    context = {"enquiry": enquiry, "office": office, "link": link, **more}
    return post.write(kind, enquiry.email, enquiry.language, context, about=enquiry.subject, reply_to=office.email)


def tell_office(kind: str, enquiry: Enquiry, **more: object) -> Letter | None:
    """Word to whoever works on it, else to the office; None where nobody has an address. Answers go to the investor."""
    assigned = enquiry.assignee.email if enquiry.assignee and enquiry.assignee.is_active else ""
    recipient = assigned or office_of(enquiry).email
    if not recipient:
        return None
    context = {"enquiry": enquiry, "link": enquiry.origin + reverse("desk-enquiry", args=[enquiry.pk]), **more}
    language = settings.LANGUAGE_CODE
    return post.write(kind, recipient, language, context, about=enquiry.subject, reply_to=enquiry.email)


def remind(recipient: str, enquiries: Sequence[Enquiry]) -> Letter:
    """One letter of all that `recipient` owes an answer to today or has owed before."""
    context = {"enquiries": enquiries, "link": enquiries[0].origin + reverse("desk-enquiries")}
    return post.write("enquiry_reminder", recipient, settings.LANGUAGE_CODE, context, about="dealings.reminder")
