"""The records of the services themselves: download (WFS) and view (WMS), joined to the records of what they serve (ISO
19119 in ISO/TS 19139; INSPIRE Technical Guidance for metadata 2.0.1, 4).
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from layers.crs import Bounds
from layers.metadata import iso
from layers.metadata.elements import Element, anchor, code, put, tag, text
from layers.metadata.records import Absolute, Link, Record, capabilities

NETWORK_SERVICES = (
    "http://data.europa.eu/eli/reg/2009/976",
    "Commission Regulation (EC) No 976/2009 of 19 October 2009 implementing Directive 2007/2/EC of the European"
    " Parliament and of the Council as regards the Network Services",
    "2009-10-20",
)
# Only this edition has services.
SCHEMAS = "http://schemas.opengis.net/iso/19139/20060504"
CATEGORIES = "http://inspire.ec.europa.eu/metadata-codelist/SpatialDataServiceCategory"


@dataclass(frozen=True)
class Service:
    """`category` is what Regulation 1205/2008, part D.4, calls a service of this type."""

    type: str
    address: str
    protocol: str
    title: str
    category: str
    versions: tuple[str, ...]


SERVICES = {
    "download": Service(
        "download", "wfs", "WFS", gettext_noop("Download service"), "infoFeatureAccessService",
        ("OGC:WFS 2.0.0", "OGC:WFS 1.1.0", "OGC:WFS 1.0.0"),
    ),
    "view": Service(
        "view", "maps:wms", "WMS", gettext_noop("View service"), "infoMapAccessService",
        ("OGC:WMS 1.3.0", "OGC:WMS 1.1.1"),
    ),
}  # fmt: skip


def write(service: Service, records: Sequence[Record], absolute: Absolute) -> bytes:
    """The record of the service in the active language; `records` are of the layers that it serves."""
    address = absolute(reverse("metadata:service", args=[service.type]))
    days = [record.revised for record in records if record.revised]
    root = iso.head(str(uuid.uuid5(uuid.NAMESPACE_URL, address)), "service", max(days, default=localdate()))
    root.set(tag("xsi:schemaLocation"), iso.schema_location(SCHEMAS, "gmd", "gmx", "srv"))
    element = put(root, "gmd:identificationInfo/srv:SV_ServiceIdentification")
    endpoint = capabilities(absolute(reverse(service.address)), service.protocol)
    identify(element, service, records, max(days, default=localdate()).isoformat())
    operate(element, service, endpoint)
    for record in records:
        link = put(element, "srv:operatesOn", xlink__href=record.address)
        link.set("uuidref", record.identifier)
    iso.distribution(root, [Link(endpoint, service.protocol, f"OGC:{service.protocol}")])
    iso.quality(root, "service", NETWORK_SERVICES, "")
    return iso.document(root)


def identify(element: Element, service: Service, records: Sequence[Record], day: str) -> None:
    cited = put(element, "gmd:citation/gmd:CI_Citation")
    title = _(service.title)
    text(cited, "gmd:title", f"{settings.SITE_NAME} – {title} ({service.protocol})")
    iso.dated(cited, day, "revision")
    served = ", ".join(record.title for record in records)
    text(element, "gmd:abstract", _("%(service)s of these layers: %(layers)s.") % {"service": title, "layers": served})
    iso.party(element, "gmd:pointOfContact", "pointOfContact")
    listed = put(element, "gmd:descriptiveKeywords/gmd:MD_Keywords")
    anchor(listed, "gmd:keyword", f"{CATEGORIES}/{service.category}", service.category)
    iso.access(element, is_public=True)
    put(element, "srv:serviceType/gco:LocalName", service.type)
    for version in service.versions:
        text(element, "srv:serviceTypeVersion", version)
    if records:
        iso.extent(element, "srv:extent", around([record.bounds for record in records]))


def around(bounds: Sequence[Bounds]) -> Bounds:
    wests, souths, easts, norths = zip(*bounds, strict=True)
    return min(wests), min(souths), max(easts), max(norths)


def operate(element: Element, service: Service, endpoint: str) -> None:
    put(element, "srv:couplingType/srv:SV_CouplingType", "tight", codeList="#SV_CouplingType", codeListValue="tight")
    operation = put(element, "srv:containsOperations/srv:SV_OperationMetadata")
    text(operation, "srv:operationName", "GetCapabilities")
    put(operation, "srv:DCP/srv:DCPList", "WebServices", codeList="#DCPList", codeListValue="WebServices")
    point = put(operation, "srv:connectPoint/gmd:CI_OnlineResource")
    put(point, "gmd:linkage/gmd:URL", endpoint)
    text(point, "gmd:protocol", f"OGC:{service.protocol}")
    code(point, "gmd:function/gmd:CI_OnLineFunctionCode", "information")
