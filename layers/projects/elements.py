"""XML as QGIS writes it: elements with text and attributes, and its `Option` trees of settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from lxml import etree

Element: TypeAlias = etree._Element
# QVariant's names for types.
TYPES = {bool: "bool", int: "int", float: "double", str: "QString"}


def add(parent: Element, name: str, text: str = "", /, **attributes: object) -> Element:
    """A new last child; attributes whose value is None are left out."""
    element = etree.SubElement(parent, name)
    element.text = written(text) or None
    for key, value in attributes.items():
        if value is not None:
            element.set(key, written(value))
    return element


def written(value: object) -> str:
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return f"{value:.10g}"
    return "".join(sign for sign in str(value) if sign >= " " or sign in "\t\n\r")


def options(parent: Element, value: Any, name: str = "") -> Element:
    """`value` as QGIS keeps a QVariant: mappings, lists, and plain values with their type."""
    element = etree.SubElement(parent, "Option")
    if name:
        element.set("name", written(name))
    if isinstance(value, Mapping):
        element.set("type", "Map")
        for key, one in value.items():
            options(element, one, str(key))
    elif isinstance(value, list):
        element.set("type", "List")
        for one in value:
            options(element, one)
    else:
        element.set("type", TYPES[type(value)])
        element.set("value", str(value).lower() if isinstance(value, bool) else written(value))
    return element


def overrides(parent: Element, name: str, expressions: Mapping[str, str]) -> None:
    """What is worked out for each feature and scale: `expressions` by QGIS's names of properties."""
    active = {key: {"active": True, "expression": text, "type": 3} for key, text in expressions.items()}
    options(add(parent, name), {"name": "", "properties": active, "type": "collection"})
