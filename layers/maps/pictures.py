"""A place of the map as one picture, for pages, cards and print: the one style, on its own ground, and what the picture
is about outlined.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from django.contrib.gis.geos import GEOSGeometry, Polygon
from PIL import Image

from layers.catalogue import Catalogue
from layers.crs import safe_bounds
from layers.maps.drawing import Drawing
from layers.maps.features import Box, Features
from layers.styles import GROUND

# The scales that plans are drawn at.
SCALES = (200, 250, 500, 1_000, 2_000, 2_500, 5_000, 10_000, 20_000, 25_000, 50_000, 100_000)


def picture(
    catalogue: Catalogue,
    bounds: Box,
    size_px: tuple[int, int],
    *,
    srid: int,
    scale: float = 1.0,
    keys: tuple[str, ...] | None = None,
    outline: GEOSGeometry | None = None,
) -> Image.Image:
    """`bounds` (in `srid`, x being east) as an opaque picture of the layers `keys`, None being all there are.

    `scale` is how many pixels one of the style's takes (2 for a sharp screen, dpi / 96 for print); `outline`, with its
    own SRID, is drawn over the map and what lies around it grows pale.
    """
    chosen = tuple(layer.key for layer in catalogue) if keys is None else keys
    marked = {} if outline is None else marks(outline)
    drawn = Drawing(catalogue).picture(chosen, bounds, size_px, srid, scale, marked)
    ground = Image.new("RGBA", size_px, GROUND)
    ground.alpha_composite(drawn)
    return ground.convert("RGB")


def png(drawn: Image.Image) -> bytes:
    """In a palette: a map has few colours, and cards are fetched by telephones."""
    written = io.BytesIO()
    drawn.quantize(256).save(written, "PNG", optimize=True)
    return written.getvalue()


def marks(outline: GEOSGeometry) -> dict[str, Features]:
    """The edge of `outline`, and all that is not in it as far as maps reach."""
    shape = outline.transform(3857, clone=True)
    around = Polygon.from_bbox(safe_bounds(3857)).difference(shape)
    return {name: Features((), [(bytes(one.wkb),)]) for name, one in (("edge", shape.boundary), ("around", around))}


@dataclass(frozen=True)
class Sheet:
    """A map on paper, true to `scale`: `bounds` in a metric system fill `size_mm` exactly."""

    bounds: Box
    size_mm: tuple[float, float]
    scale: int

    @classmethod
    def around(cls, extent: Box, size_mm: tuple[float, float], margin: float = 0.25) -> Sheet:
        """The largest of `SCALES` at which `extent`, with `margin` of its size on each side, is whole on the paper."""
        west, south, east, north = extent
        wide, tall = ((east - west) * (1 + 2 * margin), (north - south) * (1 + 2 * margin))
        needed = max(wide / size_mm[0], tall / size_mm[1]) * 1_000
        scale = next((one for one in SCALES if one >= needed), SCALES[-1])
        x, y = (west + east) / 2, (south + north) / 2
        half = [side * scale / 2_000 for side in size_mm]
        return cls((x - half[0], y - half[1], x + half[0], y + half[1]), size_mm, scale)

    def size_px(self, dpi: float) -> tuple[int, int]:
        return round(self.size_mm[0] / 25.4 * dpi), round(self.size_mm[1] / 25.4 * dpi)

    @property
    def bar_m(self) -> int:
        """A round length of the ground, a quarter of the paper's width at most."""
        most = self.size_mm[0] * self.scale / 4_000
        steps = [step * 10**power for power in range(6) for step in (1, 2, 5)]
        return max((step for step in steps if step <= most), default=1)

    @property
    def bar_mm(self) -> float:
        return self.bar_m * 1_000 / self.scale
