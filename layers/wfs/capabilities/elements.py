"""Small pieces that all documents are made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from django.conf import settings
from django.utils.translation import gettext as _
from lxml import etree

from layers.wfs.names import tag

Element: TypeAlias = etree._Element


def add(parent: Element, namespace: str, name: str, content: str = "", /, **attributes: str) -> Element:
    element = etree.SubElement(parent, tag(namespace, name), **attributes)
    element.text = content or None
    return element


def listed(parent: Element, namespace: str, name: str, values: Iterable[str]) -> None:
    for value in values:
        add(parent, namespace, name, value)


def identify(root: Element, ows: str, version: str) -> None:
    """Who serves what (OGC 06-121r9, 7.4.4 and 7.4.5); 1.1.0 has it alike."""
    service = add(root, ows, "ServiceIdentification")
    add(service, ows, "Title", settings.SITE_NAME)
    add(service, ows, "Abstract", abstract())
    add(service, ows, "ServiceType", "WFS")
    add(service, ows, "ServiceTypeVersion", version)
    add(service, ows, "Fees", "NONE")
    add(service, ows, "AccessConstraints", "NONE")


def provide(root: Element, ows: str) -> None:
    section = add(root, ows, "ServiceProvider")
    add(section, ows, "ProviderName", settings.PUBLISHER_NAME)
    contact = add(section, ows, "ServiceContact")
    if settings.PUBLISHER_EMAIL:
        address = add(add(contact, ows, "ContactInfo"), ows, "Address")
        add(address, ows, "ElectronicMailAddress", settings.PUBLISHER_EMAIL)


def abstract() -> str:
    return _("Land, plots on offer and engineering networks of an industrial zone.")
