"""Photos and documents of a plot, for staff: added, replaced and removed by change sets, like everything else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from gis_portal.language import along
from gis_portal.pages.desk import uploads
from gis_portal.pages.desk.case import Case, opened
from gis_portal.pages.desk.forms import read
from gis_portal.pages.desk.guard import for_staff, signed_in
from gis_portal.pages.plots import addresses, files
from gis_portal.pages.plots.deliver import delivered, guarded
from registries.changes import door
from registries.changes.edits import Edit
from registries.changes.models import ChangeSet
from registries.core.errors import BadInput, NotAllowed, NotFound, RegistryError, outcome
from registries.core.models import User
from registries.core.overlay import draft
from registries.core.rights import Place, rights_of
from registries.land.models import FileKind, Plot, PlotFile
from registries.land.store import keep

EDITABLE = (ChangeSet.State.DRAFT, ChangeSet.State.RETURNED)
ACCEPTED = ".jpg,.jpeg,.png,.pdf"


class About(forms.ModelForm):
    """What is said of a file; the file itself beside it."""

    file = forms.FileField(
        label=gettext_lazy("File"), required=False, widget=forms.FileInput(attrs={"accept": ACCEPTED})
    )

    class Meta:
        model = PlotFile
        fields = ("kind", "title", "title_en", "dated_on", "credit", "position", "audience")
        widgets = {"dated_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def _post_clean(self) -> None:
        """The door judges the whole record; the form has but a part of it."""


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def index(request: HttpRequest, plot: UUID) -> HttpResponse:
    person = signed_in(request)
    found = Plot.objects.select_related("zone").filter(pk=plot).first()
    if found is None:
        raise NotFound(_("There is no such plot."), locator="plot")
    if not rights_of(person).may_edit([Place(found.zone_id)]):
        raise NotAllowed(_("You have no right to edit in this zone or network."), locator="zone")
    if request.method != "POST":
        return page(request, found)
    try:
        change_set = proposed(request, person, found)
    except RegistryError as error:
        return page(request, found, error)
    messages.success(request, _("It is in the change set. Submit it, and it is published once somebody approves."))
    return redirect(along(request, reverse("desk-change-set", args=[change_set.pk])))


def page(request: HttpRequest, plot: Plot, error: RegistryError | None = None) -> HttpResponse:
    chosen = request.POST.get("id", "") if error else ""
    kept = list(PlotFile.objects.filter(plot=plot).order_by("kind", "position", "title"))
    rows = [(one, files.sheet_of(one), _form(request, one, chosen)) for one in kept]
    context = {
        "plot": plot,
        "rows": [(one, sheet, files.addresses_of(plot.code, sheet), form) for one, sheet, form in rows],
        "form": About(request.POST if error and not chosen else None, prefix="new"),
        "chosen": chosen,
        "error": error,
        "drafts": drafts(signed_in(request)),
        "public": addresses.path(plot.code, plot.zone.code),
        "upload_mb": settings.UPLOAD_MAX_BYTES // 1_000_000,
        "room": "desk",
        "page": "desk",
    }
    status = outcome(error).http_status if error else 200
    return render(request, "portal/desk/plot_files.html", context, status=status)


def _form(request: HttpRequest, file: PlotFile, chosen: str) -> About:
    typed = request.POST if chosen == str(file.pk) else None
    return About(typed, instance=file, prefix=str(file.pk))


def drafts(person: User) -> list[ChangeSet]:
    return list(ChangeSet.objects.filter(author=person, state__in=EDITABLE).order_by("-pk")[:20])


def proposed(request: HttpRequest, person: User, plot: Plot) -> ChangeSet:
    """The change that the form asks for, in the change set that it names or in a new one."""
    deeds: dict[str, Callable[[HttpRequest, Plot], Edit]] = {"add": _added, "change": _changed, "remove": _removed}
    deed = deeds.get(request.POST.get("deed", ""))
    if deed is None:
        raise BadInput(_("The form does not say what is to be done."), locator="deed")
    edit, number = deed(request, plot), request.POST.get("change_set", "")
    chosen = next((one for one in drafts(person) if str(one.pk) == number), None)
    if number and chosen is None:
        raise BadInput(_("That change set is not open any more."), locator="change_set", hint=_("Choose another one."))
    title = _("Files of plot %(code)s") % {"code": plot.code}
    return door.propose(person, [edit], title=title, change_set=chosen)


def _added(request: HttpRequest, plot: Plot) -> Edit:
    form = About(request.POST, request.FILES, prefix="new")
    told = _told(form)
    columns = {**told, **_content(told, request, "new"), "plot": plot.pk}
    return Edit.create(PlotFile.registry(), columns)


def _changed(request: HttpRequest, plot: Plot) -> Edit:
    file = _file(request, plot)
    prefix = str(file.pk)
    told = _told(About(request.POST, request.FILES, prefix=prefix))
    fresh = _content(told, request, prefix) if f"{prefix}-file" in request.FILES else {}
    return Edit.update(PlotFile.registry(), file.pk, {**told, **fresh}, base_version=file.version)


def _removed(request: HttpRequest, plot: Plot) -> Edit:
    file = _file(request, plot)
    return Edit.delete(PlotFile.registry(), file.pk, file.version)


def _file(request: HttpRequest, plot: Plot) -> PlotFile:
    found = next((one for one in plot.plotfile_set.all() if str(one.pk) == request.POST.get("id", "")), None)
    if found is None:
        raise NotFound(_("There is no such file of this plot."), locator="id")
    return found


def _told(form: About) -> dict[str, Any]:
    told = read(form)
    return {name: told[name] for name in About.Meta.fields}


def _content(told: dict[str, Any], request: HttpRequest, prefix: str) -> dict[str, Any]:
    content = uploads.read(request.FILES.get(f"{prefix}-file"))
    if told["kind"] == FileKind.PHOTO and content.width is None:
        raise BadInput(_("A photo is a JPEG or PNG; a PDF is a document."), locator="file")
    return {
        "sha256": keep(content.data),
        "media_type": content.media_type,
        "size_bytes": len(content.data),
        "width": content.width,
        "height": content.height,
    }


@require_safe
@opened
def drafted(request: HttpRequest, case: Case, item: int) -> HttpResponse:
    """The bytes that a change set would publish, for whoever may see the set: nobody approves what they cannot see."""
    found = case.change_set.items.filter(pk=item, registry=PlotFile.registry()).first()
    missing = NotFound(_("This change is no longer part of the change set."), locator="item")
    if found is None:
        raise missing
    with draft(case.change_set.pk):
        file = PlotFile.objects.filter(pk=found.object_id).first()
    if file is None:
        raise missing
    return guarded(delivered(file, 0), "private, no-cache")
