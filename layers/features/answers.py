"""What every answer of the API shares: errors as JSON, open to scripts of any site, different for different readers."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from registries.core.errors import RegistryError, outcome

View = Callable[..., HttpResponseBase]


def described(error: RegistryError) -> tuple[dict[str, Any], int]:
    """The body and status of an error (OGC 17-069r4, 7.5.1, schema `exception`)."""
    body = {"code": outcome(error).ows_code, "description": str(error)}
    if error.locator:
        body["parameter"] = error.locator
    return body, outcome(error).http_status


def finished(response: HttpResponseBase) -> HttpResponseBase:
    # No credentials go with it: a script of another site sees what everybody sees.
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "Content-Crs, Link"
    patch_vary_headers(response, ["Accept", "Accept-Language", "Cookie"])
    return response


def edge(view: View) -> View:
    """The border of a plain view: GET, HEAD and OPTIONS only, errors described."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            status = 200 if request.method == "OPTIONS" else 405
            return finished(JsonResponse({}, status=status, headers={"Allow": "GET, HEAD, OPTIONS"}))
        try:
            return finished(view(request, *args, **kwargs))
        except RegistryError as error:
            body, status = described(error)
            return finished(JsonResponse(body, status=status))

    return guarded
