"""The page that says how other programs get the data: addresses to copy, and projects for QGIS."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from gis_portal.pages.pick import catalogue_for
from layers.projects.sources import usual_configuration


@dataclass(frozen=True)
class Service:
    key: str
    name: str
    path: str
    purpose: str
    try_it: str = ""

    def address(self, request: HttpRequest) -> str:
        return request.build_absolute_uri(self.path)


def services() -> list[Service]:
    return [
        Service(
            "wfs", "WFS 1.0, 1.1, 2.0", "/ows/wfs",
            _("Features with all their attributes, for QGIS, ArcGIS and GDAL."),
            "/ows/wfs?SERVICE=WFS&REQUEST=GetCapabilities",
        ),
        Service(
            "ogc", "OGC API – Features", "/ogc/",
            _("The same features as GeoJSON, page by page, for programmers and for QGIS."),
            "/ogc/",
        ),
        Service(
            "wms", "WMS 1.1.1, 1.3.0", "/ows/wms",
            _("Finished map pictures in any reference system offered, for plans and reports."),
            "/ows/wms?SERVICE=WMS&REQUEST=GetCapabilities",
        ),
        Service(
            "wmts", "WMTS 1.0", "/ows/wmts",
            _("Map pictures in fixed tiles, the fastest background for desktop and web."),
            "/ows/wmts?SERVICE=WMTS&REQUEST=GetCapabilities",
        ),
        Service(
            "tiles", _("Vector tiles"), "/tiles/zone.json",
            _("TileJSON for MapLibre, QGIS and other clients; the matching style is /styles/zone.json."),
            "/tiles/zone.json",
        ),
    ]  # fmt: skip


@require_safe
@gzip_page
def index(request: HttpRequest) -> HttpResponse:
    listed = [(service, service.address(request)) for service in services()]
    told = {"services": listed, "layers": list(catalogue_for(request)), "own": own_project(request)}
    return render(request, "portal/services.html", {**told, "page": "services"})


def own_project(request: HttpRequest) -> dict[str, str] | None:
    """What a signed-in person needs for a project of their own."""
    if not request.user.is_authenticated:
        return None
    return {
        "name": request.user.get_username(),
        "configuration": usual_configuration(request.get_host()),
        "editing": request.build_absolute_uri("/ows/wfs/edit"),
    }


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Pages may be found; services would be crawled endlessly without anybody gaining from it."""
    closed = ("/admin/", "/ows/", "/ogc/", "/tiles/", "/map/", "/print.pdf", "/embed/")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    lines.append(f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def icon(request: HttpRequest) -> HttpResponse:
    """For the pages that name no icon of their own, such as the administration's: browsers ask here unbidden."""
    return redirect(static("portal/favicon.svg"), permanent=False)
