"""The desk's first page: what waits for me, what I work on, what was published lately, what I should know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST, require_safe

from gis_portal.language import along
from gis_portal.pages.desk import forms, shelves
from gis_portal.pages.desk.filters import Filters
from gis_portal.pages.desk.guard import for_staff, signed_in
from registries.changes import door, notices
from registries.changes.models import ChangeSet, Notice
from registries.core.errors import RegistryError, outcome
from registries.core.models import User

PER_PAGE = 25
# On the first page each shelf shows its beginning.
FIRST = 6
NOTICES = 12


@dataclass(frozen=True)
class Shelf:
    key: str
    title: str
    # What to do next where nothing lies.
    empty: str
    sets: QuerySet[ChangeSet]
    count: int

    @property
    def first(self) -> QuerySet[ChangeSet]:
        return self.sets[:FIRST]

    @property
    def rest(self) -> int:
        return max(self.count - FIRST, 0)


@require_safe
@gzip_page
@for_staff
def index(request: HttpRequest) -> HttpResponse:
    return desk(request)


def desk(
    request: HttpRequest, new_form: forms.NewSet | None = None, error: RegistryError | None = None
) -> HttpResponse:
    person = signed_in(request)
    filters = Filters.asked(request.GET)
    context = {
        "page": "desk",
        "room": "desk",
        "filters": filters,
        "choices": filters.choices(person),
        "shelves": arranged(person),
        "notices": told(person),
        "new_form": new_form or forms.NewSet(),
        "error": error,
        **(found(request, person, filters) if filters.is_asked else {}),
    }
    return render(request, "portal/desk/index.html", context, status=outcome(error).http_status if error else 200)


def arranged(person: User) -> list[Shelf]:
    named = {
        "waiting": (_("Waiting for me"), _("Nothing waits for your decision.")),
        "mine": (
            _("My change sets"),
            _("You have no change set under way. Edit in QGIS, import a file, or open an empty one below."),
        ),
        "published": (
            _("Published lately"),
            _("Nothing was published yet; approved changes show here."),
        ),
    }
    found = {key: shelves.SHELVES[key](person) for key in named}
    return [Shelf(key, *words, sets=found[key], count=found[key].count()) for key, words in named.items()]


def found(request: HttpRequest, person: User, filters: Filters) -> dict[str, Any]:
    """One page of what the address asks for."""
    pages = Paginator(filters.apply(person), PER_PAGE)
    return {"sets": pages.get_page(request.GET.get("page")), "query": filters.query}


def told(person: User) -> list[tuple[Notice, str]]:
    return [(one, notices.text(one)) for one in door.notices_of(person)[:NOTICES]]


@require_POST
@for_staff
def new(request: HttpRequest) -> HttpResponse:
    """An empty change set, to be filled from QGIS or a file."""
    form = forms.NewSet(request.POST)
    try:
        asked = forms.read(form)
        made = door.open_change_set(signed_in(request), asked["title"], asked["reason"])
    except RegistryError as error:
        return desk(request, form, error)
    messages.success(request, _("The change set is open. Fill it from QGIS or with an import, then submit it."))
    return redirect(along(request, reverse("desk-change-set", args=[made.pk])))


@require_POST
@for_staff
def seen(request: HttpRequest) -> HttpResponse:
    """The person has read the notices: all of them, or those of one change set."""
    person = signed_in(request)
    number = request.POST.get("change_set", "")
    one = ChangeSet.objects.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 18 else None
    count = notices.mark_seen(person, one)
    told = ngettext("%(count)d notice is marked as seen.", "%(count)d notices are marked as seen.", count)
    messages.success(request, told % {"count": count})
    return redirect(along(request, reverse("desk")))
