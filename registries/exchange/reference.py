"""Which reference system a file is in: what the user says, what the file says, or the only candidate that falls in
the municipality.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from django.conf import settings
from django.contrib.gis.geos import Point
from django.utils.translation import gettext as _
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from registries.core.errors import BadInput
from registries.land.models import Zone

# What files in Bulgaria are in: BGS 2005, UTM 34 and 35, geographic, Web Mercator. By size of numbers 7801 and 32635
# look alike.
CANDIDATES = (7801, 32635, 32634, 4326, 3857)
SAMPLE = 200
# About the size of a municipality: far less than the 121 km between the two systems' readings of one pair of numbers.
NEAR_M = 30_000


def srid_of(said: str | None, in_file: str | None, places: Iterable[tuple[float, float]]) -> int:
    """The EPSG code; `said` wins over `in_file`, and without both the candidates are tried on `places` (x, y of some
    features).
    """
    if said:
        return _code(said, "--crs")
    if in_file:
        return _code(in_file, "file")
    tried = list(places)[:SAMPLE]
    hits = [code for code in CANDIDATES if tried and all(_inside(code, place) for place in tried)]
    if len(hits) > 1:
        hits = [code for code in hits if _near_a_zone(code, tried[0])]
    if len(hits) == 1:
        return hits[0]
    raise BadInput(
        _("The file does not say its reference system, and it cannot be told from the numbers."),
        locator="crs",
        hint=_("Give it, such as --crs EPSG:7801. Possible here: %(codes)s.")
        % {"codes": ", ".join(f"EPSG:{code}" for code in hits) or _("none of the usual ones")},
    )


def _code(text: str, locator: str) -> int:
    try:
        crs = CRS.from_user_input(f"EPSG:{text}" if text.isdigit() else text)
    except CRSError as error:
        raise BadInput(
            _("“%(text)s” is not a reference system.") % {"text": text[:80]},
            locator=locator,
            hint=_("Write it as EPSG:7801."),
        ) from error
    code = crs.to_epsg(min_confidence=25)
    if code is None:
        raise BadInput(
            _("The reference system “%(name)s” has no EPSG code.") % {"name": crs.name},
            locator=locator,
            hint=_("Give the one it stands for, such as --crs EPSG:7801."),
        )
    return int(code)


def _inside(code: int, place: tuple[float, float]) -> bool:
    west, south, east, north = settings.REGISTRY_EXTENT
    try:
        x, y = Transformer.from_crs(code, 4326, always_xy=True).transform(*place)
    except ProjError:
        return False
    return math.isfinite(x) and math.isfinite(y) and west <= x <= east and south <= y <= north


def _near_a_zone(code: int, place: tuple[float, float]) -> bool:
    x, y = Transformer.from_crs(code, settings.REGISTRY_SRID, always_xy=True).transform(*place)
    return Zone.objects.filter(geom__dwithin=(Point(x, y, srid=settings.REGISTRY_SRID), NEAR_M)).exists()
