"""People and their rights, history, revisions, audit and code lists: what every registry stands on."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.gis.db import models
from django.contrib.postgres.fields import DateTimeRangeField
from django.contrib.postgres.indexes import GistIndex
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from registries.core.records import LooseZMixin, generated_3857


class User(AbstractUser):
    """A person who signs in. Rights in the registry come from `RoleGrant` alone; `is_superuser` opens only the admin
    pages.
    """


class Audience(models.IntegerChoices):
    """Who may see a thing: each level sees what the levels below it see."""

    PUBLIC = 0, _("public")
    PARTNER = 1, _("partners")
    INTERNAL = 2, _("internal")


class Role(models.TextChoices):
    VIEWER = "viewer", _("viewer")
    EDITOR = "editor", _("editor")
    REVIEWER = "reviewer", _("reviewer")
    OPERATOR = "operator", _("operator of a network")
    ADMINISTRATOR = "administrator", _("administrator")


class RoleGrant(models.Model):
    """One role of one person, in one zone or, for an operator, one network; no zone means the whole installation.

    Zone and network are plain identifiers: core knows neither registry, and a grant for a retired zone is merely dead.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=20, choices=Role)
    zone_id = models.UUIDField(_("zone"), null=True, blank=True)
    network_id = models.UUIDField(_("network"), null=True, blank=True)

    class Meta:
        verbose_name = _("role of a person")
        verbose_name_plural = _("roles of people")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "zone_id", "network_id"], name="core_rolegrant_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="core_rolegrant_operator_network",
                condition=models.Q(role=Role.OPERATOR, network_id__isnull=False)
                | (~models.Q(role=Role.OPERATOR) & models.Q(network_id__isnull=True)),
                violation_error_message=_("An operator needs a network, and only an operator has one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"


class AnyGeometryField(LooseZMixin, models.GeometryField):
    """Geometry of any kind with or without Z."""


class History(models.Model):
    """Every published version of every object with the period in which it was current; nothing is ever overwritten.

    `row` holds the plain columns, `geom` the geometry; an open upper bound of `period` marks today's version.
    """

    id = models.BigAutoField(primary_key=True)
    registry = models.CharField(max_length=60)
    object_id = models.UUIDField()
    version = models.PositiveIntegerField()
    period = DateTimeRangeField()
    change_set_id = models.BigIntegerField()
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    row = models.JSONField()
    geom = AnyGeometryField(srid=settings.REGISTRY_SRID, null=True, spatial_index=False)
    geom_3857 = generated_3857()

    class Meta:
        verbose_name = _("published version")
        verbose_name_plural = _("published versions")
        constraints = [
            models.UniqueConstraint(fields=["registry", "object_id", "version"], name="core_history_version_once")
        ]
        indexes = [
            models.Index(fields=["change_set_id"], name="core_history_change_set"),
            GistIndex(fields=["registry", "period"], name="core_history_period"),
            GistIndex(fields=["geom"], name="core_history_geom"),
            GistIndex(fields=["geom_3857"], name="core_history_geom_3857"),
        ]

    def __str__(self) -> str:
        return f"{self.registry} {self.object_id} v{self.version}"


class Revision(models.Model):
    """The number of the latest change of a registry, or of one topic such as the pipes; caches are keyed by it."""

    topic = models.CharField(max_length=120, primary_key=True)
    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.topic} r{self.number}"


class AuditEntry(models.Model):
    """Who did what to what, and when."""

    at = models.DateTimeField(_("when"), auto_now_add=True)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("who"))
    action = models.CharField(_("what"), max_length=40)
    subject = models.CharField(_("on what"), max_length=120)
    details = models.JSONField(_("details"), default=dict)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        indexes = [models.Index(fields=["subject", "at"], name="core_audit_subject")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.action} {self.subject}"


class CodeValue(models.Model):
    """One value of a code list: the INSPIRE word as it is stored, its labels, and its CAD 4.03 code where there is
    one.
    """

    code_list = models.CharField(_("code list"), max_length=60)
    value = models.CharField(_("value"), max_length=60)
    title_bg = models.CharField(_("Bulgarian label"), max_length=120)
    title_en = models.CharField(_("English label"), max_length=120)
    cad_code = models.CharField(_("CAD 4.03 code"), max_length=20, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("code")
        verbose_name_plural = _("codes")
        ordering = ["code_list", "position", "value"]
        constraints = [models.UniqueConstraint(fields=["code_list", "value"], name="core_codevalue_once")]

    def __str__(self) -> str:
        return self.title_bg if get_language() == "bg" else self.title_en
