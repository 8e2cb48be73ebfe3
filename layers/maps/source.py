"""The catalogue's drawings as a kind of source of MapProxy, next to its own kinds such as `wms`."""

from __future__ import annotations

from typing import Any

from mapproxy.config.configuration.source import SourceConfiguration, register_source_configuration
from mapproxy.extent import MapExtent
from mapproxy.image import ImageResult
from mapproxy.image.opts import ImageOptions
from mapproxy.layer.map_layer import MapLayer
from mapproxy.query import MapQuery
from mapproxy.source import SourceError
from mapproxy.srs import SRS

from layers.maps.drawing import Drawing


class DrawingSource(MapLayer):
    """The layers `keys` of one drawing; asked for together, layers are drawn as one, so that labels make room."""

    supports_meta_tiles = True

    def __init__(self, drawing: Drawing, keys: tuple[str, ...], extent: MapExtent) -> None:
        super().__init__(image_opts=ImageOptions(transparent=True, format="image/png"))
        self._drawing = drawing
        self._keys = keys
        self.extent = extent

    def get_map(self, query: MapQuery) -> ImageResult:
        srid = int(query.srs.srs_code.partition(":")[2])
        try:
            picture = self._drawing.picture(self._keys, query.bbox, query.size, srid)
        except RuntimeError as problem:
            raise SourceError(str(problem)) from None
        return ImageResult(picture, size=query.size, image_opts=self.image_opts)

    def combined_layer(self, other: MapLayer, query: MapQuery) -> DrawingSource | None:
        if not isinstance(other, DrawingSource) or other._drawing is not self._drawing:
            return None
        return DrawingSource(
            self._drawing, tuple(dict.fromkeys([*self._keys, *other._keys])), self.extent + other.extent
        )


class DrawingSourceConfiguration(SourceConfiguration):
    """`type: drawing` with `drawing`, `keys` and `bounds` (west, south, east, north in degrees)."""

    source_type = ("drawing",)
    supports_meta_tiles = True

    def source(self, params: dict[str, Any] | None = None) -> DrawingSource:
        extent = MapExtent(self.conf["bounds"], SRS(4326))
        return DrawingSource(self.conf["drawing"], self.conf["keys"], extent)


register_source_configuration("drawing", DrawingSourceConfiguration)
