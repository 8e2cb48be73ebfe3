"""Small files of several formats, written by GDAL for a test."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import pytest
from django.contrib.gis.geos import GEOSGeometry
from shapely import wkb

from registries.core.models import User
from registries.exchange.importer import Order, Report, import_file

Write = Callable[..., Path]
Import = Callable[..., Report]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write rows of (geometry, columns) into a file; `crs` None leaves the reference system out."""

    def to_file(
        name: str, rows: list[tuple[GEOSGeometry, dict[str, Any]]], crs: str | None = "EPSG:7801", **more: Any
    ) -> Path:
        # A Shapefile cuts names at ten characters; cut here, because geopandas warns when it has to.
        length = 10 if name.endswith(".shp") else 60
        frame = geopandas.GeoDataFrame(
            [{key[:length]: value for key, value in columns.items()} for _geom, columns in rows],
            geometry=[wkb.loads(bytes(geom.wkb)) for geom, _columns in rows],
            crs=crs or "EPSG:7801",
        )
        path = tmp_path / name
        frame.to_file(path, engine="pyogrio", driver="KML" if name.endswith(".kml") else None, **more)
        if crs is None:
            path.with_suffix(".prj").unlink()
        return path

    return to_file


@pytest.fixture
def run(olena: User) -> Import:
    """Import as Olena; the words of progress are kept in `said`."""

    def with_order(path: Path, to: str, **options: Any) -> Report:
        return import_file(olena, Order(path, to, **options), lambda _text: None)

    return with_order
