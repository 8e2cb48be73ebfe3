"""What INSPIRE wants download services to say besides (Technical Guidance for Download Services 3.1, 6.4)."""

from __future__ import annotations

from lxml import etree

from layers.wfs import names
from layers.wfs.capabilities.elements import Element, add
from layers.wfs.capabilities.facts import Facts
from layers.wfs.language import LANGUAGES
from layers.wfs.names import OWS, tag

DLS = "http://inspire.ec.europa.eu/schemas/inspire_dls/1.0"
COMMON = "http://inspire.ec.europa.eu/schemas/common/1.0"
ISO_TYPE = "application/vnd.iso.19139+xml"


def extend(operations: Element, facts: Facts) -> None:
    extended = add(operations, OWS, "ExtendedCapabilities")
    root = etree.SubElement(
        extended, tag(DLS, "ExtendedCapabilities"), nsmap={"inspire_dls": DLS, "inspire_common": COMMON}
    )
    metadata = add(root, COMMON, "MetadataUrl")
    add(metadata, COMMON, "URL", facts.absolute("metadata:service", "download"))
    add(metadata, COMMON, "MediaType", ISO_TYPE)
    default, *others = LANGUAGES
    supported = add(root, COMMON, "SupportedLanguages")
    add(add(supported, COMMON, "DefaultLanguage"), COMMON, "Language", default)
    for other in others:
        add(add(supported, COMMON, "SupportedLanguage"), COMMON, "Language", other)
    add(add(root, COMMON, "ResponseLanguage"), COMMON, "Language", facts.language)
    for layer in facts.catalogue:
        identifier = add(root, DLS, "SpatialDataSetIdentifier")
        add(identifier, COMMON, "Code", layer.key)
        add(identifier, COMMON, "Namespace", names.NAMESPACE)
