"""Change sets: where every draft lives until it is published. The published tables never hold one."""

from __future__ import annotations

import uuid
from types import MappingProxyType

from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GistIndex
from django.utils.translation import gettext_lazy as _

from registries.core.models import AnyGeometryField, User
from registries.core.records import generated_3857


class ChangeSet(models.Model):
    """A set of edits that is decided on as one and published in one transaction."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("submitted")
        APPROVED = "approved", _("approved")
        PUBLISHED = "published", _("published")
        RETURNED = "returned", _("returned")
        WITHDRAWN = "withdrawn", _("withdrawn")
        CONFLICTED = "conflicted", _("conflicted")

    title = models.CharField(_("title"), max_length=200)
    reason = models.TextField(_("reason"), blank=True)
    source = models.CharField(_("came through"), max_length=40, default="desk")
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.DRAFT)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="change_sets", verbose_name=_("author"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    decision = models.TextField(_("words of the reviewer"), blank=True)
    legal_act = models.CharField(_("legal basis"), max_length=200, blank=True)
    legal_number = models.CharField(_("number of the act"), max_length=60, blank=True)
    legal_date = models.DateField(_("date of the act"), null=True, blank=True)
    legal_file = models.FileField(_("file of the act"), upload_to="acts/%Y/", max_length=200, blank=True)
    # Approved, and to be published by itself at that time.
    publish_at = models.DateTimeField(_("to be published at"), null=True, blank=True)
    # In whose name it is published then.
    scheduled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Of a session from a map program: the zone whose edits it collects.
    zone_id = models.UUIDField(null=True, editable=False)
    # Rises with every change of the set or its items: a form made from an older edition is stale.
    edition = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("change set")
        verbose_name_plural = _("change sets")
        indexes = [models.Index(fields=["state", "author"], name="changes_state_author")]
        constraints = [
            # The database keeps the four eyes even if all code forgets them.
            models.CheckConstraint(
                name="changes_four_eyes",
                condition=models.Q(approved_by__isnull=True) | ~models.Q(approved_by=models.F("author")),
                violation_error_message=_("Nobody approves their own change set."),
            ),
            models.CheckConstraint(
                name="changes_published_approved",
                condition=~models.Q(state__in=["approved", "published"]) | models.Q(approved_by__isnull=False),
            ),
        ]

    # Through what the edits came, as `source` keeps it.
    SOURCES = MappingProxyType(
        {
            "desk": _("the desk"),
            "qgis": _("QGIS"),
            "direct": _("QGIS, published directly"),
            "import": _("import"),
            "revert": _("revert"),
            "faults": _("error map"),
        }
    )

    def __str__(self) -> str:
        return f"#{self.pk} {self.title}"

    @property
    def came_through(self) -> str:
        """In the active language."""
        return str(self.SOURCES.get(self.source, self.source))


class ChangeItem(models.Model):
    """The proposed change of one object.

    `attributes` holds the changed columns only (all of them for a creation), so that untouched columns merge by
    themselves; a JSON
    column is merged key by key, null removing a key. `geom` counts only where `has_geom` is set.
    """

    class Action(models.TextChoices):
        CREATE = "create", _("added")
        UPDATE = "update", _("changed")
        DELETE = "delete", _("removed")

    change_set = models.ForeignKey(ChangeSet, on_delete=models.CASCADE, related_name="items")
    registry = models.CharField(max_length=60)
    object_id = models.UUIDField()
    action = models.CharField(max_length=10, choices=Action)
    base_version = models.PositiveIntegerField(null=True)
    attributes = models.JSONField(default=dict)
    has_geom = models.BooleanField(default=False)
    geom = AnyGeometryField(srid=settings.REGISTRY_SRID, null=True, spatial_index=False)
    geom_3857 = generated_3857()

    class Meta:
        verbose_name = _("proposed change")
        verbose_name_plural = _("proposed changes")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["change_set", "registry", "object_id"], name="changes_item_once"),
            models.CheckConstraint(
                name="changes_item_base",
                condition=models.Q(action="create", base_version__isnull=True)
                | (~models.Q(action="create") & models.Q(base_version__isnull=False)),
            ),
        ]
        indexes = [
            GistIndex(fields=["geom_3857"], name="changes_item_geom"),
            # Who else changes the same object.
            models.Index(fields=["object_id"], name="changes_item_object"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.registry} {self.object_id}"


class ChangePlace(models.Model):
    """A zone and network that a change set touches, kept so that lists need not look into its items."""

    change_set = models.ForeignKey(ChangeSet, on_delete=models.CASCADE, related_name="places")
    zone_id = models.UUIDField(null=True)
    network_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["change_set", "zone_id", "network_id"], name="changes_place_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.change_set} in {self.zone_id} {self.network_id}"


class Comment(models.Model):
    """What somebody said of a change set, or of one item of it; never changed or removed."""

    change_set = models.ForeignKey(ChangeSet, on_delete=models.CASCADE, related_name="comments")
    item = models.ForeignKey(ChangeItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="comments")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("comment"), max_length=4000)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.author} on {self.change_set}"


class Sight(models.Model):
    """Who has seen a change set, and when first and last."""

    change_set = models.ForeignKey(ChangeSet, on_delete=models.CASCADE, related_name="sights")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        verbose_name = _("sight of a change set")
        verbose_name_plural = _("sights of change sets")
        constraints = [models.UniqueConstraint(fields=["change_set", "person"], name="changes_sight_once")]

    def __str__(self) -> str:
        return f"{self.person} saw {self.change_set}"


class ReviewLink(models.Model):
    """The leave of one outside reviewer to decide on one change set until it expires.

    The reviewer is a person of the portal who cannot sign in, so that four eyes, history and audit know them like
    everybody else. Only a digest of the link's secret is kept.
    """

    change_set = models.ForeignKey(ChangeSet, on_delete=models.CASCADE, related_name="review_links")
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("outside reviewer"))
    named_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("named by"))
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("link for an outside reviewer")
        verbose_name_plural = _("links for outside reviewers")

    def __str__(self) -> str:
        return f"{self.reviewer} for {self.change_set}"


class Notice(models.Model):
    """Something a person should know of a change set: shown on the desk until it is seen.

    `kind` names the message (`registries.changes.notices`), `params` what it speaks of.
    """

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    change_set = models.ForeignKey(ChangeSet, on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["person", "seen_at"], name="changes_notice_unseen")]

    def __str__(self) -> str:
        return f"{self.kind} for {self.person}"


class FeatureLock(models.Model):
    """What keeps everybody but one person from editing some objects until it expires (OGC 09-025r2, 12).

    The identifier cannot be guessed. `lasts` is begun anew whenever the lock is used or extended.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="feature_locks")
    lasts = models.DurationField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("lock")
        verbose_name_plural = _("locks")

    def __str__(self) -> str:
        return f"lock of {self.person} until {self.expires_at:%Y-%m-%d %H:%M}"


class LockedObject(models.Model):
    """One object of a registry that a lock holds; no other lock can."""

    lock = models.ForeignKey(FeatureLock, on_delete=models.CASCADE, related_name="objects_held")
    registry = models.CharField(max_length=60)
    object_id = models.UUIDField()

    class Meta:
        verbose_name = _("locked object")
        verbose_name_plural = _("locked objects")
        constraints = [models.UniqueConstraint(fields=["object_id", "registry"], name="changes_locked_once")]

    def __str__(self) -> str:
        return f"{self.registry} {self.object_id}"
