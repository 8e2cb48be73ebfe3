"""People and their rights, history, revisions, audit and code lists: what every registry stands on."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.gis.db import models
from django.contrib.postgres.fields import DateTimeRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from registries.core.records import LooseZMixin, generated_3857


class User(AbstractUser):
    """A person who signs in. Rights in the registry come from `RoleGrant` alone; `is_superuser` opens only the admin
    pages.
    """

    @property
    def called(self) -> str:
        """The full name, or the log-in name where none is known."""
        return self.get_full_name() or self.username


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
    # Answers investors; sees what partners see and edits nothing of the registry.
    ADVISER = "adviser", _("investor adviser")
    # Beside a role that edits, and only where DIRECT_PUBLISH is on.
    PUBLISHER = "publisher", _("publishes own edits directly")


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
            # With the object, because for a look-up the planner would take an index without it for as good as a b-tree.
            GistIndex(fields=["registry", "object_id", "period"], name="core_history_moment"),
            # With the registry first: without it a tile of the past took three times as long.
            GistIndex(fields=["registry", "geom"], name="core_history_geom", condition=models.Q(geom__isnull=False)),
            GistIndex(
                fields=["registry", "geom_3857"],
                name="core_history_geom_3857",
                condition=models.Q(geom_3857__isnull=False),
            ),
            models.Index(
                KeyTextTransform("asset_type_id", "row"),
                KeyTextTransform("network_id", "row"),
                condition=models.Q(row__has_key="asset_type_id"),
                name="core_history_holder",
            ),
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


class AuditLink(models.Model):
    """One link of the audit's chain: a digest over the entry and the link before; written by the database at commit."""

    entry = models.OneToOneField(AuditEntry, on_delete=models.PROTECT, related_name="link")
    digest = models.BinaryField()

    class Meta:
        verbose_name = _("link of the audit's chain")
        verbose_name_plural = _("links of the audit's chain")

    def __str__(self) -> str:
        return f"{self.pk}: entry {self.entry_id}"


class AccessToken(models.Model):
    """A password for one program of a person, such as QGIS: shown once, kept as a digest, expiring, limited."""

    class Scope(models.TextChoices):
        READ = "read", _("read")
        EDIT = "edit", _("read and edit")

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="access_tokens", verbose_name=_("person"))
    name = models.CharField(_("what it is for"), max_length=80)
    scope = models.CharField(_("scope"), max_length=10, choices=Scope, default=Scope.READ)
    # The first characters, by which a person tells tokens apart.
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("valid until"))
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        verbose_name = _("access token")
        verbose_name_plural = _("access tokens")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.prefix}… {self.name}"


class RuleSetting(models.Model):
    """What an administrator changed of a rule; a rule without a row is as its code declares it."""

    code = models.CharField(_("rule"), max_length=20, primary_key=True)
    is_on = models.BooleanField(_("in force"), default=True)
    limits = models.JSONField(_("limits"), default=dict)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("setting of a rule")
        verbose_name_plural = _("settings of rules")

    def __str__(self) -> str:
        return self.code


class Fault(models.Model):
    """What breaks a rule in the published data, as the latest nightly run found it; the points of the error map."""

    code = models.CharField(_("rule"), max_length=20)
    registry = models.CharField(max_length=60)
    object_id = models.UUIDField(null=True)
    severity = models.CharField(_("severity"), max_length=10)
    # The untranslated template of the rule and what fills it, so that it can be told in any language.
    message = models.TextField()
    params = models.JSONField(default=dict)
    locator = models.CharField(max_length=120, blank=True)
    zone_id = models.UUIDField(_("zone"), null=True)
    geom = models.PointField(srid=settings.REGISTRY_SRID, null=True)
    geom_3857 = generated_3857()
    first_seen = models.DateTimeField(_("first seen"))
    last_seen = models.DateTimeField(_("last seen"))

    class Meta:
        verbose_name = _("fault")
        verbose_name_plural = _("faults")
        indexes = [
            models.Index(fields=["code", "registry"], name="core_fault_code"),
            GistIndex(fields=["geom_3857"], name="core_fault_geom_3857"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.registry} {self.object_id}"


class Waiver(models.Model):
    """A warning that somebody accepts, with the reason: in one change set, or (none) in the published data."""

    code = models.CharField(_("rule"), max_length=20)
    registry = models.CharField(max_length=60)
    object_id = models.UUIDField()
    change_set_id = models.BigIntegerField(null=True)
    reason = models.TextField(_("reason"))
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("accepted warning")
        verbose_name_plural = _("accepted warnings")
        constraints = [
            models.UniqueConstraint(
                fields=["code", "registry", "object_id", "change_set_id"], name="core_waiver_once", nulls_distinct=False
            )
        ]
        indexes = [models.Index(fields=["change_set_id"], name="core_waiver_change_set")]

    def __str__(self) -> str:
        return f"{self.code} {self.registry} {self.object_id}"
