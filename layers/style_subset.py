"""The part of the MapLibre style specification that our styles may use, and what in a style lies outside it.

What the browser's canvas rules and Mapnik can both draw; `tileconfig/styles/README.md` explains it to their authors.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from layers.expressions import OPERATORS, operators, parts, properties_of

Style = dict[str, Any]
# Bottom to top: every style layer says in `metadata.slot` at which of these heights it is drawn.
SLOTS = ("area", "road-casing", "road", "building", "boundary", "line", "node", "label")
KEYS = frozenset(["id", "type", "metadata", "minzoom", "maxzoom", "filter", "layout", "paint"])
PROPERTIES: dict[str, frozenset[str]] = {
    "fill": frozenset(["fill-color", "fill-opacity"]),
    "line": frozenset(["line-color", "line-opacity", "line-width", "line-dasharray", "line-cap", "line-join"]),
    "circle": frozenset(
        ["circle-color", "circle-radius", "circle-opacity", "circle-stroke-color", "circle-stroke-width"]
    ),
    "symbol": frozenset(
        {
            "text-field",
            "text-font",
            "text-size",
            "text-anchor",
            "text-offset",
            "text-max-width",
            "text-allow-overlap",
            "symbol-placement",
            "symbol-spacing",
            "text-color",
            "text-halo-color",
            "text-halo-width",
        }
    ),
}
# The same for every feature: neither renderer can change them from feature to feature.
CONSTANT = frozenset(
    {
        "line-dasharray",
        "line-cap",
        "line-join",
        "text-font",
        "text-anchor",
        "text-offset",
        "text-max-width",
        "text-allow-overlap",
        "symbol-placement",
        "symbol-spacing",
    }
)
FONTS = ("DejaVu Sans", "DejaVu Sans Bold")
FILTERS = frozenset(["all", "any", "!", "==", "!=", "in", "has", "get", "literal"])


def values(style: Style) -> dict[str, Any]:
    """Layout and paint together: their names never clash."""
    return {**style.get("layout", {}), **style.get("paint", {})}


def drivers(style: Style) -> set[str]:
    """The feature properties that the look depends on, filter and the words of labels aside."""
    return set().union(*(_choosers(value) for value in values(style).values()))


def _choosers(value: Any) -> set[str]:
    """The properties by which a `match` or `step` in `value` chooses."""
    here = properties_of(value[1]) if {"match", "step"}.intersection(_operator(value)) else set()
    return here.union(*(_choosers(one) for one in parts(value)))


def _operator(value: Any) -> set[str]:
    return {value[0]} if isinstance(value, list) and value and isinstance(value[0], str) else set()


def reads(style: Style) -> set[str]:
    """Every feature property that the style layer needs, filter included."""
    return properties_of(style.get("filter")).union(*(properties_of(value) for value in values(style).values()))


def problems(style: Style) -> Iterator[str]:
    """What in one style layer lies outside the subset, each as `property: reason`."""
    known = PROPERTIES.get(style.get("type", ""))
    if known is None:
        yield f"type: {style.get('type')!r} is none of {', '.join(PROPERTIES)}"
        return
    for key in sorted(set(style) - KEYS):
        yield f"{key}: not part of the subset"
    if style.get("metadata", {}).get("slot") not in SLOTS:
        yield f"metadata.slot: must be one of {', '.join(SLOTS)}"
    for name, value in values(style).items():
        if name not in known:
            yield f"{name}: not part of the subset for {style['type']} layers"
        else:
            yield from (f"{name}: {reason}" for reason in _value_problems(name, value))
    for operator in sorted(operators(style.get("filter")) - FILTERS):
        yield f"filter: the operator {operator!r} is not part of the subset for filters"
    if len(drivers(style)) > 1:
        yield f"look: depends on {', '.join(sorted(drivers(style)))}; one feature property at most may decide"


def _value_problems(name: str, value: Any) -> Iterator[str]:
    if name == "text-font":
        if value not in [[font] for font in FONTS]:
            yield f"must be one of {', '.join(FONTS)}, in brackets"
        return
    if name in CONSTANT:
        if operators(value):
            yield "must be the same for every feature and zoom"
        return
    for operator in sorted(operators(value) - OPERATORS):
        yield f"the operator {operator!r} is not part of the subset"
    if name != "text-field" and properties_of(value) - _choosers(value):
        yield "a feature property may only choose, in `match` or `step`"
    yield from _zoom_problems(value)


def _zoom_problems(value: Any, top: bool = True) -> Iterator[str]:
    """MapLibre allows the zoom in an outermost `interpolate` only."""
    inner = parts(value)
    if "zoom" in _operator(value):
        yield "the zoom may only stand in an outermost `interpolate`"
    if "interpolate" in _operator(value):
        if not top or value[2] != ["zoom"] or value[1][0] not in ("linear", "exponential"):
            yield "`interpolate` must be outermost, linear or exponential, and over the zoom"
        inner = inner[1:]
    for one in inner:
        yield from _zoom_problems(one, top=False)
