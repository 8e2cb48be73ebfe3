"""What the map's tools need to know and to say: asked for when a visitor uses the first of them, not with the page."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.gis.gdal import SpatialReference
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gis_portal.pages.answers import answers_json
from gis_portal.pages.map import bounds
from gis_portal.pages.tools.paper import SCALES, TITLE_MAX, sizes
from gis_portal.pages.tools.texts import tool_texts
from layers.crs import is_geographic

WGS84, UTM_35N, BGS_2005 = 4326, 32635, 7801


@require_GET
@answers_json
def facts(request: HttpRequest) -> dict[str, Any]:
    return {
        "texts": tool_texts(),
        "proj4": static("leaflet/proj4.js"),
        "systems": [system(srid) for srid in dict.fromkeys((settings.REGISTRY_SRID, BGS_2005, UTM_35N, WGS84))],
        "plane": system(settings.REGISTRY_SRID),
        "bounds": bounds(),
        "extent": settings.REGISTRY_EXTENT,
        "print": {"path": reverse("print"), "scales": SCALES, "sizes": sizes(), "titleMax": TITLE_MAX},
        "embed": {"path": reverse("embed"), "sites": sites()} if settings.EMBED_ORIGINS else None,
    }


def system(srid: int) -> dict[str, Any]:
    names = {
        BGS_2005: (_("BGS 2005, cadastral coordinate system"), "BGS 2005"),
        UTM_35N: (_("WGS 84, UTM zone 35 north"), "UTM 35N"),
        WGS84: (_("WGS 84, degrees"), "WGS 84"),
    }
    name, short = names.get(srid, ("EPSG", f"EPSG:{srid}"))
    return {
        "srid": srid,
        "name": f"{name} (EPSG:{srid})",
        "short": short,
        "definition": definition(srid),
        "isGeographic": is_geographic(srid),
    }


@cache
def definition(srid: int) -> str:
    """As proj4js reads it."""
    return str(SpatialReference(srid).proj)


def sites() -> str:
    """Who may show the map, in words."""
    return _("every site") if "*" in settings.EMBED_ORIGINS else ", ".join(settings.EMBED_ORIGINS)
