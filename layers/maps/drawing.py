"""One reader's view of the catalogue as a drawing: what is read under the reader's rights, and how it looks."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from functools import lru_cache

from PIL import Image

from layers.catalogue import Catalogue
from layers.layer import Layer
from layers.maps.features import Box, Features, scans
from layers.maps.mapnik_adapter import RESOLUTION_0, draw, reach, style_zoom
from layers.maps.mapnik_xml import EDGE_PX, Plan, plan
from layers.style_subset import SLOTS, Style
from layers.styles import in_order

PLANS_KEPT = 64
# From this zoom on everything is drawn; below it what is smaller than a pixel is not even read.
EXACT_ZOOM = 14


# Of what a picture is about: the land around it grows pale, and its edge stands out, both under the networks,
# whose ends at the edge are what one looks for.
MARKS: dict[str, list[Style]] = {
    "around": [{"id": "around", "type": "fill", "paint": {"fill-color": "#f5f3ee", "fill-opacity": 0.55}}],
    "edge": [
        {
            "id": f"edge-{name}",
            "type": "line",
            "layout": {"line-join": "round"},
            "paint": {"line-color": color, "line-width": width},
        }
        for name, color, width in (("casing", "#ffffff", 6.5), ("line", "#14213d", 3.2))
    ],
}


class Drawing:
    """Draws layers of one catalogue. The catalogue holds only what its reader may see, so nothing else can be drawn."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._plan = lru_cache(maxsize=PLANS_KEPT)(self._planned)

    def picture(
        self,
        keys: tuple[str, ...],
        bbox: Box,
        size: tuple[int, int],
        srid: int,
        scale: float = 1.0,
        marked: Mapping[str, Features] | None = None,
    ) -> Image.Image:
        """The layers `keys`, lowest first within each height of the drawing, as a transparent RGBA picture.

        `scale`: how many pixels one of the style's takes, for print. `marked`: what `MARKS` draw over the layers.
        """
        box = reach(bbox, size, srid, round(EDGE_PX * scale))
        if box is None:
            return Image.new("RGBA", size)
        zoom = style_zoom(bbox, (size[0] / scale, size[1] / scale), srid)
        found = {**self._features(keys, zoom, box), **(marked or {})}
        return draw(self._plan(keys, zoom), found, bbox, size, srid, scale)

    def features(
        self, keys: tuple[str, ...], bbox: Box, size: tuple[int, int], srid: int, scale: float = 1.0
    ) -> dict[str, Features]:
        """What such a picture shows, by layer key, without what only reaches its edge."""
        box = reach(bbox, size, srid, 0)
        return (
            {} if box is None else self._features(keys, style_zoom(bbox, (size[0] / scale, size[1] / scale), srid), box)
        )

    def _features(self, keys: tuple[str, ...], zoom: float, box: Box) -> dict[str, Features]:
        smallest_m = 0 if zoom >= EXACT_ZOOM else RESOLUTION_0 / 2**zoom
        found: dict[str, Features] = {}
        for scan in scans(self._shown(keys, zoom), self._catalogue.reader):
            found |= scan.read(box, smallest_m)
        return found

    def _planned(self, keys: tuple[str, ...], zoom: float) -> Plan:
        layers = self._shown(keys, zoom)
        return plan(
            with_marks(in_order(layers)), {layer.key for layer in layers if layer.geometry == "MultiPolygon"}, zoom
        )

    def _shown(self, keys: tuple[str, ...], zoom: float) -> list[Layer]:
        layers = (self._catalogue.get(key) for key in keys)
        return [layer for layer in layers if layer is not None and layer.min_zoom <= zoom]


def with_marks(styles: list[Style]) -> list[Style]:
    """`styles` with the marks at their heights; a mark of which a picture has nothing draws nothing."""
    slots = [SLOTS.index(style["metadata"]["slot"]) for style in styles]
    above_areas = bisect_right(slots, SLOTS.index("area"))
    below_lines = bisect_left(slots, SLOTS.index("line"))
    around, edge = ([{**style, "source-layer": name} for style in marks] for name, marks in MARKS.items())
    return [*styles[:above_areas], *around, *styles[above_areas:below_lines], *edge, *styles[below_lines:]]
