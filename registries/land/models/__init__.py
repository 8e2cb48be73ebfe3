"""The registries of land: areas, the offers of plots, and what helps to judge a plot."""

from registries.land.models.annexes import AccessDistance, AccessKind, FileKind, MediaType, PlotFile, stored_at
from registries.land.models.areas import (
    SRID,
    Building,
    LineageKind,
    Ownership,
    Parcel,
    ParcelLineage,
    Plot,
    PlotParcel,
    PlotStatus,
    RightClass,
    RightRestriction,
    Zone,
    ZoneKind,
)
from registries.land.models.offers import Offer, OfferedRight, OfferState, PriceBasis, Procedure

__all__ = [
    "SRID",
    "AccessDistance",
    "AccessKind",
    "Building",
    "FileKind",
    "LineageKind",
    "MediaType",
    "Offer",
    "OfferState",
    "OfferedRight",
    "Ownership",
    "Parcel",
    "ParcelLineage",
    "Plot",
    "PlotFile",
    "PlotParcel",
    "PlotStatus",
    "PriceBasis",
    "Procedure",
    "RightClass",
    "RightRestriction",
    "Zone",
    "ZoneKind",
    "stored_at",
]
