"""What helps to judge a plot and is no land itself: how far it is to the motorway or a port, and its files."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registries.core.constraints import one_of
from registries.core.models import Audience
from registries.core.records import Record
from registries.land.models.areas import Plot, Zone


class AccessKind(models.TextChoices):
    MOTORWAY = "motorway", _("motorway")
    CITY = "city", _("city")
    RAIL_STATION = "railStation", _("railway station")
    PORT = "port", _("port")
    AIRPORT = "airport", _("airport")
    BORDER = "border", _("border crossing")


class AccessDistance(Record):
    """How far it is by road from a zone, or from one plot of it, to where goods and people come from and go to."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, verbose_name=_("zone"))
    plot = models.ForeignKey(Plot, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("plot"))
    kind = models.CharField(_("kind"), max_length=20, choices=AccessKind)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    road_km = models.DecimalField(_("by road (km)"), max_digits=7, decimal_places=2)
    minutes = models.PositiveSmallIntegerField(_("drive (min)"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=250, blank=True)
    measured_on = models.DateField(_("measured on"), null=True, blank=True)

    class Meta:
        verbose_name = _("distance by road")
        verbose_name_plural = _("distances by road")
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "plot", "kind", "name"], name="land_accessdistance_once", nulls_distinct=False
            ),
            one_of("land_accessdistance", "kind", AccessKind),
            models.CheckConstraint(
                name="land_accessdistance_road",
                condition=Q(road_km__gte=0),
                violation_error_message=_("The distance is negative."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FileKind(models.TextChoices):
    PHOTO = "photo", _("photo")
    PLAN = "plan", _("plan")
    DECISION = "decision", _("act or decision")
    DOCUMENT = "document", _("document")


class MediaType(models.TextChoices):
    """What browsers show by themselves and nobody can hide a program in."""

    JPEG = "image/jpeg", "JPEG"
    PNG = "image/png", "PNG"
    PDF = "application/pdf", "PDF"


class PlotFile(Record):
    """A photo or document of a plot. Its bytes lie under MEDIA_ROOT by their digest, so that no version of the record
    can point to other bytes than those that were approved.
    """

    zone_path = "plot__zone"

    plot = models.ForeignKey(Plot, on_delete=models.PROTECT, verbose_name=_("plot"))
    kind = models.CharField(_("kind"), max_length=20, choices=FileKind)
    title = models.CharField(_("title"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    sha256 = models.CharField(_("digest (SHA-256)"), max_length=64)
    media_type = models.CharField(_("media type"), max_length=40, choices=MediaType)
    size_bytes = models.PositiveIntegerField(_("size (B)"))
    width = models.PositiveIntegerField(_("width (px)"), null=True, blank=True)
    height = models.PositiveIntegerField(_("height (px)"), null=True, blank=True)
    dated_on = models.DateField(_("taken or issued on"), null=True, blank=True)
    credit = models.CharField(_("made by"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    audience = models.PositiveSmallIntegerField(_("for whom"), choices=Audience, default=Audience.PUBLIC)

    class Meta:
        verbose_name = _("file of a plot")
        verbose_name_plural = _("files of plots")
        constraints = [
            one_of("land_plotfile", "kind", FileKind),
            one_of("land_plotfile", "media_type", MediaType),
            models.CheckConstraint(
                name="land_plotfile_audience",
                condition=Q(audience__in=Audience.values),
                violation_error_message=_("A value is not in its code list."),
            ),
            models.CheckConstraint(
                name="land_plotfile_sha256",
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
                violation_error_message=_("The digest is not one of SHA-256."),
            ),
            models.CheckConstraint(
                name="land_plotfile_photo",
                condition=~Q(kind="photo")
                | (~Q(media_type="application/pdf") & Q(width__isnull=False, height__isnull=False)),
                violation_error_message=_("A photo is a JPEG or PNG of a known size."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def path(self) -> Path:
        """Where the bytes lie."""
        return stored_at(self.sha256)


def stored_at(sha256: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "plots" / sha256[:2] / sha256
