"""How the site says that something went wrong: a page for people, problem+json (RFC 9457) for programs."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from registries.core.errors import Conflict, RegistryError, RuleViolations, outcome

PROBLEM = "application/problem+json"
PAGE = "text/html"
# In this order, so that a program that accepts anything gets the machine's form.
FORMS = (PROBLEM, "application/json", PAGE)
# What a client may ask again for, after this many seconds.
RETRY_AFTER_S = 30


def of_error(request: HttpRequest, error: RegistryError) -> HttpResponse:
    """The answer to a request that ended with `error`; its status is that of the error's meaning."""
    members: dict[str, Any] = {"locator": error.locator, "hint": error.hint}
    if isinstance(error, RuleViolations):
        members["problems"] = [str(problem) for problem in error.problems]
    if isinstance(error, Conflict):
        members["conflicts"] = [vars(conflict) for conflict in error.conflicts]
    return answer(request, outcome(error).http_status, error.message, **members)


def answer(request: HttpRequest, status: int, detail: str, **members: Any) -> HttpResponse:
    """`detail` as a page or as problem+json, by the request's Accept header; `members` that are empty are left out.

    RFC 9457, section 3.1: without a `type` of its own, `title` is the name of the status.
    """
    told = {name: value for name, value in members.items() if value}
    response: HttpResponse
    if wants_page(request):
        context = {"title": title(status), "detail": detail, "status": status, **told}
        response = render(request, "portal/error.html", context, status=status)
    else:
        response = problem(status, detail, **told)
    if status == 503:
        response["Retry-After"] = str(RETRY_AFTER_S)
    patch_vary_headers(response, ["Accept", "Accept-Language"])
    return response


def wants_page(request: HttpRequest) -> bool:
    return request.get_preferred_type(list(FORMS)) == PAGE


def problem(status: int, detail: str, **members: Any) -> JsonResponse:
    content = {"type": "about:blank", "title": title(status), "status": status, "detail": detail, **members}
    # Geometries of conflicts are told as EWKT.
    params = {"ensure_ascii": False, "default": str}
    return JsonResponse(content, status=status, content_type=PROBLEM, json_dumps_params=params)


def title(status: int) -> str:
    """The name of an HTTP status in the reader's language."""
    titles = {
        400: _("The request is not valid"),
        401: _("Log-in needed"),
        403: _("Not allowed"),
        404: _("Not found"),
        405: _("Not possible here"),
        409: _("Conflict"),
        410: _("No longer here"),
        413: _("The request is too large"),
        422: _("The data breaks rules"),
        429: _("Too many attempts"),
        503: _("Not available now"),
    }
    return titles.get(status, _("Something went wrong"))
