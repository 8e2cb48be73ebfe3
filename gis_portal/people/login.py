"""Log-in by name and password, the only one, and log-out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from gis_portal.people import factor, lockout
from gis_portal.people.guard import destination, go, onward
from registries.core.models import User


class LogInForm(AuthenticationForm):
    """Wrong name, wrong password and an inactive account sound the same."""

    error_messages = {
        "invalid_login": _("The name or the password is not right. Capital and small letters count in both."),
        "inactive": _("The name or the password is not right. Capital and small letters count in both."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Name")
        self.fields["password"].label = _("Password")

    def get_invalid_login_error(self) -> ValidationError:
        assert self.request is not None
        until = lockout.locked_until(self.request, self.cleaned_data.get("username", ""))
        return ValidationError(lockout.sentence(until)) if until else super().get_invalid_login_error()


class LogIn(LoginView):
    template_name = "portal/people/login.html"
    authentication_form = LogInForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        person = factor.signed_in(request)
        if person is not None and factor.owes(request, person):
            return onward(request, person, destination(request))
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        assert isinstance(form, LogInForm)
        return enter(self.request, form.get_user(), destination(self.request))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        provider = settings.OIDC_NAME if settings.OIDC_ISSUER else ""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        # Django's view calls the site by its address.
        return {**context, "provider": provider, "site_name": settings.SITE_NAME}


def enter(request: HttpRequest, user: Any, where: str, proof: str = "") -> HttpResponse:
    """Begin the session of `user`; failures are forgotten only when nothing more is owed."""
    request.session.pop(factor.PROOF, None)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    if proof:
        factor.prove(request, proof)
    if not factor.owes(request, user):
        lockout.forget(request, user)
    return onward(request, user, where)


@require_POST
def log_out(request: HttpRequest) -> HttpResponseBase:
    # Django tells others whose session ended: also one that owed its second factor.
    person = factor.signed_in(request)
    if isinstance(person, User):
        request.user = person
    logout(request)
    return go(request, settings.LOGOUT_REDIRECT_URL)
