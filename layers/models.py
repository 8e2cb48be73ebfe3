"""What publishing keeps of its own: queries that people stored for others to ask by name."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from registries.core.models import User


class StoredQuery(models.Model):
    """A query of WFS with parameters, by the identifier that its author gave it."""

    identifier = models.CharField(_("identifier"), max_length=255, unique=True)
    # Its StoredQueryDefinition, as it came, once it was checked.
    document = models.TextField(_("definition"))
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="stored_queries", verbose_name=_("author"))
    made_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        verbose_name = _("stored query")
        verbose_name_plural = _("stored queries")
        ordering = ("identifier",)

    def __str__(self) -> str:
        return self.identifier
