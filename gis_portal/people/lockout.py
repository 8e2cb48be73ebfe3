"""The lock-out after repeated failures, for a name and an address together: nobody can lock others out from elsewhere.

django-axes counts in the database, so that all processes count together. Names that nobody has are counted alike:
the lock tells nothing about who has an account.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from axes.models import AccessAttempt
from axes.signals import user_locked_out
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.db.models import Max, Sum
from django.http import HttpRequest, HttpResponse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from gis_portal.people.address import client_address
from registries.core import audit
from registries.core.models import User

NAME_LENGTH = 200


def connect() -> None:
    """After django-axes, which connects when its signals are imported above: what it counted stands at the request."""
    user_login_failed.connect(note_failure, dispatch_uid="note a failed log-in")
    user_locked_out.connect(note_lock, dispatch_uid="note a lock-out")


def locked_until(request: HttpRequest, name: str) -> datetime | None:
    """Until when `name` is locked for the address of `request`."""
    return _until(AccessAttempt.objects.filter(username=name[:NAME_LENGTH], ip_address=client_address(request)))


def locks_of(person: User) -> datetime | None:
    """Until when `person` is locked, from whatever address."""
    addresses = AccessAttempt.objects.filter(username=person.username).values_list("ip_address", flat=True).distinct()
    found = [_until(AccessAttempt.objects.filter(username=person.username, ip_address=one)) for one in addresses]
    return max((until for until in found if until), default=None)


def _until(attempts: Any) -> datetime | None:
    duration = timedelta(minutes=settings.LOGIN_LOCK_MINUTES)
    counted = attempts.filter(attempt_time__gte=timezone.now() - duration).aggregate(
        failures=Sum("failures_since_start"), last=Max("attempt_time")
    )
    if (counted["failures"] or 0) < settings.LOGIN_FAILURES_MAX:
        return None
    last: datetime = counted["last"]
    return last + duration


def sentence(until: datetime) -> str:
    # Rounded up: who comes back at the minute told finds the door open.
    at = timezone.localtime(until + timedelta(minutes=1))
    return _("Too many failed attempts. Try again after %(time)s.") % {"time": formats.time_format(at, "H:i")}


def count_failure(request: HttpRequest, name: str) -> None:
    """A failure that Django's own log-in does not know of: a wrong code or token."""
    user_login_failed.send(__name__, credentials={"username": name[:NAME_LENGTH]}, request=request)


def forget(request: HttpRequest, person: User) -> None:
    """What was counted at this address, after a complete log-in."""
    AccessAttempt.objects.filter(username=person.username, ip_address=client_address(request)).delete()


def unlock(actor: User, person: User) -> bool:
    """Forget all failures of `person`; whether there were any."""
    count, _by_model = AccessAttempt.objects.filter(username=person.username).delete()
    if count:
        audit.record(actor, "unlock", _subject(person.username))
    return bool(count)


def forget_expired() -> None:
    """Names and addresses stay no longer than they are needed."""
    duration = timedelta(minutes=settings.LOGIN_LOCK_MINUTES)
    AccessAttempt.objects.filter(attempt_time__lt=timezone.now() - duration).delete()


def answer(request: HttpRequest, original: HttpResponse | None = None, credentials: Any = None) -> HttpResponse:
    """Called by django-axes: our own page, which tells until when, with the status that programs understand."""
    response = original or HttpResponse(status=429)
    if response.status_code == 200:
        response.status_code = 429
    return response


def note_failure(sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **rest: Any) -> None:
    if _is_counted(request):
        audit.record(None, "fail to log in", _subject(str(credentials.get("username", ""))))


def note_lock(sender: Any, request: HttpRequest, username: str, **rest: Any) -> None:
    if _is_counted(request):
        audit.record(None, "lock out", _subject(username))


def _is_counted(request: HttpRequest | None) -> bool:
    """An attempt while the lock stands is not, and leaves no entry: somebody could fill the audit with them."""
    return getattr(request, "axes_failures_since_start", None) is not None


def _subject(name: str) -> str:
    """Names that nobody has are not kept: people type passwords into the wrong field."""
    found = User.objects.filter(username=name.removeprefix("token ")).values_list("pk", flat=True).first()
    return f"core.user:{found}" if found else "core.user:unknown"
