"""A Mapnik map made from our styles at one zoom: expressions are worked out here, Mapnik gets numbers and colours.

Zooms are MapLibre's (512 px tiles). What differs from feature to feature becomes one Mapnik rule for each case.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from xml.etree import ElementTree

from layers.expressions import evaluate, parts
from layers.style_subset import CONSTANT, Style, drivers, values

Element = ElementTree.Element
FACES = {"DejaVu Sans": "DejaVu Sans Book", "DejaVu Sans Bold": "DejaVu Sans Bold"}
AS_WRITTEN = CONSTANT | {"text-field"}
EDGE_PX = (
    128  # How far outside the image features are still read, so that labels and thick lines do not end at its edge.
)


@dataclass(frozen=True)
class Plan:
    """What to draw, bottom to top: styles as Mapnik XML, and layer keys, each with the styles that draw it."""

    styles: str
    runs: tuple[tuple[str, tuple[str, ...]], ...]


def plan(styles: Iterable[Style], areas: Collection[str], zoom: float) -> Plan:
    """How `styles`, bottom to top, look at `zoom`; `areas` are the keys of layers of polygons."""
    root = Element("Map", {"srs": "epsg:3857", "buffer-size": str(EDGE_PX)})
    shown = [style for style in styles if style.get("minzoom", 0) <= zoom < style.get("maxzoom", 99)]
    runs = []
    for key, run in groupby(shown, key=lambda style: style["source-layer"]):
        together = list(run)
        for style in together:
            root.append(style_element(style, zoom, key in areas))
        runs.append((key, tuple(style["id"] for style in together)))
    return Plan(ElementTree.tostring(root, encoding="unicode"), tuple(runs))


def style_element(style: Style, zoom: float, is_area: bool) -> Element:
    element = Element("Style", {"name": style["id"]})
    base = [filter_expression(style["filter"])] if "filter" in style else []
    for condition, properties in cases(style):
        rule = ElementTree.SubElement(element, "Rule")
        conditions = [*base, *([condition] if condition else [])]
        if conditions:
            ElementTree.SubElement(rule, "Filter").text = " and ".join(f"({one})" for one in conditions)
        look = {
            name: value if name in AS_WRITTEN else evaluate(value, zoom, properties)
            for name, value in values(style).items()
        }
        rule.append(_SYMBOLIZERS[style["type"]](look, properties, is_area))
    return element


def cases(style: Style) -> Iterator[tuple[str, dict[str, Any]]]:
    """The disjoint cases in which the look differs: a Mapnik condition, and a feature that stands for all of it."""
    found = drivers(style)
    if not found:
        yield "", {}
        return
    name = found.pop()
    labels: set[str] = set()
    stops: set[float] = set()
    for value in values(style).values():
        _collect(value, labels, stops)
    for label in sorted(labels):
        yield f"[{name}] = {quoted(label)}", {name: label}
    if labels:
        yield " and ".join(f"[{name}] != {quoted(label)}" for label in sorted(labels)), {}
    if stops:
        bounds = sorted(stops)
        yield f"[{name}] = null", {}
        yield f"[{name}] < {bounds[0]}", {name: bounds[0] - 1}
        for low, high in zip(bounds, [*bounds[1:], None], strict=True):
            yield f"[{name}] >= {low}" + (f" and [{name}] < {high}" if high is not None else ""), {name: low}


def _collect(value: Any, labels: set[str], stops: set[float]) -> None:
    """All labels of `match` and all stops of `step` in `value`."""
    inner = parts(value)
    if inner and value[0] == "match":
        for label in value[2:-1:2]:
            labels.update(label if isinstance(label, list) else [label])
    if inner and value[0] == "step":
        stops.update(value[3::2])
    for one in inner:
        _collect(one, labels, stops)


def quoted(value: Any) -> str:
    """A literal of Mapnik's expression language."""
    if isinstance(value, str):
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    return "true" if value is True else "false" if value is False else str(value)


def filter_expression(expression: Any) -> str:
    """A filter of the subset in Mapnik's expression language."""
    operator, *arguments = expression
    if operator in ("all", "any"):
        return {"all": " and ", "any": " or "}[operator].join(f"({filter_expression(one)})" for one in arguments)
    if operator == "!":
        return f"not ({filter_expression(arguments[0])})"
    if operator == "has":
        return f"[{arguments[0]}] != null"
    name = f"[{arguments[0][1]}]"
    if operator == "in":
        return " or ".join(f"{name} = {quoted(value)}" for value in arguments[1][1])
    return f"{name} {'=' if operator == '==' else '!='} {quoted(arguments[1])}"


def text_expression(expression: Any, properties: dict[str, Any]) -> str:
    """The words of a label in Mapnik's expression language; a `match` is decided by the case's feature."""
    if not isinstance(expression, list):
        return quoted(expression)
    operator, *arguments = expression
    if operator == "get":
        return f"[{arguments[0]}]"
    if operator == "concat":
        return " + ".join(text_expression(one, properties) for one in arguments)
    if operator == "match":
        chosen = next(
            (
                o
                for label, o in zip(arguments[1:-1:2], arguments[2:-1:2], strict=True)
                if properties.get(arguments[0][1]) in (label if isinstance(label, list) else [label])
            ),
            arguments[-1],
        )
        return text_expression(chosen, properties)
    return quoted(evaluate(expression, 0, properties))


def _element(name: str, **attributes: Any) -> Element:
    written = {key.replace("_", "-"): _text(value) for key, value in attributes.items() if value is not None}
    return Element(name, written)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _fill(look: dict[str, Any], properties: dict[str, Any], is_area: bool) -> Element:
    return _element("PolygonSymbolizer", fill=look["fill-color"], fill_opacity=look.get("fill-opacity"))


def _line(look: dict[str, Any], properties: dict[str, Any], is_area: bool) -> Element:
    width = look.get("line-width", 1)
    dash = look.get("line-dasharray")
    return _element(
        "LineSymbolizer",
        stroke=look["line-color"],
        stroke_width=float(width),
        stroke_opacity=look.get("line-opacity"),
        stroke_linecap=look.get("line-cap"),
        stroke_linejoin=look.get("line-join"),
        stroke_dasharray=",".join(f"{length * width:.2f}" for length in dash) if dash else None,
    )


def _circle(look: dict[str, Any], properties: dict[str, Any], is_area: bool) -> Element:
    stroke = look.get("circle-stroke-width", 0)
    # MapLibre lays the stroke around the radius, Mapnik centres it on the edge.
    size = 2 * look.get("circle-radius", 5) + stroke
    return _element(
        "MarkersSymbolizer",
        placement="point",
        width=float(size),
        height=float(size),
        fill=look["circle-color"],
        opacity=look.get("circle-opacity"),
        stroke=look.get("circle-stroke-color", "#000000"),
        stroke_width=float(stroke),
        allow_overlap=True,
        ignore_placement=True,
    )


def _symbol(look: dict[str, Any], properties: dict[str, Any], is_area: bool) -> Element:
    size = float(look.get("text-size", 16))
    along = look.get("symbol-placement") == "line"
    dx, dy = look.get("text-offset", [0, 0])
    wrap = None if along else look.get("text-max-width", 10) * size
    element = _element(
        "TextSymbolizer",
        face_name=FACES[look["text-font"][0]],
        size=size,
        fill=look.get("text-color", "#000000"),
        halo_fill=look.get("text-halo-color"),
        halo_radius=look.get("text-halo-width"),
        placement="line" if along else "interior" if is_area else "point",
        spacing=look.get("symbol-spacing", 250) if along else None,
        wrap_width=wrap,
        dx=float(dx * size),
        dy=float(dy * size),
        allow_overlap=look.get("text-allow-overlap", False),
    )
    element.text = text_expression(look["text-field"], properties)
    return element


_SYMBOLIZERS = {"fill": _fill, "line": _line, "circle": _circle, "symbol": _symbol}
