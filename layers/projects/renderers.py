"""How QGIS draws a layer: our styles as one symbol, or as one symbol for each value of the column that decides.

A legend of categories is what people expect and can change; whatever else the look depends on becomes an expression.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from layers.expressions import evaluate, parts, properties_of
from layers.layer import Layer
from layers.projects.elements import Element, add
from layers.projects.looks import symbol_layer
from layers.projects.phrases import Known, is_constant
from layers.style_subset import Style, values
from layers.styles import layers_of
from registries.core import codes

SYMBOLS = {"MultiPolygon": "fill", "LineString": "line", "Point": "marker"}
OTHERS = ""
# So many values that look alike are named one by one; more are called others.
NAMED_MAX = 3


@dataclass(frozen=True)
class Category:
    value: str
    label: str
    symbol: Element


def renderer(parent: Element, layer: Layer) -> None:
    shapes = [style for style in layers_of(layer) if style["type"] != "symbol"]
    column = deciding(shapes)
    common = {"forceraster": 0, "symbollevels": len(shapes) > 1, "enableorderby": 0}
    if not column:
        element = add(parent, "renderer-v2", type="singleSymbol", **common)
        add(element, "symbols").append(symbol(layer, shapes, {}, "0"))
        return
    element = add(parent, "renderer-v2", type="categorizedSymbol", attr=column, **common)
    listed, symbols = add(element, "categories"), add(element, "symbols")
    for number, category in enumerate(categories(layer, shapes, column)):
        add(listed, "category", value=category.value, label=category.label, symbol=number, render="true")
        category.symbol.set("name", str(number))
        symbols.append(category.symbol)


def deciding(shapes: list[Style]) -> str:
    """The column by whose values the styles differ: that of `match` before that of a filter; empty if none does."""
    chosen = [name for style in shapes for value in values(style).values() for name in _matched(value)]
    filtered = [name for style in shapes for name in sorted(properties_of(style.get("filter")))]
    return next(iter([*chosen, *filtered]), "")


def _matched(expression: Any) -> Iterator[str]:
    inner = parts(expression)
    if inner and expression[0] == "match":
        yield from sorted(properties_of(expression[1]))
    for one in inner:
        yield from _matched(one)


def categories(layer: Layer, shapes: list[Style], column: str) -> list[Category]:
    """One for each value that looks different from what no style names; these come last, together."""
    others = symbol(layer, shapes, {column: None})
    found, alike = [], []
    for value, label in labels(layer, column, shapes).items():
        one = symbol(layer, shapes, {column: value})
        if etree.tostring(one) == etree.tostring(others):
            alike.append(label)
        else:
            found.append(Category(value, label, one))
    rest = ", ".join(alike) if 0 < len(alike) <= NAMED_MAX else _("others")
    return [*found, Category(OTHERS, rest, others)]


def labels(layer: Layer, column: str, shapes: list[Style]) -> dict[str, str]:
    """The values of `column` with their words: those of its code list, otherwise those that the styles name."""
    known = layer.column(column)
    listed = codes.labels(known.code_list) if known and known.code_list else {}
    if listed:
        return {value: titles.title for value, titles in listed.items()}
    named = {value for style in shapes for part in (style.get("filter"), *values(style).values())
             for value in _named(part)}  # fmt: skip
    return {value: value for value in sorted(named)}


def _named(expression: Any) -> Iterator[str]:
    """The words that `expression` compares with."""
    match expression:
        case ["match", _value, *cases, _fallback]:
            yield from (word for label in cases[::2] for word in (label if isinstance(label, list) else [label]))
        case ["in", _value, ["literal", [*words]]]:
            yield from words
        case ["==" | "!=", _value, word]:
            yield word
    for one in parts(expression):
        yield from _named(one)


def symbol(layer: Layer, shapes: list[Style], known: Known, name: str = "") -> Element:
    """What the styles draw for features with the properties `known`: invisible if that is nothing."""
    element = etree.Element("symbol", type=SYMBOLS[layer.geometry], name=name, alpha="1", clip_to_extent="1")
    drawn = [(level, style) for level, style in enumerate(shapes) if _passes(style, known)]
    for level, style in drawn or [(0, shapes[0])]:
        symbol_layer(element, style, known, level, layer.min_zoom, bool(drawn))
    return element


def _passes(style: Style, known: Known) -> bool:
    """Whether the style draws them, or some of them: then the condition goes with its layer."""
    condition = style.get("filter")
    return condition is None or not is_constant(condition, known) or bool(evaluate(condition, 0, known))
