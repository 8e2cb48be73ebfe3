"""The labels of a layer as QGIS places them: its own font, which is never missing, in our sizes, colours and scales."""

from __future__ import annotations

from typing import Any

from layers.expressions import evaluate
from layers.layer import GeometryKind, Layer
from layers.projects.elements import Element, add, overrides
from layers.projects.looks import LEGEND_ZOOM
from layers.projects.phrases import is_constant, phrase
from layers.projects.scales import MM_PER_PX, POINTS_PER_PX, scale_of
from layers.style_subset import Style, values
from layers.styles import layers_of

# QGIS's numbers of placements, and of the sides on which a label may stand.
OVER_POINT, CURVED = 1, 3
ON_LINE = 1
SIDES = {"center": 4, "top": 7, "bottom": 1, "left": 5, "right": 3}
# Lines break by the number of letters in QGIS, and a letter is half as wide as high.
LETTERS_PER_EM = 2
LAST_ZOOM = 20


def labels(parent: Element, layer: Layer) -> None:
    styles = [style for style in layers_of(layer) if style["type"] == "symbol"]
    if len(styles) == 1 and "filter" not in styles[0]:
        settings(add(parent, "labeling", type="simple"), styles[0], layer.geometry, ranged=True)
    elif styles:
        rules = add(add(parent, "labeling", type="rule-based"), "rules", key=layer.key)
        for style in styles:
            condition = phrase(style["filter"], {}) if "filter" in style else None
            low, high = scales(style)
            rule = {"key": style["id"], "filter": condition, "scalemindenom": low, "scalemaxdenom": high}
            settings(add(rules, "rule", **rule), style, layer.geometry, ranged=False)


def scales(style: Style) -> tuple[float, float]:
    """The largest and the smallest scale at which the label is shown, as denominators; 0 is no limit."""
    low = scale_of(style["maxzoom"]) if "maxzoom" in style else 0
    return low, scale_of(style["minzoom"]) if style.get("minzoom") else 0


def settings(parent: Element, style: Style, geometry: GeometryKind, *, ranged: bool) -> None:
    look, low, high = values(style), *scales(style)
    element = add(parent, "settings", calloutType="simple")
    _text(element, look)
    wrap = 0 if along(look) else round(look.get("text-max-width", 10) * LETTERS_PER_EM)
    add(element, "text-format", autoWrapLength=wrap, useMaxLineLengthForAutoWrap=1, multilineAlign=1)
    _placement(element, style, geometry)
    add(
        element, "rendering",
        scaleVisibility=ranged and bool(low or high), scaleMin=low, scaleMax=high, drawLabels=1,
        displayAll=look.get("text-allow-overlap", False), obstacle=0, fontMinPixelSize=3, fontMaxPixelSize=10000,
        upsidedownLabels=0, mergeLines=along(look), maxNumLabels=2000,
    )  # fmt: skip
    size = look.get("text-size", 16)
    by_scale = {} if is_constant(size, {}) else {"Size": f"({phrase(size, {})}) * {POINTS_PER_PX:g}"}
    overrides(element, "dd_properties", by_scale)


def along(look: dict[str, Any]) -> bool:
    return bool(look.get("symbol-placement") == "line")


def _text(element: Element, look: dict[str, Any]) -> None:
    is_bold = "Bold" in look["text-font"][0]
    text = add(
        element, "text-style",
        fieldName=phrase(look["text-field"], {}), isExpression=1, textColor=look.get("text-color", "#000000"),
        fontSize=size_px(look) * POINTS_PER_PX, fontSizeUnit="Point", textOpacity=1, allowHtml=0,
        # Neither family nor weight: the viewer's own are there everywhere, and QGIS 3 and 4 count weights differently.
        fontWeight=-1, namedStyle="Bold" if is_bold else None, forcedBold=is_bold, multilineHeight=1,
    )  # fmt: skip
    halo = look.get("text-halo-width", 0)
    add(
        text, "text-buffer",
        bufferDraw=bool(halo), bufferSize=halo * MM_PER_PX, bufferSizeUnits="MM", bufferOpacity=1, bufferNoFill=1,
        bufferColor=look.get("text-halo-color", "#ffffff"), bufferJoinStyle=128,
    )  # fmt: skip


def size_px(look: dict[str, Any]) -> float:
    return float(evaluate(look.get("text-size", 16), LEGEND_ZOOM, {}))


def _placement(element: Element, style: Style, geometry: GeometryKind) -> None:
    look = values(style)
    dx, dy = (part * size_px(look) * MM_PER_PX for part in look.get("text-offset", [0, 0]))
    line = {"placement": CURVED, "placementFlags": ON_LINE, "repeatDistanceUnits": "MM",
            "repeatDistance": look.get("symbol-spacing", 250) * MM_PER_PX,
            "maxCurvedCharAngleIn": 25, "maxCurvedCharAngleOut": -25}  # fmt: skip
    point = {"placement": OVER_POINT, "quadOffset": SIDES[look.get("text-anchor", "center")], "offsetUnits": "MM",
             "xOffset": dx, "yOffset": dy, "centroidInside": int(geometry == "MultiPolygon")}  # fmt: skip
    # What is named from afar comes first where there is not room for all.
    priority = min(max(round(LAST_ZOOM - style.get("minzoom", 0)), 0), 10)
    common = {"priority": priority, "overrunDistanceUnit": "MM", "distUnits": "MM", "polygonPlacementFlags": 2}
    add(element, "placement", **common, **(line if along(look) else point))
