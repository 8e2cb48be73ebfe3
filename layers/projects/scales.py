"""Zooms of the style language as scales of QGIS, and lengths in CSS pixels as millimetres and points on its maps."""

from __future__ import annotations

import math

from django.conf import settings

# Metres per pixel on the equator of Web Mercator at zoom 0 of tiles of 512 px, the zoom that styles speak of.
RESOLUTION_0 = 2 * math.pi * 6_378_137 / 512
# A CSS pixel is a 96th of an inch, and so is QGIS's unless the screen says otherwise.
PX_PER_METRE = 96 / 0.0254
MM_PER_PX, POINTS_PER_PX = 25.4 / 96, 72 / 96


def scale_0() -> float:
    """The denominator of the map's scale at zoom 0, in the middle of the registry's area."""
    _west, south, _east, north = settings.REGISTRY_EXTENT
    return RESOLUTION_0 * math.cos(math.radians((south + north) / 2)) * PX_PER_METRE


def scale_of(zoom: float) -> float:
    return round(scale_0() / 2**zoom)


def zoom_expression() -> str:
    """The zoom of the map that QGIS draws."""
    return f"log(2, {scale_0():.0f} / @map_scale)"


def visible(minzoom: float, maxzoom: float | None) -> str:
    """The condition on the scale for zooms from `minzoom` up to below `maxzoom`; empty if there is none."""
    conditions = [f"@map_scale <= {scale_of(minzoom):.0f}"] if minzoom else []
    if maxzoom is not None:
        conditions.append(f"@map_scale > {scale_of(maxzoom):.0f}")
    return " AND ".join(conditions)
