"""What every answer of the API shares: errors as JSON that name each problem, open to scripts of any site, different
for different readers.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.csrf import csrf_exempt

from layers.features.reasons import phrase
from registries.core.errors import Conflict, RegistryError, RuleViolations, outcome

View = Callable[..., HttpResponseBase]
PROBLEM = "application/problem+json"
READING = ("GET", "HEAD", "OPTIONS")
# What a script of another site may send along (Fetch, CORS protocol). Credentials that a browser would add by itself
# are not let through: a token is sent by whoever knows it.
SENT = "Authorization, Content-Type, Content-Crs, If-Match, If-None-Match, Prefer"
SHOWN = "Allow, Accept-Patch, Content-Crs, ETag, Link, Location, Preference-Applied"
PREFLIGHT_KEPT_S = 3600


class HttpError(RegistryError):
    """The request cannot be answered."""

    status = 400
    code = "InvalidParameterValue"


class LoginNeeded(HttpError):
    """An access token is needed for this."""

    default = gettext_noop("An access token is needed for this.")
    status = 401
    code = "NotAuthorized"


class MethodNotAllowed(HttpError):
    """This method is not possible here."""

    default = gettext_noop("This method is not possible here.")
    status = 405
    code = "OperationNotSupported"


class Stale(HttpError):
    """The feature has changed since you read it."""

    default = gettext_noop("The feature has changed since you read it.")
    status = 412
    code = "PreconditionFailed"


class UnknownMediaType(HttpError):
    """A body of this media type is not read."""

    default = gettext_noop("A body of this media type is not read.")
    status = 415
    code = "UnsupportedMediaType"


def status_of(error: RegistryError) -> int:
    return error.status if isinstance(error, HttpError) else outcome(error).http_status


def described(error: RegistryError) -> dict[str, Any]:
    """The error after RFC 9457, with the members of OGC 17-069r4's schema `exception` (7.5.1)."""
    code = error.code if isinstance(error, HttpError) else outcome(error).ows_code
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": _(type(error).default) if "default" in vars(type(error)) else error.message,
        "status": status_of(error),
        "detail": str(error),
        "code": code,
        "description": str(error),
    }
    body |= {"parameter": error.locator} if error.locator else {}
    body |= {"hint": error.hint} if error.hint else {}
    if isinstance(error, RuleViolations):
        body["problems"] = [problem(one) for one in error.problems]
    if isinstance(error, Conflict):
        body["conflicts"] = [vars(one) for one in error.conflicts]
    return body


def problem(found: Any) -> dict[str, Any]:
    """One problem: which rule, of which feature and field, in words."""
    members = {
        "code": found.code,
        "feature": str(found.object_id) if found.object_id else "",
        "field": found.locator,
        "severity": found.severity.value,
    }
    return {name: value for name, value in members.items() if value} | {"detail": str(found)}


def refused(error: RegistryError, allowed: str = "") -> HttpResponse:
    """The answer to a request that ended with `error`, in words also where a client shows the status line only."""
    status = status_of(error)
    # Geometries of conflicts are told as EWKT.
    shape = {"ensure_ascii": False, "default": str}
    response = JsonResponse(described(error), status=status, content_type=PROBLEM, json_dumps_params=shape)
    response.reason_phrase = phrase(str(error)) or response.reason_phrase
    if status == 401:
        response["WWW-Authenticate"] = f'Basic realm="{realm()}", charset="UTF-8", Bearer realm="{realm()}"'
    if allowed:
        response["Allow"] = allowed
    return response


def realm() -> str:
    return settings.SITE_NAME.encode("ascii", "ignore").decode().replace('"', "").replace("\\", "")


def finished(response: HttpResponseBase) -> HttpResponseBase:
    """What a script of another site sees: no credentials of a browser go with it, so what everybody sees."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = SHOWN
    patch_vary_headers(response, ["Accept", "Accept-Language", "Authorization", "Cookie"])
    return response


def options(request: HttpRequest, allowed: str, methods: str = "") -> HttpResponse:
    """What may be done here, by this person (OGC 20-002r1, 6.5); `methods` is what anybody may try by a script, because
    a browser asks beforehand without saying who will ask.
    """
    response = HttpResponse(headers={"Allow": allowed})
    if "Access-Control-Request-Method" in request.headers:
        response["Access-Control-Allow-Methods"] = methods or allowed
        response["Access-Control-Allow-Headers"] = SENT
        response["Access-Control-Max-Age"] = str(PREFLIGHT_KEPT_S)
    return response


def edge(allow: Callable[..., str] | None = None, **methods: View) -> View:
    """The border of a plain resource: its views by method, errors described. `allow` tells the methods that the person
    who asks may use; it takes the same arguments.
    """
    reading = ", ".join(READING)
    every = ", ".join(dict.fromkeys([*READING, *(name for name in methods if name != "GET")]))

    @csrf_exempt  # Nothing is written by a session: what writes asks for a token.
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            if request.method == "OPTIONS":
                told = allow(request, *args, **kwargs) if allow else reading
                return finished(options(request, told, every))
            view = methods.get("GET" if request.method == "HEAD" else str(request.method))
            if view is None:
                raise MethodNotAllowed(hint=_("Use one of: %(names)s.") % {"names": every})
            return finished(view(request, *args, **kwargs))
        except RegistryError as error:
            return finished(refused(error, every if isinstance(error, MethodNotAllowed) else ""))

    return wraps(methods["GET"])(guarded)
