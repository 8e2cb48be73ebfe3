"""Names that the specifications give to things: namespaces, identifiers, media types."""

from __future__ import annotations

WFS = "http://www.opengis.net/wfs/2.0"
FES = "http://www.opengis.net/fes/2.0"
OWS = "http://www.opengis.net/ows/1.1"
GML = "http://www.opengis.net/gml/3.2"
# Of the versions before 2.0.0.
WFS_1 = "http://www.opengis.net/wfs"
OGC = "http://www.opengis.net/ogc"
OWS_1_0 = "http://www.opengis.net/ows"
GML_3_1 = "http://www.opengis.net/gml"
XSD = "http://www.w3.org/2001/XMLSchema"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XLINK = "http://www.w3.org/1999/xlink"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
SCHEMA_LOCATION = f"{{{XSI}}}schemaLocation"
SCHEMAS = "http://schemas.opengis.net"
WFS_SCHEMA = "http://schemas.opengis.net/wfs/2.0/wfs.xsd"

# Ours: all feature types live here. A URN, because the same data has the same names wherever it is served.
PREFIX = "zone"
NAMESPACE = "urn:gis-portal:registry"
GEOMETRY = "geom"

XML_TYPE = "application/xml; charset=utf-8"
XML_TYPES = ("application/xml", "text/xml")
GML_TYPE = "application/gml+xml; version=3.2"
GEOJSON_TYPE = "application/geo+json"
GET_FEATURE_BY_ID = "urn:ogc:def:query:OGC-WFS::GetFeatureById"
# How OGC 09-025r2 spells the same query.
GET_FEATURE_BY_ID_URI = "http://www.opengis.net/def/query/OGC-WFS/0/GetFeatureById"
STORED_QUERIES = (GET_FEATURE_BY_ID, GET_FEATURE_BY_ID_URI)
# A whole data set (INSPIRE Technical Guidance for Download Services 3.1, 6.3).
GET_SPATIAL_DATA_SET = "http://inspire.ec.europa.eu/operation/download/GetSpatialDataSet"
QUERY_LANGUAGE = "urn:ogc:def:queryLanguage:OGC-WFS::WFS_QueryExpression"
# The specification itself spells it in two ways (OGC 09-025r2, 14.2.2.5.1 and its examples).
QUERY_LANGUAGES = frozenset({QUERY_LANGUAGE, "urn:ogc:def:queryLanguage:OGC-WFS::WFSQueryExpression"})
# What GetFeature answers with when no count is given.
COUNT_DEFAULT = 1_000_000


def tag(namespace: str, name: str) -> str:
    return f"{{{namespace}}}{name}"
