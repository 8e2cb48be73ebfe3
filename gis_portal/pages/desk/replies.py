"""Beginnings of answers to investors, in the language in which they wrote; the adviser completes and sends them."""

from __future__ import annotations

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from registries.dealings.models import Enquiry

GREETING = gettext_noop("Hello, %(name)s,\n\nthank you for your enquiry.")
TEMPLATES: dict[str, tuple[str | Promise, str]] = {
    "details": (
        gettext_lazy("Ask for details"),
        gettext_noop(
            "To answer exactly we need to know:\n– \n– \n\nA sketch or a list of your machines with their power helps."
        ),
    ),
    "visit": (
        gettext_lazy("Invite to a visit"),
        gettext_noop(
            "We would like to show you %(plots)s on site. Would one of these times suit you?\n– \n– \n\nWe meet at: "
        ),
    ),
    "offer": (
        gettext_lazy("Send an offer"),
        gettext_noop("For %(plots)s we can offer you:\n\nPrice: \nForm: \nProcedure and deadline: \n\nValid until: "),
    ),
    "unsuitable": (
        gettext_lazy("No plot suits"),
        gettext_noop(
            "At present we have no plot that meets your needs, because \n\nMay we write to you as soon as one is free?"
        ),
    ),
}


def choices() -> list[tuple[str, str]]:
    return [(key, str(label)) for key, (label, _words) in TEMPLATES.items()]


def text(key: str, enquiry: Enquiry) -> str:
    """The beginning of an answer; empty for a template that there is not."""
    if key not in TEMPLATES:
        return ""
    with translation.override(enquiry.language):
        plots = ", ".join(enquiry.plot_names) or _("suitable plots")
        words = _(TEMPLATES[key][1]) % {"plots": plots} if "%(" in TEMPLATES[key][1] else _(TEMPLATES[key][1])
        return f"{_(GREETING) % {'name': enquiry.contact_name}}\n\n{words}"
