"""What the API says of itself: landing page, conformance, collections (OGC 17-069r4, 7.2 to 7.14)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from layers import crs
from layers.catalogue import Catalogue
from layers.features.links import GEOJSON, HTML, JSON, OPENAPI, address, both, link
from layers.known import extent_of
from layers.layer import Layer

CONFORMS_TO = [
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
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
            link("conformance", address(request, "conformance"), JSON, _("Standards that the API conforms to")),
            link("data", address(request, "collections"), JSON, _("Collections of features")),
        ],
    }


def conformance() -> dict[str, Any]:
    return {"conformsTo": CONFORMS_TO}


def collections(request: HttpRequest, catalogue: Catalogue) -> dict[str, Any]:
    return {
        "links": both(request, address(request, "collections")),
        "crs": SYSTEMS,
        "collections": [collection(request, catalogue, layer) for layer in catalogue],
    }


def collection(request: HttpRequest, catalogue: Catalogue, layer: Layer) -> dict[str, Any]:
    items = address(request, "items", layer.key)
    return {
        "id": layer.key,
        "title": layer.title,
        **({"description": layer.abstract} if layer.abstract else {}),
        "itemType": "feature",
        "extent": {"spatial": {"bbox": [list(extent_of(catalogue, layer))], "crs": crs.CRS84}},
        "crs": SYSTEMS,
        "storageCrs": crs.uri(settings.REGISTRY_SRID),
        "links": [
            *both(request, address(request, "collection", layer.key)),
            link("items", items, GEOJSON, _("The features as GeoJSON")),
            link("collection", address(request, "collections"), JSON, _("Collections of features")),
            link("root", address(request, "landing"), HTML, _("Start of the API")),
        ],
    }
