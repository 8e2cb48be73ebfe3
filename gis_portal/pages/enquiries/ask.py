"""`/enquiries/new/`: somebody asks for a plot. Whatever is wrong, what was typed comes back with it."""

from __future__ import annotations

from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gis_portal.edge import tokens
from gis_portal.edge.visitors import visitors_form
from gis_portal.language import along
from gis_portal.pages.enquiries import subject
from gis_portal.pages.enquiries.form import EnquiryForm, initial_of
from gis_portal.pages.enquiries.subject import Subject
from gis_portal.people.address import client_address
from layers.access import reader_of
from layers.catalogue import Catalogue, catalogue_of
from registries.core.errors import BadInput, RegistryError, outcome
from registries.dealings import holder, throttle, uploads
from registries.dealings.models import Enquiry

logger = structlog.stdlib.get_logger("portal.enquiries")
INVALID = 422


@require_http_methods(["GET", "HEAD", "POST"])
@visitors_form
def new(request: HttpRequest) -> HttpResponseBase:
    catalogue = catalogue_of(reader_of(request.user))
    if request.method == "POST":
        return sent(request, catalogue)
    asked = subject.of_address(catalogue, request.GET)
    return page(request, EnquiryForm(initial=initial_of(asked.terms)), asked, tokens.fresh())


def sent(request: HttpRequest, catalogue: Catalogue) -> HttpResponse:
    asked = subject.of_form(catalogue, request.POST)
    form = EnquiryForm(request.POST)
    token = request.POST.get("token", "")
    files: list[uploads.Accepted] = []
    wrong: RegistryError | None = None
    try:
        files = uploads.accept(request.FILES.getlist("files"))
    except BadInput as error:
        wrong = error
    if not form.is_valid() or wrong:
        return page(request, form, asked, token, wrong, INVALID)
    try:
        number = tokens.read(token)
        for door, who in knocking(request, form):
            throttle.check(door, who)
    except RegistryError as error:
        # A form that was sent in haste stays the same form, so that sending it again is no second enquiry.
        is_stale = isinstance(error, BadInput) and not tokens.is_ours(token)
        logger.warning("enquiry refused", reason=error.message)
        return page(request, form, asked, tokens.fresh() if is_stale else token, error, outcome(error).http_status)
    told = {**form.told, "plots": asked.kept_plots, "zone_ids": asked.zone_ids, "terms": asked.terms.query()}
    origin = request.build_absolute_uri("/").rstrip("/")
    language = get_language() or settings.LANGUAGE_CODE
    enquiry, is_new = holder.receive(number, told, files, language=language, origin=origin)
    if is_new:
        for door, who in knocking(request, form):
            throttle.knock(door, who)
    return to_tracking(request, enquiry, "sent" if is_new else "again")


def knocking(request: HttpRequest, form: EnquiryForm) -> list[tuple[throttle.Door, str | None]]:
    return [
        (throttle.ENQUIRIES, client_address(request)),
        (throttle.RECIPIENTS, form.cleaned_data["email"].casefold()),
    ]


def to_tracking(request: HttpRequest, enquiry: Enquiry, said: str) -> HttpResponse:
    """On to the enquiry's own page, which tells what has happened; loading that again sends nothing twice."""
    address = f"{reverse('enquiry', args=[enquiry.shown_number])}?{urlencode({'said': said})}"
    return HttpResponse(status=303, headers={"Location": along(request, address)})


def page(
    request: HttpRequest,
    form: EnquiryForm,
    asked: Subject,
    token: str,
    error: RegistryError | None = None,
    status: int = 200,
) -> HttpResponse:
    about_files = error if error is not None and error.locator == "files" else None
    context: dict[str, Any] = {
        "page": "enquiry",
        "form": form,
        "asked": asked,
        "token": token,
        "error": error if about_files is None else None,
        "files_error": about_files,
        "faults": faults(form, about_files),
        "had_files": bool(request.FILES),
        "kinds": ", ".join(uploads.KINDS),
        "accept": ",".join(f".{kind}" for kind in (*uploads.KINDS, "jpeg")),
        "most_files": uploads.MOST,
        "most_mb": settings.UPLOAD_MAX_BYTES // 1_000_000,
        "most_bytes": settings.UPLOAD_MAX_BYTES,
        "reply_days": settings.ENQUIRY_REPLY_DAYS,
        "keep_months": settings.ENQUIRY_KEEP_MONTHS,
    }
    return render(request, "portal/enquiries/new.html", context, status=status)


def faults(form: EnquiryForm, about_files: RegistryError | None) -> list[tuple[str, str, str]]:
    """What the summary lists: the field's id, its label, what is wrong."""
    found = [
        (str(field.id_for_label), str(field.label), " ".join(map(str, field.errors)))
        for field in form
        if form.is_bound and field.errors
    ]
    return [*found, *([("id_files", _("Files"), str(about_files))] if about_files else [])]
