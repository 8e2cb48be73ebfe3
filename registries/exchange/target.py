"""Where a file goes: a registry of land or one asset type of a network, with the columns that can be filled and the
key of its rows.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from registries.changes.edits import Edit
from registries.core.errors import BadInput, NotFound
from registries.core.overlay import plain_columns
from registries.core.records import Record
from registries.land.models import Building, Parcel, Plot, Zone
from registries.networks.models import AssetType, Link, Network, Node

# Names in a file lead to the same identifiers in every run, so that importing twice changes nothing.
NAMESPACE = uuid.UUID("5f2f1c1e-7f2b-5c0a-9a39-6f7f0a7b7801")
LAND: dict[str, tuple[type[Record], str]] = {
    "zones": (Zone, "code"),
    "parcels": (Parcel, "national_cadastral_reference"),
    "plots": (Plot, "code"),
    "buildings": (Building, ""),
}

UNFILLED = frozenset({"attributes", "standard_properties", "container", "asset_type"})


@dataclass(frozen=True)
class Target:
    """`natural_key` is the column that names a row by itself; `attributes` the keys of the asset type; `constants` go
    into every row.
    """

    name: str
    model: type[Record]
    natural_key: str = ""
    attributes: frozenset[str] = frozenset()
    constants: dict[str, Any] = field(default_factory=dict)
    # What has to be there first, such as a new network.
    first: tuple[Edit, ...] = ()

    @property
    def columns(self) -> frozenset[str]:
        """Names that a file's fields may fill, column names as they are in the catalogue."""
        own = {one.name for one in plain_columns(self.model)} - UNFILLED
        return frozenset(own) | self.attributes

    def object_id(self, key: str) -> uuid.UUID:
        """The identifier of the row that the file calls `key`."""
        scope = self.constants.get("network") or self.constants.get("zone") or ""
        return uuid.uuid5(NAMESPACE, f"{self.name}:{'' if self.natural_key == 'code' else scope}:{key}")

    def known(self, keys: list[str]) -> dict[str, uuid.UUID]:
        """Identifiers of rows that exist under a natural key."""
        if not self.natural_key:
            return {}
        rows: QuerySet[Any] = self.model._base_manager.filter(**{f"{self.natural_key}__in": keys})
        if "zone" in self.constants and self.natural_key == "code":
            rows = rows.filter(zone=self.constants["zone"])
        return {str(key): known for key, known in rows.values_list(self.natural_key, "pk")}


def target_of(name: str, network: str, zone: Zone | None) -> Target:
    """The target called `name`: zones, parcels, plots, buildings, or the key of an asset type."""
    if name in LAND:
        model, natural_key = LAND[name]
        constants = {} if model is Zone else {"zone": zone.pk if zone else None}
        return Target(name, model, natural_key, constants=constants)
    asset_type = AssetType.objects.filter(pk=name).prefetch_related("asset_attributes").first()
    if asset_type is None:
        names = [*LAND, *AssetType.objects.values_list("pk", flat=True)]
        raise NotFound(
            _("There is no layer “%(name)s” to import into.") % {"name": name},
            locator="to",
            hint=_("Use one of: %(names)s.") % {"names": ", ".join(names)},
        )
    return _asset_target(asset_type, network, zone)


def _asset_target(asset_type: AssetType, network: str, zone: Zone | None) -> Target:
    if not network:
        raise BadInput(
            _("Assets belong to a network."),
            locator="network",
            hint=_("Name it with --network “Name”; a network that does not exist is made, closed to the public."),
        )
    found = Network.objects.filter(name=network).first()
    first: tuple[Edit, ...] = ()
    network_id = found.pk if found else uuid.uuid5(NAMESPACE, f"network:{network}")
    if found is None:
        columns = {"name": network, "theme": asset_type.theme, "zone": zone.pk if zone else None}
        first = (Edit.create("networks.network", columns, object_id=network_id),)
    return Target(
        asset_type.key,
        Link if asset_type.geometry_kind == AssetType.GeometryKind.LINK else Node,
        attributes=frozenset(one.key for one in asset_type.asset_attributes.all()),
        constants={"network": network_id, "asset_type": asset_type.key},
        first=first,
    )


def zone_of(code: str, extent: GEOSGeometry, buffer_m: float) -> Zone | None:
    """The zone with `code`, or the only one that the data touches; None where several are touched or none is
    registered.

    Data that touches no registered zone is refused: its reference system is most likely not the one taken.
    """
    if code == "none":
        return None
    if code:
        zone = Zone.objects.filter(code=code).first()
        if zone is None:
            codes = ", ".join(Zone.objects.order_by("code").values_list("code", flat=True)[:50])
            raise NotFound(
                _("There is no zone “%(code)s”.") % {"code": code},
                locator="zone",
                hint=_("Use one of: %(codes)s.") % {"codes": codes or "–"},
            )
        return zone
    touched = list(Zone.objects.filter(geom__dwithin=(extent, buffer_m))[:2])
    if not touched and Zone.objects.exists():
        raise BadInput(
            _("The features lie outside every zone: around E %(x).0f, N %(y).0f.")
            % {"x": extent.centroid.x, "y": extent.centroid.y},
            locator="crs",
            hint=_(
                "Check --crs and the order of the axes; if they are right, name the zone with --zone, or --zone none."
            ),
        )
    return touched[0] if len(touched) == 1 else None
