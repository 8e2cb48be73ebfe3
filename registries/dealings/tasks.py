"""What the job worker does for enquiries: reminders on working mornings, and forgetting by night."""

from __future__ import annotations

from collections import defaultdict

import structlog
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from registries.core.jobs import RETRY
from registries.dealings import clock, letters, retention, states, throttle
from registries.dealings.models import Enquiry

logger = structlog.stdlib.get_logger("portal.enquiries")


# Times of jobs are UTC: in Sofia eight in summer, seven in winter.
@app.periodic(cron="0 5 * * *")
@app.task(queueing_lock="remind_of_enquiries", retry=RETRY)
def remind_of_enquiries(timestamp: int) -> None:
    today = timezone.localdate()
    if not clock.is_working(today):
        return
    owed = Enquiry.objects.filter(state__in=states.OPEN, due_at__date__lte=today).select_related("assignee")
    mailboxes: dict[str, list[Enquiry]] = defaultdict(list)
    for enquiry in owed.order_by("due_at"):
        person = enquiry.assignee
        address = person.email if person and person.is_active and person.email else letters.office_of(enquiry).email
        mailboxes[address].append(enquiry)
    # All or none: a job that failed half-way is tried again, and nobody is to be reminded twice.
    with transaction.atomic():
        for address, enquiries in mailboxes.items():
            if address:
                letters.remind(address, enquiries)
    logger.info("enquiries owed", count=sum(map(len, mailboxes.values())), letters=len(mailboxes))


@app.periodic(cron="50 0 * * *")
@app.task(queueing_lock="forget_enquiries", retry=RETRY)
def forget_enquiries(timestamp: int) -> None:
    throttle.forget()
    logger.info("enquiries made anonymous", count=retention.run())
