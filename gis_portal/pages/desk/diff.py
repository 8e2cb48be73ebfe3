"""The map of what a change set would change, for those who may see the set."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gis_portal.pages import differences
from gis_portal.pages.answers import answers_json
from layers.differences.sides import of_change_set
from registries.changes import items
from registries.changes.models import ChangeSet
from registries.core.errors import NotFound
from registries.core.rights import rights_of


def seen(request: HttpRequest, number: int) -> ChangeSet:
    """The change set, for whoever may see it; for others there is none."""
    change_set = ChangeSet.objects.filter(pk=number).first()
    if change_set is None or not _may_see(request, change_set):
        raise NotFound(_("There is no change set %(number)s.") % {"number": number})
    return change_set


def _may_see(request: HttpRequest, change_set: ChangeSet) -> bool:
    if change_set.author_id == request.user.pk:
        return True
    rights = rights_of(request.user)
    return rights.is_staff_somewhere() and rights.may_review(items.places(change_set, items.touched(change_set)))


@require_safe
@answers_json
def about(request: HttpRequest, number: int) -> dict[str, Any]:
    address = reverse("desk-diff", args=[number]).removesuffix(".json")
    return differences.about(of_change_set(seen(request, number)), address)


@require_safe
@answers_json
def things(request: HttpRequest, number: int) -> dict[str, Any]:
    return differences.things(request, of_change_set(seen(request, number)), differences.whole_number)


@require_safe
def tile(request: HttpRequest, number: int, **place: str) -> HttpResponse:
    return differences.drawn(request, of_change_set(seen(request, number)), place)
