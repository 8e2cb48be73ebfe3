"""MapProxy's configuration, made from what one reader sees of the catalogue: nothing else exists in their service."""

from __future__ import annotations

import copy
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import yaml
from django.conf import settings
from django.utils.translation import gettext as _
from pyproj import Transformer

from layers.catalogue import Catalogue
from layers.crs import SRIDS, north_first
from layers.maps.drawing import Drawing
from layers.maps.editions import CACHE_DIR, CONFIGURED, edition, installation
from layers.maps.names import Entry, tree

Conf = dict[str, Any]
REGISTRY_GRID = f"EPSG{settings.REGISTRY_SRID}"
GRIDS = ["GLOBAL_WEBMERCATOR", REGISTRY_GRID]
# Metres per pixel of the registry's own tile grid, halved from level to level down to 1.5 cm.
RESOLUTIONS = [2048 / 2**level for level in range(18)]


@cache
def _base(path: Path = CONFIGURED / "mapproxy.yaml") -> Conf:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@cache
def registry_grid() -> Conf:
    """Tiles of the registry's CRS over the whole area that it may hold, on round coordinates."""
    transformer = Transformer.from_crs(4326, settings.REGISTRY_SRID, always_xy=True)
    west, south, east, north = settings.REGISTRY_EXTENT
    west, south, east, north = transformer.transform_bounds(west, south, east, north)
    step = 10_000
    box = [west // step * step, south // step * step, -(-east // step) * step, -(-north // step) * step]
    return {"srs": f"EPSG:{settings.REGISTRY_SRID}", "bbox": box, "res": RESOLUTIONS, "origin": "nw"}


def configuration(catalogue: Catalogue, is_public: bool) -> Conf:
    """The whole configuration as MapProxy's YAML would say it; only what everybody may see is kept on disk."""
    conf: Conf = copy.deepcopy(_base())
    whole, place, drawing = tree(catalogue), installation(), Drawing(catalogue)
    sources, caches = {}, {}
    for entry in whole.all():
        source = {"type": "drawing", "drawing": drawing, "keys": entry.keys}
        sources[entry.name] = {**source, "bounds": entry.bounds(catalogue)}
        sources[f"{entry.name}.tiles"] = {**source, "bounds": settings.REGISTRY_EXTENT}
        directory = CACHE_DIR / edition(catalogue, entry.layers, place)
        caches[f"{entry.name}.cache"] = _cache(entry, str(directory), is_public)
    conf["globals"]["srs"] = {"axis_order_ne": [f"EPSG:{srid}" for srid in SRIDS if north_first(srid)]}
    conf["globals"]["cache"]["tile_lock_dir"] = str(CACHE_DIR / "locks")
    systems = [f"EPSG:{srid}" for srid in SRIDS]
    # The place of each layer is told in each system.
    conf["services"]["wms"] |= {"srs": systems, "bbox_srs": systems, "md": _service_words()}
    grids = {REGISTRY_GRID: dict(registry_grid())}
    return {**conf, "sources": sources, "caches": caches, "grids": grids, "layers": [_layer(whole)]}


def _service_words() -> Conf:
    return {
        "title": escape(str(settings.SITE_NAME)),
        "abstract": escape(_("Maps of the industrial zone: plots, parcels and networks.")),
    }


def _cache(entry: Entry, directory: str, is_public: bool) -> Conf:
    conf: Conf = {"grids": GRIDS, "sources": [f"{entry.name}.tiles"], "cache_dir": directory, "format": "image/png"}
    # What is not kept must not be drawn sixteen-fold.
    return conf if is_public else {**conf, "disable_storage": True, "meta_size": [1, 1], "meta_buffer": 0}


def _layer(entry: Entry) -> Conf:
    """MapProxy's templates write titles into XML as they are."""
    conf: Conf = {"name": entry.name, "title": escape(entry.title), "md": {"abstract": escape(entry.abstract)}}
    conf |= {"sources": [entry.name], "tile_sources": [f"{entry.name}.cache"]}
    return conf | ({"layers": [_layer(member) for member in entry.members]} if entry.members else {})
