"""A feature, or some properties of one, from GML to what `layers.writing` takes: values by published name, and a shape.

A whole feature, as somebody read or copied it, holds what is computed here, such as its area: that is passed over.
What else there is no place for is refused by `layers.writing`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.utils.translation import gettext as _
from lxml import etree

from layers.crs import Reference
from layers.layer import Layer
from layers.wfs import gml_in
from layers.wfs.names import GEOMETRY, NAMESPACE, WFS, WFS_1, XSI
from layers.wfs.requests import Version
from layers.wfs.transactions.refusals import InvalidValue
from layers.wfs.transactions.requests import Change
from layers.wfs.transactions.xml import GML_NAMESPACES
from registries.core.errors import InvalidGeometry
from registries.core.overlay import has_geom
from registries.core.records import STANDARD_PROPERTIES, registry_model

NIL = f"{{{XSI}}}nil"
# Standard properties of features (OGC 07-036, 9.4.1) that follow from the rest.
FOLLOWING = frozenset({"boundedBy", "location", "metaDataProperty"})
CODE_SPACE = "@codeSpace"
GML_ID = tuple(f"{{{namespace}}}id" for namespace in GML_NAMESPACES)


@dataclass
class Written:
    """What was written of a feature; `geom` counts where `has_geom` is set."""

    values: dict[str, Any] = field(default_factory=dict)
    geom: GEOSGeometry | None = None
    has_geom: bool = False


@dataclass(frozen=True)
class Form:
    """How features of one layer are read; `reference` is the system of geometries that name none."""

    layer: Layer
    version: Version
    reference: Reference | None
    writable: dict[str, bool] = field(default_factory=dict)

    @classmethod
    def of(cls, layer: Layer, version: Version, reference: Reference | None) -> Form:
        writable = {column.name: column.writes is not None for column in layer.columns}
        return cls(layer, version, reference, writable)

    def whole(self, feature: etree._Element) -> Written:
        """All that the feature's element holds, but for what is computed."""
        written = Written()
        shaped = has_geom(registry_model(self.layer.registry))
        for element in feature:
            name = property_of(element)
            if name and self.writable.get(name, True) and (name != GEOMETRY or shaped):
                self._take(written, name, element)
        return written

    def changed(self, changes: Iterable[Change]) -> Written:
        """The properties named, each with its value; without one it becomes NULL."""
        written = Written()
        for change in changes:
            self._take(written, change.name, change.value)
        return written

    def _take(self, written: Written, name: str, element: etree._Element | None) -> None:
        if name in written.values or (name == GEOMETRY and written.has_geom):
            raise InvalidValue(_("The property is given twice."), locator=name)
        if name == GEOMETRY:
            written.geom, written.has_geom = self._geometry(element), True
            return
        written.values[name] = None if element is None else text_of(element, name)
        if name + CODE_SPACE in STANDARD_PROPERTIES:
            written.values[name + CODE_SPACE] = None if element is None else element.get("codeSpace")

    def _geometry(self, element: etree._Element | None) -> GEOSGeometry | None:
        """None is what QGIS makes of some curves and heights; `layers.writing` says so and keeps what is stored."""
        shapes = [] if element is None else list(element)
        if not shapes:
            return None
        if len(shapes) > 1:
            raise InvalidGeometry(_("A feature has one geometry."), locator=GEOMETRY)
        return gml_in.geometry(shapes[0], self.reference, self.version, GEOMETRY)


def property_of(element: etree._Element) -> str:
    """The property's name, with `gml:` if it is one of GML's own; empty for what follows from the rest."""
    namespace, _brace, name = element.tag.rpartition("}")
    if namespace[1:] not in GML_NAMESPACES:
        return name
    return "" if name in FOLLOWING else f"gml:{name}"


def text_of(element: etree._Element, name: str) -> str | None:
    if element.get(NIL, "") in ("true", "1"):
        return None
    if len(element):
        raise InvalidValue(_("Elements have no place in this value."), locator=name)
    return element.text or ""


def name_of(feature: etree._Element) -> str:
    """The local name of its type. Raises InvalidValue for a namespace that is not ours; none at all, or the one that
    is inherited from the request, is what careless clients send.
    """
    name = etree.QName(feature)
    if name.namespace not in (None, NAMESPACE, WFS, WFS_1):
        raise InvalidValue(
            _("There is no feature type “%(name)s” in the namespace “%(uri)s”.")
            % {"name": name.localname[:80], "uri": name.namespace[:200]},
            locator=name.localname[:80],
            hint=_("Use “%(uri)s”.") % {"uri": NAMESPACE},
        )
    return name.localname


def id_of(feature: etree._Element) -> str:
    """What the client calls the feature; empty if it does not."""
    return next((value for name in (*GML_ID, "fid") if (value := feature.get(name))), "")
