"""The one way out for e-mails to people without an account: written down first, sent by the worker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template import Context, Engine
from django.utils import timezone, translation
from procrastinate.contrib.django import app

from registries.notices.models import Letter

SUBJECT_MAX = 250
# The worker's task, by its name: it stands on this module.
SEND = "registries.notices.send_letter"


def write(
    kind: str,
    recipient: str,
    language: str,
    context: Mapping[str, Any],
    *,
    about: str = "",
    reply_to: str = "",
    headers: Mapping[str, str] | None = None,
) -> Letter:
    """A letter from the template `letters/<kind>.txt` in `language`, sent once this transaction has committed.

    What the template has up to the first empty line is the subject, the rest the text. Where the installation sends no
    mail the letter is kept, to be read on the desk.
    """
    with translation.override(language):
        told = {**context, "site_name": settings.SITE_NAME, "language": language}
        # Plain text: an ampersand stays one.
        text = Engine.get_default().get_template(f"letters/{kind}.txt").render(Context(told, autoescape=False))
    subject, _, body = text.strip().partition("\n\n")
    letter = Letter.objects.create(
        kind=kind,
        about=about,
        recipient=recipient,
        reply_to=reply_to,
        language=language,
        # A header is one line, whatever an investor called their company.
        subject=" ".join(subject.split())[:SUBJECT_MAX],
        body=body.strip() + "\n",
        headers=dict(headers or {}),
        state=Letter.State.WAITING if settings.SENDS_EMAIL else Letter.State.KEPT,
    )
    if settings.SENDS_EMAIL:
        from_queue(letter)
    return letter


def from_queue(letter: Letter) -> None:
    """Hand `letter` to the worker when what it tells has been committed."""
    transaction.on_commit(lambda: app.configure_task(SEND).defer(letter_id=str(letter.pk)))


def send(letter: Letter) -> None:
    """Now. Raises what the mail server's library raises; the worker tries again."""
    message = EmailMessage(
        letter.subject,
        letter.body,
        to=[letter.recipient],
        reply_to=[letter.reply_to] if letter.reply_to else None,
        headers=letter.headers,
    )
    message.send()
    letter.state, letter.sent_at, letter.failure = Letter.State.SENT, timezone.now(), ""
    letter.save(update_fields=["state", "sent_at", "failure"])
