"""Addresses of the API's resources, absolute, as links carry them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

JSON, HTML, GEOJSON = "application/json", "text/html", "application/geo+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"


def address(request: HttpRequest, name: str, *arguments: str) -> str:
    return request.build_absolute_uri(reverse(f"ogc:{name}", args=arguments))


def link(rel: str, href: str, type: str, title: str = "") -> dict[str, str]:
    return {"rel": rel, "href": href, "type": type, **({"title": title} if title else {})}


def both(request: HttpRequest, address: str) -> list[dict[str, str]]:
    """The resource itself and its page for people."""
    return [link("self", address, JSON), link("alternate", f"{address}?f=html", HTML)]


def changed(request: HttpRequest, **values: Any) -> str:
    """The request's own address with `values` in place of its own."""
    pairs = {**request.GET.dict(), **values}
    return f"{request.build_absolute_uri(request.path)}?{urlencode(pairs)}"
