"""One reader's view of the catalogue as a drawing: what is read under the reader's rights, and how it looks."""

from __future__ import annotations

from functools import lru_cache

from PIL import Image

from layers.catalogue import Catalogue
from layers.layer import Layer
from layers.maps.features import Box, Features, scans
from layers.maps.mapnik_adapter import RESOLUTION_0, draw, reach, style_zoom
from layers.maps.mapnik_xml import EDGE_PX, Plan, plan
from layers.styles import in_order

PLANS_KEPT = 64
# From this zoom on everything is drawn; below it what is smaller than a pixel is not even read.
EXACT_ZOOM = 14


class Drawing:
    """Draws layers of one catalogue. The catalogue holds only what its reader may see, so nothing else can be drawn."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._plan = lru_cache(maxsize=PLANS_KEPT)(self._planned)

    def picture(self, keys: tuple[str, ...], bbox: Box, size: tuple[int, int], srid: int) -> Image.Image:
        """The layers `keys`, lowest first within each height of the drawing, as a transparent RGBA picture."""
        box = reach(bbox, size, srid, EDGE_PX)
        if box is None:
            return Image.new("RGBA", size)
        zoom = style_zoom(bbox, size, srid)
        return draw(self._plan(keys, zoom), self._features(keys, zoom, box), bbox, size, srid)

    def _features(self, keys: tuple[str, ...], zoom: float, box: Box) -> dict[str, Features]:
        smallest_m = 0 if zoom >= EXACT_ZOOM else RESOLUTION_0 / 2**zoom
        found: dict[str, Features] = {}
        for scan in scans(self._shown(keys, zoom), self._catalogue.reader):
            found |= scan.read(box, smallest_m)
        return found

    def _planned(self, keys: tuple[str, ...], zoom: float) -> Plan:
        layers = self._shown(keys, zoom)
        return plan(in_order(layers), {layer.key for layer in layers if layer.geometry == "MultiPolygon"}, zoom)

    def _shown(self, keys: tuple[str, ...], zoom: float) -> list[Layer]:
        layers = (self._catalogue.get(key) for key in keys)
        return [layer for layer in layers if layer is not None and layer.min_zoom <= zoom]
