"""What QGIS makes of the project and the layers that the portal offers it: run by the Python that has PyQGIS.

`python3 qgis_projects.py ADDRESS '[["journey", {"arguments": …}]]'`; nothing of the portal is imported.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from qgis.core import (
    QgsApplication,
    QgsAuthMethodConfig,
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextScope,
    QgsExpressionContextUtils,
    QgsFeature,
    QgsField,
    QgsFields,
    QgsLayerDefinition,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize, QVariant
from qgis_client import Found, main, plain  # type: ignore[import-not-found]  # beside this file when it runs

SIDE_PX = 400
KINDS = {str: QVariant.String, int: QVariant.LongLong, float: QVariant.Double}


def fetched(url: str, name: str) -> str:
    path = Path(tempfile.mkdtemp()) / name
    with urlopen(url) as answer:
        path.write_bytes(answer.read())
    return str(path)


def opened(path: str) -> Found:
    """The project in `path`, and whatever QGIS says of it while it opens."""
    project = QgsProject.instance()
    project.clear()
    said: list[str] = []
    project.loadingLayerMessageReceived.connect(lambda layer, messages: said.append(f"{layer}: {messages}"))
    is_read = project.read(path)
    return {"read": is_read, "error": project.error(), "said": said}


def project(address: str, path: str = "/ows/project.qgz") -> Found:
    found = opened(fetched(address + path, "portal.qgz"))
    it = QgsProject.instance()
    extent = it.viewSettings().defaultViewExtent()
    return {
        **found,
        "title": it.title(),
        "crs": it.crs().authid(),
        "extent": [extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()],
        "layers": {id: described(layer) for id, layer in it.mapLayers().items()},
        "relations": {one.id(): one.isValid() for one in it.relationManager().relations().values()},
        "groups": [group.name() for group in it.layerTreeRoot().findGroups()],
    }


def described(layer: Any) -> Found:
    about = {"valid": layer.isValid(), "name": layer.name(), "crs": layer.crs().authid()}
    if not isinstance(layer, QgsVectorLayer):
        return about
    setups = {field.name(): layer.editorWidgetSetup(index) for index, field in enumerate(layer.fields())}
    return {
        **about,
        "count": layer.featureCount(),
        "held": len(list(layer.getFeatures())),
        "editable": bool(layer.dataProvider().capabilities() & layer.dataProvider().EditingCapabilities)
        and not layer.readOnly(),
        "aliases": {field.name(): field.alias() for field in layer.fields()},
        "choices": {name: setup.config()["map"] for name, setup in setups.items() if setup.type() == "ValueMap"},
        "renderer": layer.renderer().type(),
    }


def picture(address: str, box: list[float], places: list[list[float]], path: str = "/ows/project.qgz") -> Found:
    """The colours of the opened project at `places`, drawn as QGIS's own window draws it."""
    found = opened(fetched(address + path, "portal.qgz"))
    it = QgsProject.instance()
    settings = QgsMapSettings()
    settings.setLayers([node.layer() for node in it.layerTreeRoot().findLayers() if node.isVisible()])
    settings.setLayers([layer for layer in it.layerTreeRoot().layerOrder() if layer in settings.layers()])
    settings.setDestinationCrs(it.crs())
    settings.setExtent(QgsRectangle(*box))
    settings.setOutputSize(QSize(SIDE_PX, SIDE_PX))
    settings.setOutputDpi(96)
    settings.setBackgroundColor(it.backgroundColor())
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(None))
    context.appendScope(QgsExpressionContextUtils.mapSettingsScope(settings))
    settings.setExpressionContext(context)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    pixels = [settings.mapToPixel().transform(x, y) for x, y in places]
    colours = [job.renderedImage().pixelColor(int(pixel.x()), int(pixel.y())) for pixel in pixels]
    return {
        **found,
        "colours": [[colour.red(), colour.green(), colour.blue()] for colour in colours],
        "errors": [error.message for error in job.errors()],
    }


def definition(address: str, layer: str) -> Found:
    """One layer added to an empty project."""
    it = QgsProject.instance()
    it.clear()
    path = fetched(f"{address}/ows/layers/{layer}.qlr", f"{layer}.qlr")
    is_read, error = QgsLayerDefinition.loadLayerDefinition(path, it, it.layerTreeRoot())
    return {"read": is_read, "error": error, "layers": [described(one) for one in it.mapLayers().values()]}


def evaluate(address: str, expressions: list[str], scales: list[float], features: list[Found]) -> Found:
    """The value of each expression at each scale for each feature."""
    found = []
    for text in expressions:
        for scale in scales:
            for values in features:
                found.append(value_of(text, scale, values))
    return {"values": found}


def value_of(text: str, scale: float, values: Found) -> Any:
    fields = QgsFields()
    for name, value in values.items():
        fields.append(QgsField(name, KINDS.get(type(value), QVariant.String)))
    feature = QgsFeature(fields)
    feature.setAttributes([QVariant(QVariant.String) if value is None else value for value in values.values()])
    scope = QgsExpressionContextScope()
    scope.addVariable(QgsExpressionContextScope.StaticVariable("map_scale", scale, True, True))
    scope.setFields(fields)
    scope.setFeature(feature)
    context = QgsExpressionContext()
    context.appendScope(scope)
    expression = QgsExpression(text)
    expression.prepare(context)
    value = expression.evaluate(context)
    return expression.parserErrorString() or expression.evalErrorString() or plain(value)


def personal(address: str, path: str, authcfg: str, name: str, token: str, layer: str) -> Found:
    """A person's project, once that person has given QGIS the token under the configuration's name."""
    manager = QgsApplication.authManager()
    manager.setMasterPassword("for a test", True)
    config = QgsAuthMethodConfig("Basic")
    config.setId(authcfg)
    config.setName("portal")
    config.setConfigMap({"username": name, "password": token, "realm": ""})
    manager.storeAuthenticationConfig(config)
    found = opened(path)
    return {**found, **described(QgsProject.instance().mapLayer(layer))}


JOURNEYS: dict[str, Callable[..., Found]] = {
    "project": project,
    "picture": picture,
    "definition": definition,
    "evaluate": evaluate,
    "personal": personal,
}

if __name__ == "__main__":
    main(*sys.argv[1:], journeys=JOURNEYS)
