"""One's own account: roles, second factor, password, access tokens."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from gis_portal.people import factor, mail
from gis_portal.people.guard import for_people, go
from registries.core import tokens
from registries.core.models import AccessToken, RoleGrant, User
from registries.land.models import Zone
from registries.networks.models import Network

USUAL_DAYS = 90


class TokenForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("What it is for"), max_length=80)
    scope = forms.ChoiceField(
        label=gettext_lazy("What it may do"), choices=AccessToken.Scope.choices, initial=AccessToken.Scope.READ
    )
    days = forms.IntegerField(
        label=gettext_lazy("Valid for (days)"), min_value=1, max_value=tokens.LONGEST.days, initial=USUAL_DAYS
    )


@for_people
def index(request: HttpRequest) -> HttpResponse:
    person = _person(request)
    device = factor.device_of(person)
    live = person.access_tokens.filter(revoked_at=None, expires_at__gt=timezone.now()).count()
    told = {"device": device, "codes_left": factor.codes_left(person) if device else 0, "must": factor.must(person)}
    return _page(request, "account", person=person, roles=_roles(person), live_tokens=live, **told)


@for_people
def tokens_page(request: HttpRequest) -> HttpResponse:
    """The list, and the form for a new one; its secret stands in the answer and nowhere else."""
    person = _person(request)
    form = TokenForm(request.POST or None)
    secret = ""
    if form.is_valid():
        asked = form.cleaned_data
        secret = tokens.issue(person, asked["name"], asked["scope"], timedelta(days=asked["days"]))
        mail.tell(person, "token")
        form = TokenForm()
    rows = list(person.access_tokens.all())
    context = {"form": form, "secret": secret, "tokens": [(one, _state(one)) for one in rows], "person": person}
    return _page(request, "tokens", **context)


@for_people
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    person = _person(request)
    token = get_object_or_404(AccessToken, pk=pk, person=person)
    tokens.revoke(person, token)
    messages.success(request, _("The token “%(name)s” opens nothing any more.") % {"name": token.name})
    return go(request, "tokens")


def _state(token: AccessToken) -> str:
    """The word for a token that has ended; empty for one that lives."""
    if token.revoked_at:
        return _("revoked")
    return "" if token.expires_at > timezone.now() else _("expired")


def _roles(person: User) -> list[tuple[str, str]]:
    """(role, where) of each grant, by the names of zones and networks."""
    grants = list(person.grants.order_by("role", "pk"))
    zones: dict[UUID, Any] = Zone.objects.only("name").in_bulk([one.zone_id for one in grants if one.zone_id])
    networks: dict[UUID, Any] = Network.objects.only("name").in_bulk(
        [one.network_id for one in grants if one.network_id]
    )
    return [(one.get_role_display(), _where(one, zones, networks)) for one in grants]


def _where(grant: RoleGrant, zones: dict[UUID, Any], networks: dict[UUID, Any]) -> str:
    if grant.network_id:
        found = networks.get(grant.network_id)
        return found.name if found else _("a network that is not published any more")
    if grant.zone_id:
        found = zones.get(grant.zone_id)
        return found.name if found else _("a zone that is not published any more")
    return _("everywhere")


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User), "Only views behind `for_people` ask who is signed in."
    return request.user


def _page(request: HttpRequest, name: str, **context: Any) -> HttpResponse:
    return render(request, f"portal/people/{name}.html", {"room": "account", **context})
