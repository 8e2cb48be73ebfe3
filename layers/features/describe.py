"""What the API says of itself: landing page, conformance, collections (OGC 17-069r4, 7.2 to 7.14)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from layers import crs
from layers.features import formats
from layers.features.asking import Asking
from layers.features.formats import GEOJSON, HTML, JSON, OPENAPI, SCHEMA, XML
from layers.features.links import OGC, Link, address, both, link
from layers.filters import cql2
from layers.known import extent_of
from layers.layer import Layer

SPEC = "http://www.opengis.net/spec/"
CONFORMS_TO = [
    *(f"{SPEC}ogcapi-common-1/1.0/conf/{name}" for name in ("core", "landing-page", "html", "json", "oas30")),
    *(f"{SPEC}ogcapi-common-2/1.0/conf/{name}" for name in ("collections", "html", "json")),
    *(f"{SPEC}ogcapi-features-1/1.0/conf/{name}" for name in ("core", "oas30", "html", "geojson")),
    f"{SPEC}ogcapi-features-2/1.0/conf/crs",
    *(
        f"{SPEC}ogcapi-features-3/1.0/conf/{name}"
        for name in ("queryables", "queryables-query-parameters", "filter", "features-filter")
    ),
    *(
        f"{SPEC}ogcapi-features-4/1.0/conf/{name}"
        for name in ("create-replace-delete", "update", "optimistic-locking-etags", "features")
    ),
    *(
        f"{SPEC}ogcapi-features-5/1.0/conf/{name}"
        for name in ("schemas", "core-roles-features", "returnables-and-receivables")
    ),
    *cql2.CONFORMS_TO,
    *(
        f"{SPEC}ogcapi-tiles-1/1.0/conf/{name}"
        for name in ("core", "tileset", "tilesets-list", "dataset-tilesets", "geodata-tilesets", "mvt", "oas30")
    ),
    *(f"{SPEC}tms/2.0/conf/{name}" for name in ("tilematrixset", "json-tilematrixset", "tilesetmetadata")),
    *(f"{SPEC}ogcapi-styles-1/1.0/conf/{name}" for name in ("core", "mapbox-styles")),
]
# CRS84 first: it is what is served unless another is asked for.
SYSTEMS = [crs.CRS84, *(crs.uri(srid) for srid in crs.SRIDS)]


def landing(request: HttpRequest) -> dict[str, Any]:
    return {
        "title": settings.SITE_NAME,
        "description": _("Land, plots on offer and engineering networks of an industrial zone."),
        "links": [
            *both(request, address(request, "landing")),
            link("service-desc", address(request, "api"), OPENAPI, _("Definition of the API")),
            link("service-doc", f"{address(request, 'api')}?f=html", HTML, _("Description of the API for people")),
            link("conformance", address(request, "conformance"), JSON, _("Standards that the API conforms to")),
            link("data", address(request, "collections"), JSON, _("Collections of features")),
            link(f"{OGC}functions", address(request, "functions"), JSON, _("Functions of filters")),
            link(f"{OGC}tilesets-vector", address(request, "tilesets"), JSON, _("Vector tiles")),
            link(f"{OGC}tiling-schemes", address(request, "grids"), JSON, _("Grids of tiles")),
            link(f"{OGC}styles", address(request, "styles"), JSON, _("Styles")),
        ],
    }


def conformance() -> dict[str, Any]:
    return {"conformsTo": CONFORMS_TO}


def collections(request: HttpRequest, it: Asking) -> dict[str, Any]:
    return {
        "title": _("Collections of features"),
        "links": both(request, address(request, "collections")),
        "crs": SYSTEMS,
        "collections": [collection(request, it, layer) for layer in it.layers],
    }


def collection(request: HttpRequest, it: Asking, layer: Layer) -> dict[str, Any]:
    return {
        "id": layer.key,
        "title": layer.title,
        **({"description": layer.abstract} if layer.abstract else {}),
        "itemType": "feature",
        "extent": {
            "spatial": {"bbox": [list(extent_of(it.catalogue_with(layer.key), layer))], "crs": crs.CRS84},
            "temporal": {"interval": [[None, None]], "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"},
        },
        "crs": SYSTEMS,
        "storageCrs": crs.uri(settings.REGISTRY_SRID),
        "links": [*both(request, address(request, "collection", layer.key)), *parts(request, layer)],
    }


def parts(request: HttpRequest, layer: Layer) -> list[Link]:
    """What belongs to a collection."""
    items, key = address(request, "items", layer.key), layer.key
    metadata = request.build_absolute_uri(reverse("metadata:iso", args=[key]))
    return [
        link("items", items, GEOJSON, _("The features as GeoJSON")),
        *(link("items", f"{items}?f={name}", formats.ITEMS[name], title) for name, title in forms().items()),
        link(f"{OGC}queryables", address(request, "queryables", key), SCHEMA, _("What can be asked for")),
        link(f"{OGC}schema", address(request, "schema", key), SCHEMA, _("Schema of a feature")),
        link("describedby", address(request, "schema", key), SCHEMA, _("Schema of a feature")),
        link("describedby", metadata, XML, _("Metadata (ISO 19139)")),
        *([link("license", settings.DATA_LICENCE, HTML, _("Licence"))] if settings.DATA_LICENCE else []),
        link(f"{OGC}tilesets-vector", address(request, "collection-tilesets", key), JSON, _("Vector tiles")),
        link("collection", address(request, "collections"), JSON, _("Collections of features")),
        link("root", address(request, "landing"), JSON, _("Start of the API")),
    ]


def forms() -> dict[str, str]:
    """The other forms of features, with what to call them."""
    return {
        "html": _("The features as a page"),
        "csv": _("The features as a table (CSV)"),
        "fgb": _("The features as FlatGeobuf"),
        "gpkg": _("The features as GeoPackage"),
    }
