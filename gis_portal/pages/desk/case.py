"""One change set on somebody's table: who looks at it, under which address, and with whose rights.

Staff come by `/desk/changes/<number>/`. An outside reviewer comes by a link that names one set; the same pages then
answer below `/desk/review/`, with the rights of that link and no others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from gis_portal.edge import answers
from gis_portal.pages.desk.guard import for_staff, signed_in
from registries.changes import door
from registries.changes.models import ChangeSet
from registries.core.errors import NotAllowed, NotFound, RegistryError
from registries.core.models import User

COOKIE = "review"
SALT = "gis_portal.pages.desk.review"
REVIEW_PATH = "/desk/review/"
# A working day: whoever comes back later follows the link again.
REVIEW_S = 12 * 3600


@dataclass(frozen=True)
class Case:
    actor: User
    change_set: ChangeSet
    base: str
    is_outside: bool = False


def opened(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Give `view` the case that the address speaks of: by number for staff, by the followed link for outsiders."""
    inside = for_staff(_inside(view))

    @wraps(view)
    def opening(request: HttpRequest, number: int | None = None, **kwargs: object) -> HttpResponseBase:
        if number is not None:
            return inside(request, number=number, **kwargs)
        return outside(request, **kwargs)

    @discreetly
    def outside(request: HttpRequest, **kwargs: object) -> HttpResponseBase:
        return view(request, outside_case(request), **kwargs)

    return opening


def _inside(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    @wraps(view)
    def seeing(request: HttpRequest, number: int, **kwargs: object) -> HttpResponseBase:
        return view(request, staff_case(signed_in(request), number), **kwargs)

    return seeing


def staff_case(actor: User, number: int) -> Case:
    change_set = ChangeSet.objects.select_related("author", "approved_by", "published_by").filter(pk=number).first()
    if change_set is None:
        raise NotFound(_("There is no change set %(number)s.") % {"number": number})
    if not door.may_see(actor, change_set):
        raise NotAllowed(
            _("This change set is about a zone that you have no right to edit or review."),
            hint=_("Ask an administrator of the portal for a role in that zone."),
        )
    return Case(actor, change_set, reverse("desk-change-set", args=[number]))


def outside_case(request: HttpRequest) -> Case:
    """The case of the link that this browser followed."""
    try:
        secret = request.get_signed_cookie(COOKIE, salt=SALT, max_age=REVIEW_S)
    except (KeyError, BadSignature):
        raise NotAllowed(
            _("This page opens only by the link that you were sent."), hint=_("Follow that link again.")
        ) from None
    link = door.link_of(secret or "")
    return Case(link.reviewer, link.change_set, REVIEW_PATH, is_outside=True)


def remember(response: HttpResponseBase, secret: str) -> None:
    """Keep the followed link in this browser, for the review's own pages only."""
    response.set_signed_cookie(
        COOKIE,
        secret,
        salt=SALT,
        max_age=REVIEW_S,
        path=REVIEW_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def discreetly(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Whatever `view` answers, a refusal too, is kept nowhere."""

    @wraps(view)
    def answering(request: HttpRequest, **kwargs: object) -> HttpResponseBase:
        try:
            return discreet(view(request, **kwargs))
        except RegistryError as error:
            return discreet(answers.of_error(request, error))

    return answering


def discreet(response: HttpResponseBase) -> HttpResponseBase:
    """An outsider's page is kept nowhere, and tells no other site where it is."""
    patch_cache_control(response, private=True, no_store=True)
    # With "no-referrer" browsers hide the origin of the page's own forms, too, which are then refused as forged.
    response["Referrer-Policy"] = "same-origin"
    return response
