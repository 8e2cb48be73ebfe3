"""How long what is personal stays: as long as it serves the enquiry and, closed, as long as the installation says."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from registries.core import audit
from registries.dealings.models import Enquiry, EnquiryEvent, Reason, State
from registries.dealings.states import TRANSITIONS
from registries.notices.models import Letter

MONTH = timedelta(days=30.4375)
KEEP_SPAM = timedelta(days=30)
GONE = "–"


def run() -> int:
    """Make anonymous what has been closed long enough; how many."""
    now = timezone.now()
    old = Q(closed_at__lt=now - settings.ENQUIRY_KEEP_MONTHS * MONTH)
    spam = Q(reason=Reason.SPAM, closed_at__lt=now - KEEP_SPAM)
    found = Enquiry.objects.filter(old | spam, state=State.CLOSED, anonymous_at=None)
    return sum(_anonymise_still(found, pk) for pk in list(found.values_list("pk", flat=True)))


@transaction.atomic
def _anonymise_still(found: QuerySet[Enquiry], pk: UUID) -> bool:
    """Unless somebody opened it again meanwhile."""
    enquiry = found.select_for_update().filter(pk=pk).first()
    if enquiry is not None:
        anonymise(enquiry)
    return enquiry is not None


@transaction.atomic
def anonymise(enquiry: Enquiry) -> None:
    """Delete whatever names a person or may do so; plots, amounts and dates stay for the statistics."""
    enquiry.company = enquiry.phone = enquiry.message = enquiry.terms = ""
    enquiry.contact_name = enquiry.activity = GONE
    enquiry.email = "deleted@invalid.example"
    enquiry.anonymous_at = timezone.now()
    enquiry.save()
    names = [str(one.content.name) for one in enquiry.files.all()]
    enquiry.files.all().delete()
    enquiry.notes.all().delete()
    enquiry.messages.all().delete()
    Letter.objects.filter(about=enquiry.subject).delete()
    EnquiryEvent.objects.create(enquiry=enquiry, step="forget", state=enquiry.state, reason=enquiry.reason)
    audit.record(None, TRANSITIONS["forget"].word, enquiry.subject)
    # Files do not come back with a transaction that is turned back.
    transaction.on_commit(partial(_delete, names))


def _delete(names: list[str]) -> None:
    for name in names:
        default_storage.delete(name)
