"""What QGIS itself makes of the services: run by the Python that has PyQGIS, it writes one JSON document of findings.

`python3 qgis_client.py JOURNEY ADDRESS '{"arguments": …}'`; nothing of the portal is imported.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsFeatureRequest,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
    QgsVectorTileLayer,
)
from qgis.PyQt.QtCore import QSize, QVariant

Found = dict[str, Any]
SIDE_PX = 400


def plain(value: Any) -> Any:
    """A field's value as JSON has it; dates as ISO 8601."""
    if isinstance(value, QVariant) and value.isNull():
        return None
    for convert in ("toPyDateTime", "toPyDate"):
        if hasattr(value, convert):
            return getattr(value, convert)().isoformat()
    return value


def read(layer: Any, box: list[float] | None = None) -> Found:
    request = QgsFeatureRequest(QgsRectangle(*box)) if box else QgsFeatureRequest()
    features = list(layer.getFeatures(request))
    return {
        "valid": layer.isValid(),
        "crs": layer.crs().authid(),
        "count": layer.featureCount(),
        "types": {field.name(): QVariant.typeToName(field.type()) for field in layer.fields()},
        "features": [
            {
                "values": {field.name(): plain(feature[field.name()]) for field in layer.fields()},
                "wkb": bytes(feature.geometry().asWkb()).hex(),
            }
            for feature in features
        ],
    }


def wfs(address: str, layer: str, srid: int, options: str = "", box: list[float] | None = None) -> Found:
    source = f"srsname='EPSG:{srid}' typename='zone:{layer}' url='{address}/ows/wfs' {options}"
    return read(QgsVectorLayer(source, layer, "WFS"), box)


def ogc(address: str, layer: str, box: list[float] | None = None) -> Found:
    source = f"srsname='EPSG:4326' typename='{layer}' url='{address}/ogc' restrictToRequestBBOX='1'"
    return read(QgsVectorLayer(source, layer, "OAPIF"), box)


def wms(address: str, layer: str, srid: int, **place: Any) -> Found:
    url = quote(f"{address}/ows/wms", safe="")
    source = f"crs=EPSG:{srid}&dpiMode=7&format=image/png&layers={layer}&styles=&url={url}"
    return drawn(QgsRasterLayer(source, layer, "wms"), srid, **place)


def wmts(address: str, layer: str, srid: int, grid: str, **place: Any) -> Found:
    url = quote(f"{address}/ows/wmts?SERVICE=WMTS&REQUEST=GetCapabilities", safe="")
    source = f"crs=EPSG:{srid}&format=image/png&layers={layer}&styles=default&tileMatrixSet={grid}&url={url}"
    return drawn(QgsRasterLayer(source, layer, "wms"), srid, **place)


def tiles(address: str, layer: str, srid: int, **place: Any) -> Found:
    """A vector tile layer by its TileJSON, in the portal's own style."""
    with urlopen(f"{address}/tiles/{layer}.json") as answer:
        told = json.load(answer)
    style = quote(f"{address}/styles/{layer}.json", safe="")
    source = f"type=xyz&url={quote(told['tiles'][0], safe='')}&zmin={told['minzoom']}&zmax={told['maxzoom']}"
    vector = QgsVectorTileLayer(f"{source}&styleUrl={style}", layer)
    vector.loadDefaultStyle()
    return drawn(vector, srid, **place)


def drawn(layer: Any, srid: int, box: list[float], places: list[list[float]]) -> Found:
    """The colours, as red, green, blue, of a square picture of `box` at `places` in the plane of `srid`."""
    if not layer.isValid():
        return {"valid": False, "error": layer.error().message()}
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(QgsCoordinateReferenceSystem(f"EPSG:{srid}"))
    settings.setExtent(QgsRectangle(*box))
    settings.setOutputSize(QSize(SIDE_PX, SIDE_PX))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    picture, to_pixel = job.renderedImage(), settings.mapToPixel()
    pixels = [to_pixel.transform(x, y) for x, y in places]
    colours = [picture.pixelColor(int(pixel.x()), int(pixel.y())) for pixel in pixels]
    return {
        "valid": True,
        "colours": [[colour.red(), colour.green(), colour.blue()] for colour in colours],
        "errors": [error.message for error in job.errors()],
    }


JOURNEYS: dict[str, Callable[..., Found]] = {"wfs": wfs, "ogc": ogc, "wms": wms, "wmts": wmts, "tiles": tiles}


def main(address: str, steps: str, journeys: dict[str, Callable[..., Found]] = JOURNEYS) -> None:
    """Runs `steps`, a list of journeys with their arguments, in one QGIS; what it warned of comes with each."""
    application = QgsApplication([], False)
    application.initQgis()
    warnings: list[str] = []
    log = QgsApplication.messageLog().messageReceived[str, str, Qgis.MessageLevel]
    log.connect(lambda text, _tag, level: warnings.append(text) if level else None)
    found = []
    for name, arguments in json.loads(steps):
        result = journeys[name](address, **arguments)
        # Threads hand their messages over to the event loop.
        for _ in range(10):
            application.processEvents()
            time.sleep(0.01)
        found.append({**result, "warnings": warnings[:]})
        warnings.clear()
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
