"""How GDAL edits our layers: run by a Python that has its bindings, it writes one JSON document of what it found.

`python3 gdal_edits.py ADDRESS VERSION SECRET EAST NORTH`; nothing of the portal is imported.
"""

from __future__ import annotations

import json
import sys

from osgeo import gdal, ogr


def main(address: str, version: str, secret: str, east: str, north: str) -> None:
    """Adds a hydrant, renames and moves it, reads it anew, and deletes the one that was there."""
    gdal.UseExceptions()
    gdal.SetConfigOption("GDAL_HTTP_HEADERS", f"Authorization: Bearer {secret}")
    opened = gdal.OpenEx(f"WFS:{address}/ows/wfs/edit?VERSION={version}", gdal.OF_VECTOR | gdal.OF_UPDATE)
    layer = opened.GetLayerByName("zone:water_hydrant")
    first = layer.GetNextFeature()
    added = ogr.Feature(layer.GetLayerDefn())
    added.SetField("label", "GDAL-1")
    added.SetField("network", first.GetField("network"))
    added.SetGeometry(ogr.CreateGeometryFromWkt(f"POINT({east} {north})"))
    created = layer.CreateFeature(added) == ogr.OGRERR_NONE
    layer.ResetReading()
    known = {feature.GetField("label"): feature for feature in layer}
    mine = known["GDAL-1"]
    mine.SetField("label", "GDAL-2")
    mine.SetGeometry(ogr.CreateGeometryFromWkt(f"POINT({float(east) + 5} {north})"))
    changed = layer.SetFeature(mine) == ogr.OGRERR_NONE
    deleted = layer.DeleteFeature(known[first.GetField("label")].GetFID()) == ogr.OGRERR_NONE
    layer.ResetReading()
    left = {feature.GetField("label"): feature.GetGeometryRef().ExportToWkt() for feature in layer}
    sys.stdout.write(json.dumps({"created": created, "changed": changed, "deleted": deleted, "left": left}))


if __name__ == "__main__":
    main(*sys.argv[1:])
