"""The public map: the page is complete before any script runs, and names what scripts need in one block of JSON."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.gis.db.models import Extent
from django.contrib.gis.db.models.functions import Transform
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from gis_portal.pages import basemap, found, values
from gis_portal.pages.plots.asking import asked
from gis_portal.pages.reading import reading
from gis_portal.pages.texts import script_texts
from gis_portal.templatetags.modules import loaded_with, modules_of
from layers.catalogue import Catalogue
from layers.layer import Layer
from registries.land.models import PlotStatus, Zone
from registries.networks.models import Theme

# Own modules, imported by bare name through the page's import map: their addresses carry a hash, sources need not know.
FOLDER = Path(__file__).parent.with_name("static")
# The tools' own modules are loaded when a tool is used, so the import map alone knows them.
TOOLS = sorted(f"tools/{file.stem}" for file in FOLDER.glob("portal/tools/*.js"))
NEEDED_BY_TOOLS = {module for tool in TOOLS for module in modules_of(tool)}
LIBRARY = "vendor/protomaps-leaflet/protomaps-leaflet.js"
# Seen at the start, the rest on demand: an investor asks for plots, streets and what stands there.
FIRST_SEEN = frozenset({"land", Theme.ROAD, Theme.RAIL})


@require_safe
@gzip_page
def index(request: HttpRequest) -> HttpResponse:
    with reading(request) as it:
        search = asked(request, it, with_ids=True)
        modules = loaded_with("main")
        context = {
            "modules": modules,
            "imports": sorted({*modules, *TOOLS, *NEEDED_BY_TOOLS}),
            "themes": themes(it.catalogue),
            "config": config(request),
            "asked": search,
            "found": found.data(it, search),
            "has_library": finders.find(LIBRARY) is not None,
            "tab": "layers" if request.GET.get("tab") == "layers" else "plots",
            "page": "map",
            "reading": it,
        }
        return render(request, "portal/map.html", context, status=search.status)


def themes(catalogue: Catalogue) -> list[dict[str, Any]]:
    """Layers by theme in the order of the legend."""
    order = {theme: place for place, theme in enumerate(["land", *Theme.values])}
    shown = sorted(catalogue, key=lambda layer: order.get(layer.theme, len(order)))
    titles = {"land": _("Land"), **{value: str(label) for value, label in Theme.choices}}
    return [
        {
            "key": theme,
            "title": titles[theme][:1].upper() + titles[theme][1:],
            "first_seen": theme in FIRST_SEEN,
            "layers": [(layer, classes(layer)) for layer in members],
        }
        for theme, members in groupby(shown, key=lambda layer: layer.theme)
    ]


def classes(layer: Layer) -> list[tuple[str, str]]:
    """The values by which the look of a layer differs, with their labels."""
    column = layer.column("status")
    if layer.key != "plots" or column is None:
        return []
    return [(value, values.code_label(layer, column, value)) for value in PlotStatus.values]


def config(request: HttpRequest) -> dict[str, Any]:
    """What the scripts need to know; addresses are this site's own."""
    return {
        "lang": get_language(),
        "style": "/styles/zone.json",
        "tiles": "/tiles/zone.json",
        "pick": "/map/pick",
        "feature": "/map/feature/",
        "search": "/map/search",
        "results": "/map/results",
        "tools": "/map/tools",
        "bounds": bounds(),
        "basemap": {"check": "/map/basemap", "choices": basemap.choices()},
        "texts": script_texts(),
    }


def bounds() -> list[float]:
    """West, south, east, north of all zones in degrees; of the registry's extent while there is none."""
    extent = Zone.objects.aggregate(extent=Extent(Transform("geom", 4326)))["extent"]
    return list(extent or settings.REGISTRY_EXTENT)
