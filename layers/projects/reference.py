"""A reference system as QGIS writes it: complete, so that it is understood even where its database lacks the code."""

from __future__ import annotations

import re
import warnings
from functools import cache

from pyproj import CRS

from layers.projects.elements import Element, add


@cache
def _parts(srid: int) -> tuple[tuple[str, str], ...]:
    crs = CRS.from_epsg(srid)
    with warnings.catch_warnings():
        # PROJ's short notation says less than WKT, which stands beside it.
        warnings.simplefilter("ignore")
        proj4 = crs.to_proj4().replace(" +type=crs", "")
    acronym = re.search(r"\+proj=(\w+)", proj4)
    ellipsoid = crs.ellipsoid.to_json_dict().get("id", {}) if crs.ellipsoid else {}
    return (
        ("wkt", crs.to_wkt()),
        ("proj4", proj4),
        ("srid", str(srid)),
        ("authid", f"EPSG:{srid}"),
        ("description", crs.name),
        ("projectionacronym", acronym[1] if acronym else ""),
        ("ellipsoidacronym", f"{ellipsoid['authority']}:{ellipsoid['code']}" if ellipsoid else ""),
        ("geographicflag", str(crs.is_geographic).lower()),
    )


def reference(parent: Element, srid: int) -> None:
    element = add(parent, "spatialrefsys", nativeFormat="Wkt")
    for name, value in _parts(srid):
        add(element, name, value)
