"""The reference systems that features are served in, and the order of axes, which each way to name one fixes.

`urn:ogc:def:crs:EPSG::7801` and `http://www.opengis.net/def/crs/EPSG/0/7801` mean the authority's order (7801: north,
east); `EPSG:7801` and the old `http://www.opengis.net/gml/srs/epsg.xml#7801` mean x, y with x to the east; CRS84 is
longitude, latitude.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache

from django.conf import settings
from django.utils.translation import gettext as _
from pyproj import CRS, Transformer

from registries.core.errors import BadInput

SRIDS = tuple(dict.fromkeys((settings.REGISTRY_SRID, 4326, 4258, 3857, 32635)))
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CRS84_NAMES = frozenset(
    {CRS84, "http://www.opengis.net/def/crs/OGC/0/CRS84", "urn:ogc:def:crs:OGC:1.3:CRS84", "CRS:84", "CRS84"}
)
AUTHORITY_ORDER = re.compile(
    r"urn:(?:ogc|x-ogc):def:crs:EPSG:[0-9.]*:([0-9]{4,6})|https?://www\.opengis\.net/def/crs/EPSG/[0-9.]+/([0-9]{4,6})"
)
X_Y_ORDER = re.compile(r"EPSG:([0-9]{4,6})|https?://www\.opengis\.net/gml/srs/epsg\.xml#([0-9]{4,6})", re.IGNORECASE)
# Degrees around REGISTRY_EXTENT within which all the systems above transform into one another without failing.
MARGIN_DEGREES = 10
METRE_DECIMALS, DEGREE_DECIMALS = 3, 8

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class Reference:
    """A reference system as a request named it: `flipped` means y is written before x, `lon_lat` that it is CRS84.

    `name` is what it was called, for answers that call it the same; empty where the system has one usual name.
    """

    srid: int
    flipped: bool = False
    is_authority: bool = True
    lon_lat: bool = False
    name: str = field(default="", compare=False)

    @property
    def urn(self) -> str:
        return "urn:ogc:def:crs:OGC:1.3:CRS84" if self.lon_lat else f"urn:ogc:def:crs:EPSG::{self.srid}"

    @property
    def uri(self) -> str:
        return CRS84 if self.lon_lat else uri(self.srid)

    @property
    def decimals(self) -> int:
        """Enough for a millimetre."""
        return DEGREE_DECIMALS if is_geographic(self.srid) else METRE_DECIMALS


LON_LAT = Reference(4326, lon_lat=True)


def uri(srid: int) -> str:
    return f"http://www.opengis.net/def/crs/EPSG/0/{srid}"


@cache
def is_geographic(srid: int) -> bool:
    return bool(CRS.from_epsg(srid).is_geographic)


@cache
def north_first(srid: int) -> bool:
    """Whether the authority puts north before east."""
    return str(CRS.from_epsg(srid).axis_info[0].direction) == "north"


def authority(srid: int) -> Reference:
    """The system with the axes as its authority orders them."""
    return Reference(srid, flipped=north_first(srid))


def named(name: str, locator: str) -> Reference:
    """The system that `name` stands for; BadInput at `locator` if it is not one that is served."""
    if name in CRS84_NAMES:
        return LON_LAT
    by_authority, plain = AUTHORITY_ORDER.fullmatch(name), X_Y_ORDER.fullmatch(name)
    srid = next((int(code) for match in (by_authority, plain) if match for code in match.groups() if code), 0)
    if srid not in SRIDS:
        raise BadInput(
            _("The reference system “%(name)s” is not served.") % {"name": name[:80]},
            locator=locator,
            hint=_("Use one of: %(names)s.") % {"names": ", ".join(f"EPSG:{known}" for known in SRIDS)},
        )
    if by_authority:
        return replace(authority(srid), name=name)
    return Reference(srid, is_authority=False, name=name if "#" in name else "")


@cache
def safe_bounds(srid: int) -> Bounds:
    """West, south, east, north in `srid`: all that is stored lies well inside, and all inside can be transformed."""
    west, south, east, north = settings.REGISTRY_EXTENT
    wide = (
        max(west - MARGIN_DEGREES, -180),
        max(south - MARGIN_DEGREES, -85),
        min(east + MARGIN_DEGREES, 180),
        min(north + MARGIN_DEGREES, 85),
    )
    return Transformer.from_crs(4326, srid, always_xy=True).transform_bounds(*wide)


def to_lon_lat(bounds: Bounds, srid: int) -> Bounds:
    """Bounds in `srid`, x being east, as west, south, east, north in degrees."""
    return Transformer.from_crs(srid, 4326, always_xy=True).transform_bounds(*bounds)
