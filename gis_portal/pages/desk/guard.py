"""Who comes in to the desk: people with a right to edit or review somewhere; everybody else hears what to do."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from registries.core.errors import NotAllowed
from registries.core.models import User
from registries.core.rights import rights_of


def for_staff(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let `view` be seen by staff; whoever is not signed in goes to the log-in and comes back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return to_log_in(request)
        if not rights_of(request.user).is_staff_somewhere():
            raise NotAllowed(
                _("The desk is for people who edit or review the registry."),
                hint=_("Ask an administrator of the portal for the role of editor or reviewer."),
            )
        return view(request, *args, **kwargs)

    return guarded


def to_log_in(request: HttpRequest) -> HttpResponse:
    """A form that was sent is not sent again after the log-in: people come back to the page it stood on."""
    back = request.get_full_path() if request.method in ("GET", "HEAD") else request.path
    return redirect_to_login(back)


def signed_in(request: HttpRequest) -> User:
    """The person who asks, behind `for_staff`."""
    assert isinstance(request.user, User), "Only views behind `for_staff` ask who is signed in."
    return request.user
