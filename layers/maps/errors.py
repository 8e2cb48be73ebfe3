"""Refusals of the map services in the words of their standards: WMS service exceptions, OWS reports for WMTS."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from django.http import HttpResponse


class MapRefusal(Exception):
    """A request that cannot be served: what is wrong, the standard's code for it, and the parameter at fault."""

    def __init__(self, message: str, code: str = "InvalidParameterValue", locator: str = "", status: int = 400) -> None:
        super().__init__(message)
        self.message, self.code, self.locator, self.status = message, code, locator, status


def wms_exception(refusal: MapRefusal, version: str) -> HttpResponse:
    """A `ServiceExceptionReport` (OGC 06-042, annex E.2; OGC 01-068r3, annex A.3).

    Clients show its text only when it comes with status 200, which WMS does not forbid.
    """
    code = f" code={quoteattr(refusal.code)}" if refusal.code else ""
    locator = f" locator={quoteattr(refusal.locator)}" if refusal.locator and version == "1.3.0" else ""
    space = ' xmlns="http://www.opengis.net/ogc"' if version == "1.3.0" else ""
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<ServiceExceptionReport version="{version}"{space}>\n'
        f"  <ServiceException{code}{locator}>{_clean(refusal.message)}</ServiceException>\n</ServiceExceptionReport>\n"
    )
    kind = "text/xml; charset=utf-8" if version == "1.3.0" else "application/vnd.ogc.se_xml; charset=utf-8"
    return HttpResponse(body, content_type=kind, status=405 if refusal.status == 405 else 200)


def wmts_exception(refusal: MapRefusal) -> HttpResponse:
    """An `ExceptionReport` (OGC 07-057r7, clause 8.2.3; OGC 06-121r3, clause 8)."""
    locator = f" locator={quoteattr(refusal.locator)}" if refusal.locator else ""
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<ExceptionReport xmlns="http://www.opengis.net/ows/1.1" version="1.0.0">\n'
        f"  <Exception exceptionCode={quoteattr(refusal.code)}{locator}>\n"
        f"    <ExceptionText>{_clean(refusal.message)}</ExceptionText>\n  </Exception>\n</ExceptionReport>\n"
    )
    return HttpResponse(body, content_type="application/xml; charset=utf-8", status=refusal.status)


def _clean(text: str) -> str:
    """Escaped, without the characters that XML 1.0 forbids (a request may hold them)."""
    return escape(
        "".join(
            c for c in text if c >= " " or c in "\t\n\r" if c not in "\ufffe\uffff" and not "\ud800" <= c <= "\udfff"
        )
    )
