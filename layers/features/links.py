"""Addresses of the API's resources, absolute, as links carry them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from layers.features.formats import CALLED, HTML, JSON

OGC = "http://www.opengis.net/def/rel/ogc/1.0/"
Link = dict[str, Any]


def address(request: HttpRequest, name: str, *arguments: str) -> str:
    return request.build_absolute_uri(reverse(f"ogc:{name}", args=arguments))


def link(rel: str, href: str, type: str, title: str = "") -> Link:
    return {"rel": rel, "href": href, "type": type, **({"title": title} if title else {})}


def both(request: HttpRequest, address: str, type: str = JSON) -> list[Link]:
    """The resource itself and its page for people."""
    return [link("self", address, type), link("alternate", f"{address}?f=html", HTML)]


def changed(request: HttpRequest, **values: Any) -> str:
    """The request's own address with `values` in place of its own."""
    given = request.GET.copy()
    for name, value in values.items():
        given[name] = str(value)
    # Reference systems are named by addresses, which need no escaping within a query (RFC 3986, 3.4).
    return f"{request.build_absolute_uri(request.path)}?{given.urlencode(safe='/:,')}"


def forms(request: HttpRequest, form: str, served: Mapping[str, str]) -> list[Link]:
    """The same in this form and in the others."""
    others = [
        link("alternate", changed(request, f=name), type, CALLED.get(type, ""))
        for name, type in served.items()
        if name != form
    ]
    return [link("self", request.build_absolute_uri(), served[form]), *others]
