"""File formats that can be imported: one row of a table each, used for opening, for errors and for the help text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from registries.core.errors import BadInput


@dataclass(frozen=True)
class Format:
    """One format: how its files end, the GDAL drivers that may answer for it, and whether it can be read piece by
    piece.
    """

    title: str
    suffixes: tuple[str, ...]
    drivers: frozenset[str]
    in_chunks: bool = True
    # Options with which GDAL opens it.
    options: Mapping[str, str] = field(default_factory=dict)


FORMATS = (
    Format("Shapefile", (".shp", ".shp.zip", ".zip"), frozenset({"ESRI Shapefile"})),
    Format("GeoPackage", (".gpkg",), frozenset({"GPKG"})),
    Format("GeoJSON", (".geojson", ".json"), frozenset({"GeoJSON", "GeoJSONSeq"})),
    # Otherwise GDAL leaves a file with what it learnt beside the one it reads.
    Format("GML", (".gml", ".xml"), frozenset({"GML"}), options={"WRITE_GFS": "NO"}),
    # The driver walks the whole file for each piece, so one piece it is.
    Format("OpenStreetMap PBF", (".osm.pbf", ".pbf"), frozenset({"OSM"}), in_chunks=False),
    Format("KML", (".kml", ".kmz"), frozenset({"KML", "LIBKML"})),
)


def format_of(path: Path) -> Format:
    """The format by the file's ending; BadInput with the list of known ones for any other."""
    name = path.name.lower()
    for known in FORMATS:
        if name.endswith(known.suffixes):
            return known
    raise BadInput(
        _("%(name)s is not in a format that can be imported.") % {"name": path.name},
        locator="file",
        hint=_("Use one of: %(formats)s.") % {"formats": described()},
    )


def described() -> str:
    return ", ".join(f"{known.title} ({' '.join(known.suffixes)})" for known in FORMATS)
