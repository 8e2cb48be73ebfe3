"""Elements of ISO 19139, written by the path to them: each step is an element, the last one holds the value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from lxml import etree

NAMES = {
    "gmd": "http://www.isotc211.org/2005/gmd",
    "gco": "http://www.isotc211.org/2005/gco",
    "gmx": "http://www.isotc211.org/2005/gmx",
    "srv": "http://www.isotc211.org/2005/srv",
    "gml": "http://www.opengis.net/gml/3.2",
    "xlink": "http://www.w3.org/1999/xlink",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
CODES = "http://standards.iso.org/iso/19139/resources/gmxCodelists.xml"
ISO_LANGUAGES = "http://www.loc.gov/standards/iso639-2/"
Element: TypeAlias = etree._Element


def tag(name: str) -> str:
    """`gmd:title` with its namespace; a name without a prefix as it is."""
    prefix, colon, local = name.partition(":")
    return f"{{{NAMES[prefix]}}}{local}" if colon else name


def put(parent: Element, path: str, value: str | None = None, **attributes: str) -> Element:
    """The element at the end of `path` below `parent`, all steps new; attributes are given with `__` for the colon."""
    for step in path.split("/"):
        parent = etree.SubElement(parent, tag(step))
    parent.text = value
    for name, text in attributes.items():
        parent.set(tag(name.replace("__", ":")), text)
    return parent


def text(parent: Element, path: str, value: str) -> Element:
    return put(parent, f"{path}/gco:CharacterString", value)


def day(parent: Element, path: str, value: str) -> Element:
    return put(parent, f"{path}/gco:Date", value)


def code(parent: Element, path: str, value: str) -> Element:
    """A word of one of ISO's lists, the list being named as the element is."""
    name = path.rpartition(":")[2]
    return put(parent, path, value, codeList=f"{CODES}#{name}", codeListValue=value)


def language(parent: Element, path: str, value: str) -> Element:
    return put(parent, f"{path}/gmd:LanguageCode", value, codeList=ISO_LANGUAGES, codeListValue=value)


def anchor(parent: Element, path: str, href: str, value: str) -> Element:
    """A text that leads to what it means (TG 2.0.1, 2.2.1)."""
    return put(parent, f"{path}/gmx:Anchor", value, xlink__href=href)


def texts(parent: Element, path: str, own: str, others: Mapping[str, str]) -> Element:
    """A text in the language of the record and, by their locales, in others (ISO 19139, 7.3)."""
    element = put(parent, path, xsi__type="gmd:PT_FreeText_PropertyType")
    put(element, "gco:CharacterString", own)
    for locale, value in others.items():
        put(element, "gmd:PT_FreeText/gmd:textGroup/gmd:LocalisedCharacterString", value, locale=f"#{locale}")
    return element
