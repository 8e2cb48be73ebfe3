"""What is true of the service at an address, whatever version tells it: each declaration comes from what serves it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language

from layers import crs
from layers.catalogue import Catalogue
from layers.crs import Bounds
from layers.known import extent_of
from layers.land import ZONES
from layers.layer import Layer
from layers.wfs import kvp, names, xml
from layers.wfs.caller import Caller
from layers.wfs.exceptions import SameUpdateSequence, WrongUpdateSequence
from layers.wfs.language import LANGUAGES
from layers.wfs.output.formats import of_version
from layers.wfs.requests import GetCapabilities, Version

READING: dict[Version, tuple[str, ...]] = {
    "1.0.0": ("GetCapabilities", "DescribeFeatureType", "GetFeature"),
    "1.1.0": ("GetCapabilities", "DescribeFeatureType", "GetFeature"),
    "2.0.0": (
        "GetCapabilities",
        "DescribeFeatureType",
        "GetFeature",
        "GetPropertyValue",
        "ListStoredQueries",
        "DescribeStoredQueries",
    ),
}
EDITING: dict[Version, tuple[str, ...]] = {
    "1.0.0": ("Transaction", "GetFeatureWithLock", "LockFeature"),
    "1.1.0": ("Transaction", "GetFeatureWithLock", "LockFeature"),
    "2.0.0": ("CreateStoredQuery", "DropStoredQuery", "GetFeatureWithLock", "LockFeature", "Transaction"),
}
# What may be done to the features of a layer, by the name of the operation that does it.
DEEDS = {"Insert": "Transaction", "Update": "Transaction", "Delete": "Transaction", "Lock": "LockFeature"}
# A degree of longitude in Bulgaria is longer.
LEAST_DEGREE_M = 70_000


@dataclass(frozen=True)
class Facts:
    """`base` is the service's address; `update_sequence` rises with every publication."""

    version: Version
    catalogue: Catalogue
    base: str
    is_edit: bool
    update_sequence: int

    @classmethod
    def of(cls, request: GetCapabilities, caller: Caller) -> Facts:
        catalogue = caller.catalogue()
        number = sum(catalogue.numbers.values())
        check_sequence(request.update_sequence, number)
        return cls(request.version, catalogue, caller.links.base, caller.is_edit, number)

    @property
    def operations(self) -> list[str]:
        """What is served at this address in this version."""
        listed = READING[self.version] + (EDITING[self.version] if self.is_edit else ())
        return [name for name in listed if name in xml.OPERATIONS]

    def takes_pairs(self, operation: str) -> bool:
        return operation.lower() in kvp.OPERATIONS

    @property
    def formats(self) -> list[str]:
        return [one.names[self.version][0] for one in of_version(self.version)]

    @property
    def schema_formats(self) -> list[str]:
        return [one.names[self.version][0] for one in of_version(self.version) if one.dialect]

    @property
    def deeds(self) -> list[str]:
        """What may be done to features besides asking for them."""
        return [deed for deed, operation in DEEDS.items() if operation in self.operations]

    def extent(self, layer: Layer) -> Bounds:
        """West, south, east, north in degrees; where one edits, of the zones as well: drafts lie there, and QGIS
        complains of features beyond what it was told.
        """
        if not self.is_edit:
            return extent_of(self.catalogue, layer)
        zones, own = extent_of(self.catalogue, ZONES), extent_of(self.catalogue, layer)
        margin = settings.ZONE_BUFFER_M / LEAST_DEGREE_M
        west, south = (min(pair) - margin for pair in zip(zones[:2], own[:2], strict=True))
        east, north = (max(pair) + margin for pair in zip(zones[2:], own[2:], strict=True))
        return west, south, east, north

    def metadata_url(self, layer: Layer) -> str:
        return self.absolute("metadata:iso", layer.key)

    def absolute(self, name: str, *arguments: str) -> str:
        return urljoin(self.base, reverse(name, args=arguments))

    @property
    def language(self) -> str:
        """Of this answer, by its code of ISO 639-2."""
        active = (get_language() or "")[:2]
        return next((code for code, name in LANGUAGES.items() if name == active), next(iter(LANGUAGES)))


def check_sequence(given: str, number: int) -> None:
    """OGC 06-121r9, 7.3.4: a document is sent only to who has an older one."""
    if not given:
        return
    if not given.isascii() or not given.isdecimal() or int(given[:30]) > number:
        raise WrongUpdateSequence(locator="updateSequence")
    if int(given) == number:
        raise SameUpdateSequence(locator="updateSequence")


def systems(version: Version) -> list[str]:
    """The names of the reference systems, the default one first: x comes first in 1.0.0, which URNs would deny."""
    if version == "1.0.0":
        return [f"EPSG:{srid}" for srid in crs.SRIDS]
    return [crs.authority(srid).urn for srid in crs.SRIDS]


def type_name(layer: Layer) -> str:
    return f"{names.PREFIX}:{layer.key}"
