"""Who comes in to the desk: people with a right to edit or review somewhere; everybody else hears what to do."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from gis_portal.language import along
from registries.core.errors import NotAllowed
from registries.core.models import User
from registries.core.rights import rights_of


def for_staff(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let `view` be seen by staff; whoever is not signed in goes to the log-in and comes back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return to_log_in(request)
        rights = rights_of(request.user)
        if not rights.is_staff_somewhere():
            if rights.advises_somewhere() and request.path == reverse("desk"):
                # Their room of the desk is another one.
                return redirect(along(request, reverse("desk-enquiries")))
            raise NotAllowed(
                _("The desk is for people who edit or review the registry."),
                hint=_("Ask an administrator of the portal for the role of editor or reviewer."),
            )
        return view(request, *args, **kwargs)

    return guarded


def for_advisers(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let `view` be seen by those who answer investors somewhere."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return to_log_in(request)
        if not rights_of(request.user).advises_somewhere():
            raise NotAllowed(
                _("Enquiries are for advisers of investors and administrators."),
                hint=_("Ask an administrator of the portal for the role of investor adviser."),
            )
        return view(request, *args, **kwargs)

    return guarded


def to_log_in(request: HttpRequest) -> HttpResponse:
    """A form that was sent is not sent again after the log-in: people come back to the page it stood on."""
    back = request.get_full_path() if request.method in ("GET", "HEAD") else request.path
    return redirect_to_login(back)


def signed_in(request: HttpRequest) -> User:
    """The person who asks, behind `for_staff` or `for_advisers`."""
    assert isinstance(request.user, User), "Only views behind `for_staff` and `for_advisers` ask who is signed in."
    return request.user
