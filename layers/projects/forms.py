"""The form and the table of a layer in QGIS: names of columns, lists to choose from, what must be filled in and what
cannot be written. It warns before the door refuses; the door alone decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models

from layers.layer import Column, Layer
from layers.projects.elements import Element, add, options
from layers.projects.phrases import column as quoted
from layers.projects.phrases import literal
from layers.projects.relations import Link
from registries.core import codes
from registries.core.records import registry_model
from registries.networks.catalogue import kinds

# QGIS's own sign for no value in a list.
NO_VALUE = "{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}"
NOT_NULL, UNIQUE = 1, 2
REFUSED, WARNED = 1, 2
# By what people know a feature, the best first.
NAMES = ("name", "code", "national_cadastral_reference", "label", "plot")


@dataclass(frozen=True)
class Filling:
    """What the registry expects in one column."""

    is_required: bool = False
    is_unique: bool = False
    is_long: bool = False
    default: Any = None


def form(parent: Element, layer: Layer, links: Iterable[Link], *, edited: bool) -> None:
    """Everything about the layer's columns; `links` are its relations to other layers of the project."""
    found = {column.name: filling(layer, column) for column in layer.columns}
    by_column = {link.column: link for link in links}
    fields = add(parent, "fieldConfiguration")
    for column in layer.columns:
        field = add(fields, "field", name=column.name, configurationFlags="None")
        kind, settings = widget(column, found[column.name], by_column.get(column.name))
        options(add(add(field, "editWidget", type=kind), "config"), settings)
    aliases = add(parent, "aliases")
    for index, column in enumerate(layer.columns):
        add(aliases, "alias", field=column.name, index=index, name=alias(column))
    if edited:
        _rules(parent, layer, found)
    editable = add(parent, "editable")
    for column in layer.columns:
        add(editable, "field", name=column.name, editable=edited and column.writes is not None)
    add(parent, "editorlayout", "generatedlayout")
    if name := next((name for name in NAMES if layer.column(name)), ""):
        add(parent, "previewExpression", quoted(name))


def _rules(parent: Element, layer: Layer, found: dict[str, Filling]) -> None:
    defaults, constraints = add(parent, "defaults"), add(parent, "constraints")
    for column in layer.columns:
        one = found[column.name]
        if one.default is not None:
            add(defaults, "default", field=column.name, expression=literal(one.default), applyOnUpdate=0)
        add(
            constraints, "constraint",
            field=column.name, constraints=NOT_NULL * one.is_required + UNIQUE * one.is_unique,
            notnull_strength=REFUSED * one.is_required, unique_strength=WARNED * one.is_unique, exp_strength=0,
        )  # fmt: skip


def alias(column: Column) -> str:
    """The title as a heading, with the unit unless the title says it."""
    title = column.title[:1].upper() + column.title[1:]
    return f"{title} ({column.unit})" if column.unit and not title.endswith(")") else title


def filling(layer: Layer, column: Column) -> Filling:
    writes = column.writes
    if writes is None:
        return Filling()
    if writes.key:
        kind = kinds.now().get(layer.key)
        attribute = kind.attributes.get(writes.key) if kind else None
        return Filling(is_required=attribute is not None and attribute.required)
    field = next(f for f in registry_model(layer.registry)._meta.concrete_fields if f.column == writes.column)
    has_default = field.has_default() and not callable(field.default) and field.default != ""
    return Filling(
        is_required=not (field.blank or field.null or field.has_default()),
        is_unique=field.unique,
        is_long=isinstance(field, models.TextField),
        default=field.default if has_default else None,
    )


def widget(column: Column, filled: Filling, link: Link | None) -> tuple[str, dict[str, Any]]:
    """QGIS's kind of widget and its settings."""
    if link:
        return "RelationReference", {
            "Relation": link.id,
            "AllowNULL": not filled.is_required,
            "OrderByValue": True,
            "ShowForm": False,
            "MapIdentification": False,
        }
    listed = codes.labels(column.code_list) if column.code_list else {}
    if listed:
        empty = [] if filled.is_required or filled.default is not None else [{"–": NO_VALUE}]
        return "ValueMap", {"map": [*empty, *({titles.title: value} for value, titles in listed.items())]}
    if column.type in ("date", "datetime"):
        clock = " HH:mm:ss" if column.type == "datetime" else ""
        return "DateTime", {
            "allow_null": True,
            "calendar_popup": True,
            "display_format": f"dd.MM.yyyy{clock}",
            "field_format": f"yyyy-MM-dd{clock}",
            "field_iso_format": False,
        }
    if column.type == "boolean":
        return "CheckBox", {"AllowNullState": True}
    return "TextEdit", {"IsMultiline": filled.is_long, "UseHtml": False}
