"""The files that QGIS opens: a project with everything a reader may see, and the definition of a single layer.

Written as QGIS 3.22 writes its own, because every later version reads that and no earlier one is supported. What QGIS
would take for granted anyway is left out.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from lxml import etree
from pyproj import Transformer

from layers.catalogue import Catalogue
from layers.crs import Bounds
from layers.known import extent_of
from layers.projects import sources
from layers.projects.elements import Element, add
from layers.projects.maplayers import raster, vector
from layers.projects.reference import reference
from layers.projects.relations import Link, links, relations
from layers.projects.sources import Site
from layers.projects.tree import Picture, Placed, base_maps, drawing_order, groups
from layers.styles import GROUND

# Of another version, QGIS says that the file is older and shows it all the same.
VERSION = "3.22.16-Białowieża"
PROJECT_DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
LAYER_DOCTYPE = "<!DOCTYPE qgis-layer-definition>"
# The archive of equal content is the same to the byte, so that clients need not fetch it again.
NO_DATE = (1980, 1, 1, 0, 0, 0)
SNAPPED = {"mode": 2, "type": 3, "tolerance": 12, "unit": 1}
# Around what is shown at first, as a share of its size.
MARGIN = 0.05


def project(site: Site, catalogue: Catalogue, placed: Sequence[Placed]) -> bytes:
    """The document of a project; `placed` are its layers, in the order of the legend."""
    pictures, linked = _pictures(site), links(one.layer for one in placed)
    root = etree.Element("qgis", version=VERSION, projectname=str(settings.SITE_NAME))
    add(root, "title", settings.SITE_NAME)
    add(root, "autotransaction", active=0)
    add(root, "evaluateDefaultValues", active=0)
    add(root, "trust", active=0)
    reference(add(root, "projectCrs"), settings.REGISTRY_SRID)
    tree = add(root, "layer-tree-group")
    groups(tree, placed)
    base_maps(tree, pictures)
    drawing_order(tree, placed, pictures)
    is_edited = any(one.is_edited for one in placed)
    add(root, "snapping-settings", enabled=is_edited, **{"intersection-snapping": 0, "self-snapping": 0}, **SNAPPED)
    relations(root, linked)
    _canvas(root, catalogue)
    _layers(root, placed, linked, pictures)
    _properties(root)
    _metadata(root)
    return _document(root, PROJECT_DOCTYPE)


def definition(placed: Placed) -> bytes:
    """The document of one layer, to be added to any project."""
    root = etree.Element("qlr")
    tree = add(root, "layer-tree-group", name="", expanded=1, checked="Qt::Checked")
    words = {"id": placed.id, "name": placed.layer.title, "source": placed.source.uri}
    add(tree, "layer-tree-layer", providerKey=placed.source.provider, checked="Qt::Checked", expanded=1, **words)
    vector(add(root, "maplayers"), placed, ())
    return _document(root, LAYER_DOCTYPE)


def packed(document: bytes, name: str) -> bytes:
    """A `.qgz`: an archive of which QGIS opens the `.qgs`."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(f"{name}.qgs", NO_DATE), document, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _document(root: Element, doctype: str) -> bytes:
    return etree.tostring(root, encoding="UTF-8", doctype=doctype, pretty_print=True)


def _pictures(site: Site) -> list[Picture]:
    srid = settings.REGISTRY_SRID
    found = [
        Picture("base_map_tiles", _("This portal's map, fast"), sources.tiles(site), srid),
        Picture("base_map_pictures", _("This portal's map, for printing"), sources.pictures(site), srid),
    ]
    grounds = [
        Picture(f"base_map_ground_{key}", one.title(get_language()), sources.ground(one), 3857, one.attribution)
        for key, one in enumerate(settings.BASEMAPS, start=1)
    ]
    return [*found, *grounds]


def _layers(root: Element, placed: Sequence[Placed], linked: Iterable[Link], pictures: Iterable[Picture]) -> None:
    element = add(root, "projectlayers")
    for one in placed:
        vector(element, one, [link for link in linked if link.child is one.layer])
    for picture in pictures:
        raster(element, picture)


def _canvas(root: Element, catalogue: Catalogue) -> None:
    """What is shown at first: the zones."""
    bounds = dict(zip(("xmin", "ymin", "xmax", "ymax"), _shown(catalogue), strict=True))
    canvas = add(root, "mapcanvas", name="theMapCanvas", annotationsVisible=1)
    add(canvas, "units", "meters")
    extent = add(canvas, "extent")
    for name, value in bounds.items():
        add(extent, name, f"{value:.3f}")
    add(canvas, "rotation", "0")
    reference(add(canvas, "destinationsrs"), settings.REGISTRY_SRID)
    view = add(root, "ProjectViewSettings", UseProjectScales=0, rotation=0)
    add(view, "Scales")
    reference(add(view, "DefaultViewExtent", **bounds), settings.REGISTRY_SRID)


def _shown(catalogue: Catalogue) -> Bounds:
    """In the registry's system, x being east, with a margin."""
    zones = catalogue.get("zones")
    around = extent_of(catalogue, zones) if zones else settings.REGISTRY_EXTENT
    west, south, east, north = Transformer.from_crs(4326, settings.REGISTRY_SRID, always_xy=True).transform_bounds(
        *around
    )
    more = MARGIN * max(east - west, north - south)
    return west - more, south - more, east + more, north + more


def _properties(root: Element) -> None:
    properties = add(root, "properties")
    gui = add(properties, "Gui")
    for name, start in (("Red", 1), ("Green", 3), ("Blue", 5)):
        add(gui, f"CanvasColor{name}Part", str(int(GROUND[start : start + 2], 16)), type="int")
    # Without this QGIS takes no notice of the project's reference system.
    add(add(properties, "SpatialRefSys"), "ProjectionsEnabled", "1", type="int")
    add(add(properties, "Digitizing"), "TopologicalEditing", "1", type="int")
    add(add(properties, "Paths"), "Absolute", "false", type="bool")


def _metadata(root: Element) -> None:
    metadata = add(root, "projectMetadata")
    add(metadata, "language", get_language() or settings.LANGUAGE_CODE)
    add(metadata, "type", "dataset")
    add(metadata, "title", settings.SITE_NAME)
    add(metadata, "abstract", _("Land, plots on offer and engineering networks of an industrial zone."))
    contact = add(metadata, "contact")
    add(contact, "name", settings.SITE_NAME)
    add(contact, "organization", settings.SITE_NAME)
    add(metadata, "author", settings.SITE_NAME)
