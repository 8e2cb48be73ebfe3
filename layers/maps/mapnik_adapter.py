"""Mapnik 4.3 for MapProxy 7, whose own source was written for Mapnik 2 and 3; all that knows Mapnik's ways is here.

The wheel sets PROJ_LIB and GDAL_DATA for the whole process, which would lead pyproj, GDAL and every child process to
its files. Mapnik finds them beside its library, so both are put back; ICU_DATA stays, since only Mapnik's ICU reads it
and cannot break lines without.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from PIL import Image
from pyproj import Transformer

from layers.crs import safe_bounds
from layers.maps.features import Box, Features
from layers.maps.mapnik_xml import Plan

_KEPT = {name: os.environ.get(name) for name in ("PROJ_LIB", "GDAL_DATA")}
import mapnik  # noqa: E402  # the import is what changes the environment

for _name, _value in _KEPT.items():
    os.environ.pop(_name, None)
    if _value is not None:
        os.environ[_name] = _value

# The letters of the map, so that print around it can have the same.
FONTS = Path(mapnik.__file__).parent / "lib" / "mapnik" / "fonts"
# Metres per pixel in Web Mercator at zoom 0 of tiles of 512 px, the zoom that styles speak of.
RESOLUTION_0 = 2 * math.pi * 6_378_137 / 512


@cache
def to_web_mercator(srid: int) -> Transformer:
    return Transformer.from_crs(srid, 3857, always_xy=True)


def style_zoom(bbox: Box, size: tuple[float, float], srid: int) -> float:
    """The zoom at which styles are drawn for a picture of `size` pixels of `bbox`, to a tenth."""
    limits = safe_bounds(srid)
    # Measured around the middle, and there only where the systems can be transformed into each other.
    middle = [min(max((bbox[i] + bbox[i + 2]) / 2, limits[i]), limits[i + 2]) for i in (0, 1)]
    step = (limits[2] - limits[0]) / 10_000
    around = (middle[0] - step, middle[1] - step, middle[0] + step, middle[1] + step)
    west, south, east, north = to_web_mercator(srid).transform_bounds(*around)
    metres_per_unit = math.sqrt((east - west) * (north - south)) / (2 * step)
    units_per_pixel = math.sqrt((bbox[2] - bbox[0]) / size[0] * (bbox[3] - bbox[1]) / size[1])
    return round(math.log2(RESOLUTION_0 / (metres_per_unit * units_per_pixel)), 1)


def reach(bbox: Box, size: tuple[int, int], srid: int, edge_px: int) -> Box | None:
    """What may be drawn, with `edge_px` around the picture, in EPSG:3857; None if nothing stored can lie there."""
    limits = safe_bounds(srid)
    margins = [(bbox[i + 2] - bbox[i]) / size[i] * edge_px for i in (0, 1)]
    west, south = (max(bbox[i] - margins[i], limits[i]) for i in (0, 1))
    east, north = (min(bbox[i + 2] + margins[i], limits[i + 2]) for i in (0, 1))
    if west >= east or south >= north:
        return None
    return to_web_mercator(srid).transform_bounds(west, south, east, north)


def draw(
    plan: Plan, features: Mapping[str, Features], bbox: Box, size: tuple[int, int], srid: int, scale: float = 1.0
) -> Image.Image:
    """`bbox` (in `srid`, x being east) of the plan, with the features of each layer key, as RGBA; lines and letters are
    `scale` times as large as on a screen.

    Raises RuntimeError when Mapnik cannot draw.
    """
    made = mapnik.Map(*size)
    mapnik.load_map_from_string(made, plan.styles)
    made.aspect_fix_mode = mapnik.aspect_fix_mode.RESPECT
    made.srs = f"epsg:{srid}"
    tables = {key: table(found) for key, found in features.items()}
    for key, names in plan.runs:
        if key in tables:
            layer = mapnik.Layer(names[0], "epsg:3857")
            layer.datasource = tables[key]
            for name in names:
                layer.styles.append(name)
            made.layers.append(layer)
    made.zoom_to_box(mapnik.Box2d(*bbox))
    image = mapnik.Image(*size)
    mapnik.render(made, image, scale)
    if image.premultiplied():
        image.demultiply()
    return Image.frombytes("RGBA", size, image.to_string())


def table(features: Features) -> mapnik.MemoryDatasource:
    made, context = mapnik.MemoryDatasource(), mapnik.Context()
    for name in features.columns:
        context.push(name)
    for number, (geom, *values) in enumerate(features.rows):
        feature = mapnik.Feature(context, number)
        feature.geometry = mapnik.Geometry.from_wkb(geom)
        for name, value in zip(features.columns, values, strict=True):
            feature[name] = value
        made.add_feature(feature)
    return made
