"""The forms of the desk that hold more than a few words: they read dates, numbers and files as people write them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registries.changes.models import ChangeSet
from registries.core.errors import BadInput


class Described(forms.ModelForm):
    """Title, reason and legal basis of a change set."""

    class Meta:
        model = ChangeSet
        fields = ("title", "reason", "legal_act", "legal_number", "legal_date", "legal_file")
        widgets = {
            "reason": forms.Textarea(attrs={"rows": 3}),
            "legal_date": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "legal_file": forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
        }
        help_texts = {
            "legal_act": _("What the change rests on, such as a decision of the municipal council."),
            "legal_file": _("PDF, PNG or JPEG; only who may see the change set can open it."),
        }


class NewSet(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=200)
    reason = forms.CharField(label=_("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 3}))


class Reviewer(forms.Form):
    """Who outside the house decides, and how long the link lasts."""

    name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(label=_("E-mail"))
    days = forms.IntegerField(label=_("Valid for (days)"), min_value=1, max_value=90, initial=14)


class AtTime(forms.Form):
    at = forms.DateTimeField(
        label=_("To be published at"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


def read(form: forms.BaseForm) -> dict[str, Any]:
    """What a valid form says. Raises BadInput that names every field at fault."""
    if form.is_valid():
        return form.cleaned_data
    told = [f"{form.fields[name].label or name}: {' '.join(map(str, words))}" for name, words in form.errors.items()]
    raise BadInput(" ".join(told), locator=next(iter(form.errors)))
