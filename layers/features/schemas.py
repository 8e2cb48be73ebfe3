"""Collections as JSON Schema: what can be asked for (queryables, OGC 19-079r2, 6) and what a feature is, as it is read
and as it is written (OGC 23-058, drafted as Part 5, 7 and 10).

The schemas are logical: a value that is not known is absent from them, while GeoJSON writes it as null.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext as _

from layers.features.parameters import queryables
from layers.layer import Column, Layer
from registries.core import codes
from registries.core.records import registry_model

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TYPES: dict[str, dict[str, str]] = {
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "real": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "uuid": {"type": "string", "format": "uuid"},
}
# Units are told in UCUM, which spells some otherwise than the asset catalogue.
UCUM = {"degC": "Cel", "°C": "Cel", "m²": "m2", "m³": "m3", "m³/h": "m3/h"}
GEOMETRY = "geom"
# What OpenAPI 3.0 knows of it.
OF_OPENAPI = frozenset({"title", "type", "format", "enum"})


def id_schema() -> dict[str, Any]:
    return {
        "title": _("Identifier"),
        "type": "string",
        "format": "uuid",
        "readOnly": True,
        "x-ogc-role": "id",
        "x-ogc-propertySeq": 1,
    }


def geometry_schema(layer: Layer) -> dict[str, Any]:
    """`format` and no `type` (OGC 23-058, 7.1, requirement B and C)."""
    return {
        "title": _("Geometry"),
        "format": f"geometry-{layer.geometry.lower()}",
        "x-ogc-role": "primary-geometry",
        "x-ogc-propertySeq": 2,
    }


def plain(layer: Layer, column: Column) -> dict[str, Any]:
    """The type of a column, its title, its unit and its codes."""
    found: dict[str, Any] = {"title": column.title, **TYPES[column.type]}
    if column.unit:
        found |= {"x-ogc-unit": UCUM.get(column.unit, column.unit), "x-ogc-unitLang": "UCUM"}
    listed = coded(layer, column)
    if listed:
        found |= {"enum": list(listed), "oneOf": [{"const": code, "title": title} for code, title in listed.items()]}
    return found


def coded(layer: Layer, column: Column) -> dict[str, str]:
    """The codes with their titles, from the list that staff keep, else from the model's own choices."""
    if not column.code_list:
        return {}
    field = stored(layer, column)
    known = {code: titles.title for code, titles in codes.labels(column.code_list).items()}
    known = known or {str(code): str(title) for code, title in getattr(field, "choices", None) or ()}
    if known and (field is None or field.blank):
        known.setdefault("", _("not known"))
    return known


def stored(layer: Layer, column: Column) -> Any:
    """The model's field of the same name; None for what is computed or an attribute."""
    try:
        return registry_model(layer.registry)._meta.get_field(column.name)
    except FieldDoesNotExist:
        return None


def queryable_schema(layer: Layer, address: str) -> dict[str, Any]:
    """What filters and parameters may name; all else is refused."""
    columns = {column.name: plain(layer, column) for column in layer.columns}
    return head(layer, address) | {
        "properties": {"id": asked(id_schema()), GEOMETRY: asked(geometry_schema(layer)), **columns},
        "additionalProperties": False,
    }


def asked(schema: dict[str, Any]) -> dict[str, Any]:
    """Without what is about the order of columns only."""
    return {name: value for name, value in schema.items() if name != "x-ogc-propertySeq"}


def feature_schema(layer: Layer, address: str) -> dict[str, Any]:
    """What is returned and received: computed columns are read only, others may be written by whoever may edit."""
    columns = {}
    for number, column in enumerate(layer.columns, start=3):
        found = plain(layer, column) | {"x-ogc-propertySeq": number}
        longest = getattr(stored(layer, column), "max_length", None)
        if column.writes is None:
            found["readOnly"] = True
        elif longest and column.type == "text" and not column.writes.registry:
            found["maxLength"] = longest
        columns[column.name] = found
    return head(layer, address) | {
        "properties": {"id": id_schema(), GEOMETRY: geometry_schema(layer), **columns},
        "required": [column.name for column in layer.columns if is_required(layer, column)],
        "additionalProperties": False,
    }


def is_required(layer: Layer, column: Column) -> bool:
    """Whether a new feature needs a value for it."""
    writes = column.writes
    if writes is None or writes.key or writes.bound or writes.column in layer.fixed:
        return False
    field: Any = registry_model(layer.registry)._meta.get_field(writes.column)
    return not (field.null or field.blank or field.has_default())


def head(layer: Layer, address: str) -> dict[str, Any]:
    described = {"description": layer.abstract} if layer.abstract else {}
    return {"$schema": DIALECT, "$id": address, "type": "object", "title": layer.title, **described}


def parameter_schemas(layer: Layer) -> dict[str, dict[str, Any]]:
    """The queryables that are query parameters, for the API's definition."""
    return {
        column.name: {name: value for name, value in plain(layer, column).items() if name in OF_OPENAPI}
        for column in queryables(layer)
    }
