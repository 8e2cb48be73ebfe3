"""Mapnik 4.3 for MapProxy 7, whose own source was written for Mapnik 2 and 3; all that knows Mapnik's ways is here.

The wheel sets PROJ_LIB and GDAL_DATA for the whole process, which would lead pyproj, GDAL and every child process to
its files. Mapnik finds them beside its library, so both are put back; ICU_DATA stays, since only Mapnik's ICU reads it
and cannot break lines without.
"""

from __future__ import annotations

import math
import os
from collections import OrderedDict
from threading import Lock

from mapproxy.srs import SRS
from PIL import Image

from layers.crs import safe_bounds

_KEPT = {name: os.environ.get(name) for name in ("PROJ_LIB", "GDAL_DATA")}
import mapnik  # noqa: E402  # the import is what changes the environment

for _name, _value in _KEPT.items():
    os.environ.pop(_name, None)
    if _value is not None:
        os.environ[_name] = _value

# Metres per pixel in Web Mercator at zoom 0 of tiles of 512 px, the zoom that styles speak of.
RESOLUTION_0 = 2 * math.pi * 6_378_137 / 512
MAPS_KEPT = 24
Box = tuple[float, float, float, float]


def style_zoom(bbox: Box, size: tuple[int, int], srid: int) -> float:
    """The zoom at which styles are drawn for a picture of `size` pixels of `bbox`, to a tenth."""
    limits = safe_bounds(srid)
    # Measured around the middle, and there only where the systems can be transformed into each other.
    middle = [min(max((bbox[i] + bbox[i + 2]) / 2, limits[i]), limits[i + 2]) for i in (0, 1)]
    step = (limits[2] - limits[0]) / 10_000
    around = (middle[0] - step, middle[1] - step, middle[0] + step, middle[1] + step)
    west, south, east, north = SRS(srid).transform_bbox_to(SRS(3857), around, with_points=4)
    metres_per_unit = math.sqrt((east - west) * (north - south)) / (2 * step)
    units_per_pixel = math.sqrt((bbox[2] - bbox[0]) / size[0] * (bbox[3] - bbox[1]) / size[1])
    return round(math.log2(RESOLUTION_0 / (metres_per_unit * units_per_pixel)), 1)


def outside(bbox: Box, srid: int) -> bool:
    """Whether nothing that is stored can lie in `bbox`."""
    west, south, east, north = safe_bounds(srid)
    return bbox[2] < west or bbox[0] > east or bbox[3] < south or bbox[1] > north


class MapPool:
    """Mapnik maps ready to draw, by their XML; threads never share one.

    Making one asks the database for the columns of every layer.
    """

    def __init__(self, kept: int = MAPS_KEPT) -> None:
        self._kept = kept
        self._free: OrderedDict[int, tuple[str, mapnik.Map]] = OrderedDict()
        self._lock = Lock()

    def take(self, xml: str) -> mapnik.Map:
        with self._lock:
            found = next((key for key, (text, _) in self._free.items() if text == xml), None)
            if found is not None:
                return self._free.pop(found)[1]
        made = mapnik.Map(1, 1)
        mapnik.load_map_from_string(made, xml)
        made.aspect_fix_mode = mapnik.aspect_fix_mode.RESPECT
        return made

    def give_back(self, xml: str, made: mapnik.Map) -> None:
        with self._lock:
            self._free[id(made)] = (xml, made)
            while len(self._free) > self._kept:
                self._free.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._free.clear()


pool = MapPool()


def draw(xml: str, bbox: Box, size: tuple[int, int], srid: int) -> Image.Image:
    """`bbox` (in `srid`, x being east) of the map that `xml` describes, as RGBA.

    Raises RuntimeError when Mapnik cannot read or draw.
    """
    if outside(bbox, srid):
        return Image.new("RGBA", size)
    try:
        return _draw(xml, bbox, size, srid)
    except RuntimeError:
        # The database may have closed the pooled connection meanwhile; Mapnik opens a new one at the second attempt.
        return _draw(xml, bbox, size, srid)


def _draw(xml: str, bbox: Box, size: tuple[int, int], srid: int) -> Image.Image:
    made = pool.take(xml)
    made.resize(*size)
    made.srs = f"epsg:{srid}"
    made.zoom_to_box(mapnik.Box2d(*bbox))
    image = mapnik.Image(*size)
    mapnik.render(made, image)
    pool.give_back(xml, made)
    if image.premultiplied():
        image.demultiply()
    return Image.frombytes("RGBA", size, image.to_string())
