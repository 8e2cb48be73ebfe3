"""One enquiry at the desk: who asks, what is needed beside what the plots have, what was said, and what can be done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gis_portal.language import along
from gis_portal.pages.desk import needs, replies
from gis_portal.pages.desk.guard import for_advisers, signed_in
from registries.core import audit
from registries.core.errors import BadInput, NotFound, RegistryError, outcome
from registries.core.models import User
from registries.dealings import casework, holder, letters, states
from registries.dealings.models import Enquiry, EnquiryFile, Reason
from registries.notices.models import Letter

Step = Callable[[User, Enquiry, QueryDict], str]


def assign(actor: User, enquiry: Enquiry, sent: QueryDict) -> str:
    chosen = sent.get("assignee", "")
    person = next((one for one in casework.advisers_for(enquiry) if str(one.pk) == chosen), None)
    if chosen and person is None:
        raise BadInput(_("This person does not advise investors of these zones."), locator="assignee")
    casework.assign(actor, enquiry, person)
    return _("Assigned to %(name)s.") % {"name": person.called} if person else _("Assigned to nobody.")


def reply(actor: User, enquiry: Enquiry, sent: QueryDict) -> str:
    letter = casework.reply(actor, enquiry, sent.get("text", ""))
    if letter.state == Letter.State.KEPT:
        return _("The answer stands on the investor's page. This portal sends no e-mail: write or call as well.")
    return _("The answer is on its way to %(address)s.") % {"address": letter.recipient}


def note(actor: User, enquiry: Enquiry, sent: QueryDict) -> str:
    casework.note(actor, enquiry, sent.get("text", ""))
    return _("The note is kept; the investor does not see it.")


def move(name: str) -> Step:
    def moving(actor: User, enquiry: Enquiry, sent: QueryDict) -> str:
        casework.move(actor, enquiry, name, seen=sent.get("seen", ""))
        return str(states.TRANSITIONS[name].label) + "."

    return moving


def close(actor: User, enquiry: Enquiry, sent: QueryDict) -> str:
    reason = states.reason_of(sent.get("reason", ""))
    casework.close(actor, enquiry, reason)
    return _("Closed: %(reason)s.") % {"reason": reason.label}


def reopen(actor: User, enquiry: Enquiry, sent: QueryDict) -> str:
    casework.reopen(actor, enquiry)
    return _("The enquiry is open again.")


STEPS: dict[str, Step] = {
    "assign": assign,
    "reply": reply,
    "note": note,
    **{name: move(name) for name in states.MOVES},
    "close": close,
    "reopen": reopen,
}


@require_safe
@for_advisers
def show(request: HttpRequest, id: UUID) -> HttpResponse:
    return page(request, casework.find(signed_in(request), id))


@require_POST
@for_advisers
def take(request: HttpRequest, id: UUID, step: str) -> HttpResponse:
    """Do what one form asks, then show what has become of it."""
    actor = signed_in(request)
    enquiry = casework.find(actor, id)
    try:
        said = STEPS[step](actor, enquiry, request.POST)
    except RegistryError as error:
        enquiry.refresh_from_db()
        return page(request, enquiry, step, error)
    messages.success(request, said)
    is_on_board = request.POST.get("back") == "board"
    address = reverse("desk-enquiries") if is_on_board else reverse("desk-enquiry", args=[enquiry.pk])
    return redirect(along(request, address))


def page(request: HttpRequest, enquiry: Enquiry, step: str = "", error: RegistryError | None = None) -> HttpResponse:
    actor = signed_in(request)
    casework.saw(actor, enquiry)
    template, asked = request.GET.get("template", ""), needs.plots_of(actor, enquiry)
    context: dict[str, Any] = {
        "page": "desk",
        "room": "enquiries",
        "enquiry": enquiry,
        "is_desk": True,
        "possible": states.possible(enquiry),
        "moves": [(name, states.TRANSITIONS[name].label) for name in states.MOVES],
        "reasons": Reason.choices,
        "advisers": casework.advisers_for(enquiry),
        "conversation": conversation(enquiry),
        "letters": Letter.objects.filter(about=enquiry.subject, state=Letter.State.FAILED),
        "files": enquiry.files.all(),
        "notes": enquiry.notes.select_related("author"),
        "events": events(enquiry),
        "plots": asked,
        "against": needs.against(enquiry, asked),
        "office": letters.office_of(enquiry),
        "templates": replies.choices(),
        "template": template,
        "reply": replies.text(template, enquiry),
        "step": step,
        "error": error,
        "typed": request.POST,
        "message_max": holder.MESSAGE_MAX,
        "terms": enquiry.terms,
    }
    status = outcome(error).http_status if error else 200
    return render(request, "portal/desk/enquiry.html", context, status=status)


def conversation(enquiry: Enquiry) -> list[Any]:
    """The messages, each of ours with what became of its letter."""
    found = list(enquiry.messages.select_related("author"))
    posts = {one.pk: one for one in Letter.objects.filter(pk__in=[one.letter_id for one in found if one.letter_id])}
    for one in found:
        letter = posts.get(one.letter_id) if one.letter_id else None
        one.post = letter.get_state_display() if letter else ""  # type: ignore[attr-defined]
    return found


def events(enquiry: Enquiry) -> list[dict[str, Any]]:
    return [
        {
            "at": one.at,
            "who": one.actor.called if one.actor else "",
            "label": states.TRANSITIONS[one.step].label,
            "about": one.about.called if one.about else "",
            "reason": one.get_reason_display() if one.step == "close" else "",
        }
        for one in enquiry.events.select_related("actor", "about")
    ]


@require_safe
@for_advisers
def file(request: HttpRequest, id: UUID) -> HttpResponseBase:
    """As a download of no particular kind, so that no browser runs what a stranger sent."""
    actor = signed_in(request)
    found = EnquiryFile.objects.filter(pk=id, enquiry__in=casework.visible_to(actor)).select_related("enquiry").first()
    if found is None or not found.content.storage.exists(str(found.content.name)):
        raise NotFound(_("There is no such file."))
    audit.saw(actor, found.enquiry.subject, "file")
    answer = FileResponse(
        found.content.open("rb"), as_attachment=True, filename=found.name, content_type="application/octet-stream"
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cache-Control"] = "private, no-store"
    return answer
