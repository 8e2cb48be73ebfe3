"""The error map: what the rules found by night in the published data, on a map and as a list to work through."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import connection, transaction
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST, require_safe
from psycopg import sql

from gis_portal.language import along
from gis_portal.pages import differences
from gis_portal.pages.answers import answers_json
from gis_portal.pages.desk import fault_list
from gis_portal.pages.desk.fault_list import Asked
from gis_portal.pages.desk.guard import for_staff, signed_in
from layers.differences.sides import Difference
from registries.changes import door
from registries.changes.edits import Edit
from registries.core import waivers
from registries.core.errors import BadInput, NotAllowed, RegistryError, WrongState, outcome
from registries.core.models import Fault, User, Waiver
from registries.core.rights import rights_of
from registries.core.rules import RULES, Problem

PER_PAGE = 50
# As many objects as one person corrects and another one checks in one go.
MOST = 500
SIDES = """
SELECT f.id AS item, f.severity AS action, 'new' AS side, f.registry, f.object_id, f.code::text AS title,
       false AS kept, f.geom, f.geom_3857
FROM core_fault f WHERE f.geom IS NOT NULL AND f.id IN ({found})
"""
COUNTED = "SELECT f.severity, count(*) FROM core_fault f WHERE f.id IN ({found}) GROUP BY 1"


@require_safe
@gzip_page
@for_staff
def index(request: HttpRequest) -> HttpResponse:
    return page(request, Asked.of(request.GET), request.GET.get("page"))


def page(
    request: HttpRequest, asked: Asked, number: str | None = None, error: RegistryError | None = None
) -> HttpResponse:
    person = signed_in(request)
    found = asked.apply(person).order_by("code", "registry", "pk")
    pages = Paginator(found, PER_PAGE)
    shown = pages.get_page(number)
    told = fault_list.tell(person, list(shown))
    context = {
        "page": "desk",
        "room": "faults",
        "asked": asked,
        "query": asked.query,
        "choices": fault_list.choices(),
        "rules": fault_list.by_rule(person, asked),
        "shown": shown,
        "told": told,
        "acceptable": any(one.may_accept and one.waiver is None for one in told),
        "last_run": Fault.objects.aggregate(at=Max("last_seen"))["at"],
        "points": f"{reverse('desk-faults-points')}?{asked.query}",
        "most": MOST,
        "typed": request.POST,
        "error": error,
    }
    return render(request, "portal/desk/faults.html", context, status=outcome(error).http_status if error else 200)


def difference(person: User, asked: Asked) -> Difference:
    """The faults asked for as the map of differences takes them."""
    found = _as_sql(asked.apply(person).order_by().values("pk"))
    newest = [model.objects.aggregate(pk=Max("pk"))["pk"] for model in (Fault, Waiver)]
    state = f"{found.as_string()} {newest}"
    return Difference(
        sql.SQL(SIDES).format(found=found),
        sql.SQL(COUNTED).format(found=found),
        hashlib.sha256(state.encode()).hexdigest()[:12],
    )


@require_safe
@for_staff
@answers_json
def points(request: HttpRequest) -> dict[str, Any]:
    asked = Asked.of(request.GET)
    return differences.about(difference(signed_in(request), asked), reverse("desk-faults").rstrip("/"), asked.query)


@require_safe
@gzip_page
@for_staff
@answers_json
def things(request: HttpRequest) -> dict[str, Any]:
    found = difference(signed_in(request), Asked.of(request.GET))
    return differences.things(request, found, differences.whole_number)


@require_safe
@for_staff
def tile(request: HttpRequest, **place: str) -> HttpResponse:
    return differences.drawn(request, difference(signed_in(request), Asked.of(request.GET)), place)


@require_POST
@for_staff
def accept(request: HttpRequest) -> HttpResponse:
    """Accept the ticked warnings with a reason, which stays on record."""
    asked = Asked.of(request.POST)
    try:
        count = _accept(signed_in(request), fault_list.chosen(request.POST.getlist("fault")), request.POST)
    except RegistryError as error:
        return page(request, asked, request.POST.get("page"), error)
    told = ngettext("%(count)d warning is accepted.", "%(count)d warnings are accepted.", count)
    messages.success(request, told % {"count": count})
    return redirect(along(request, f"{reverse('desk-faults')}?{asked.query}"))


@transaction.atomic
def _accept(person: User, wanted: list[int], typed: Any) -> int:
    if not wanted:
        raise BadInput(_("No warning is ticked."), locator="fault", hint=_("Tick those that you accept."))
    found = list(fault_list.visible_to(person).filter(pk__in=wanted))
    if len(found) < len(set(wanted)):
        raise WrongState(
            _("Some of these problems are no longer there: the rules have run since you opened the page."),
            hint=_("Look through the list as it is now."),
        )
    if not all(fault_list.may_accept(rights_of(person), one) for one in found):
        raise NotAllowed(
            _("Only a reviewer of the zone accepts warnings, and errors are never accepted."),
            hint=_("Correct the object with a change set, or ask a reviewer."),
        )
    return waivers.accept(person, found, typed.get("reason", "")[:4000], None)


@require_POST
@for_staff
def gather(request: HttpRequest) -> HttpResponse:
    """A draft with one item for each object that the filter shows, to be corrected in QGIS."""
    asked = Asked.of(request.POST)
    left_out: list[Problem] = []
    try:
        change_set, count = _gather(signed_in(request), asked, left_out)
    except RegistryError as error:
        return page(request, asked, None, error)
    told = ngettext(
        "The change set holds %(count)d object to be corrected. What you leave as it is will not be submitted.",
        "The change set holds %(count)d objects to be corrected. What you leave as it is will not be submitted.",
        count,
    )
    messages.success(request, told % {"count": count})
    if left_out:
        gone = ngettext(
            "%(count)d object is no longer there and was left out.",
            "%(count)d objects are no longer there and were left out.",
            len(left_out),
        )
        messages.warning(request, gone % {"count": len(left_out)})
    return redirect(along(request, reverse("desk-change-set", args=[change_set])))


@transaction.atomic
def _gather(person: User, asked: Asked, left_out: list[Problem]) -> tuple[int, int]:
    found = asked.apply(person).filter(object_id__isnull=False)
    objects = list(found.order_by("registry", "object_id").values_list("registry", "object_id").distinct()[: MOST + 1])
    if not objects:
        raise BadInput(_("No object is like that."), hint=_("Take a filter away."))
    if len(objects) > MOST:
        raise BadInput(
            _("A change set of corrections takes at most %(most)d objects.") % {"most": MOST},
            hint=_("Choose one rule, one zone or one theme, so that fewer are shown."),
        )
    codes = list(found.order_by("code").values_list("code", flat=True).distinct())
    edits = [Edit.update(registry, object_id, {}) for registry, object_id in objects if object_id is not None]
    words = RULES[codes[0]].words(RULES[codes[0]].started()) if len(codes) == 1 and codes[0] in RULES else ""
    title = _("Corrections: %(codes)s") % {"codes": ", ".join(codes)}
    change_set = door.propose(
        person, edits, title=f"{title}. {words}" if words else title, source="faults", on_refusal=left_out.append
    )
    if len(left_out) == len(objects):
        raise WrongState(_("None of these objects is there any more."), hint=_("The next nightly run renews the list."))
    return change_set.pk, len(objects) - len(left_out)


def _as_sql(found: QuerySet[Any]) -> sql.Composed:
    """The queryset as text with its values, to be put into a larger statement."""
    statement, params = found.query.sql_with_params()
    text = connection.ops.compose_sql(statement, params)  # type: ignore[attr-defined]
    return sql.Composed([sql.SQL(text)])
