"""The pages of saved searches: ask for letters, confirm by the first one's link, end by any one's; without an account.

A letter's links are opened by programs that look for harm, too, so opening one changes nothing: the page it shows has
a button. What ends a search is allowed to whoever has its secret, such as a mail program by itself (RFC 8058).
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from gis_portal.edge import tokens
from gis_portal.edge.visitors import visitors_form
from gis_portal.language import along
from gis_portal.pages.alerts import asking
from gis_portal.people.address import client_address
from layers.plots.terms import Terms
from registries.core.errors import BadInput, NotFound, WrongState
from registries.dealings import throttle
from registries.notices.models import SavedSearch

DOOR = throttle.Door("alert", 10)


class AskForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    pace = forms.ChoiceField(choices=SavedSearch.Pace.choices, initial=SavedSearch.Pace.DAILY)
    consent = forms.BooleanField(
        error_messages={"required": gettext_lazy("Without your consent no letters can be sent.")}
    )
    token = forms.CharField(required=False)
    # People do not see this field; programs fill in every one.
    website = forms.CharField(required=False)

    def clean_token(self) -> str:
        try:
            tokens.read(self.cleaned_data["token"])
        except BadInput as problem:
            raise forms.ValidationError(str(problem)) from None
        return ""

    @property
    def is_machine(self) -> bool:
        return bool(self.data.get("website"))


@visitors_form
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """`/alerts/new/?<terms of a search>`."""
    terms = Terms.read(request.GET)
    form = AskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and _is_taken(request, form, terms):
        return redirect(along(request, reverse("alert-asked")))
    # Sent again at once, the corrected form must not be taken for a program's.
    token = request.POST.get("token", "")
    context = {
        "form": form,
        "terms": terms,
        "token": token if tokens.is_ours(token) else tokens.fresh(),
        "sends_email": settings.SENDS_EMAIL,
        "days": asking.GOOD_FOR.days,
    }
    return render(request, "portal/alerts/new.html", context, status=422 if form.errors else 200)


def _is_taken(request: HttpRequest, form: AskForm, terms: Terms) -> bool:
    """Whether to thank for the form: also a program's, of which nothing is kept."""
    if form.is_machine:
        return True
    if not settings.SENDS_EMAIL or not form.is_valid():
        return False
    throttle.knock(DOOR, client_address(request))
    asking.ask(
        form.cleaned_data["email"],
        terms,
        pace=form.cleaned_data["pace"],
        language=get_language() or settings.LANGUAGE_CODE,
        origin=request.build_absolute_uri("/").rstrip("/"),
    )
    return True


@never_cache
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/alerts/asked.html", {"days": asking.GOOD_FOR.days})


@visitors_form
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, secret: str) -> HttpResponse:
    search = _found(secret)
    if not asking.is_confirmable(search):
        hint = _("Search again, and ask anew to be told.")
        raise WrongState(_("This link was good for a week, or the search has been ended."), hint=hint)
    if request.method == "POST":
        asking.confirm(search)
        search.refresh_from_db()
    return render(request, "portal/alerts/confirm.html", _context(search))


# CSRF's check needs a cookie. Mail programs send this by themselves (RFC 8058, 3.2), from wherever they run; who
# has the letter's secret may.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, secret: str) -> HttpResponse:
    search = _found(secret)
    if request.method == "POST":
        asking.end(search)
        search.refresh_from_db()
    return render(request, "portal/alerts/end.html", _context(search))


def _found(secret: str) -> SavedSearch:
    search = asking.find(secret)
    if search is None:
        raise NotFound(_("There is no saved search at this address (any more)."), hint=_("No letters are sent for it."))
    return search


def _context(search: SavedSearch) -> dict[str, Any]:
    try:
        words = asking.words(search, get_language() or "")
    except BadInput:
        # Something that was looked for exists no more; the search can be ended all the same.
        words = []
    return {"search": search, "words": words}
