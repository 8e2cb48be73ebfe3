"""Engineering networks: two tables for all themes, typed by an asset catalogue that staff edit in the browser.

Sources: INSPIRE Utility Networks 4/5 (code values are its own words), CAD 4.03 layer PODZEMNI (second codes), PAS 128
and ASCE 38 (location quality).
"""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.gis.db import models
from django.core.validators import RegexValidator
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from registries.core.constraints import geometry_constraints
from registries.core.models import Audience
from registries.core.overlay import plain_columns
from registries.core.records import (
    LineStringZField,
    PointZField,
    Record,
    generated_3857,
    generated_measure,
    tile_index,
)
from registries.networks.attributes import clean_columns

SRID = settings.REGISTRY_SRID
key_validator = RegexValidator(r"^[a-z][a-z0-9_]{1,58}$", _("Small Latin letters, digits and underscores only."))


class Theme(models.TextChoices):
    WATER = "water", _("water supply")
    SEWER = "sewer", _("sewer")
    STORM = "storm", _("storm water")
    GAS = "gas", _("gas")
    ELECTRICITY = "electricity", _("electricity")
    TELECOM = "telecom", _("telecommunications")
    THERMAL = "thermal", _("district heating")
    LIGHTING = "lighting", _("street lighting")
    ROAD = "road", _("roads")
    RAIL = "rail", _("railways")


class AssetType(models.Model):
    """A kind of asset, such as a hydrant. A new row is a new form, layer, legend entry and WFS type: data, not code."""

    class GeometryKind(models.TextChoices):
        NODE = "node", _("point")
        LINK = "link", _("line")

    key = models.CharField(_("key"), max_length=60, primary_key=True, validators=[key_validator])
    theme = models.CharField(_("theme"), max_length=20, choices=Theme)
    geometry_kind = models.CharField(_("geometry"), max_length=10, choices=GeometryKind)
    title_bg = models.CharField(_("Bulgarian name"), max_length=120)
    title_en = models.CharField(_("English name"), max_length=120)
    symbol = models.CharField(_("symbol"), max_length=60, blank=True)
    inspire_class = models.CharField(_("INSPIRE class"), max_length=60, blank=True)
    inspire_code = models.CharField(_("INSPIRE code"), max_length=60, blank=True)
    cad_code = models.CharField(_("CAD 4.03 code"), max_length=20, blank=True)
    audience = models.PositiveSmallIntegerField(_("shown to"), choices=Audience, default=Audience.PUBLIC)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("asset type")
        verbose_name_plural = _("asset types")
        ordering = ["theme", "position", "key"]
        constraints = [
            models.CheckConstraint(name="networks_assettype_key", condition=Q(key__regex=r"^[a-z][a-z0-9_]{1,58}$")),
            models.CheckConstraint(name="networks_assettype_theme", condition=Q(theme__in=list(Theme.values))),
        ]

    def __str__(self) -> str:
        return self.title_bg if get_language() == "bg" else self.title_en


class AssetAttribute(models.Model):
    """An attribute of an asset type beyond the typed common columns; its values live in the asset's `attributes`."""

    class Type(models.TextChoices):
        TEXT = "text", _("text")
        INTEGER = "integer", _("whole number")
        REAL = "real", _("number")
        BOOLEAN = "boolean", _("yes or no")
        DATE = "date", _("date")

    asset_type = models.ForeignKey(AssetType, on_delete=models.CASCADE, related_name="asset_attributes")
    key = models.CharField(_("key"), max_length=60, validators=[key_validator])
    title_bg = models.CharField(_("Bulgarian name"), max_length=120)
    title_en = models.CharField(_("English name"), max_length=120)
    type = models.CharField(_("type"), max_length=10, choices=Type, default=Type.TEXT)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    code_list = models.CharField(_("code list"), max_length=60, blank=True)
    required = models.BooleanField(_("required"), default=False)
    audience = models.PositiveSmallIntegerField(_("shown to"), choices=Audience, default=Audience.PUBLIC)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("attribute")
        verbose_name_plural = _("attributes")
        ordering = ["position", "key"]
        constraints = [
            models.UniqueConstraint(fields=["asset_type", "key"], name="networks_assetattribute_once"),
            models.CheckConstraint(
                name="networks_assetattribute_key", condition=Q(key__regex=r"^[a-z][a-z0-9_]{1,58}$")
            ),
        ]

    def __str__(self) -> str:
        return self.title_bg if get_language() == "bg" else self.title_en


class Network(Record):
    """A utility network of one theme and one operator. Its visibility decides who sees its nodes and links."""

    network_path = "id"

    zone = models.ForeignKey("land.Zone", on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("zone"))
    theme = models.CharField(_("theme"), max_length=20, choices=Theme)
    subtype = models.CharField(_("subtype"), max_length=60, blank=True)
    name = models.CharField(_("name"), max_length=200, unique=True)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    operator = models.CharField(_("operator"), max_length=200, blank=True)
    owner = models.CharField(_("owner"), max_length=200, blank=True)
    # Critical infrastructure: closed until someone opens it.
    visibility = models.PositiveSmallIntegerField(_("shown to"), choices=Audience, default=Audience.INTERNAL)
    disclaimer = models.TextField(_("disclaimer"), blank=True)
    disclaimer_en = models.TextField(_("disclaimer in English"), blank=True)

    class Meta:
        verbose_name = _("network")
        verbose_name_plural = _("networks")
        constraints = [
            models.CheckConstraint(name="networks_network_theme", condition=Q(theme__in=list(Theme.values))),
            models.CheckConstraint(name="networks_network_visibility", condition=Q(visibility__in=[0, 1, 2])),
        ]

    def __str__(self) -> str:
        return self.name


class Status(models.TextChoices):
    """INSPIRE `ConditionOfFacilityValue`."""

    FUNCTIONAL = "functional", _("functional")
    PROJECTED = "projected", _("projected")
    DISUSED = "disused", _("disused")
    UNDER_CONSTRUCTION = "underConstruction", _("under construction")
    DECOMMISSIONED = "decommissioned", _("decommissioned")


class VerticalPosition(models.TextChoices):
    """INSPIRE `VerticalPositionValue`."""

    ON_GROUND = "onGroundSurface", _("on the ground")
    ELEVATED = "suspendedOrElevated", _("suspended or elevated")
    UNDERGROUND = "underground", _("underground")


class LocationQuality(models.TextChoices):
    SURVEYED = "A", _("surveyed in the open")
    DETECTED = "B", _("detected")
    EVIDENCE = "C", _("records with evidence on site")
    RECORDS = "D", _("records only")


class Asset(Record):
    """What nodes and links share. Assets stay as delivered, never split; the graph is derived from them."""

    zone_path = "network__zone"
    network_path = "network"
    topic_column = "asset_type_id"
    context_columns = ("asset_type_id",)
    # The asset types whose assets are rows of this table.
    geometry_kind: ClassVar[str] = ""

    network = models.ForeignKey(Network, on_delete=models.PROTECT, verbose_name=_("network"))
    asset_type = models.ForeignKey(AssetType, on_delete=models.PROTECT, verbose_name=_("asset type"))
    label = models.CharField(_("label"), max_length=120, blank=True)
    status = models.CharField(_("condition"), max_length=20, choices=Status, default=Status.FUNCTIONAL)
    vertical_position = models.CharField(
        _("vertical position"), max_length=20, choices=VerticalPosition, default=VerticalPosition.UNDERGROUND
    )
    capacity = models.FloatField(_("rated capacity"), null=True, blank=True)
    capacity_unit = models.CharField(_("unit of capacity"), max_length=20, blank=True)
    location_quality = models.CharField(_("location quality"), max_length=1, choices=LocationQuality, blank=True)
    accuracy_m = models.FloatField(_("accuracy (m)"), null=True, blank=True)
    survey_method = models.CharField(_("survey method"), max_length=60, blank=True)
    height_datum = models.CharField(_("height datum"), max_length=20, blank=True)
    installed_on = models.DateField(_("in service since"), null=True, blank=True)
    attributes = models.JSONField(_("further attributes"), default=dict, blank=True)
    geom_3857 = generated_3857()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label or f"{self.asset_type_id} {str(self.pk)[:8]}"

    @classmethod
    def clean_columns(cls, columns: dict[str, Any]) -> dict[str, Any]:
        """Bring `attributes` into the catalogue's types; an edit of every column, such as an addition, is whole."""
        return clean_columns(cls.geometry_kind, columns, whole=columns.keys() >= _every_column(cls))


@cache
def _every_column(model: type[Asset]) -> frozenset[str]:
    return frozenset(field.attname for field in plain_columns(model))


def asset_constraints(prefix: str, kind: str) -> list[models.BaseConstraint]:
    return [
        *geometry_constraints(prefix, kind),
        models.CheckConstraint(
            name=f"{prefix}_status",
            condition=Q(status__in=list(Status.values)),
            violation_error_message=_("The condition is not one of INSPIRE's values."),
        ),
        models.CheckConstraint(
            name=f"{prefix}_vertical",
            condition=Q(vertical_position__in=list(VerticalPosition.values)),
            violation_error_message=_("The vertical position is not one of INSPIRE's values."),
        ),
        models.CheckConstraint(
            name=f"{prefix}_quality",
            condition=Q(location_quality__in=["", *LocationQuality.values]),
            violation_error_message=_("The location quality is one of A, B, C and D."),
        ),
        models.CheckConstraint(
            name=f"{prefix}_accuracy",
            condition=Q(accuracy_m__isnull=True) | Q(accuracy_m__gte=0),
            violation_error_message=_("The accuracy is negative."),
        ),
        models.CheckConstraint(
            name=f"{prefix}_capacity",
            condition=Q(capacity__isnull=True) | Q(capacity__gte=0),
            violation_error_message=_("The capacity is negative."),
        ),
    ]


def layer_index(prefix: str) -> models.Index:
    """A download walks one asset type in key order and is counted without touching the table."""
    return models.Index(fields=["asset_type", "id"], include=["network"], name=f"{prefix}_layer")


class NodeRole(models.TextChoices):
    PASS = "pass", _("passes")
    SOURCE = "source", _("source")
    SINK = "sink", _("consumer")
    SWITCH = "switch", _("can be closed")


class Node(Asset):
    """A point of a network (INSPIRE US `Appurtenance`, `Manhole`, `Pole`, `Cabinet`, `Tower`)."""

    geometry_kind = AssetType.GeometryKind.NODE

    role = models.CharField(_("role"), max_length=10, choices=NodeRole, default=NodeRole.PASS)
    is_open = models.BooleanField(_("open"), default=True)
    ground_height_m = models.FloatField(_("ground height (m)"), null=True, blank=True)
    bottom_height_m = models.FloatField(_("bottom height (m)"), null=True, blank=True)
    container = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("lies in"))
    geom = PointZField(pgettext_lazy("geometry", "position"), srid=SRID)

    class Meta:
        verbose_name = _("network node")
        verbose_name_plural = _("network nodes")
        indexes = [tile_index("networks_node"), layer_index("networks_node")]
        constraints = [
            *asset_constraints("networks_node", "POINT"),
            models.CheckConstraint(
                name="networks_node_heights",
                condition=Q(ground_height_m__isnull=True)
                | Q(bottom_height_m__isnull=True)
                | Q(bottom_height_m__lte=F("ground_height_m")),
                violation_error_message=_("The bottom lies above the ground."),
            ),
        ]


class LinkRole(models.TextChoices):
    TRANSPORT = "transport", _("transport")
    MAIN = "main", _("main")
    SERVICE = "service", _("service connection")
    PRIVATE = "private", pgettext_lazy("link", "private")


class Direction(models.TextChoices):
    FORWARD = "inDirection", _("as drawn")
    BACKWARD = "inOppositeDirection", _("against the drawing")
    BOTH = "bothDirections", _("both ways")


class Link(Asset):
    """A line of a network (INSPIRE US `UtilityLink`, with its pipe, cable or duct)."""

    geometry_kind = AssetType.GeometryKind.LINK

    role = models.CharField(_("role"), max_length=10, choices=LinkRole, default=LinkRole.MAIN)
    direction = models.CharField(_("direction of flow"), max_length=20, choices=Direction, default=Direction.BOTH)
    material = models.CharField(_("material"), max_length=60, blank=True)
    diameter_mm = models.FloatField(_("diameter (mm)"), null=True, blank=True)
    pressure_kpa = models.FloatField(_("pressure (kPa)"), null=True, blank=True)
    voltage_kv = models.FloatField(_("voltage (kV)"), null=True, blank=True)
    z_start_m = models.FloatField(_("height at the start (m)"), null=True, blank=True)
    z_end_m = models.FloatField(_("height at the end (m)"), null=True, blank=True)
    cover_m = models.FloatField(_("cover (m)"), null=True, blank=True)
    protection_m = models.FloatField(_("protection strip on each side (m)"), null=True, blank=True)
    container = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("lies in"))
    length_m = generated_measure("ST_Length", _("length (m)"))
    geom = LineStringZField(_("course"), srid=SRID)

    class Meta:
        verbose_name = _("network link")
        verbose_name_plural = _("network links")
        indexes = [tile_index("networks_link"), layer_index("networks_link")]
        constraints = [
            *asset_constraints("networks_link", "LINESTRING"),
            *[
                models.CheckConstraint(
                    name=f"networks_link_{field}",
                    condition=Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": 0}),
                    violation_error_message=_("A measure of the link is negative."),
                )
                for field in ("diameter_mm", "pressure_kpa", "voltage_kv", "protection_m")
            ],
        ]


class NetworkEdge(models.Model):
    """A stretch of a link between two joints, derived from the published assets: what a trace walks on.

    `start_joint` and `end_joint` number places within one network; `start_fraction` and `end_fraction` measure along
    the link (0 to 1).
    """

    id = models.BigAutoField(primary_key=True)
    network = models.ForeignKey(Network, on_delete=models.CASCADE, db_constraint=False)
    link = models.ForeignKey(Link, on_delete=models.CASCADE, db_constraint=False)
    start_joint = models.IntegerField()
    end_joint = models.IntegerField()
    start_node = models.ForeignKey(Node, on_delete=models.CASCADE, null=True, related_name="+", db_constraint=False)
    end_node = models.ForeignKey(Node, on_delete=models.CASCADE, null=True, related_name="+", db_constraint=False)
    start_fraction = models.FloatField()
    end_fraction = models.FloatField()
    length_m = models.FloatField()

    class Meta:
        verbose_name = _("edge of the network graph")
        verbose_name_plural = _("edges of the network graph")
        indexes = [
            models.Index(fields=["network", "start_joint"], name="networks_edge_start"),
            models.Index(fields=["network", "end_joint"], name="networks_edge_end"),
        ]

    def __str__(self) -> str:
        return f"{self.link_id} {self.start_fraction:.3f}–{self.end_fraction:.3f}"
