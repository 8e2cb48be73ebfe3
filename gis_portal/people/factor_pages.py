"""The pages of the second factor: prove it, set it up, new recovery codes, switch it off."""

from __future__ import annotations

from base64 import b32encode
from typing import Any

import segno
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis_portal.people import factor, lockout, mail
from gis_portal.people.guard import destination, for_people, for_session, go, onward
from registries.core.models import User


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


@for_session
def check(request: HttpRequest, person: User) -> HttpResponse:
    """The second step of a log-in."""
    where = destination(request)
    if not factor.owes(request, person) or factor.device_of(person) is None:
        return onward(request, person, where)
    form = CodeForm(request.POST or None)
    device = _checked(request, person, form)
    if device is not None:
        factor.prove(request, device)
        lockout.forget(request, person)
        return go(request, where)
    return _page(request, "second_factor", form, next=where, person=person)


@for_session
def set_up(request: HttpRequest, person: User) -> HttpResponse:
    where = destination(request)
    if factor.device_of(person):
        return onward(request, person, where)
    device = factor.new_device(person)
    form = CodeForm(request.POST or None)
    if form.is_valid() and not _locked(request, person, form):
        codes = factor.confirm(person, form.cleaned_data["code"])
        if codes:
            found = factor.device_of(person)
            assert found is not None
            factor.prove(request, found.pk)
            lockout.forget(request, person)
            mail.tell(person, "second-factor-on")
            return _page(request, "codes", codes=codes, next=where)
        lockout.count_failure(request, person.username)
        form.add_error("code", _("This code is not right. Type the six digits that the app shows now."))
    key = b32encode(device.bin_key).decode()
    picture = segno.make(device.config_url, error="m").svg_data_uri(scale=5, border=3, dark="#000", light="#fff")
    spaced = " ".join(key[place : place + 4] for place in range(0, len(key), 4))
    told = {"key": spaced, "address": device.config_url, "picture": picture, "must": factor.must(person)}
    return _page(request, "set_up", form, next=where, person=person, **told)


@for_people
def codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes, for a code."""
    person = _with_device(request)
    if person is None:
        return go(request, "account")
    form = CodeForm(request.POST or None)
    if _checked(request, person, form) is not None:
        return _page(request, "codes", codes=factor.new_codes(person), next=destination(request))
    return _page(request, "new_codes", form)


@for_people
def switch_off(request: HttpRequest) -> HttpResponse:
    person = _with_device(request)
    if person is None or factor.must(person):
        return go(request, "account")
    form = CodeForm(request.POST or None)
    if _checked(request, person, form) is not None:
        factor.remove(person, person)
        request.session.pop(factor.PROOF, None)
        mail.tell(person, "second-factor-off")
        messages.success(request, _("The second factor is switched off."))
        return go(request, "account")
    return _page(request, "off", form)


def _with_device(request: HttpRequest) -> User | None:
    person = request.user
    return person if isinstance(person, User) and factor.device_of(person) else None


def _checked(request: HttpRequest, person: User, form: CodeForm) -> int | None:
    """The device that the form's code proves; None, with the reason in the form, when it proves none."""
    if not form.is_valid() or _locked(request, person, form):
        return None
    device = factor.verify(person, form.cleaned_data["code"])
    if device is not None:
        return device.pk
    lockout.count_failure(request, person.username)
    if not _locked(request, person, form):
        form.add_error("code", _("This code is not right, or was used already. Wait for the next one and type it."))
    return None


def _locked(request: HttpRequest, person: User, form: CodeForm) -> bool:
    until = lockout.locked_until(request, person.username)
    if until:
        form.add_error(None, lockout.sentence(until))
    return until is not None


def _page(request: HttpRequest, name: str, form: CodeForm | None = None, **context: Any) -> HttpResponse:
    return render(request, f"portal/people/{name}.html", {"form": form, "room": "account", **context})
