"""What the operations of the API's definition share: parameters, answers, shapes of documents (OpenAPI 3.0.3)."""

from __future__ import annotations

from typing import Any

from layers.features.answers import PROBLEM
from layers.features.describe import SYSTEMS
from layers.features.formats import GEOJSON, JSON
from layers.features.parameters import LANGUAGES, LIMIT_DEFAULT, LIMIT_MOST

Schema = dict[str, Any]
NUMBERS = {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}}
SYSTEM = {"type": "string", "format": "uri", "enum": SYSTEMS}
# As OGC 17-069r4 (7.15.2 to 7.15.4) and OGC 18-058r1 (6.2) want each of their parameters defined.
PLAIN = {"style": "form", "explode": False}
IN_QUERY: dict[str, Schema] = {
    "limit": {
        "description": "Features in one page. Tables and files that are taken away hold all unless it is given.",
        "schema": {"type": "integer", "minimum": 1, "maximum": LIMIT_MOST, "default": LIMIT_DEFAULT},
        **PLAIN,
    },
    "offset": {"schema": {"type": "integer", "minimum": 0, "default": 0}},
    "bbox": {"schema": NUMBERS, **PLAIN},
    "bbox-crs": {"schema": SYSTEM, **PLAIN},
    "crs": {"schema": SYSTEM, **PLAIN},
    "datetime": {
        "description": "A date, an instant (RFC 3339) or an interval: features as they were published then, each once"
        " and as it was last. A date means the end of that day; only some readers may ask for the past.",
        "schema": {"type": "string"},
        **PLAIN,
    },
    "filter": {"description": "A condition in CQL2 over the queryables.", "schema": {"type": "string"}, **PLAIN},
    "filter-lang": {"schema": {"type": "string", "enum": list(LANGUAGES), "default": LANGUAGES[0]}, **PLAIN},
    "filter-crs": {"description": "The system of the filter's shapes.", "schema": SYSTEM, **PLAIN},
    "sortby": {
        "description": "Properties in order of importance; a minus sign before one puts the largest first.",
        "schema": {"type": "array", "minItems": 1, "items": {"type": "string", "pattern": "[+-]?.+"}},
        **PLAIN,
    },
    "properties": {
        "description": "Just these properties of each feature.",
        "schema": {"type": "array", "items": {"type": "string"}},
        **PLAIN,
    },
    "lang": {"description": "The language of titles and texts.", "schema": {"type": "string", "enum": ["bg", "en"]}},
}
IN_HEADER: dict[str, Schema] = {
    "Content-Crs": {
        "description": "The system of the body's shapes, its axes in its authority's order; longitude and latitude"
        " unless said.",
        "schema": {"type": "string"},
    },
    "If-Match": {"description": "The ETag of the feature as it was read.", "schema": {"type": "string"}},
    "Prefer": {"description": "`return=representation` or `return=minimal`.", "schema": {"type": "string"}},
}
PARAMETERS = {
    **{name: {"name": name, "in": "query", "required": False, **rest} for name, rest in IN_QUERY.items()},
    **{name: {"name": name, "in": "header", "required": False, **rest} for name, rest in IN_HEADER.items()},
}


def of(*required: str, **properties: Schema) -> Schema:
    return {"type": "object", "required": list(required), "properties": properties}


def many(name: str) -> Schema:
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}}


TEXT: Schema = {"type": "string"}
SCHEMAS: dict[str, Schema] = {
    "object": {"type": "object"},
    "link": of("href", "rel", href=TEXT, rel=TEXT, type=TEXT, title=TEXT, templated={"type": "boolean"}),
    "landingPage": of("links", title=TEXT, description=TEXT, links=many("link")),
    "confClasses": of("conformsTo", conformsTo={"type": "array", "items": TEXT}),
    "collections": of("links", "collections", links=many("link"), collections=many("collection")),
    "collection": of(
        "id", "links", id=TEXT, title=TEXT, description=TEXT, itemType=TEXT, storageCrs=TEXT,
        crs={"type": "array", "items": TEXT}, extent={"type": "object"}, links=many("link"),
    ),
    "featureGeoJSON": of(
        "type", "geometry", "properties",
        type={"type": "string", "enum": ["Feature"]}, id=TEXT, geometry={"type": "object", "nullable": True},
        properties={"type": "object", "nullable": True}, links=many("link"),
    ),
    "featureCollectionGeoJSON": of(
        "type", "features",
        type={"type": "string", "enum": ["FeatureCollection"]}, features=many("featureGeoJSON"), links=many("link"),
        timeStamp={"type": "string", "format": "date-time"},
        numberMatched={"type": "integer", "minimum": 0}, numberReturned={"type": "integer", "minimum": 0},
    ),
    "featuresGeoJSON": {
        "oneOf": [
            {"$ref": "#/components/schemas/featureGeoJSON"},
            {"$ref": "#/components/schemas/featureCollectionGeoJSON"},
        ]
    },
    "exception": of(
        "code", code=TEXT, description=TEXT, parameter=TEXT, hint=TEXT, type=TEXT, title=TEXT, detail=TEXT,
        status={"type": "integer"}, problems={"type": "array", "items": {"type": "object"}},
        conflicts={"type": "array", "items": {"type": "object"}},
    ),
}  # fmt: skip
FEATURE = {GEOJSON: {"schema": {"$ref": "#/components/schemas/featureGeoJSON"}}}
RESPONSES: dict[str, Schema] = {
    "Error": {
        "description": "What is wrong",
        "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/exception"}}},
    },
    "Created": {
        "description": "Created; of several features, a list of theirs",
        "headers": {"Location": {"schema": TEXT}, "ETag": {"schema": TEXT}},
        "content": {**FEATURE, JSON: {"schema": {"type": "object"}}},
    },
    "Changed": {"description": "Done", "headers": {"ETag": {"schema": TEXT}}},
}
SECURITY: dict[str, Schema] = {
    "token": {"type": "http", "scheme": "bearer"},
    "basic": {"type": "http", "scheme": "basic", "description": "An access token as the password."},
}
