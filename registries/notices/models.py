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

    `secret` is part of the links that confirm and end it; whoever has such a link may do so, nobody else.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.EmailField(_("e-mail"))
    # The canonical query string of the search (layers.plots.terms).
    terms = models.TextField(_("search"), blank=True)
    language = models.CharField(_("language"), max_length=10)
    secret = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    # Publications up to this one have been told.
    told_change_set_id = models.BigIntegerField(default=0)
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
