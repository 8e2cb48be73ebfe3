"""Land as published, to look at; it changes through the door alone."""

from __future__ import annotations

from django.contrib import admin

from registries.core.admin import RegistryAdmin
from registries.land.models import (
    AccessDistance,
    Building,
    Offer,
    Parcel,
    ParcelLineage,
    Plot,
    PlotFile,
    PlotParcel,
    RightRestriction,
    Zone,
)


@admin.register(Zone)
class ZoneAdmin(RegistryAdmin):
    own_columns = ("code", "name", "kind", "municipality", "area_m2")
    search_fields = ("code", "name", "name_en")


@admin.register(Parcel)
class ParcelAdmin(RegistryAdmin):
    own_columns = ("national_cadastral_reference", "zone", "ownership", "land_use", "area_m2")
    list_filter = ("ownership", "zone")
    list_select_related = ("zone",)
    search_fields = ("national_cadastral_reference", "address")


@admin.register(ParcelLineage)
class ParcelLineageAdmin(RegistryAdmin):
    own_columns = ("parent_reference", "child_reference", "kind", "happened_on")
    list_filter = ("kind",)
    search_fields = ("parent_reference", "child_reference")


@admin.register(Building)
class BuildingAdmin(RegistryAdmin):
    own_columns = ("__str__", "zone", "current_use", "floors", "area_m2")
    list_select_related = ("zone",)
    search_fields = ("name", "national_cadastral_reference")


@admin.register(Plot)
class PlotAdmin(RegistryAdmin):
    own_columns = ("code", "zone", "regulated_plot", "status", "area_m2")
    list_filter = ("status", "zone")
    list_select_related = ("zone",)
    search_fields = ("code", "regulated_plot")


@admin.register(PlotParcel)
class PlotParcelAdmin(RegistryAdmin):
    own_columns = ("plot", "parcel")
    list_select_related = ("plot", "parcel")
    search_fields = ("plot__code", "parcel__national_cadastral_reference")


@admin.register(RightRestriction)
class RightRestrictionAdmin(RegistryAdmin):
    own_columns = ("kind", "rrr_class", "parcel", "plot", "valid_from", "valid_to")
    list_filter = ("rrr_class",)
    list_select_related = ("parcel", "plot")


@admin.register(Offer)
class OfferAdmin(RegistryAdmin):
    own_columns = ("plot", "right", "procedure", "state", "price", "currency", "basis")
    list_filter = ("state", "right", "procedure")
    list_select_related = ("plot",)
    search_fields = ("plot__code",)


@admin.register(AccessDistance)
class AccessDistanceAdmin(RegistryAdmin):
    own_columns = ("name", "kind", "zone", "plot", "road_km", "minutes", "measured_on")
    list_filter = ("kind", "zone")
    list_select_related = ("zone", "plot")
    search_fields = ("name", "name_en", "plot__code")


@admin.register(PlotFile)
class PlotFileAdmin(RegistryAdmin):
    own_columns = ("title", "kind", "plot", "media_type", "size_bytes", "audience")
    list_filter = ("kind", "audience")
    list_select_related = ("plot",)
    search_fields = ("title", "title_en", "plot__code", "sha256")
