"""Who may open the pages of one's own account, and where people go after a log-in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from gis_portal.language import PARAMETER, along
from gis_portal.people import factor
from registries.core.models import User

# Class-based views are wrapped too.
View = Callable[..., HttpResponseBase]


def for_people(view: View) -> View:
    """For whoever is signed in completely; the page is kept by no cache, and its form in no report of errors."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not isinstance(request.user, User):
            return redirect_to_login(along(request, request.path))
        return view(request, *args, **kwargs)

    return sensitive_post_parameters()(never_cache(guarded))


def for_session(view: View) -> View:
    """For whoever has given name and password, also while the second factor is owed; `person` is handed on."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        person = factor.signed_in(request)
        if person is None:
            return redirect_to_login(destination(request))
        return view(request, person, *args, **kwargs)

    return sensitive_post_parameters()(never_cache(guarded))


def destination(request: HttpRequest) -> str:
    """Where `next` leads, if that is on this site; the account page otherwise."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else resolve_url("account")


def onward(request: HttpRequest, person: User, where: str) -> HttpResponseRedirect:
    """To `where`, through the second factor when it is owed."""
    if not factor.owes(request, person):
        return go(request, where)
    page = "second-factor" if factor.device_of(person) else "second-factor-set-up"
    return go(request, f"{resolve_url(page)}?{urlencode({'next': where})}")


def go(request: HttpRequest, where: str) -> HttpResponseRedirect:
    """To the page of this name or address, in the language of this one."""
    address = resolve_url(where)
    spoken = f"{PARAMETER}=" in urlsplit(address).query
    return HttpResponseRedirect(address if spoken else along(request, address))
