"""Every address of the portal, out of its own table: a new one is tried by all tests of this folder by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

PIECE = re.compile(r"<(?:\w+:)?(\w+)>")
# Django's own pages for look-up tables have tests of their own.
LEFT_OUT = ("admin/",)


def templates(resolver: Any = None, before: str = "") -> Iterator[str]:
    """Addresses with their pieces in angle brackets."""
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one.pattern, RegexPattern) or f"{before}{one.pattern}".startswith(LEFT_OUT):
            continue
        if isinstance(one, URLResolver):
            yield from templates(one, f"{before}{one.pattern}")
        elif isinstance(one, URLPattern):
            yield f"/{before}{one.pattern}"


def filled(template: str, pieces: Mapping[str, object]) -> str:
    """The address with a value for each piece; a piece that nobody knows fails the test, which is to learn of it."""
    return PIECE.sub(lambda found: str(pieces[found[1]]), template)


def addresses(pieces: Mapping[str, object], under: str = "/") -> list[str]:
    return sorted({filled(template, pieces) for template in templates() if template.startswith(under)})
