"""The map of what a change set would change, and the picture of each change, for those who may see the set."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from gis_portal.pages import differences, picture
from gis_portal.pages.answers import answers_json
from gis_portal.pages.desk.case import Case, opened
from layers.differences.picture import drawing
from layers.differences.sides import of_change_set
from registries.changes import door
from registries.changes.conflicts import GEOM
from registries.core.errors import NotFound


@require_safe
@opened
@answers_json
def about(request: HttpRequest, case: Case) -> dict[str, Any]:
    return differences.about(of_change_set(case.change_set), f"{case.base}diff")


@require_safe
@gzip_page
@opened
@answers_json
def things(request: HttpRequest, case: Case) -> dict[str, Any]:
    return differences.things(request, of_change_set(case.change_set), differences.whole_number)


@require_safe
@opened
def tile(request: HttpRequest, case: Case, **place: str) -> HttpResponse:
    return differences.drawn(request, of_change_set(case.change_set), place)


@require_safe
@gzip_page
@opened
def item_picture(request: HttpRequest, case: Case, item: int) -> HttpResponse:
    drawn = drawing(of_change_set(case.change_set), item)
    if drawn is None:
        raise NotFound(_("This change has no place on the map."), locator="item")
    return picture.answer(request, drawn)


@require_safe
@gzip_page
@opened
def conflict_picture(request: HttpRequest, case: Case, item: int) -> HttpResponse:
    for conflict in door.conflicts_of(case.change_set):
        if (conflict.item_id, conflict.field) == (item, GEOM):
            return picture.of_conflict(request, conflict)
    raise NotFound(_("Nobody else changed the shape of this object meanwhile."), locator="item")
