"""What is asked of the map services, checked before MapProxy sees it, so that every refusal names its parameter."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from layers.crs import SRIDS, is_geographic
from layers.maps.configuration import GRIDS
from layers.maps.errors import MapRefusal
from layers.maps.service import MapService

SIDE_MAX_PX = 4096
PNG, JPEG = "image/png", "image/jpeg"
WMS_FORMATS = (PNG, JPEG)
WMTS_VERSION = "1.0.0"
TILE_FORMATS = (None, "", "image/png", "png")
# OGC 06-042, clause 7.3.3.10.
BGCOLOR = re.compile(r"(0[xX][0-9a-fA-F]{6})?")
CRS_NAMES = tuple(f"EPSG:{srid}" for srid in SRIDS)
# Beyond this no plane of the earth reaches, and arithmetic with boxes loses its sense.
COORDINATE_MAX = 1e9
# Mapnik would be busy for minutes with the dashes of a line enlarged beyond this.
PIXEL_MIN_M, PIXEL_MIN_DEGREES, STRETCH_MAX = 0.0009, 8e-9, 100

Parameters = Mapping[str, str]


def parameters(query: Mapping[str, str]) -> dict[str, str]:
    """The parameters of a request by lower-case name (OGC 06-042, clause 6.8.1: names are case-insensitive)."""
    return {name.lower(): value for name, value in query.items()}


def operation(asked: Parameters, known: tuple[str, ...]) -> str:
    """The operation asked for, as the standard writes it."""
    name = asked.get("request", "")
    if not name:
        raise MapRefusal(_("The parameter REQUEST is missing."), "MissingParameterValue", "request")
    found = next((one for one in known if one.lower() == name.lower()), None)
    if found is None:
        message = _("The operation “%(name)s” is not offered; there are %(known)s.")
        raise MapRefusal(message % {"name": name[:60], "known": ", ".join(known)}, "OperationNotSupported", "request")
    return found


def wms_version(asked: Parameters) -> str:
    """1.1.1 or 1.3.0, negotiated downwards (OGC 06-042, clause 6.2.4)."""
    version = asked.get("version") or asked.get("wmtver") or ""
    return "1.1.1" if version and version < "1.3" else "1.3.0"


def check_get_map(asked: Parameters, service: MapService, version: str) -> None:
    """Raises MapRefusal for anything that MapProxy or Mapnik would stumble over."""
    crs_name = "crs" if version == "1.3.0" else "srs"
    _required(asked, ("layers", crs_name, "bbox", "width", "height", "format"))
    for name in asked["layers"].split(","):
        if name not in service.names:
            raise MapRefusal(_("There is no layer “%(name)s”.") % {"name": name[:80]}, "LayerNotDefined", "layers")
    if any(style not in ("", "default") for style in asked.get("styles", "").split(",")):
        raise MapRefusal(_("There is but the default style."), "StyleNotDefined", "styles")
    size, _media_type = check_picture(asked)
    if asked[crs_name].upper() not in CRS_NAMES:
        message = _("The reference system must be one of: %(names)s.") % {"names": ", ".join(CRS_NAMES)}
        raise MapRefusal(message, "InvalidCRS" if version == "1.3.0" else "InvalidSRS", crs_name)
    _bbox(asked["bbox"], size, int(asked[crs_name][5:]))


def check_picture(asked: Parameters) -> tuple[tuple[int, int], str]:
    """Width and height in pixels and the media type of the picture that is asked for."""
    _required(asked, ("width", "height", "format"))
    media_type = asked["format"].partition(";")[0].strip()
    if media_type not in WMS_FORMATS:
        message = _("The format must be one of: %(names)s.") % {"names": ", ".join(WMS_FORMATS)}
        raise MapRefusal(message, "InvalidFormat", "format")
    if not BGCOLOR.fullmatch(asked.get("bgcolor", "")):
        message = _("BGCOLOR must be written like %(example)s.") % {"example": "0xFFFFFF"}
        raise MapRefusal(message, locator="bgcolor")
    return (_pixels(asked["width"], "width"), _pixels(asked["height"], "height")), media_type


def _required(asked: Parameters, names: tuple[str, ...]) -> None:
    for name in names:
        if not asked.get(name):
            message = _("The parameter %(name)s is missing.") % {"name": name.upper()}
            raise MapRefusal(message, "MissingParameterValue", name)


def _pixels(text: str, name: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= SIDE_MAX_PX:
        message = _("%(name)s must be a whole number from 1 to %(most)d.")
        raise MapRefusal(message % {"name": name.upper(), "most": SIDE_MAX_PX}, locator=name)
    return int(text)


def _bbox(text: str, size: tuple[int, int], srid: int) -> None:
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) != 4 or not all(map(math.isfinite, numbers)):
        raise MapRefusal(_("BBOX must be four numbers separated by commas."), locator="bbox")
    low_x, low_y, high_x, high_y = numbers
    if low_x >= high_x or low_y >= high_y:
        raise MapRefusal(_("BBOX is empty: its first corner must be the lower one in both axes."), locator="bbox")
    if max(map(abs, numbers)) > COORDINATE_MAX:
        raise MapRefusal(_("BBOX lies outside the earth."), locator="bbox")
    pixel = ((high_x - low_x) / size[0], (high_y - low_y) / size[1])
    if min(pixel) < (PIXEL_MIN_DEGREES if is_geographic(srid) else PIXEL_MIN_M):
        raise MapRefusal(_("BBOX is too small: a pixel would be less than a millimetre."), locator="bbox")
    if max(pixel) > STRETCH_MAX * min(pixel):
        raise MapRefusal(_("BBOX and the size of the picture do not fit each other."), locator="bbox")


def check_wmts_version(asked: Parameters) -> None:
    """Who cannot read 1.0.0 gets nothing else (OGC 06-121r3, clause 7.3.2)."""
    accepted = asked.get("acceptversions", "").replace(" ", "").split(",")
    if accepted != [""] and WMTS_VERSION not in accepted:
        raise MapRefusal(_("This service speaks WMTS 1.0.0 only."), "VersionNegotiationFailed", "acceptVersions")
    if asked.get("version") not in (None, "", WMTS_VERSION):
        raise MapRefusal(_("This service speaks WMTS 1.0.0 only."), locator="version")


def check_get_tile(asked: Parameters, service: MapService) -> None:
    """The parameters of a tile (OGC 07-057r7, clause 7.2.1) but for its numbers' range, which MapProxy knows."""
    if asked.get("time", "current").lower() not in ("", "current"):
        raise MapRefusal(_("These tiles show today only; a past day is served by WMS."), locator="time")
    _required(asked, ("layer", "tilematrixset", "tilematrix", "tilerow", "tilecol"))
    if asked["layer"] not in service.names:
        raise MapRefusal(_("There is no layer “%(name)s”.") % {"name": asked["layer"][:80]}, locator="layer")
    if asked.get("style", "") not in ("", "default"):
        raise MapRefusal(_("There is but the default style."), locator="style")
    if asked.get("format") not in TILE_FORMATS:
        raise MapRefusal(_("The format must be one of: %(names)s.") % {"names": "image/png"}, locator="format")
    if asked["tilematrixset"] not in GRIDS:
        message = _("There is no tile matrix set “%(name)s”; there are %(known)s.")
        raise MapRefusal(
            message % {"name": asked["tilematrixset"][:60], "known": ", ".join(GRIDS)}, locator="tilematrixset"
        )
    for name in ("tilematrix", "tilerow", "tilecol"):
        if not asked[name].isascii() or not asked[name].isdigit() or len(asked[name]) > 9:
            raise MapRefusal(_("%(name)s must be a whole number.") % {"name": name.upper()}, locator=name)
