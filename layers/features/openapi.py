"""The API's definition in OpenAPI 3.0 (OGC 17-069r4, 9): what clients read to learn the largest page."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from layers.catalogue import Catalogue
from layers.features.describe import SYSTEMS
from layers.features.parameters import LIMIT_DEFAULT, LIMIT_MOST

JSON_OBJECT = {"application/json": {"schema": {"type": "object"}}}
GEOJSON_OBJECT = {"application/geo+json": {"schema": {"type": "object"}}}
NUMBERS = {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}}
# As OGC 17-069r4 (7.15.2 to 7.15.4) and OGC 18-058r1 (6.2) want each of their parameters defined.
PLAIN = {"style": "form", "explode": False}
PARAMETERS: dict[str, dict[str, Any]] = {
    "f": {"schema": {"type": "string", "enum": ["json", "html"]}},
    # Features come as GeoJSON only.
    "f-items": {"name": "f", "schema": {"type": "string", "enum": ["json"]}},
    "limit": {"schema": {"type": "integer", "minimum": 1, "maximum": LIMIT_MOST, "default": LIMIT_DEFAULT}, **PLAIN},
    "offset": {"schema": {"type": "integer", "minimum": 0, "default": 0}},
    "bbox": {"schema": NUMBERS, **PLAIN},
    "bbox-crs": {"schema": {"type": "string", "format": "uri", "enum": SYSTEMS}, **PLAIN},
    "crs": {"schema": {"type": "string", "format": "uri", "enum": SYSTEMS}, **PLAIN},
    "datetime": {
        "description": "A date, an instant (RFC 3339) or an interval: features as they were published then, each once"
        " and as it was last. A date means the end of that day; only some readers may ask for the past.",
        "schema": {"type": "string"},
        **PLAIN,
    },
}
ERRORS = {"400": {"$ref": "#/components/responses/Error"}, "404": {"$ref": "#/components/responses/Error"}}


def operation(summary: str, *parameters: str, content: dict[str, Any] = JSON_OBJECT, **path: Any) -> dict[str, Any]:
    return {
        "get": {
            "summary": summary,
            "parameters": [
                *({"name": name, "in": "path", "required": True, "schema": schema} for name, schema in path.items()),
                *({"$ref": f"#/components/parameters/{name}"} for name in parameters),
            ],
            "responses": {"200": {"description": "OK", "content": content}, **ERRORS},
        }
    }


def paths(catalogue: Catalogue) -> dict[str, Any]:
    found = {
        "/": operation("Landing page", "f"),
        "/conformance": operation("Conformance", "f"),
        "/api": operation("This definition", "f"),
        "/collections": operation("Collections", "f"),
    }
    text = {"type": "string"}
    for layer in catalogue:
        base = f"/collections/{layer.key}"
        found[base] = operation(layer.title, "f")
        found[f"{base}/items"] = operation(
            layer.title, "bbox", "bbox-crs", "crs", "datetime", "limit", "offset", "f-items", content=GEOJSON_OBJECT
        )
        found[f"{base}/items/{{featureId}}"] = operation(
            layer.title, "crs", "datetime", "f-items", content=GEOJSON_OBJECT, featureId=text
        )
    return found


def definition(catalogue: Catalogue, root: str) -> dict[str, Any]:
    """The whole document; `root` is the address of the landing page."""
    return {
        "openapi": "3.0.3",
        "info": {"title": settings.SITE_NAME, "version": "1.0.0"},
        "servers": [{"url": root.rstrip("/")}],
        "paths": paths(catalogue),
        "components": {
            "parameters": {
                name: {"name": name, "in": "query", "required": False, **rest} for name, rest in PARAMETERS.items()
            },
            "responses": {"Error": {"description": "What is wrong", "content": JSON_OBJECT}},
        },
    }
