"""How other people's programs read the services, in a process of their own: GDAL holds Python's lock while it waits
for the server, which may live in the same process.

`python readers.py ADDRESS READER SRID` writes one JSON document: by layer, by feature, the shape as hexadecimal WKB.
"""

from __future__ import annotations

import io
import json
import sys
import warnings
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import geopandas
import pyogrio
from owslib.ogcapi.features import Features
from owslib.wfs import WebFeatureService

Shapes = dict[str, dict[str, str]]
PAGE = 500
# Our prefix, which GDAL and OWSLib show in names.
PREFIX = "zone:"


def shapes(frame: geopandas.GeoDataFrame) -> dict[str, str]:
    """By the last part of the identifier; shapes with x to the east, without heights."""
    column = next(name for name in ("gml_id", "fid", "id") if name in frame.columns)
    flat = frame.geometry.force_2d()
    return {str(id).split(".")[-1]: wkb for id, wkb in zip(frame[column], flat.to_wkb(hex=True), strict=True)}


def listed(source: str) -> list[str]:
    return [name for name, _geometry in pyogrio.list_layers(source)]


def gdal_wfs(version: str) -> Callable[[str, int], Shapes]:
    def read(address: str, srid: int) -> Shapes:
        source = f"WFS:{address}/ows/wfs?VERSION={version}&SRSNAME=urn:ogc:def:crs:EPSG::{srid}"
        found = {}
        for layer in listed(source):
            # Without the name in the address GDAL reads the schemas of all layers again before each.
            frame = pyogrio.read_dataframe(f"{source}&TYPENAME={layer}", layer=layer)
            found[layer.removeprefix(PREFIX)] = shapes(as_system(frame, srid))
        return found

    return read


def gdal_api(address: str, srid: int) -> Shapes:
    source = f"OAPIF:{address}/ogc"
    system = "OGC:CRS84" if srid == 4326 else f"EPSG:{srid}"
    return {
        layer: shapes(
            as_system(pyogrio.read_dataframe(f"{source}/collections/{layer}", PAGE_SIZE=PAGE, CRS=system), srid)
        )
        for layer in listed(source)
    }


def as_system(frame: geopandas.GeoDataFrame, srid: int) -> geopandas.GeoDataFrame:
    """The service must have answered in the system that was asked for."""
    assert frame.crs.to_epsg() == srid or (srid == 4326 and frame.crs.is_geographic), frame.crs
    return frame


def owslib_wfs(version: str) -> Callable[[str, int], Shapes]:
    """OWSLib gets the document, GDAL's own reader of GML takes it apart."""

    def read(address: str, srid: int) -> Shapes:
        service = WebFeatureService(f"{address}/ows/wfs", version=version)
        name = f"urn:ogc:def:crs:EPSG::{srid}"
        found = {}
        for layer in service.contents:
            body = service.getfeature(typename=[layer], srsname=name).read()
            found[layer.removeprefix(PREFIX)] = shapes(pyogrio.read_dataframe(io.BytesIO(body)))
        return found

    return read


def owslib_api(address: str, srid: int) -> Shapes:
    service = Features(f"{address}/ogc/")
    found = {}
    for layer in service.feature_collections():
        features: list[Any] = []
        while True:
            page = service.collection_items(layer, limit=PAGE, offset=len(features))
            features += page["features"]
            if len(page["features"]) < PAGE:
                break
        found[layer] = shapes(of_features(features, srid))
    return found


def geopandas_api(address: str, srid: int) -> Shapes:
    """GeoJSON by its address, as somebody in a notebook reads it."""
    query = urlencode({"limit": 10_000})
    found = {}
    for layer in Features(f"{address}/ogc/").feature_collections():
        frame = geopandas.read_file(f"{address}/ogc/collections/{layer}/items?{query}")
        found[layer] = shapes(frame)
    return found


def of_features(features: list[Any], srid: int) -> geopandas.GeoDataFrame:
    frame = geopandas.GeoDataFrame.from_features(features, crs=srid)
    frame["id"] = [feature["id"] for feature in features]
    return frame


READERS: dict[str, Callable[[str, int], Shapes]] = {
    **{f"gdal-wfs-{version}": gdal_wfs(version) for version in ("1.0.0", "1.1.0")},
    **{f"owslib-wfs-{version}": owslib_wfs(version) for version in ("1.1.0", "2.0.0")},
    "gdal-ogcapi": gdal_api,
    "owslib-ogcapi": owslib_api,
    "geopandas-ogcapi": geopandas_api,
}

if __name__ == "__main__":
    address, reader, srid = sys.argv[1:]
    with warnings.catch_warnings():
        # Other people's programs warn of their own future.
        warnings.simplefilter("ignore")
        sys.stdout.write(json.dumps(READERS[reader](address, int(srid))))
