"""Changing one's password, and setting one by a link."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
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
from gis_portal.people.guard import for_people
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


@method_decorator(for_people, name="dispatch")
class Change(PasswordChangeView):
    template_name = "portal/people/password_change.html"
    success_url = reverse_lazy("account")
    extra_context = {"room": "account"}

    def form_valid(self, form: Any) -> HttpResponse:
        # A stolen session must not be a way to try passwords.
        person = form.user
        audit.record(person, "change password", f"core.user:{person.pk}")
        response = super().form_valid(form)
        mail.tell(person, "password")
        messages.success(self.request, _("The password is changed. Sessions on other devices have ended."))
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        if "old_password" in form.errors:
            lockout.count_failure(self.request, form.user.username)
        return super().form_invalid(form)

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        until = lockout.locked_until(self.request, form.user.username) if self.request.method == "POST" else None
        if until:
            form.clean_old_password = lambda: _refuse(lockout.sentence(until))
        return form


def _refuse(words: str) -> None:
    raise ValidationError(words)


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
