"""The site's edge, where errors become answers. Each protocol maps its own before they come here."""

from collections.abc import Callable
from urllib.parse import unquote

from django.conf import settings
from django.db import DataError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from structlog.contextvars import get_contextvars

from gis_portal.edge import answers
from gis_portal.edge.persons import WRITING
from gis_portal.edge.protocols import Refusal, refuse
from registries.core.errors import RegistryError


class ErrorMiddleware:
    """Answers a RegistryError that a page or JSON endpoint let through."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            return _other_method(request, response)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        # PostgreSQL takes no NUL in a text, and Django's admin passes on what the address says.
        if isinstance(error, DataError) and "\x00" in unquote(request.get_full_path()):
            return bad_request(request, error)
        return answers.of_error(request, error) if isinstance(error, RegistryError) else None


def _other_method(request: HttpRequest, empty: HttpResponseNotAllowed) -> HttpResponse:
    """Instead of an empty page, which somebody gets who opens the address of a form that was sent."""
    answer = answers.answer(request, 405, _("This address does not take such a request."))
    answer["Allow"] = empty["Allow"]
    return answer


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's `handler400`: the exception's text may quote the request, so it is not repeated."""
    return answers.answer(request, 400, _("The portal cannot read this request."))


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answers.answer(request, 403, _("You are not allowed to do this."))


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's `CSRF_FAILURE_VIEW`: a form that this site did not send out, or that is too old; or a program that has
    not said yet who asks.
    """
    if request.path_info.startswith(WRITING):
        known = request.user.is_authenticated
        hint = _("Send an access token that may edit, as Bearer or as the password of HTTP Basic.")
        return refuse(request, Refusal(403 if known else 401, _("An access token is needed for this."), hint))
    return answers.answer(
        request, 403, _("This form is not from the portal or has expired."), hint=_("Reload the page and try again.")
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answers.answer(request, 404, _("There is nothing at this address."))


def failed(request: HttpRequest) -> HttpResponse:
    """Django's `handler500`: not the cause, but the id under which the log tells it.

    The page stands on nothing that may be what failed: neither database, nor session, nor static files.
    """
    detail = _("The portal could not answer. The failure has been noted.")
    request_id = get_contextvars().get("request_id", "")
    if not answers.wants_page(request):
        return answers.problem(500, detail, request_id=request_id)
    looks = f"{settings.STATIC_URL}portal/portal.css"
    context = {"title": answers.title(500), "detail": detail, "request_id": request_id, "looks": looks}
    return HttpResponse(render_to_string("portal/failed.html", context), status=500)
