"""What can be wrong with a WFS request, and the report that says so (OGC 09-025r2, table 3; OGC 06-121r9, 8)."""

from __future__ import annotations

from typing import ClassVar

from django.http import HttpResponse
from django.utils.translation import get_language, gettext_noop
from lxml import etree

from layers.wfs.names import OWS, SCHEMA_LOCATION, XML_LANG, XML_TYPE, XSI, tag
from registries.core.errors import BadInput, RegistryError, outcome


class WfsError(BadInput):
    """Bad input that WFS has a code of its own for."""

    code: ClassVar[str]


class MissingParameter(WfsError):
    default = gettext_noop("A parameter is missing.")
    code = "MissingParameterValue"


class VersionNotServed(WfsError):
    default = gettext_noop("This service speaks WFS 2.0.0 only.")
    code = "VersionNegotiationFailed"


class NotParsed(WfsError):
    default = gettext_noop("The request cannot be read.")
    code = "OperationParsingFailed"


class OperationNotServed(WfsError):
    default = gettext_noop("This service has no such operation.")
    code = "OperationNotSupported"


class OptionNotServed(WfsError):
    default = gettext_noop("This service has no such option.")
    code = "OptionNotSupported"


class TooLarge(WfsError):
    default = gettext_noop("The request is too large.")
    code = "OperationParsingFailed"
    http_status = 413


def report(error: RegistryError) -> HttpResponse:
    """The error as an ExceptionReport with the HTTP status of its meaning."""
    meaning = outcome(error)
    root = etree.Element(tag(OWS, "ExceptionReport"), nsmap={"ows": OWS, "xsi": XSI})
    root.set("version", "2.0.0")
    root.set(XML_LANG, get_language() or "en")
    root.set(SCHEMA_LOCATION, f"{OWS} http://schemas.opengis.net/ows/1.1.0/owsAll.xsd")
    code = error.code if isinstance(error, WfsError) else meaning.ows_code
    exception = etree.SubElement(root, tag(OWS, "Exception"), exceptionCode=code)
    if error.locator:
        exception.set("locator", printable(error.locator))
    etree.SubElement(exception, tag(OWS, "ExceptionText")).text = printable(str(error))
    status = getattr(error, "http_status", meaning.http_status)
    return HttpResponse(
        etree.tostring(root, xml_declaration=True, encoding="UTF-8"), status=status, content_type=XML_TYPE
    )


def printable(text: str) -> str:
    """What came from a request may hold characters that XML forbids."""
    return "".join(c if c.isprintable() else "�" for c in text[:2000])
