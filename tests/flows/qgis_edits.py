"""How QGIS itself edits our layers: run by the Python that has PyQGIS.

`python3 qgis_edits.py ADDRESS '[["edit", {"arguments": …}]]'`; nothing of the portal is imported.
"""

from __future__ import annotations

import sys
from typing import Any

from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer
from qgis_client import Found, main, read  # type: ignore[import-not-found]  # beside this file when it runs


def opened(address: str, layer: str, srid: int, version: str, secret: str) -> Any:
    """The layer as a person adds it, with name and token; QGIS keeps the capabilities of an address for a day."""
    source = (
        f"srsname='EPSG:{srid}' typename='zone:{layer}' url='{address}/ows/wfs/edit'"
        f" version='{version}' username='olena' password='{secret}'"
    )
    return QgsVectorLayer(source, layer, "WFS")


def edit(
    address: str,
    layer: str,
    srid: int,
    version: str,
    secret: str,
    changes: list[dict[str, Any]],
) -> Found:
    """Makes `changes`, saves them as one “Save edits”, and reads the layer anew; a feature is known by its label.

    A change has `add` (values), `set` (values), `wkt` for a new shape, or `delete`; all but the first name a `label`.
    """
    vector = opened(address, layer, srid, version, secret)
    if not vector.isValid() or not vector.startEditing():
        return {"valid": vector.isValid(), "editable": False, "error": vector.error().message()}
    known = {feature["label"]: feature for feature in vector.getFeatures()}
    for change in changes:
        make(vector, known, change)
    saved = vector.commitChanges()
    errors = list(vector.commitErrors())
    if not saved:
        vector.rollBack()
    again = opened(address, layer, srid, version, secret)
    return {**read(again), "editable": True, "saved": saved, "errors": errors}


def make(vector: Any, known: dict[str, Any], change: dict[str, Any]) -> None:
    if "add" in change:
        feature = QgsFeature(vector.fields())
        for name, value in change["add"].items():
            feature[name] = value
        feature.setGeometry(QgsGeometry.fromWkt(change["wkt"]))
        assert vector.addFeature(feature)
        return
    id = known[change["label"]].id()
    if change.get("delete"):
        assert vector.deleteFeature(id)
        return
    for name, value in change.get("set", {}).items():
        assert vector.changeAttributeValue(id, vector.fields().indexOf(name), value)
    if "wkt" in change:
        assert vector.changeGeometry(id, QgsGeometry.fromWkt(change["wkt"]))


def is_editable(address: str, layers: list[str], version: str, secret: str) -> Found:
    """Which layers QGIS lets a person edit."""
    found = {}
    for layer in layers:
        vector = opened(address, layer, 7801, version, secret)
        found[layer] = vector.isValid() and vector.startEditing()
    return {"editable": found}


if __name__ == "__main__":
    main(*sys.argv[1:], {"edit": edit, "is_editable": is_editable})
