"""The API's definition in OpenAPI 3.0 (OGC 17-069r4, 9): what clients read to learn parameters, forms and the largest
page.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings

from layers.features import bodies, formats
from layers.features.asking import Asking
from layers.features.definitions import PARAMETERS, RESPONSES, SCHEMAS, SECURITY
from layers.features.schemas import parameter_schemas
from layers.features.tilesets import GRID, MVT
from layers.layer import Layer

Operation = dict[str, Any]
ITEMS = ("bbox", "bbox-crs", "crs", "datetime", "limit", "offset", "filter", "filter-lang", "filter-crs", "sortby",
         "properties", "lang")  # fmt: skip
TEXT = {"type": "string"}
TILE = {"tileMatrix": TEXT, "tileRow": TEXT, "tileCol": TEXT}
WRITING_ERRORS = ("400", "401", "403", "404", "409", "412", "413", "415", "422")


def content(served: dict[str, str], schema: str) -> dict[str, Any]:
    """Each form with its schema; what is no JSON is a text or a file."""
    return {
        form: {"schema": {"$ref": f"#/components/schemas/{schema}"} if "json" in form else other(form)}
        for form in served.values()
    }


def other(form: str) -> dict[str, Any]:
    return dict(TEXT) if form.startswith("text/") else {"type": "string", "format": "binary"}


def in_path(**names: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"name": name, "in": "path", "required": True, "schema": schema} for name, schema in names.items()]


def in_query(*names: str) -> list[dict[str, Any]]:
    return [{"$ref": f"#/components/parameters/{name}"} for name in names]


def form_parameter(served: dict[str, str]) -> dict[str, Any]:
    return {"name": "f", "in": "query", "required": False, "schema": {"type": "string", "enum": list(served)}}


def errors(*statuses: str) -> dict[str, Any]:
    return {status: {"$ref": "#/components/responses/Error"} for status in statuses}


def reading(
    id: str,
    summary: str,
    served: dict[str, str],
    *parameters: dict[str, Any],
    schema: str = "object",
    tag: str = "API",
    headers: tuple[str, ...] = (),
) -> dict[str, Any]:
    told = {name: {"schema": TEXT} for name in headers}
    ok = {"description": "OK", "content": content(served, schema), **({"headers": told} if told else {})}
    return {
        "get": {
            "operationId": id,
            "summary": summary,
            "tags": [tag],
            "parameters": [*parameters, form_parameter(served)],
            "responses": {"200": ok, **errors("400", "403", "404")},
        }
    }


def resource(id: str, summary: str, served: dict[str, str] = formats.RESOURCE, schema: str = "object") -> Operation:
    return reading(id, summary, served, *in_query("lang"), schema=schema)


def writing(id: str, summary: str, tag: str, types: tuple[str, ...], answer: str, schema: str) -> dict[str, Any]:
    """An operation that needs a token; `answer` is its status."""
    asked = {form: {"schema": {"$ref": f"#/components/schemas/{schema}"}} for form in types}
    guards = in_query("If-Match") if answer == "204" else []
    return {
        "operationId": id,
        "summary": summary,
        "tags": [tag],
        "parameters": [*in_query("Content-Crs", "Prefer"), *guards],
        **({"requestBody": {"required": True, "content": asked}} if types else {}),
        "responses": {answer: {"$ref": f"#/components/responses/{ANSWERS[answer]}"}, **errors(*WRITING_ERRORS)},
        "security": [{"token": []}, {"basic": []}],
    }


ANSWERS = {"201": "Created", "204": "Changed"}


def paths(it: Asking) -> dict[str, Any]:
    tile_path = f"tiles/{GRID}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"
    found = {
        "/": resource("getLandingPage", "Landing page", schema="landingPage"),
        "/conformance": resource("getConformance", "Conformance", schema="confClasses"),
        "/api": resource("getDefinition", "This definition", formats.DEFINITION),
        "/functions": resource("getFunctions", "Functions of filters"),
        "/collections": resource("getCollections", "Collections", schema="collections"),
        "/tileMatrixSets": resource("getTileMatrixSets", "Grids of tiles"),
        f"/tileMatrixSets/{GRID}": resource("getTileMatrixSet", "The grid of tiles"),
        "/tiles": resource("getTilesets", "Tilesets of the whole registry"),
        f"/tiles/{GRID}": resource("getTileset", "Tileset of the whole registry"),
        f"/{tile_path}": reading("getTile", "Tile of the whole registry", {"mvt": MVT}, *in_path(**TILE)),
        "/styles": resource("getStyles", "Styles"),
        "/styles/{styleId}": reading("getStyle", "Style", formats.STYLE, *in_path(styleId=TEXT)),
        "/styles/{styleId}/metadata": reading(
            "getStyleMetadata", "About a style", formats.RESOURCE, *in_path(styleId=TEXT)
        ),
    }
    for layer in it.layers:
        found |= of_collection(layer, tile_path, may_write=it.may_write(layer.key))
    return found


def of_collection(layer: Layer, tile_path: str, *, may_write: bool) -> dict[str, Any]:
    key, title, base = layer.key, layer.title, f"/collections/{layer.key}"
    parameters = [
        {"name": name, "in": "query", "required": False, "description": schema["title"], "schema": schema}
        for name, schema in parameter_schemas(layer).items()
    ]
    found = {
        base: reading(f"describe.{key}", title, formats.RESOURCE, schema="collection", tag=key),
        f"{base}/queryables": reading(f"queryables.{key}", title, formats.SCHEMAS, tag=key),
        f"{base}/schema": reading(f"schema.{key}", title, formats.SCHEMAS, tag=key),
        f"{base}/items": reading(
            f"features.{key}", title, formats.ITEMS, *in_query(*ITEMS), *parameters,
            schema="featureCollectionGeoJSON", tag=key, headers=("Content-Crs",),
        ),
        f"{base}/items/{{featureId}}": reading(
            f"feature.{key}", title, formats.ITEM, *in_query("crs", "datetime", "properties", "lang"),
            schema="featureGeoJSON", tag=key, headers=("Content-Crs", "ETag"),
        ),
        f"{base}/tiles": reading(f"tilesets.{key}", title, formats.RESOURCE, tag=key),
        f"{base}/tiles/{GRID}": reading(f"tileset.{key}", title, formats.RESOURCE, tag=key),
        f"{base}/{tile_path}": reading(f"tile.{key}", title, {"mvt": MVT}, *in_path(**TILE), tag=key),
    }  # fmt: skip
    found[f"{base}/items/{{featureId}}"]["parameters"] = in_path(featureId=TEXT)
    if may_write:
        one = f"{base}/items/{{featureId}}"
        found[f"{base}/items"]["post"] = writing(
            f"create.{key}", title, key, (formats.GEOJSON,), "201", "featuresGeoJSON"
        )
        found[one]["put"] = writing(f"replace.{key}", title, key, (formats.GEOJSON,), "204", "featureGeoJSON")
        found[one]["patch"] = writing(f"update.{key}", title, key, bodies.PATCH, "204", "object")
        found[one]["delete"] = writing(f"delete.{key}", title, key, (), "204", "object")
    return found


def definition(it: Asking, root: str) -> dict[str, Any]:
    """The whole document, with what this person may do; `root` is the address of the landing page."""
    return {
        "openapi": "3.0.3",
        "info": {"title": settings.SITE_NAME, "version": "1.0.0"},
        "servers": [{"url": root.rstrip("/")}],
        "paths": paths(it),
        "components": {
            "parameters": PARAMETERS,
            "responses": RESPONSES,
            "schemas": SCHEMAS,
            "securitySchemes": SECURITY,
        },
    }
