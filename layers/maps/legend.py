"""The legend of a map on paper: which layers a place of the map shows, and a sample of how each is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.gis.geos import LineString, MultiPolygon, Point, Polygon
from PIL import Image

from layers.catalogue import Catalogue
from layers.layer import Layer
from layers.maps.drawing import Drawing
from layers.maps.features import Box, Features
from layers.maps.mapnik_adapter import RESOLUTION_0, draw
from layers.maps.mapnik_xml import plan
from layers.style_subset import reads
from layers.styles import GROUND, in_order

# Of a sample, in pixels of the style, and the zoom at which a layer shows its usual look.
WIDTH, HEIGHT = 30, 18
ZOOM = 17.5
# What is usual: an asset at work, an offer that stands.
USUAL = {"status": "functional", "state": "published"}


def present(
    catalogue: Catalogue, keys: tuple[str, ...], bounds: Box, size: tuple[int, int], srid: int, scale: float = 1.0
) -> dict[str, set[str]]:
    """The layers that a picture shows anything of, each with the statuses of what is shown."""
    found = Drawing(catalogue).features(keys, bounds, size, srid, scale)
    return {key: _statuses(features) for key, features in found.items() if features.rows}


def _statuses(features: Features) -> set[str]:
    if "status" not in features.columns:
        return set()
    place = 1 + features.columns.index("status")
    return {row[place] for row in features.rows if row[place]}


def swatch(layer: Layer, scale: float, properties: Mapping[str, Any] | None = None) -> Image.Image:
    """`layer` as the map draws it, for a feature with `properties`, on the map's ground; letters in signs, no names."""
    styles = [style for style in in_order([layer]) if layer.geometry == "Point" or style["type"] != "symbol"]
    columns = tuple(sorted({name for style in styles for name in reads(style)}))
    known = {**USUAL, **(properties or {})}
    metres = RESOLUTION_0 / 2**ZOOM
    bounds = (0.0, 0.0, WIDTH * metres, HEIGHT * metres)
    values = tuple(known.get(name) for name in columns)
    sample = Features(columns, [(_shape(layer.geometry, metres), *values)])
    size = round(WIDTH * scale), round(HEIGHT * scale)
    areas = {layer.key} if layer.geometry == "MultiPolygon" else set()
    drawn = draw(plan(styles, areas, ZOOM), {layer.key: sample}, bounds, size, 3857, scale)
    ground = Image.new("RGBA", size, GROUND)
    ground.alpha_composite(drawn)
    return ground.convert("RGB")


def _shape(geometry: str, metres: float) -> bytes:
    """The same shapes as in the legend in the browser."""
    if geometry == "Point":
        return bytes(Point(15 * metres, 9 * metres).wkb)
    if geometry == "LineString":
        return bytes(LineString((-9 * metres, 9 * metres), (39 * metres, 9 * metres)).wkb)
    west, south, east, north = (side * metres for side in (3, 3, 27, 15))
    return bytes(MultiPolygon(Polygon.from_bbox((west, south, east, north))).wkb)
