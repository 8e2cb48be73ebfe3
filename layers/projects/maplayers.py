"""One `maplayer` of QGIS for each layer: where it is read, how it looks, what its columns are."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import get_language

from layers.layer import Layer
from layers.projects.elements import Element, add
from layers.projects.forms import form
from layers.projects.labels import labels
from layers.projects.reference import reference
from layers.projects.relations import Link
from layers.projects.renderers import renderer
from layers.projects.scales import scale_of
from layers.projects.tree import Picture, Placed

GEOMETRIES = {"MultiPolygon": "Polygon", "LineString": "Line", "Point": "Point"}


def vector(parent: Element, placed: Placed, links: Iterable[Link]) -> None:
    layer = placed.layer
    element = add(
        parent, "maplayer",
        type="vector", geometry=GEOMETRIES[layer.geometry], wkbType=layer.geometry, labelsEnabled=1,
        hasScaleBasedVisibilityFlag=bool(layer.min_zoom), minScale=scale_of(layer.min_zoom) if layer.min_zoom else None,
        maxScale=0, readOnly=not placed.is_edited, styleCategories="AllStyleCategories", simplifyDrawingHints=1,
        simplifyLocal=1, simplifyDrawingTol=1, simplifyMaxScale=1,
    )  # fmt: skip
    add(element, "id", placed.id)
    add(element, "datasource", placed.source.uri)
    add(element, "layername", layer.title)
    add(element, "shortname", layer.key)
    reference(add(element, "srs"), settings.REGISTRY_SRID)
    _described(element, layer)
    add(element, "provider", placed.source.provider, encoding="UTF-8")
    renderer(element, layer)
    labels(element, layer)
    form(element, layer, links, edited=placed.is_edited)


def _described(element: Element, layer: Layer) -> None:
    add(element, "title", layer.title)
    add(element, "abstract", layer.abstract)
    metadata = add(element, "resourceMetadata")
    add(metadata, "identifier", layer.key)
    add(metadata, "language", get_language() or settings.LANGUAGE_CODE)
    add(metadata, "type", "dataset")
    add(metadata, "title", layer.title)
    add(metadata, "abstract", layer.abstract)
    add(add(metadata, "keywords", vocabulary="gmd:topicCategory"), "keyword", layer.theme)
    reference(add(metadata, "crs"), settings.REGISTRY_SRID)


def raster(parent: Element, picture: Picture) -> None:
    element = add(parent, "maplayer", type="raster")
    add(element, "id", picture.id)
    add(element, "datasource", picture.source.uri)
    add(element, "layername", picture.title)
    add(element, "attribution", picture.attribution)
    reference(add(element, "srs"), picture.srid)
    add(element, "provider", picture.source.provider)
    pipe = add(element, "pipe")
    add(pipe, "rasterrenderer", type="singlebandcolordata", band=1, opacity=1, alphaBand=-1)
