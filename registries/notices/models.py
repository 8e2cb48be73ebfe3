"""What the portal writes to people outside: each letter as it was sent, and the searches whose news somebody wants."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Letter(models.Model):
    """One e-mail: kept with its words before it is sent, so that none is lost and each can be read again."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        # The installation has no mail server: whoever is concerned reads it on the desk.
        KEPT = "kept", _("not sent")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # The template, `letters/<kind>.txt`, and what it is about, such as `dealings.enquiry:<id>`.
    kind = models.CharField(_("kind"), max_length=40)
    about = models.CharField(_("about"), max_length=120, blank=True, db_index=True)
    recipient = models.EmailField(_("to"))
    reply_to = models.EmailField(_("answers to"), blank=True)
    language = models.CharField(_("language"), max_length=10)
    subject = models.CharField(_("subject"), max_length=250)
    body = models.TextField(_("text"))
    # Further headers, such as List-Unsubscribe (RFC 8058).
    headers = models.JSONField(default=dict, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    failure = models.CharField(_("failure"), max_length=250, blank=True)
    written_at = models.DateTimeField(_("written"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-written_at"]

    def __str__(self) -> str:
        return self.subject


class SavedSearch(models.Model):
    """A search whose new and changed plots somebody wants to hear of. Nothing is sent before the address is confirmed.

    What is known of its plots is kept beside it, so that nothing is told twice and a job that runs again tells nothing.
    `secret` is part of the links that confirm and end it; whoever has such a link may do so, nobody else.
    """

    class Pace(models.TextChoices):
        DAILY = "daily", _("at most one letter a day")
        AT_ONCE = "atOnce", _("a letter as soon as something changes")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.EmailField(_("e-mail"))
    # The canonical query string of the search (layers.plots.terms).
    terms = models.TextField(_("search"), blank=True)
    language = models.CharField(_("language"), max_length=10)
    pace = models.CharField(_("letters"), max_length=10, choices=Pace, default=Pace.DAILY)
    # The portal as its visitor addressed it: letters are written where nobody asks for a page.
    origin = models.CharField(_("address of the portal"), max_length=200)
    secret = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    # What the last letter, or the confirmation, left known of each plot that matches, by the plot's key.
    known = models.JSONField(default=dict, blank=True, editable=False)
    looked_at = models.DateTimeField(_("last looked for news"), null=True, blank=True)
    told_at = models.DateTimeField(_("last told"), null=True, blank=True)

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "terms"], condition=models.Q(ended_at=None), name="notices_savedsearch_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.recipient}: {self.terms or '*'}"

    @property
    def about(self) -> str:
        """What its letters say they are about."""
        return f"{self._meta.label_lower}:{self.pk}"
