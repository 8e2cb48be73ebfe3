"""`/enquiries/<number>/`: what the holder of a number sees and may do. Kept by no cache, found by no search."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from gis_portal.edge.visitors import visitors_form
from gis_portal.language import along
from gis_portal.pages.enquiries.ask import to_tracking
from gis_portal.people.address import client_address
from registries.core.errors import BadInput, NotFound, RegistryError, outcome
from registries.dealings import holder, letters, numbers, states, throttle
from registries.dealings.models import Enquiry, State

# What has just been done, as the address of the page says it.
SAID = {
    "sent": gettext_lazy(
        "Your enquiry has arrived. Keep its number; it also stands in the letter that we have sent you."
    ),
    "again": gettext_lazy("This form had been sent before: here is the enquiry that it made. Nothing was sent twice."),
    "written": gettext_lazy("Your message has arrived."),
    "withdrawn": gettext_lazy("The enquiry is withdrawn."),
}
HEADERS = {"X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer"}


def discreetly(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The address is a secret: no search engine may find it and no other site learn of it."""

    @wraps(view)
    def hidden(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        for name, value in HEADERS.items():
            response[name] = value
        return response

    return hidden


def held(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Give `view` the enquiry of the number in the address; who tries many numbers has to wait."""

    @discreetly
    @visitors_form
    @wraps(view)
    def opened(request: HttpRequest, number: str) -> HttpResponseBase:
        try:
            enquiry = found(request, number)
        except RegistryError as error:
            return finder(request, number, error)
        return view(request, enquiry)

    return opened


def found(request: HttpRequest, number: str) -> Enquiry:
    address = client_address(request)
    throttle.check(throttle.NUMBERS, address)
    try:
        return holder.find(number)
    except NotFound:
        throttle.knock(throttle.NUMBERS, address)
        raise


@require_safe
@discreetly
@visitors_form
def index(request: HttpRequest) -> HttpResponseBase:
    """Where a number is typed in."""
    typed = request.GET.get("number", "").strip()
    if not typed:
        return finder(request, "")
    try:
        enquiry = found(request, typed)
    except RegistryError as error:
        return finder(request, typed, error)
    return redirect(along(request, reverse("enquiry", args=[enquiry.shown_number])))


def finder(request: HttpRequest, typed: str, error: RegistryError | None = None) -> HttpResponse:
    context = {
        "page": "enquiry",
        "typed": typed[:40].replace("\x00", ""),
        "error": error,
        "deleted": request.GET.get("said") == "deleted",
    }
    return render(request, "portal/enquiries/find.html", context, status=outcome(error).http_status if error else 200)


@require_safe
@held
def show(request: HttpRequest, enquiry: Enquiry) -> HttpResponse:
    canonical = reverse("enquiry", args=[enquiry.shown_number])
    if request.path != canonical:
        return redirect(along(request, canonical))
    return page(request, enquiry)


@require_POST
@held
def write(request: HttpRequest, enquiry: Enquiry) -> HttpResponse:
    text = request.POST.get("text", "")
    try:
        throttle.check(throttle.MESSAGES, client_address(request))
        holder.write(enquiry, text)
    except RegistryError as error:
        return page(request, enquiry, error, text)
    throttle.knock(throttle.MESSAGES, client_address(request))
    return to_tracking(request, enquiry, "written")


@require_POST
@held
def withdraw(request: HttpRequest, enquiry: Enquiry) -> HttpResponse:
    try:
        holder.withdraw(enquiry)
    except RegistryError as error:
        return page(request, enquiry, error)
    return to_tracking(request, enquiry, "withdrawn")


@require_POST
@held
def delete(request: HttpRequest, enquiry: Enquiry) -> HttpResponse:
    if not request.POST.get("sure"):
        wrong = BadInput(_("Tick that you are sure: deleted data do not come back."), locator="sure")
        return page(request, enquiry, wrong)
    holder.forget(enquiry)
    return redirect(along(request, reverse("enquiries") + "?said=deleted"))


def page(request: HttpRequest, enquiry: Enquiry, error: RegistryError | None = None, typed: str = "") -> HttpResponse:
    messages = list(enquiry.messages.select_related("author"))
    context = {
        "page": "enquiry",
        "enquiry": enquiry,
        "stations": stations(enquiry),
        "conversation": messages,
        "files": enquiry.files.all(),
        "office": letters.office_of(enquiry),
        "said": SAID.get(request.GET.get("said", "")),
        "is_open": enquiry.state in states.OPEN,
        "error": error,
        "typed": typed,
        "message_max": holder.MESSAGE_MAX,
        "keep_months": settings.ENQUIRY_KEEP_MONTHS,
        "email_hint": masked(enquiry.email),
        "number": numbers.shown(enquiry.number),
    }
    return render(request, "portal/enquiries/track.html", context, status=outcome(error).http_status if error else 200)


@dataclass(frozen=True)
class Station:
    label: str
    at: datetime | None
    is_now: bool


def stations(enquiry: Enquiry) -> list[Station]:
    """The way of an enquiry with the day on which it came to each; where it never was is left out, or still ahead."""
    reached: dict[str, datetime] = {}
    for event in enquiry.events.all():
        reached.setdefault(event.state, event.at)
    last = states.COLUMNS.index(State(enquiry.state))
    found = []
    for place, state in enumerate(states.COLUMNS):
        was = state in reached and place <= last
        if was or place > last:
            label = _("received") if state == State.NEW else str(state.label)
            found.append(Station(label, reached[state] if was else None, state == enquiry.state))
    return found


def masked(email: str) -> str:
    """Enough for its owner to know it by."""
    name, _at, domain = email.partition("@")
    return f"{name[:1]}…@{domain}"
