"""What the portal writes to people: a link to set a password, and word of every change of how they come in."""

from __future__ import annotations

import unicodedata
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from registries.core import audit
from registries.core.jobs import RETRY
from registries.core.models import AuditEntry, User

# Whoever types in another's address again and again shall not fill that mailbox.
REST = timedelta(minutes=5)
SENT = "send password link"


def people_of(email: str) -> list[User]:
    """The active people with this address. The database folds case in ways that could join two addresses."""
    return [one for one in User.objects.filter(email__iexact=email, is_active=True) if same(one.email, email)]


def same(one: str, other: str) -> bool:
    return unicodedata.normalize("NFKC", one).casefold() == unicodedata.normalize("NFKC", other).casefold()


def link_of(person: User, origin: str) -> str:
    """An address at which `person` sets a password; good once, for a day, and only until the next log-in."""
    uid = urlsafe_base64_encode(force_bytes(person.pk))
    token = default_token_generator.make_token(person)
    return origin + reverse("password-set", kwargs={"uidb64": uid, "token": token})


@app.task(retry=RETRY)
def send_links(email: str, origin: str, language: str) -> None:
    """By the worker, so that asking takes as long for an address that somebody has as for any other."""
    for person in people_of(email):
        subject = f"core.user:{person.pk}"
        if not AuditEntry.objects.filter(subject=subject, action=SENT, at__gte=timezone.now() - REST).exists():
            audit.record(None, SENT, subject)
            send_link(person.pk, origin, language)


@app.task(retry=RETRY)
def send_link(person_id: int, origin: str, language: str) -> None:
    person = User.objects.get(pk=person_id)
    with translation.override(language):
        words = [
            _("Hello, %(name)s.") % {"name": person.called},
            _("At this address you set a password for %(site)s. It works once, for a day:")
            % {"site": settings.SITE_NAME},
            link_of(person, origin),
            _("Your name for the log-in is: %(name)s") % {"name": person.username},
            _("If you have not asked for it, nothing needs to be done: without this address nothing changes."),
        ]
        _send(person, _("Set your password"), words)


def tell(person: User, event: str) -> None:
    """Word of something that `person`, or somebody in that name, has done; sent by the worker."""
    if person.email and settings.SENDS_EMAIL:
        send_word.defer(person_id=person.pk, event=event, language=get_language() or settings.LANGUAGE_CODE)


@app.task(retry=RETRY)
def send_word(person_id: int, event: str, language: str) -> None:
    person = User.objects.get(pk=person_id)
    with translation.override(language):
        happened = {
            "password": _("The password of your account was changed."),
            "second-factor-on": _("A second factor was set up for your account."),
            "second-factor-off": _("The second factor of your account was taken away."),
            "token": _("An access token was made in your account."),
        }[event]
        advice = _("If that was not you, tell an administrator of the portal at once.")
        _send(person, happened, [happened, _("Account: %(name)s") % {"name": person.username}, advice])


def _send(person: User, subject: str, words: list[str]) -> None:
    # A name of the site may be of several lines; a subject may not.
    title = " ".join(f"{settings.SITE_NAME}: {subject}".split())
    send_mail(title, "\n\n".join(words) + "\n", None, [person.email])
