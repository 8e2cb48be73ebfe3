"""Changing one's password, and setting one by a link."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import PasswordChangeView, PasswordResetConfirmView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from gis_portal.people import lockout, mail
from gis_portal.people.guard import for_people, go
from registries.core import audit
from registries.core.models import User


class ForgottenForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


@never_cache
def forgotten(request: HttpRequest) -> HttpResponse:
    """Says the same, and takes as long, whether or not anybody has the address."""
    form = ForgottenForm(request.POST or None)
    is_sent = settings.SENDS_EMAIL and form.is_valid()
    if is_sent:
        origin = request.build_absolute_uri("/").rstrip("/")
        mail.send_links.defer(
            email=form.cleaned_data["email"], origin=origin, language=get_language() or settings.LANGUAGE_CODE
        )
    context = {"form": form, "is_sent": is_sent, "sends_email": settings.SENDS_EMAIL}
    return render(request, "portal/people/forgotten.html", context)


class ChangeForm(PasswordChangeForm):
    """A wrong old password counts as a failed log-in: a stolen session must not be a way to try passwords."""

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_old_password(self) -> str:
        until = lockout.locked_until(self.request, self.user.username)
        if until:
            raise ValidationError(lockout.sentence(until))
        try:
            return super().clean_old_password()
        except ValidationError:
            lockout.count_failure(self.request, self.user.username)
            raise


@method_decorator(for_people, name="dispatch")
class Change(PasswordChangeView):
    form_class = ChangeForm
    template_name = "portal/people/password_change.html"
    success_url = reverse_lazy("account")
    extra_context = {"room": "account"}

    def form_valid(self, form: Any) -> HttpResponse:
        person = form.user
        audit.record(person, "change password", f"core.user:{person.pk}")
        super().form_valid(form)
        mail.tell(person, "password")
        messages.success(self.request, _("The password is changed. Sessions on other devices have ended."))
        return go(self.request, "account")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request}


@method_decorator(never_cache, name="dispatch")
class Choose(PasswordResetConfirmView):
    """By the link of a message; the second factor is asked all the same at the log-in that follows."""

    template_name = "portal/people/password_set.html"
    success_url = reverse_lazy("login")

    def form_valid(self, form: Any) -> HttpResponse:
        person = form.user
        assert isinstance(person, User)
        audit.record(person, "set password by link", f"core.user:{person.pk}")
        response = super().form_valid(form)
        lockout.forget(self.request, person)
        mail.tell(person, "password")
        messages.success(self.request, _("The password is set. Log in with it now."))
        return response
