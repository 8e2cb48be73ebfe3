"""GML as the three versions of WFS have it: one row each of names, read by the writer and by the schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from layers.crs import Reference
from layers.layer import GeometryKind
from layers.wfs import names
from layers.wfs.requests import Version


@dataclass(frozen=True)
class Dialect:
    """One version of GML, and the WFS whose collections it is carried in.

    `number` is what PostGIS calls it; `id` the attribute of features; `head` what a collection begins with; `kinds` the
    element and the type of each geometry property.
    """

    version: Version
    number: int
    wfs: str
    wfs_schema: str
    gml: str
    gml_schema: str
    member: str
    feature: str
    elements: Mapping[GeometryKind, str]
    properties: Mapping[GeometryKind, str]
    id: str = "gml:id"
    head: str = ""
    has_geometry_ids: bool = False

    def srs_name(self, reference: Reference) -> str:
        """As it was asked for; GML 2 knows but one way to write it."""
        if self.number == 2:
            return f"http://www.opengis.net/gml/srs/epsg.xml#{reference.srid}"
        return reference.name or (reference.urn if reference.is_authority else f"EPSG:{reference.srid}")

    def is_flipped(self, reference: Reference) -> bool:
        """Whether y is written before x: in GML 2 never, whatever the system is called (OGC 02-069, 4.3.2)."""
        return self.number == 3 and reference.flipped


GML32 = Dialect(
    version="2.0.0",
    number=3,
    wfs=names.WFS,
    wfs_schema=names.WFS_SCHEMA,
    gml=names.GML,
    gml_schema=f"{names.SCHEMAS}/gml/3.2.1/gml.xsd",
    member="wfs:member",
    feature="gml:AbstractFeature",
    elements={"Point": "gml:Point", "LineString": "gml:LineString", "MultiPolygon": "gml:MultiSurface"},
    properties={
        "Point": "gml:PointPropertyType",
        "LineString": "gml:CurvePropertyType",
        "MultiPolygon": "gml:MultiSurfacePropertyType",
    },
    has_geometry_ids=True,
)
GML31 = Dialect(
    version="1.1.0",
    number=3,
    wfs=names.WFS_1,
    wfs_schema=f"{names.SCHEMAS}/wfs/1.1.0/wfs.xsd",
    gml=names.GML_3_1,
    gml_schema=f"{names.SCHEMAS}/gml/3.1.1/base/gml.xsd",
    member="gml:featureMember",
    feature="gml:_Feature",
    elements=GML32.elements,
    properties=GML32.properties,
)
GML2 = Dialect(
    version="1.0.0",
    number=2,
    wfs=names.WFS_1,
    wfs_schema=f"{names.SCHEMAS}/wfs/1.0.0/WFS-basic.xsd",
    gml=names.GML_3_1,
    gml_schema=f"{names.SCHEMAS}/gml/2.1.2/feature.xsd",
    member="gml:featureMember",
    feature="gml:_Feature",
    elements={"Point": "gml:Point", "LineString": "gml:LineString", "MultiPolygon": "gml:MultiPolygon"},
    properties={
        "Point": "gml:PointPropertyType",
        "LineString": "gml:LineStringPropertyType",
        "MultiPolygon": "gml:MultiPolygonPropertyType",
    },
    id="fid",
    # A collection must say where it lies, or why it does not (OGC 02-069, 5.4).
    head="<gml:boundedBy><gml:null>unknown</gml:null></gml:boundedBy>",
)
