"""A refusal at the door in the words of the protocol that was asked."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from gis_portal.edge import answers
from layers.maps.errors import MapRefusal, wms_exception, wmts_exception
from layers.wfs.exceptions import WfsError, report

CODE = "NoApplicableCode"


class Refusal(Exception):
    """Who asks may not come in like this."""

    def __init__(self, status: int, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.status, self.message, self.hint = status, message, hint


class _Ows(WfsError):
    code = CODE


def refuse(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    response = _in_form(request, refusal)
    response.status_code = refusal.status
    response["Cache-Control"] = "no-store"
    if refusal.status == 401:
        # RFC 9110, 11.6.1: one header may hold several challenges.
        realm = settings.SITE_NAME.encode("ascii", "ignore").decode().replace('"', "").replace("\\", "")
        response["WWW-Authenticate"] = f'Basic realm="{realm}", charset="UTF-8", Bearer realm="{realm}"'
    return response


def _in_form(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    words = " ".join(part for part in (refusal.message, refusal.hint) if part)
    if request.path_info.startswith("/ows/wms"):
        asked = {name.lower(): value for name, value in request.GET.items()}
        version = "1.1.1" if asked.get("version", "") == "1.1.1" else "1.3.0"
        return wms_exception(MapRefusal(words, ""), version)
    if request.path_info.startswith("/ows/wmts"):
        return wmts_exception(MapRefusal(words, CODE, status=refusal.status))
    if request.path_info.startswith("/ows/"):
        return report(_Ows(refusal.message, hint=refusal.hint))
    if request.path_info.startswith("/plots"):
        return answers.answer(request, refusal.status, refusal.message, hint=refusal.hint)
    return answers.problem(refusal.status, refusal.message, **({"hint": refusal.hint} if refusal.hint else {}))
