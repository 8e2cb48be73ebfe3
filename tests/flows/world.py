"""A corner of an industrial zone, small enough to know by heart: what the browser's journeys walk through."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Polygon

from registries.changes.edits import Edit
from registries.networks.models import AssetType
from tests.conftest import EAST, NORTH, SRID, line, point

ZONE = UUID("00000000-0000-4000-8000-000000000001")
STATUSES = ("available", "reserved", "occupied", "available", "contracted", "planned")
OLD_NUMBER, SPLIT_NUMBER = "73626.510.1", "73626.510.11"
TYPES = (
    ("water_pipe", "water", "link", "Водопровод", "Water pipe", "pipe"),
    ("water_hydrant", "water", "node", "Пожарен хидрант", "Fire hydrant", "hydrant"),
    ("road_axis", "road", "link", "Улица", "Street", "road"),
)

NETWORKS = (("water", "Водопровод Изток", 0), ("water", "Таен водопровод", 2), ("road", "Улици", 0))


def rectangle(x: float, y: float, width: float, height: float) -> MultiPolygon:
    """Metres from the corner of the named world's zone."""
    west, south = EAST + x, NORTH + y
    east, north = west + width, south + height
    return MultiPolygon(Polygon([(west, south), (east, south), (east, north), (west, north), (west, south)]), srid=SRID)


def plot_id(number: int) -> UUID:
    return UUID(int=(4 << 76) + (8 << 60) + 100 + number)


def parcel_id(number: int) -> UUID:
    return UUID(int=(4 << 76) + (8 << 60) + 200 + number)


def asset_types() -> None:
    for position, (key, theme, kind, bg, en, symbol) in enumerate(TYPES):
        words = {"theme": theme, "geometry_kind": kind, "title_bg": bg, "title_en": en, "symbol": symbol}
        AssetType.objects.update_or_create(key=key, defaults={**words, "position": position})


def land() -> list[Edit]:
    """A zone of 400 m × 240 m with six plots of 100 m × 90 m, each on one parcel, on both sides of a street."""
    zone = {"code": "east", "name": "Индустриална зона Изток", "name_en": "Industrial Zone East"}
    edits = [Edit.create("land.zone", zone, rectangle(0, 0, 400, 240), ZONE)]
    for number, status in enumerate(STATUSES, start=1):
        edits += plot(number, status, rectangle(40 + 110 * ((number - 1) % 3), 10 + 130 * ((number - 1) // 3), 100, 90))
    offer = {
        "plot": plot_id(1), "right": "sale", "procedure": "auctionOpen", "price": "38.50", "basis": "perM2",
        "open_period": "[2026-01-01,2100-01-01)", "decision_document": "Решение № 12", "state": "published",
    }  # fmt: skip
    lineage = {
        "kind": "split", "parent_id": UUID(int=7), "parent_reference": OLD_NUMBER,
        "child_id": parcel_id(1), "child_reference": SPLIT_NUMBER,
    }  # fmt: skip
    return [*edits, Edit.create("land.offer", offer), Edit.create("land.parcellineage", lineage)]


def plot(number: int, status: str, shape: GEOSGeometry) -> list[Edit]:
    parcel = {"national_cadastral_reference": f"73626.510.{10 + number}", "label": str(10 + number), "zone": ZONE}
    offered = {"code": f"П-{number}", "status": status, "zone": ZONE, "density_max_pct": "60"}
    return [
        Edit.create("land.parcel", parcel, shape, parcel_id(number)),
        Edit.create("land.plot", offered, shape, plot_id(number)),
    ]


def networks() -> list[Edit]:
    """A street with a pipe and a hydrant beside it, and a network that is nobody's business."""
    water, secret, street = (network(*words) for words in NETWORKS)
    pipe = {"asset_type": "water_pipe", "diameter_mm": 160, "material": "PE"}
    hydrant = {"asset_type": "water_hydrant", "label": "ПХ-1"}
    axis = {"asset_type": "road_axis", "label": "ул. Индустриална"}
    return [
        *(water, secret, street),
        asset("networks.link", water, {**pipe, "label": "В-1"}, line((10, 112), (390, 112))),
        asset("networks.link", secret, {**pipe, "label": "Т-1"}, line((10, 105), (390, 105))),
        asset("networks.node", water, hydrant, point(200, 112)),
        asset("networks.link", street, axis, line((0, 120), (400, 120))),
    ]


def network(theme: str, name: str, visibility: int) -> Edit:
    return Edit.create("networks.network", {"zone": ZONE, "theme": theme, "name": name, "visibility": visibility})


def asset(registry: str, owner: Edit, columns: Mapping[str, object], shape: GEOSGeometry) -> Edit:
    return Edit.create(registry, {**columns, "network": owner.object_id}, shape)
