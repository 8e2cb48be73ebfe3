"""The look of every layer, said once in MapLibre style language; browser, Mapnik, legend and QGIS get theirs from here.

Layers of land have a file each in `tileconfig/styles/`; asset layers get theirs from their theme, geometry and symbol,
so that an asset type made in the browser is drawn at once.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from layers.expressions import spelled_out
from layers.layer import Layer
from layers.style_subset import SLOTS, Style, problems, reads

STYLES = Path(settings.BASE_DIR) / "tileconfig" / "styles"
SYMBOLS = Path(settings.BASE_DIR) / "tileconfig" / "symbols" / "points.json"
GROUND = "#f5f3ee"
TILESETS: dict[str, Callable[[Layer], bool]] = {
    "land": lambda layer: not layer.per_network,
    "networks": lambda layer: layer.per_network,
    "zone": lambda layer: True,
}
PLAIN_THEME = {"color": "#5f6368", "dark": "#3c4043", "pale": "#b5b9bd", "mark": "#5f6368"}


def members(tileset: str) -> Callable[[Layer], bool]:
    """Which layers a tileset has; one that is called like a layer has just that."""
    return TILESETS.get(tileset) or (lambda layer: layer.key == tileset)


@cache
def _file(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def filled(template: Any, words: dict[str, Any]) -> Any:
    """`template` with every string `@name` replaced by `words[name]`."""
    if isinstance(template, dict):
        return {key: filled(value, words) for key, value in template.items()}
    if isinstance(template, list):
        return [filled(value, words) for value in template]
    if isinstance(template, str) and template.startswith("@"):
        return filled(words[template[1:]], words)
    return template


def symbol_words(symbol: str) -> dict[str, Any]:
    """What `tileconfig/symbols/points.json` says of a point symbol; an unknown one is drawn as a plain point."""
    book = _file(SYMBOLS)
    found = book["symbols"].get(symbol, book["symbols"][""])
    return {**book["sizes"][found["size"]], **book["looks"][found["look"]], "letter": found.get("letter", "")}


def line_symbols() -> list[str]:
    return list(_file(STYLES / "theme.json")["lines"])


def color_of(layer: Layer) -> str:
    """The colour by which the layer's theme is known, where one word must do."""
    themes = _file(STYLES / "theme.json")["themes"]
    return str(themes.get(layer.theme, PLAIN_THEME)["mark"])


def asset_templates(layer: Layer) -> list[Style]:
    """The templates of `theme.json` in the colours of the layer's theme; an unknown symbol is a plain line or point."""
    book = _file(STYLES / "theme.json")
    words = dict(book["themes"].get(layer.theme, PLAIN_THEME))
    if layer.geometry == "Point":
        words |= symbol_words(layer.symbol)
        names = [name for name in book["points"] if name != "letter" or words["letter"]]
    else:
        names = book["lines"].get(layer.symbol or layer.theme, book["lines"][""])
    return [{"id": name, **filled(book["templates"][name], words)} for name in names]


def _own(layer: Layer) -> list[Style]:
    path = STYLES / f"{layer.key}.json"
    return copy.deepcopy(_file(path)) if not layer.per_network and path.exists() else asset_templates(layer)


def layers_of(layer: Layer) -> list[Style]:
    """The MapLibre layer objects that draw `layer`, bottom to top, without `source`; zooms are MapLibre's (512 px).

    Ids are `layer key`-`name`. No style layer begins below the layer's own smallest zoom.
    """
    return [
        {
            **style,
            "id": f"{layer.key}-{style['id']}",
            "source-layer": layer.key,
            "minzoom": max(layer.min_zoom, style.get("minzoom", 0)),
        }
        for style in _own(layer)
    ]


def in_order(layers: Iterable[Layer]) -> list[Style]:
    """The style layers of all `layers` from bottom to top: areas, roads, buildings, lines, points, labels."""
    found = [style for layer in layers for style in layers_of(layer)]
    return sorted(found, key=lambda style: SLOTS.index(style["metadata"]["slot"]))


def document(name: str, layers: Iterable[Layer], source: dict[str, Any]) -> dict[str, Any]:
    """A complete MapLibre style document over one vector `source`, such as `{"type": "vector", "url": …}`.

    There are no `glyphs`: labels are drawn with the viewer's own fonts (MapLibre style specification, Glyphs), so that
    no font server is needed.
    """
    ground: Style = {"id": "ground", "type": "background", "paint": {"background-color": GROUND}}
    return {
        "version": 8,
        "name": name,
        "sources": {"portal": source},
        "layers": [ground, *({**published(style), "source": "portal"} for style in in_order(layers))],
    }


def published(style: Style) -> Style:
    """The style layer as many clients as possible read it."""
    spelled: Style = {
        part: {name: spelled_out(value) for name, value in style[part].items()}
        for part in ("layout", "paint")
        if part in style
    }
    return {**style, **spelled, **({"filter": spelled_out(style["filter"])} if "filter" in style else {})}


def check(layer: Layer) -> Iterator[str]:
    """What is wrong with the style of `layer`: each text names file, style layer and property."""
    file = f"{layer.key}.json" if (STYLES / f"{layer.key}.json").exists() and not layer.per_network else "theme.json"
    carried = {column.name for column in layer.columns if column.tile_zoom is not None}
    for style in _own(layer):
        yield from (f"{file}, {style.get('id')}, {problem}" for problem in problems(style))
        for name in sorted(reads(style) - carried):
            yield f"{file}, {style.get('id')}, {name}: the tiles of {layer.key} do not carry this column"
