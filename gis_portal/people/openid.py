"""Log-in by a provider of OpenID Connect, when the settings name one: code flow with PKCE, state and nonce.

People are found by an e-mail that the provider has verified; administrators make the accounts.
"""

from __future__ import annotations

from typing import Any

import requests
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.django_client import OAuth
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from joserfc.errors import JoseError

from gis_portal.people import factor, mail
from gis_portal.people.guard import destination
from gis_portal.people.login import enter
from registries.core import audit
from registries.core.errors import NotAllowed, Unavailable
from registries.core.models import User

NEXT = "openid_next"
TIMEOUT_S = 10
# RFC 8176: how a provider says that it asked for more than a password.
STRONG = frozenset({"mfa", "otp", "hwk", "swk", "sc", "fpt", "face"})


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """By POST, so that no other site can begin a log-in."""
    client = _client()
    request.session[NEXT] = destination(request)
    try:
        answer: HttpResponse = client.authorize_redirect(
            request, request.build_absolute_uri(reverse("openid-callback"))
        )
    except (requests.RequestException, OAuthError, ValueError, KeyError, RuntimeError):
        return _turned_away(request, Unavailable(_("%(name)s does not answer.") % {"name": settings.OIDC_NAME}))
    return answer


@never_cache
@require_GET
def come_back(request: HttpRequest) -> HttpResponse:
    client = _client()
    try:
        claims = _claims(request, client)
        person = _person(claims)
    except (requests.RequestException, OAuthError, JoseError, ValueError, KeyError, RuntimeError):
        words = _("The log-in by %(name)s was not completed.") % {"name": settings.OIDC_NAME}
        return _turned_away(request, NotAllowed(words, hint=_("Start it again from here.")))
    except NotAllowed as refusal:
        return _turned_away(request, refusal)
    methods = claims.get("amr") or []
    proof = factor.BY_PROVIDER if isinstance(methods, list) and STRONG.intersection(map(str, methods)) else ""
    return enter(request, person, request.session.pop(NEXT, reverse("account")), proof)


def _client() -> Any:
    if not settings.OIDC_ISSUER:
        raise Http404
    return OAuth().register(
        "portal",
        client_id=settings.OIDC_CLIENT_ID,
        client_secret=settings.OIDC_CLIENT_SECRET,
        server_metadata_url=f"{settings.OIDC_ISSUER.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid email profile", "code_challenge_method": "S256", "default_timeout": TIMEOUT_S},
    )


def _claims(request: HttpRequest, client: Any) -> dict[str, Any]:
    """What the provider says of the person, its signature, issuer, audience, nonce and time checked."""
    issuer = client.load_server_metadata().get("issuer", "")
    if issuer.rstrip("/") != settings.OIDC_ISSUER.rstrip("/"):
        raise ValueError("The provider calls itself by another name than OIDC_ISSUER.")
    token = client.authorize_access_token(request)
    claims = dict(token["userinfo"])
    if "email" not in claims:
        told = dict(client.userinfo(token=token))
        if told.get("sub") != claims["sub"]:
            raise ValueError("The provider speaks of two people.")
        claims = {**told, **claims}
    return claims


@transaction.atomic
def _person(claims: dict[str, Any]) -> User:
    email = str(claims.get("email") or "")
    if not email or claims.get("email_verified") is not True:
        words = _("%(name)s tells no verified e-mail of you.") % {"name": settings.OIDC_NAME}
        raise NotAllowed(words, hint=_("Confirm your e-mail there, or log in with name and password."))
    found = mail.people_of(email)
    if len(found) == 1:
        return found[0]
    is_taken = User.objects.filter(username__iexact=email).exists() or User.objects.filter(email__iexact=email).exists()
    if settings.OIDC_CREATE_PEOPLE and not is_taken and len(email) <= 150:
        names = {"first_name": claims.get("given_name"), "last_name": claims.get("family_name")}
        plain = {field: str(value or "").replace("\x00", "")[:150] for field, value in names.items()}
        person = User.objects.create_user(email, email, **plain)
        audit.record(None, "create person", f"core.user:{person.pk}", by="openid")
        return person
    words = _("This portal has no account with your e-mail.")
    raise NotAllowed(words, hint=_("An administrator of the portal can make one, with exactly this e-mail."))


def _turned_away(request: HttpRequest, error: NotAllowed | Unavailable) -> HttpResponse:
    messages.error(request, str(error))
    return redirect("login")
