"""Zones, parcels and plots: three things with links, never one. Plus the rights on them, and buildings.

Sources: INSPIRE Cadastral Parcels 4.0, LADM (ISO 19152), Ordinance RD-02-20-3/2016 (identifiers), Industrial
Parks Act art. 21.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from registries.core.constraints import geometry_constraints, one_of
from registries.core.records import Record, generated_3857, generated_measure, tile_index
from registries.land.parameters import BuildingParameters, parameter_constraints

SRID = settings.REGISTRY_SRID


class ZoneKind(models.TextChoices):
    GENERAL = "general", _("general")
    SPECIALISED = "specialised", _("specialised")
    HIGH_TECH = "highTech", _("high technology")


class Zone(Record, BuildingParameters):
    """An industrial park, with what its public register asks for (Industrial Parks Act, art. 21)."""

    zone_path = "id"

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    kind = models.CharField(_("type"), max_length=20, choices=ZoneKind, default=ZoneKind.GENERAL)
    municipality = models.CharField(_("municipality"), max_length=120, blank=True)
    ekatte = models.CharField(_("EKATTE"), max_length=5, blank=True)
    permitted_activities = models.TextField(_("permitted activities"), blank=True)
    infrastructure = models.TextField(_("infrastructure"), blank=True)
    owner = models.CharField(_("owner"), max_length=200, blank=True)
    operator = models.CharField(_("operator"), max_length=200, blank=True)
    # Of the office that answers investors: public by purpose.
    contact_name = models.CharField(_("contact"), max_length=200, blank=True)
    contact_email = models.EmailField(_("e-mail of the contact"), blank=True)
    contact_phone = models.CharField(_("telephone of the contact"), max_length=60, blank=True)
    disclaimer = models.TextField(_("disclaimer"), blank=True)
    disclaimer_en = models.TextField(_("disclaimer in English"), blank=True)
    area_m2 = generated_measure("ST_Area", _("area (m²)"))
    geom = models.MultiPolygonField(_("boundary"), srid=SRID)
    geom_3857 = generated_3857()

    class Meta:
        verbose_name = _("industrial zone")
        verbose_name_plural = _("industrial zones")
        indexes = [tile_index("land_zone")]
        constraints = [
            *geometry_constraints("land_zone", "MULTIPOLYGON"),
            one_of("land_zone", "kind", ZoneKind),
            *parameter_constraints("land_zone"),
            models.CheckConstraint(
                name="land_zone_ekatte",
                condition=Q(ekatte__regex=r"^([0-9]{5})?$"),
                violation_error_message=_("EKATTE is five digits, leading zeros included."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Ownership(models.TextChoices):
    STATE_PUBLIC = "statePublic", _("state, public")
    STATE_PRIVATE = "statePrivate", _("state, private")
    MUNICIPAL_PUBLIC = "municipalPublic", _("municipal, public")
    MUNICIPAL_PRIVATE = "municipalPrivate", _("municipal, private")
    PRIVATE = "private", _("private")
    MIXED = "mixed", _("mixed")
    UNKNOWN = "unknown", _("unknown")


class Parcel(Record):
    """A cadastral parcel (INSPIRE CP 4.0 `CadastralParcel`). Its own UUID is the key: a split gives new national
    numbers.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("zone"))
    national_cadastral_reference = models.CharField(_("cadastral identifier"), max_length=60, unique=True)
    label = models.CharField(_("label"), max_length=60, blank=True)
    legal_area_m2 = models.DecimalField(_("area by deed (m²)"), max_digits=14, decimal_places=2, null=True, blank=True)
    area_m2 = generated_measure("ST_Area", _("area (m²)"))
    land_use = models.CharField(_("use"), max_length=60, blank=True)
    territory = models.CharField(_("territory"), max_length=60, blank=True)
    ownership = models.CharField(_("ownership"), max_length=20, choices=Ownership, default=Ownership.UNKNOWN)
    address = models.CharField(_("address"), max_length=250, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    geom = models.MultiPolygonField(_("boundary"), srid=SRID)
    geom_3857 = generated_3857()

    class Meta:
        verbose_name = _("parcel")
        verbose_name_plural = _("parcels")
        indexes = [tile_index("land_parcel")]
        # The pattern of the identifier is a setting; `registries.land.pattern` keeps its constraint in step.
        constraints = [
            *geometry_constraints("land_parcel", "MULTIPOLYGON"),
            one_of("land_parcel", "ownership", Ownership),
            models.CheckConstraint(
                name="land_parcel_validity",
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_from__lte=F("valid_to")),
                violation_error_message=_("The parcel ends before it begins."),
            ),
            models.CheckConstraint(
                name="land_parcel_legal_area",
                condition=Q(legal_area_m2__isnull=True) | Q(legal_area_m2__gte=0),
                violation_error_message=_("The area by deed is negative."),
            ),
        ]

    def __str__(self) -> str:
        return self.national_cadastral_reference


class LineageKind(models.TextChoices):
    SPLIT = "split", _("split")
    MERGE = "merge", _("merger")
    BOUNDARY = "boundary", _("change of boundary")
    RENUMBER = "renumber", _("new number")
    CORRECTION = "correction", _("correction")


class ParcelLineage(Record):
    """What a parcel came from. Both sides are identifiers and numbers, not references: either may have been retired
    since.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("zone"))
    kind = models.CharField(_("kind"), max_length=20, choices=LineageKind)
    parent_id = models.UUIDField(_("parent parcel"))
    parent_reference = models.CharField(_("parent's cadastral identifier"), max_length=60, db_index=True)
    child_id = models.UUIDField(_("child parcel"))
    child_reference = models.CharField(_("child's cadastral identifier"), max_length=60, db_index=True)
    document = models.CharField(_("document"), max_length=250, blank=True)
    happened_on = models.DateField(_("date"), null=True, blank=True)

    class Meta:
        verbose_name = _("origin of a parcel")
        verbose_name_plural = _("origins of parcels")
        constraints = [
            models.UniqueConstraint(fields=["parent_id", "child_id"], name="land_parcellineage_once"),
            one_of("land_parcellineage", "kind", LineageKind),
            models.CheckConstraint(
                name="land_parcellineage_two",
                condition=~Q(parent_id=F("child_id")),
                violation_error_message=_("A parcel cannot come from itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.parent_reference} → {self.child_reference}"


class Building(Record):
    """The outline of a building (INSPIRE BU `Building`): what stands on a plot and what a network has to reach."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("zone"))
    national_cadastral_reference = models.CharField(_("cadastral identifier"), max_length=60, blank=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    current_use = models.CharField(_("use"), max_length=60, blank=True)
    floors = models.PositiveSmallIntegerField(_("floors"), null=True, blank=True)
    height_m = models.DecimalField(_("height (m)"), max_digits=6, decimal_places=2, null=True, blank=True)
    area_m2 = generated_measure("ST_Area", _("built-up area (m²)"))
    geom = models.MultiPolygonField(_("outline"), srid=SRID)
    geom_3857 = generated_3857()

    class Meta:
        verbose_name = _("building")
        verbose_name_plural = _("buildings")
        indexes = [tile_index("land_building")]
        constraints = geometry_constraints("land_building", "MULTIPOLYGON")

    def __str__(self) -> str:
        return self.name or self.national_cadastral_reference


class PlotStatus(models.TextChoices):
    PLANNED = "planned", _("planned")
    AVAILABLE = "available", _("available")
    RESERVED = "reserved", _("reserved")
    IN_PROCEDURE = "inProcedure", _("in procedure")
    CONTRACTED = "contracted", _("contracted")
    OCCUPIED = "occupied", _("occupied")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Plot(Record, BuildingParameters):
    """What is offered: usually a regulated plot (УПИ), made of several parcels or of part of one."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, verbose_name=_("zone"))
    code = models.CharField(_("plot"), max_length=40)
    regulated_plot = models.CharField(_("regulated plot (УПИ)"), max_length=120, blank=True)
    status = models.CharField(_("status"), max_length=20, choices=PlotStatus, default=PlotStatus.PLANNED)
    status_since = models.DateField(_("status since"), null=True, blank=True)
    permitted_use = models.CharField(_("permitted use"), max_length=60, blank=True)
    building_line = models.CharField(_("building line"), max_length=250, blank=True)
    description = models.TextField(_("description"), blank=True)
    description_en = models.TextField(_("description in English"), blank=True)
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True)
    area_m2 = generated_measure("ST_Area", _("area (m²)"))
    geom = models.MultiPolygonField(_("boundary"), srid=SRID)
    geom_3857 = generated_3857()

    class Meta:
        verbose_name = _("plot")
        verbose_name_plural = _("plots")
        indexes = [tile_index("land_plot")]
        constraints = [
            models.UniqueConstraint(fields=["zone", "code"], name="land_plot_code_once"),
            *geometry_constraints("land_plot", "MULTIPOLYGON"),
            *parameter_constraints("land_plot"),
            one_of("land_plot", "status", PlotStatus),
        ]

    def __str__(self) -> str:
        return self.code


class PlotParcel(Record):
    """A parcel that a plot takes in, whole or in part."""

    zone_path = "plot__zone"

    plot = models.ForeignKey(Plot, on_delete=models.PROTECT, verbose_name=_("plot"))
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, verbose_name=_("parcel"))

    class Meta:
        verbose_name = _("parcel of a plot")
        verbose_name_plural = _("parcels of plots")
        constraints = [models.UniqueConstraint(fields=["plot", "parcel"], name="land_plotparcel_once")]

    def __str__(self) -> str:
        return f"{self.plot_id} · {self.parcel_id}"


class RightClass(models.TextChoices):
    RIGHT = "right", _("right")
    RESTRICTION = "restriction", _("restriction")
    RESPONSIBILITY = "responsibility", _("responsibility")


class RightRestriction(Record):
    """A right, restriction or responsibility (LADM, ISO 19152 `LA_RRR`). Parties are named without national identity
    numbers.
    """

    personal = ("party",)

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("zone"))
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("parcel"))
    plot = models.ForeignKey(Plot, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("plot"))
    rrr_class = models.CharField(_("class"), max_length=20, choices=RightClass)
    kind = models.CharField(_("kind"), max_length=60)
    party = models.CharField(_("party"), max_length=200, blank=True)
    share_numerator = models.PositiveIntegerField(_("share, numerator"), null=True, blank=True)
    share_denominator = models.PositiveIntegerField(_("share, denominator"), null=True, blank=True)
    document = models.CharField(_("document"), max_length=250, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    geom = models.MultiPolygonField(_("extent"), srid=SRID, null=True, blank=True)
    geom_3857 = generated_3857()

    class Meta:
        verbose_name = _("right or restriction")
        verbose_name_plural = _("rights and restrictions")
        indexes = [tile_index("land_rightrestriction")]
        constraints = [
            *geometry_constraints("land_rightrestriction", "MULTIPOLYGON"),
            one_of("land_rightrestriction", "rrr_class", RightClass),
            models.CheckConstraint(
                name="land_rightrestriction_subject",
                condition=Q(parcel__isnull=False) | Q(plot__isnull=False),
                violation_error_message=_("A right needs a parcel or a plot."),
            ),
            models.CheckConstraint(
                name="land_rightrestriction_share",
                condition=Q(share_numerator__isnull=True, share_denominator__isnull=True)
                | Q(share_denominator__gt=0, share_numerator__lte=F("share_denominator")),
                violation_error_message=_("The share is not a fraction of one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_rrr_class_display()}: {self.kind}"
