"""A layer's record as XML: ISO 19115 in the encoding of ISO/TS 19139, with the elements that INSPIRE wants (Technical
Guidance for metadata 2.0.1).
"""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from lxml import etree

from layers import crs
from layers.crs import Bounds
from layers.metadata.elements import NAMES, Element, anchor, code, day, language, put, tag, text, texts
from layers.metadata.records import LANGUAGES, NAMESPACE, Link, Record, lineage

SCHEMAS = "http://schemas.opengis.net/iso/19139/20070417"
INSPIRE_LISTS = "http://inspire.ec.europa.eu/metadata-codelist"
THEMES = "GEMET - INSPIRE themes, version 1.0"
INTEROPERABILITY = (
    "http://data.europa.eu/eli/reg/2010/1089",
    "Commission Regulation (EU) No 1089/2010 of 23 November 2010 implementing Directive 2007/2/EC of the European"
    " Parliament and of the Council as regards interoperability of spatial data sets and services",
    "2010-12-08",
)


def write(record: Record) -> bytes:
    """The record of a data set in the active language."""
    root = head(record.identifier, "dataset", record.revised or localdate())
    root.set(tag("xsi:schemaLocation"), schema_location(SCHEMAS, "gmd", "gmx"))
    for srid in crs.SRIDS:
        system(root, crs.uri(srid))
    identification = put(root, "gmd:identificationInfo/gmd:MD_DataIdentification")
    identify(identification, record)
    distribution(root, record.links)
    quality(root, "dataset", INTEROPERABILITY, lineage())
    return document(root)


def document(root: Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def schema_location(folder: str, *prefixes: str) -> str:
    return " ".join(f"{NAMES[prefix]} {folder}/{prefix}/{prefix}.xsd" for prefix in prefixes)


def head(identifier: str, level: str, stamp: date) -> Element:
    """What a record says of itself; an order of elements other than this one is not valid."""
    root = etree.Element(tag("gmd:MD_Metadata"), nsmap=NAMES)
    text(root, "gmd:fileIdentifier", identifier)
    language(root, "gmd:language", own_language())
    code(root, "gmd:characterSet/gmd:MD_CharacterSetCode", "utf8")
    code(root, "gmd:hierarchyLevel/gmd:MD_ScopeCode", level)
    if level != "dataset":
        text(root, "gmd:hierarchyLevelName", level)
    party(root, "gmd:contact", "pointOfContact")
    day(root, "gmd:dateStamp", stamp.isoformat())
    text(root, "gmd:metadataStandardName", "ISO 19115")
    text(root, "gmd:metadataStandardVersion", "2003/Cor.1:2006")
    for locale in other_languages():
        place = put(root, "gmd:locale/gmd:PT_Locale", id=locale)
        language(place, "gmd:languageCode", locale)
        code(place, "gmd:characterEncoding/gmd:MD_CharacterSetCode", "utf8")
    return root


def own_language() -> str:
    """The active language by its code of ISO 639-2/B."""
    return LANGUAGES.get((get_language() or "")[:2], "bul")


def other_languages() -> list[str]:
    return [locale for locale in LANGUAGES.values() if locale != own_language()]


def party(parent: Element, path: str, role: str) -> None:
    """Who answers for the data (TG 2.0.1, requirement 1.10)."""
    element = put(parent, f"{path}/gmd:CI_ResponsibleParty")
    text(element, "gmd:organisationName", settings.PUBLISHER_NAME)
    if settings.PUBLISHER_EMAIL:
        address = "gmd:contactInfo/gmd:CI_Contact/gmd:address/gmd:CI_Address/gmd:electronicMailAddress"
        text(element, address, settings.PUBLISHER_EMAIL)
    code(element, "gmd:role/gmd:CI_RoleCode", role)


def system(root: Element, uri: str) -> None:
    path = "gmd:referenceSystemInfo/gmd:MD_ReferenceSystem/gmd:referenceSystemIdentifier/gmd:RS_Identifier"
    anchor(put(root, path), "gmd:code", uri, uri)


def identify(element: Element, record: Record) -> None:
    citation(element, record)
    others = by_locale(record, "abstract")
    texts(element, "gmd:abstract", record.abstract, others)
    party(element, "gmd:pointOfContact", "pointOfContact")
    maintenance = "gmd:resourceMaintenance/gmd:MD_MaintenanceInformation/gmd:maintenanceAndUpdateFrequency"
    code(element, f"{maintenance}/gmd:MD_MaintenanceFrequencyCode", "continual")
    keywords(element, record)
    access(element, is_public=record.is_public)
    code(element, "gmd:spatialRepresentationType/gmd:MD_SpatialRepresentationTypeCode", "vector")
    for locale in LANGUAGES.values():
        language(element, "gmd:language", locale)
    code(element, "gmd:characterSet/gmd:MD_CharacterSetCode", "utf8")
    put(element, "gmd:topicCategory/gmd:MD_TopicCategoryCode", record.subject.topic)
    extent(element, "gmd:extent", record.bounds)


def by_locale(record: Record, name: str) -> dict[str, str]:
    found = record.in_each_language(name)
    return {locale: found[short] for short, locale in LANGUAGES.items() if locale in other_languages()}


def citation(element: Element, record: Record) -> None:
    cited = put(element, "gmd:citation/gmd:CI_Citation")
    texts(cited, "gmd:title", record.title, by_locale(record, "title"))
    if record.revised:
        dated(cited, record.revised.isoformat(), "revision")
    else:
        put(cited, "gmd:date").set(tag("gco:nilReason"), "missing")
    identifier = put(cited, "gmd:identifier/gmd:RS_Identifier")
    text(identifier, "gmd:code", record.key)
    text(identifier, "gmd:codeSpace", NAMESPACE)


def dated(parent: Element, value: str, kind: str) -> None:
    element = put(parent, "gmd:date/gmd:CI_Date")
    day(element, "gmd:date", value)
    code(element, "gmd:dateType/gmd:CI_DateTypeCode", kind)


def keywords(element: Element, record: Record) -> None:
    """INSPIRE's theme from its list (TG 2.0.1, requirement 2.8)."""
    listed = put(element, "gmd:descriptiveKeywords/gmd:MD_Keywords")
    anchor(listed, "gmd:keyword", record.subject.uri, record.subject.title)
    code(listed, "gmd:type/gmd:MD_KeywordTypeCode", "theme")
    thesaurus = put(listed, "gmd:thesaurusName/gmd:CI_Citation")
    anchor(thesaurus, "gmd:title", "http://www.eionet.europa.eu/gemet/inspire_themes", THEMES)
    dated(thesaurus, "2008-06-01", "publication")


def access(element: Element, *, is_public: bool) -> None:
    """Who may see it, and on what terms it may be used (TG 2.0.1, requirements 3.10 and 3.11)."""
    limits = restricted(element, "gmd:accessConstraints")
    if is_public:
        name = _("No limitations to public access")
        anchor(limits, "gmd:otherConstraints", f"{INSPIRE_LISTS}/LimitationsOnPublicAccess/noLimitations", name)
    else:
        text(limits, "gmd:otherConstraints", _("Only for people to whom the registry has opened it."))
    terms = restricted(element, "gmd:useConstraints")
    unknown = f"{INSPIRE_LISTS}/ConditionsApplyingToAccessAndUse/conditionsUnknown"
    href = settings.DATA_LICENCE or unknown
    name = settings.DATA_LICENCE or _("Conditions applying to access and use unknown")
    anchor(terms, "gmd:otherConstraints", href, name)


def restricted(element: Element, path: str) -> Element:
    constraints = put(element, "gmd:resourceConstraints/gmd:MD_LegalConstraints")
    code(constraints, f"{path}/gmd:MD_RestrictionCode", "otherRestrictions")
    return constraints


def extent(element: Element, path: str, bounds: Bounds) -> None:
    box = put(element, f"{path}/gmd:EX_Extent/gmd:geographicElement/gmd:EX_GeographicBoundingBox")
    west, south, east, north = bounds
    sides = {
        "westBoundLongitude": west,
        "eastBoundLongitude": east,
        "southBoundLatitude": south,
        "northBoundLatitude": north,
    }
    for name, value in sides.items():
        put(box, f"gmd:{name}/gco:Decimal", f"{value:.6f}")


def distribution(root: Element, links: list[Link]) -> None:
    element = put(root, "gmd:distributionInfo/gmd:MD_Distribution")
    for link in links:
        if link.media_type:
            form = put(element, "gmd:distributionFormat/gmd:MD_Format")
            text(form, "gmd:name", link.title)
            put(form, "gmd:version").set(tag("gco:nilReason"), "unknown")
    options = put(element, "gmd:transferOptions/gmd:MD_DigitalTransferOptions")
    for link in links:
        online(options, link)


def online(options: Element, link: Link) -> None:
    element = put(options, "gmd:onLine/gmd:CI_OnlineResource")
    put(element, "gmd:linkage/gmd:URL", link.href)
    text(element, "gmd:protocol", link.protocol)
    text(element, "gmd:name", link.title)
    kind = "download" if link.media_type or link.protocol in ("OGC:WFS", "OGC API - Features") else "information"
    code(element, "gmd:function/gmd:CI_OnLineFunctionCode", kind)


def quality(root: Element, level: str, regulation: tuple[str, str, str], origin: str) -> None:
    """Conformity, which nobody has evaluated yet, and where the data is from (TG 2.0.1, requirements 1.8 and 2.4)."""
    element = put(root, "gmd:dataQualityInfo/gmd:DQ_DataQuality")
    code(element, "gmd:scope/gmd:DQ_Scope/gmd:level/gmd:MD_ScopeCode", level)
    if level != "dataset":
        scope = element.find(f"{tag('gmd:scope')}/{tag('gmd:DQ_Scope')}")
        described = put(scope, "gmd:levelDescription/gmd:MD_ScopeDescription")
        text(described, "gmd:other", level)
    result = put(element, "gmd:report/gmd:DQ_DomainConsistency/gmd:result/gmd:DQ_ConformanceResult")
    href, title, published = regulation
    specification = put(result, "gmd:specification/gmd:CI_Citation")
    anchor(specification, "gmd:title", href, title)
    dated(specification, published, "publication")
    text(result, "gmd:explanation", _("Not evaluated."))
    put(result, "gmd:pass").set(tag("gco:nilReason"), "unknown")
    if origin:
        text(element, "gmd:lineage/gmd:LI_Lineage/gmd:statement", origin)
