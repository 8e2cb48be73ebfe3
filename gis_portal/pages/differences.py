"""How a difference is told to the map of differences: one JSON with what there is and where, tiles, and single things.

Who may see it is decided before; an answer is kept by that person's browser alone, under the difference's edition.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from gis_portal.pages.answers import number
from gis_portal.pages.pick import METRES_PER_PX, TOLERANCE_PX
from layers.differences.features import Item, features, items_at
from layers.differences.sides import Difference
from layers.differences.summary import summary
from layers.differences.tile import tile
from layers.tiles.answers import Asked, pack, parse
from registries.core.errors import BadInput

KEPT_S = 3600


def about(difference: Difference, address: str, query: str = "") -> dict[str, Any]:
    """What the map asks first; `address` is where this difference's tiles and things are, `query` what they need."""
    found = summary(difference)
    more = f"&{query}" if query else ""
    return {
        "counts": found.counts,
        "unplaced": found.unplaced,
        "bounds": found.bounds,
        "edition": difference.edition,
        "tiles": f"{address}/{{z}}/{{x}}/{{y}}.mvt?edition={difference.edition}{more}",
        "things": f"{address}/things{'?' if query else ''}{query}",
    }


def things(request: HttpRequest, difference: Difference, item_of: Callable[[str], Item]) -> dict[str, Any]:
    """GeoJSON of the things at `lng`, `lat` on a map of `zoom`, the topmost first, or of one `item`."""
    if "item" in request.GET:
        items = [item_of(request.GET["item"])]
    else:
        lng, lat = number(request.GET, "lng", -180, 180), number(request.GET, "lat", -85, 85)
        pixel_m = METRES_PER_PX * math.cos(math.radians(lat)) / 2 ** number(request.GET, "zoom", 0, 24)
        items = items_at(difference, (lng, lat), TOLERANCE_PX * pixel_m)
    return {"type": "FeatureCollection", "features": features(difference, items)}


def whole_number(text: str) -> int:
    """An item of a change set as the address has it. Raises BadInput."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise BadInput(_("The number of a change is a whole number."), locator="item")
    return int(text)


def drawn(request: HttpRequest, difference: Difference, place: dict[str, str]) -> HttpResponse:
    """One tile: 200, 204 where nothing differs, or 304."""
    zoom, column, row = parse(Asked(tileset="", revision="", z=place["z"], x=place["x"], y=place["y"]))
    tag = f'W/"{difference.edition}"'
    if tag in request.headers.get("If-None-Match", ""):
        response = HttpResponse(status=304)
    else:
        content = tile(difference, zoom, column, row)
        packed, headers = pack(content, request.headers.get("Accept-Encoding", "")) if content else (b"", {})
        response = HttpResponse(packed, status=200 if content else 204, headers=headers)
    if response.status_code != 200:
        del response["Content-Type"]
    is_present = request.GET.get("edition") == difference.edition
    response["ETag"] = tag
    response["Cache-Control"] = f"private, {f'max-age={KEPT_S}' if is_present else 'no-cache'}"
    return response
