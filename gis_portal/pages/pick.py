"""What the map asks when somebody points at it, opens a shared address, or types into the search field."""

from __future__ import annotations

import math
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gis_portal.pages import cards
from gis_portal.pages.answers import answers_json, number
from gis_portal.pages.reading import Reading, reading
from layers.access import reader_of
from layers.catalogue import Catalogue, catalogue_of
from layers.layer import Layer
from layers.pick import Feature, features, features_at
from layers.query import Query
from layers.search import search
from registries.core import audit
from registries.core.errors import NotFound

TOLERANCE_PX = 8
# Ground metres for one pixel of a 256 px tile at zoom 0 on the equator.
METRES_PER_PX = 156_543.033_928


def catalogue_for(request: HttpRequest) -> Catalogue:
    return catalogue_of(reader_of(request.user))


@require_GET
@answers_json
def pick(request: HttpRequest) -> dict[str, Any]:
    """The features at `lng`, `lat` (degrees) on a map of `zoom` that shows `layers`: GeoJSON, topmost first."""
    lng, lat = number(request.GET, "lng", -180, 180), number(request.GET, "lat", -85, 85)
    zoom = number(request.GET, "zoom", 0, 24)
    tolerance_m = TOLERANCE_PX * METRES_PER_PX * math.cos(math.radians(lat)) / 2**zoom
    with reading(request) as it:
        found = features_at(it.catalogue, _wanted(request, it.catalogue, zoom), (lng, lat), tolerance_m)
        return {"type": "FeatureCollection", "features": [shown(request, it, one) for one in found]}


def shown(request: HttpRequest, reading: Reading, feature: Feature) -> dict[str, Any]:
    """The card; who sees people named on it is noted."""
    card = cards.geojson(reading, feature)
    about = card["properties"]
    rows = [*about["rows"], *(row for part in about["related"] for row in part["rows"])]
    if named := sorted({row["name"] for row in rows} & cards.PERSONAL):
        audit.saw(request.user, f"{feature.layer.registry} {feature.id}", ", ".join(named))
    return card


def _wanted(request: HttpRequest, catalogue: Catalogue, zoom: float) -> list[Layer]:
    """The layers asked for that are drawn at this zoom; a tile of 512 px has one zoom less than the map."""
    keys = set(request.GET.get("layers", "").split(","))
    return [layer for layer in catalogue if layer.key in keys and layer.min_zoom <= zoom - 1 and layer.key != "offers"]


@require_GET
@answers_json
def feature(request: HttpRequest, layer: str, id: UUID) -> dict[str, Any]:
    """One feature by its address, as `pick` gives it."""
    with reading(request) as it:
        known = it.catalogue.get(layer)
        found = features(Query(layer=known, reader=it.catalogue.reader, ids=(id,))) if known else []
        if found:
            return shown(request, it, found[0])
        if it.when:
            raise NotFound(_("This feature was not in the registry on that day."), hint=_("Go back to today."))
    raise NotFound(
        _("This feature is not in the registry."),
        hint=_("It may have been withdrawn since the address was shared; search for its number."),
    )


@require_GET
@answers_json
def find(request: HttpRequest) -> dict[str, Any]:
    """Suggestions for `q`, the best first; always of today, because only today is indexed for it."""
    hits = search(catalogue_for(request), request.GET.get("q", ""))
    return {
        "results": [
            {
                "layer": hit.layer.key,
                "id": str(hit.id),
                "title": hit.title,
                "kind": hit.layer.title,
                "detail": _("formerly %(number)s") % {"number": hit.formerly} if hit.formerly else hit.detail,
                "bounds": hit.bounds,
            }
            for hit in hits
        ]
    }
