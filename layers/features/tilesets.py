"""The portal's vector tiles by the addresses of OGC API – Tiles (OGC 20-057): of the whole registry and of each
collection, on the grid that all web maps share (OGC 17-083r4, WebMercatorQuad).
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import resolve, reverse
from django.utils.translation import gettext as _

from layers import crs
from layers.features.asking import Asking, asking
from layers.features.formats import JSON
from layers.features.links import OGC, Link, address, both, link
from layers.features.parameters import check
from layers.known import extent_of
from layers.layer import Layer
from registries.core.errors import BadInput, NotFound

GRID = "WebMercatorQuad"
GRID_URI = f"http://www.opengis.net/def/tilematrixset/OGC/1.0/{GRID}"
MVT = "application/vnd.mapbox-vector-tile"
# The tileset of everything, as the viewer draws it.
WHOLE = "zone"
ZOOMS = range(23)
# OGC 17-083r4, table D.1: half the equator of the sphere, and metres per pixel of 0.28 mm.
HALF_M, PIXEL_M, TILE_PX = 20_037_508.342789244, 0.00028, 256
DIMENSIONS = {"Point": 0, "LineString": 1, "MultiPolygon": 2}
TYPES = {"integer": "integer", "real": "number", "boolean": "boolean"}


def known(grid: str) -> None:
    if grid != GRID:
        raise NotFound(
            _("There is no grid of tiles “%(name)s”.") % {"name": grid[:80]},
            locator="tileMatrixSetId",
            hint=_("Use one of: %(names)s.") % {"names": GRID},
        )


def grids(request: HttpRequest) -> dict[str, Any]:
    one = address(request, "grid", GRID)
    entry = {"id": GRID, "title": GRID, "uri": GRID_URI, "crs": crs.uri(3857),
             "links": [link(f"{OGC}tiling-scheme", one, JSON, GRID), link("self", one, JSON, GRID)]}  # fmt: skip
    return {
        "title": _("Grids of tiles"),
        "tileMatrixSets": [entry],
        "links": both(request, address(request, "grids")),
    }


def grid(request: HttpRequest, grid: str) -> dict[str, Any]:
    """The grid after OGC 17-083r4, 7.1 (JSON of clause 11.2)."""
    known(grid)
    return {
        "id": GRID,
        "title": GRID,
        "uri": GRID_URI,
        "crs": crs.uri(3857),
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": [matrix(zoom) for zoom in ZOOMS],
        "links": both(request, address(request, "grid", GRID)),
    }


def matrix(zoom: int) -> dict[str, Any]:
    cell_m = 2 * HALF_M / TILE_PX / 2**zoom
    return {
        "id": str(zoom),
        "scaleDenominator": cell_m / PIXEL_M,
        "cellSize": cell_m,
        "cornerOfOrigin": "topLeft",
        "pointOfOrigin": [-HALF_M, HALF_M],
        "tileWidth": TILE_PX,
        "tileHeight": TILE_PX,
        "matrixWidth": 2**zoom,
        "matrixHeight": 2**zoom,
    }


def listed(request: HttpRequest, it: Asking, key: str) -> dict[str, Any]:
    """The tilesets of a collection, or (no key) of the whole registry; each is offered on one grid."""
    layer = it.layer(key) if key else None
    own = at(request, "tileset", key, GRID)
    entry = {
        "title": layer.title if layer else settings.SITE_NAME,
        "dataType": "vector",
        "crs": crs.uri(3857),
        "tileMatrixSetId": GRID,
        "tileMatrixSetURI": GRID_URI,
        "links": [
            link("self", own, JSON),
            link(f"{OGC}tiling-scheme", address(request, "grid", GRID), JSON, _("Grid of the tiles")),
            template(request, key),
        ],
    }
    return {"title": _("Vector tiles"), "tilesets": [entry], "links": both(request, at(request, "tilesets", key))}


def described(request: HttpRequest, it: Asking, key: str, grid: str) -> dict[str, Any]:
    """One tileset (OGC 17-083r4, 8): its layers with their columns, and where its tiles are."""
    known(grid)
    layers = [it.layer(key)] if key else list(it.catalogue)
    west, south, east, north = settings.REGISTRY_EXTENT
    if key:
        west, south, east, north = extent_of(it.catalogue_with(key), layers[0])
    return {
        "title": layers[0].title if key else settings.SITE_NAME,
        "dataType": "vector",
        "crs": crs.uri(3857),
        "tileMatrixSetId": GRID,
        "tileMatrixSetURI": GRID_URI,
        "boundingBox": {"lowerLeft": [west, south], "upperRight": [east, north], "crs": crs.CRS84},
        "layers": [of_layer(layer) for layer in layers],
        "links": [
            *both(request, at(request, "tileset", key, GRID)),
            link(f"{OGC}tiling-scheme", address(request, "grid", GRID), JSON, _("Grid of the tiles")),
            template(request, key),
            *([link(f"{OGC}geodata", address(request, "collection", key), JSON, layers[0].title)] if key else []),
        ],
    }


def of_layer(layer: Layer) -> dict[str, Any]:
    """What a tile carries of a layer: just the columns that are drawn."""
    carried = [column for column in layer.columns if column.tile_zoom is not None]
    properties = {one.name: {"title": one.title, "type": TYPES.get(one.type, "string")} for one in carried}
    return {
        "id": layer.key,
        "title": layer.title,
        "dataType": "vector",
        "geometryDimension": DIMENSIONS[layer.geometry],
        "minTileMatrix": str(layer.min_zoom),
        "propertiesSchema": {"type": "object", "properties": {"id": {"type": "string"}, **properties}},
    }


def at(request: HttpRequest, name: str, key: str, *more: str) -> str:
    """The address of the collection's resource, or of the same of the whole registry."""
    return address(request, f"collection-{name}", key, *more) if key else address(request, name, *more)


def template(request: HttpRequest, key: str) -> Link:
    """The tiles' addresses as a template (OGC 20-057, 8.2, requirement F)."""
    href = f"{at(request, 'tileset', key, GRID)}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"
    return {**link("item", href, MVT, _("Vector tiles")), "templated": True}


def tile(request: HttpRequest, grid: str, z: str, row: str, column: str, key: str = "") -> HttpResponseBase:
    """One tile, as the portal's own address of tiles gives it (OGC 20-057, 7.1): rows come before columns here."""
    check(request.GET, ("f", "lang"))
    if request.GET.get("f", "mvt") != "mvt":
        raise BadInput(
            _("This format is not served."), locator="f", hint=_("Use one of: %(names)s.") % {"names": "mvt"}
        )
    known(grid)
    if key:
        asking(request).layer(key)
    try:
        # By its address, because protocols do not know each other; always of the present revision.
        found = resolve(reverse("tiles:tile", args=[key or WHOLE, "now", z, column, row]))
        return found.func(request, *found.args, **found.kwargs)
    except (BadInput, Http404):
        raise NotFound(_("There is no such tile on the grid."), locator="tileMatrix/tileRow/tileCol") from None
