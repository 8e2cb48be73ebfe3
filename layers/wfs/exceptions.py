"""What can be wrong with a WFS request, and the report that says so in the words of its version.

2.0.0: OGC 09-025r2, table 3, and OGC 06-121r9, 8. 1.1.0: OGC 04-094, 7.7, and OGC 05-008, 8. 1.0.0: OGC 02-058,
annex A.5.
"""

from __future__ import annotations

from typing import ClassVar

from django.http import HttpResponse
from django.utils.translation import get_language, gettext_noop
from lxml import etree

from layers.wfs.names import (
    OGC,
    OWS,
    OWS_1_0,
    SCHEMA_LOCATION,
    SCHEMAS,
    XML_LANG,
    XML_TYPE,
    XSI,
    tag,
)
from layers.wfs.requests import Version
from registries.core.errors import BadInput, RegistryError, outcome

# Clients of 1.x show the words of a report only with 200; what stands before the service keeps its status.
READ_WITH_200 = frozenset({400, 403, 404, 409, 422})


class WfsError(BadInput):
    """Bad input that WFS has a code of its own for."""

    code: ClassVar[str]


class MissingParameter(WfsError):
    default = gettext_noop("A parameter is missing.")
    code = "MissingParameterValue"


class VersionNotServed(WfsError):
    default = gettext_noop("This service speaks WFS 2.0.0, 1.1.0 and 1.0.0.")
    code = "VersionNegotiationFailed"


class WrongUpdateSequence(WfsError):
    default = gettext_noop("The service has no document as new as that.")
    code = "InvalidUpdateSequence"


class SameUpdateSequence(WfsError):
    """OGC 06-121r9, table 7: the client has the document already."""

    default = gettext_noop("The document has not changed.")
    code = "CurrentUpdateSequence"


class NotParsed(WfsError):
    default = gettext_noop("The request cannot be read.")
    code = "OperationParsingFailed"


class OperationNotServed(WfsError):
    default = gettext_noop("This service has no such operation.")
    code = "OperationNotSupported"


class OptionNotServed(WfsError):
    default = gettext_noop("This service has no such option.")
    code = "OptionNotSupported"


class NotProcessed(WfsError):
    """OGC 09-025r2, table D.2."""

    default = gettext_noop("This cannot be done.")
    code = "OperationProcessingFailed"
    http_status = 403


class TooLarge(WfsError):
    default = gettext_noop("The request is too large.")
    code = "OperationParsingFailed"
    http_status = 413


class PersonNeeded(WfsError):
    default = gettext_noop("Only people who may edit come in here: sign in with an access token.")
    code = "NoApplicableCode"
    http_status = 401


class DuplicateStoredQuery(WfsError):
    default = gettext_noop("There is a stored query of this identifier already.")
    code = "DuplicateStoredQueryIdValue"
    http_status = 409


class DuplicateStoredQueryParameter(WfsError):
    default = gettext_noop("A parameter of the stored query is declared twice.")
    code = "DuplicateStoredQueryParameterName"
    http_status = 409


def report(error: RegistryError, version: Version = "2.0.0") -> HttpResponse:
    """The error as a report of `version`, with the HTTP status that its clients read it with."""
    meaning = outcome(error)
    code = error.code if isinstance(error, WfsError) else meaning.ows_code
    status = getattr(error, "http_status", meaning.http_status)
    if version != "2.0.0" and status in READ_WITH_200:
        status = 200
    root = service_exception(error, code) if version == "1.0.0" else exception_report(error, code, version)
    content = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    response = HttpResponse(content, status=status, content_type=XML_TYPE, headers={"Cache-Control": "no-store"})
    if status == 401:
        response["WWW-Authenticate"] = 'Basic realm="WFS", charset="UTF-8"'
    return response


def exception_report(error: RegistryError, code: str, version: Version) -> etree._Element:
    is_new = version == "2.0.0"
    ows, schema = (OWS, "ows/1.1.0/owsAll.xsd") if is_new else (OWS_1_0, "ows/1.0.0/owsExceptionReport.xsd")
    root = etree.Element(tag(ows, "ExceptionReport"), nsmap={"ows": ows, "xsi": XSI})
    root.set("version", version)
    root.set(XML_LANG if is_new else "language", get_language() or "en")
    root.set(SCHEMA_LOCATION, f"{ows} {SCHEMAS}/{schema}")
    exception = etree.SubElement(root, tag(ows, "Exception"), exceptionCode=code)
    if error.locator:
        exception.set("locator", printable(error.locator))
    etree.SubElement(exception, tag(ows, "ExceptionText")).text = printable(str(error))
    return root


def service_exception(error: RegistryError, code: str) -> etree._Element:
    root = etree.Element(tag(OGC, "ServiceExceptionReport"), nsmap={None: OGC, "xsi": XSI}, version="1.2.0")
    root.set(SCHEMA_LOCATION, f"{OGC} {SCHEMAS}/wfs/1.0.0/OGC-exception.xsd")
    exception = etree.SubElement(root, tag(OGC, "ServiceException"), code=code)
    if error.locator:
        exception.set("locator", printable(error.locator))
    exception.text = printable(str(error))
    return root


def printable(text: str) -> str:
    """What came from a request may hold characters that XML forbids."""
    return "".join(c if c.isprintable() else "�" for c in text[:2000])
