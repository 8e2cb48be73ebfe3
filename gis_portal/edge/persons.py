"""Who asks: the person of the session once it is fully proved, or the person of an access token.

Tokens come as `Authorization: Bearer` or, as QGIS sends them, as the password of HTTP Basic (RFC 7617); an account's
own password is never taken there, because no program can answer for a second factor. They open the protocols, not
the pages of log-in, desk and administration. Without the header nothing is looked up until somebody asks.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from urllib.parse import unquote

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from gis_portal.edge.protocols import Refusal, refuse
from gis_portal.people import factor, lockout
from registries.core import tokens
from registries.core.models import AccessToken, User

PROTOCOLS = ("/ows/", "/ogc/", "/tiles/", "/styles/", "/api/", "/map/", "/plots/", "/history/", "/compare/")
READING = ("GET", "HEAD", "OPTIONS")
# Queries of OGC services come by POST too; the address for transactions is another one.
READING_POSTS, WRITING = "/ows/", "/ows/wfs/edit"
# What a browser says of requests that this site's own pages, or the person, have made.
OWN_SITES = ("", "same-origin", "none")


class PersonMiddleware:
    """Sets `request.user` and `request.access_token`; after Django's own authentication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.access_token = None  # type: ignore[attr-defined]
        try:
            if tokens.MARK in request.META.get("QUERY_STRING", ""):
                _refuse_in_address(request)
            if "HTTP_AUTHORIZATION" in request.META and is_protocol(request):
                _take(request, _token_of(request))
            else:
                _look_at_session(request)
        except Refusal as refusal:
            return refuse(request, refusal)
        return self.get_response(request)


def is_protocol(request: HttpRequest) -> bool:
    return f"{request.path_info}/".startswith(PROTOCOLS)


def is_read(request: HttpRequest) -> bool:
    if request.path_info.startswith(WRITING):
        return request.method in READING and "transaction" not in request.META.get("QUERY_STRING", "").lower()
    return request.method in READING or (request.method == "POST" and request.path_info.startswith(READING_POSTS))


def _look_at_session(request: HttpRequest) -> None:
    request.session_user = request.user  # type: ignore[attr-defined]
    request.user = SimpleLazyObject(lambda: _proved(request))  # type: ignore[assignment]


def _proved(request: HttpRequest) -> User | AnonymousUser:
    person = factor.signed_in(request)
    return person if person is not None and not factor.owes(request, person) else AnonymousUser()


def _take(request: HttpRequest, token: AccessToken) -> None:
    if token.scope == AccessToken.Scope.READ and not is_read(request):
        hint = _("Make a token that may edit, on the page “Access tokens”.")
        raise Refusal(403, _("This token may only read."), hint)
    request.user = token.person
    request.access_token = token  # type: ignore[attr-defined]
    # A browser sends Basic by itself once somebody has typed it in, also on behalf of another site's form.
    if request.META.get("HTTP_SEC_FETCH_SITE", "") in OWN_SITES:
        request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]


def _token_of(request: HttpRequest) -> AccessToken:
    name, secret = _credentials(request.META["HTTP_AUTHORIZATION"])
    # The pages' log-in is counted apart: a forgotten program must not lock its person out.
    counted = f"token {name or secret[:9]}"
    token = tokens.known(secret)
    if token is None or (name is not None and name != token.person.username):
        until = lockout.locked_until(request, counted)
        if until:
            raise Refusal(429, lockout.sentence(until))
        lockout.count_failure(request, counted)
        hint = _("Give an access token, not the account's password; make one on the page “Access tokens”.")
        raise Refusal(401, _("The access token is not right."), hint)
    live = tokens.find(secret)
    if live is None:
        raise Refusal(401, _("The access token has ended."), _("Make a new one on the page “Access tokens”."))
    if factor.must(live.person) and factor.device_of(live.person) is None:
        raise Refusal(401, _("This account needs a second factor."), _("Log in on the portal's page and set it up."))
    return live


def _credentials(header: str) -> tuple[str | None, str]:
    """(name, secret) of Basic, (None, secret) of Bearer."""
    scheme, _space, value = header.partition(" ")
    if scheme.lower() == "bearer":
        return None, value.strip()
    if scheme.lower() == "basic":
        try:
            name, colon, secret = base64.b64decode(value, validate=True).decode().partition(":")
        except (binascii.Error, ValueError):
            name = colon = secret = ""
        if colon and "\x00" not in name:
            return name, secret
    raise Refusal(401, _("The header Authorization cannot be read."), _("Use Bearer or Basic with an access token."))


def _refuse_in_address(request: HttpRequest) -> None:
    """Addresses stay in histories and logs, and are passed on."""
    if re.search(tokens.FORM, unquote(request.META["QUERY_STRING"])):
        hint = _("Send it in the header Authorization, and revoke the one that stood in the address.")
        raise Refusal(400, _("An access token does not belong in an address."), hint)
