"""One style layer of ours as one layer of a QGIS symbol, for features of which some properties are known.

What does not change from feature to feature or with the scale is written as a plain setting, the rest as an
expression beside it. Lengths are millimetres, so that paper shows what the screen does.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from layers.expressions import evaluate
from layers.projects.elements import Element, add, options, overrides
from layers.projects.phrases import Known, is_constant, phrase
from layers.projects.scales import MM_PER_PX, visible
from layers.style_subset import Style, values

# Where QGIS draws without a scale, as in the legend, things look as on a map of single plots.
LEGEND_ZOOM = 16
HEX = re.compile(r"#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})", re.IGNORECASE)
CAPS = {"butt": "flat", "round": "round", "square": "square"}


@dataclass
class Look:
    """The settings of a symbol layer while they are collected: `known` are the properties of its features."""

    style: Style
    known: Known
    settings: dict[str, str] = field(default_factory=dict)
    expressions: dict[str, str] = field(default_factory=dict)

    def value(self, name: str, default: Any) -> Any:
        return values(self.style).get(name, default)

    def plain(self, expression: Any) -> Any:
        return evaluate(expression, LEGEND_ZOOM, self.known)

    def number(self, setting: str, override: str, expression: Any, factor: float, more: str = "") -> None:
        """A number times `factor` under QGIS's name of the setting and of what overrides it; `more` is added."""
        self.settings[setting] = f"{self.plain(expression) * factor:.4g}"
        if not is_constant(expression, self.known):
            self.expressions[override] = f"({phrase(expression, self.known)}) * {factor:.6g}{more}"

    def colour(self, setting: str, override: str, expression: Any, opacity: Any = 1) -> None:
        red, green, blue = (int(part, 16) for part in HEX.fullmatch(self.plain(expression)).groups())  # type: ignore[union-attr]
        self.settings[setting] = f"{red},{green},{blue},{round(255 * self.plain(opacity))}"
        if not (is_constant(expression, self.known) and is_constant(opacity, self.known)):
            alpha = f"round(255 * ({phrase(opacity, self.known)}))"
            self.expressions[override] = f"set_color_part({phrase(expression, self.known)}, 'alpha', {alpha})"


def symbol_layer(parent: Element, style: Style, known: Known, level: int, shown_from: float, enabled: bool) -> None:
    """`level` is the height among the layers of all symbols, `shown_from` the zoom from which the whole is shown."""
    look = Look(style, known)
    kind = _KINDS[style["type"]](look)
    minzoom = style.get("minzoom", 0)
    conditions = [visible(minzoom if minzoom > shown_from else 0, style.get("maxzoom"))]
    if "filter" in style and not is_constant(style["filter"], known):
        conditions.append(phrase(style["filter"], known))
    if any(conditions):
        look.expressions["enabled"] = " AND ".join(filter(None, conditions))
    element = add(parent, "layer", **{"class": kind, "enabled": enabled, "locked": 0, "pass": level})
    options(element, look.settings)
    overrides(element, "data_defined_properties", look.expressions)


def _fill(look: Look) -> str:
    look.settings |= {"style": "solid", "outline_style": "no"}
    look.colour("color", "fillColor", look.value("fill-color", "#000000"), look.value("fill-opacity", 1))
    return "SimpleFill"


def _line(look: Look) -> str:
    width, join = look.value("line-width", 1), look.value("line-join", "miter")
    look.settings |= {"line_style": "solid", "line_width_unit": "MM", "joinstyle": join}
    look.settings["capstyle"] = CAPS[look.value("line-cap", "butt")]
    look.number("line_width", "outlineWidth", width, MM_PER_PX)
    look.colour("line_color", "outlineColor", look.value("line-color", "#000000"), look.value("line-opacity", 1))
    if dash := look.value("line-dasharray", None):
        _dash(look, dash, width)
    return "SimpleLine"


def _dash(look: Look, dash: list[float], width: Any) -> None:
    """Ours is in widths of the line, QGIS's in millimetres."""
    one = look.plain(width) * MM_PER_PX
    look.settings |= {"use_custom_dash": "1", "customdash_unit": "MM"}
    look.settings["customdash"] = ";".join(f"{length * one:.4g}" for length in dash)
    if not is_constant(width, look.known):
        lengths = ", ';', ".join(f"({phrase(width, look.known)}) * {length * MM_PER_PX:.4g}" for length in dash)
        look.expressions["customDash"] = f"concat({lengths})"


def _circle(look: Look) -> str:
    """The style language lays the stroke around the radius, QGIS centres it on the edge."""
    radius, stroke = look.value("circle-radius", 5), look.value("circle-stroke-width", 0)
    look.settings |= {"name": "circle", "scale_method": "diameter", "size_unit": "MM", "outline_width_unit": "MM"}
    look.settings["outline_style"] = "solid" if stroke else "no"
    look.colour("color", "fillColor", look.value("circle-color", "#000000"), look.value("circle-opacity", 1))
    look.colour("outline_color", "outlineColor", look.value("circle-stroke-color", "#000000"))
    look.number("outline_width", "outlineWidth", stroke, MM_PER_PX)
    around = f" + ({phrase(stroke, look.known)}) * {MM_PER_PX:.6g}"
    look.number("size", "size", radius, 2 * MM_PER_PX, around)
    look.settings["size"] = f"{(2 * look.plain(radius) + look.plain(stroke)) * MM_PER_PX:.4g}"
    return "SimpleMarker"


_KINDS: dict[str, Callable[[Look], str]] = {"fill": _fill, "line": _line, "circle": _circle}
