"""The functions that filters may call, for clients to discover (OGC 19-079r2, 8.6; OGC 21-065r2, 7.10)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from layers.features.links import address, both
from layers.filters.functions import FUNCTIONS, Function

ARGUMENTS = {"text": ["string"], "number": ["number"], "date": ["datetime"], "geometry": ["geometry"]}
RETURNS = {"text": "string", "integer": "integer", "real": "number", "numeric": "number", "datetime": "datetime"}


def listed(request: HttpRequest) -> dict[str, Any]:
    return {
        "title": _("Functions of filters"),
        "functions": [described(function) for function in FUNCTIONS.values()],
        "links": both(request, address(request, "functions")),
    }


def described(function: Function) -> dict[str, Any]:
    return {
        "name": function.name,
        "description": function.title,
        "arguments": [
            {"title": argument.name, "description": argument.title, "type": ARGUMENTS[argument.type]}
            for argument in function.arguments
        ],
        "returns": [RETURNS[function.returns]],
    }
