"""The short way for public tiles, before Django: what serves pages costs as much as a small tile takes to draw."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import psycopg
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import Error as DatabaseError
from django.http import QueryDict
from django.urls import Resolver404, get_resolver

from layers import moment
from layers.tiles import views
from layers.tiles.answers import Answer, Asked, answer
from registries.core.errors import RegistryError

# Called with the status and the seconds that each answer took.
Observe = Callable[[int, float], None]


class TileLane:
    """Answers a tile for whoever brings no session; all else, errors too, takes the long way and is told there."""

    def __init__(self, portal: WSGIApplication, observe: Observe) -> None:
        self.portal = portal
        self.observe = observe
        self.addresses = get_resolver("layers.tiles.urls")

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        started = time.perf_counter()
        found = self.short_way(environ)
        if found is None:
            return self.portal(environ, start_response)
        status = f"{found.status} {HTTPStatus(found.status).phrase}"
        start_response(status, [*found.headers.items(), ("X-Content-Type-Options", "nosniff")])
        self.observe(found.status, time.perf_counter() - started)
        return [found.body]

    def short_way(self, environ: WSGIEnvironment) -> Answer | None:
        path = environ.get("PATH_INFO", "")
        if not path.startswith("/tiles/") or environ["REQUEST_METHOD"] != "GET" or is_somebody(environ):
            return None
        try:
            match = self.addresses.resolve(path)
            if match.func is not views.tile:
                return None
            known, encoding = environ.get("HTTP_IF_NONE_MATCH", ""), environ.get("HTTP_ACCEPT_ENCODING", "")
            when = moment.asked(None, QueryDict(environ.get("QUERY_STRING", "")).get("at", ""))
            return answer(Asked(**match.kwargs, if_none_match=known, accept_encoding=encoding, when=when), None)
        except (Resolver404, RegistryError, SuspiciousOperation, DatabaseError, psycopg.Error):
            return None


def is_somebody(environ: WSGIEnvironment) -> bool:
    """Whether the request may be a signed-in person's: only then is anybody looked up."""
    return settings.SESSION_COOKIE_NAME in environ.get("HTTP_COOKIE", "") or "HTTP_AUTHORIZATION" in environ
