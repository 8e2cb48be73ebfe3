"""The page of a change set: what it would change, what the rules say, who said what, and what may be done now."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from gis_portal.pages.desk import files, findings, forms, life, settle
from gis_portal.pages.desk.case import Case, opened
from gis_portal.pages.desk.contents import Contents
from registries.changes import door, states
from registries.changes.models import ChangeSet
from registries.core.errors import Conflict, NotFound, RegistryError, RuleViolations, outcome
from registries.land.models import Zone
from registries.networks.models import Network

SHOWN_NETWORKS = 2
# The stations of a set that goes well, in their order.
STATIONS = ("draft", "submitted", "approved", "published")


@dataclass(frozen=True)
class Refused:
    """A step that was not taken: why, what was typed, and what happened since the form was sent out."""

    step: str
    error: RegistryError
    typed: QueryDict = field(default_factory=QueryDict)
    since: list[life.Event] = field(default_factory=list)
    problems: list[findings.Told] = field(default_factory=list)


@require_safe
@opened
def show(request: HttpRequest, case: Case) -> HttpResponse:
    door.saw(case.actor, case.change_set)
    return page(request, case)


def page(request: HttpRequest, case: Case, refused: Refused | None = None, **more: Any) -> HttpResponse:
    """The whole page; after a refused step with what was typed, and the status of the refusal."""
    status = outcome(refused.error).http_status if refused else 200
    context = {**about(case), **contents(request, case), **forms_of(case, refused), **more, "refused": refused}
    return render(request, "portal/desk/change_set.html", context, status=status)


def about(case: Case) -> dict[str, Any]:
    change_set = case.change_set
    possible = door.possible(case.actor, change_set)
    return {
        "case": case,
        "set": change_set,
        "page": "desk",
        "room": "desk",
        "possible": possible,
        "places": places(change_set),
        "stations": stations(change_set),
        "events": life.events(change_set),
        "sights": change_set.sights.select_related("person").order_by("-last_at"),
        "comments": change_set.comments.filter(item=None).select_related("author"),
        "links": change_set.review_links.select_related("reviewer").order_by("-pk") if not case.is_outside else (),
        "overlaps": door.overlaps(change_set) if change_set.state in states.OPEN else (),
        "waivers": findings.waivers(change_set) if change_set.state not in states.OPEN else (),
        "differences": f"{case.base}diff.json",
        "now": timezone.now(),
        "legal_name": files.name_of(change_set),
    }


def places(change_set: ChangeSet) -> list[str]:
    """The zones it lies in and the networks it touches, by name; of many networks the first."""
    rows = list(change_set.places.values_list("zone_id", "network_id"))
    zones = Zone.objects.filter(pk__in={zone for zone, _network in rows}).order_by("name")
    networks = [
        str(one) for one in Network.objects.filter(pk__in={network for _zone, network in rows}).order_by("name")
    ]
    more = len(networks) - SHOWN_NETWORKS
    told = networks if more <= 1 else [*networks[:SHOWN_NETWORKS], _("and %(count)d more") % {"count": more}]
    return [*(str(one) for one in zones), *told]


def contents(request: HttpRequest, case: Case) -> dict[str, Any]:
    asked = Contents.asked(case.change_set, request.GET)
    number = whole(request.GET.get("item", ""))
    missing = None
    try:
        detail = asked.detail(number) if number is not None else None
    except NotFound as error:
        detail, missing = None, error
    lines = asked.page(request.GET.get("page"), detail.line.id if detail else None)
    if detail is None and lines.object_list:
        detail = asked.detail(lines.object_list[0].id)
    at_once = asked.total <= findings.AT_ONCE or "findings" in request.GET
    return {
        "contents": asked,
        "lines": lines,
        "detail": detail,
        "missing": missing,
        "open_rules": case.change_set.state in states.OPEN,
        "findings": findings.of(case) if at_once and asked.total else None,
        "disputes": settle.disputes(case),
    }


def forms_of(case: Case, refused: Refused | None) -> dict[str, Any]:
    """Forms with what was typed last, if it was refused."""
    typed = {refused.step: refused.typed} if refused else {}
    tomorrow = timezone.localtime(timezone.now() + timedelta(days=1)).replace(hour=8, minute=0, second=0)
    return {
        "typed": refused.typed if refused else {},
        "describe_form": forms.Described(typed.get("describe"), instance=case.change_set),
        "reviewer_form": forms.Reviewer(typed.get("name_reviewer")),
        "schedule_form": forms.AtTime(typed.get("schedule"), initial={"at": case.change_set.publish_at or tomorrow}),
        "upload_mb": settings.UPLOAD_MAX_BYTES // 1_000_000,
    }


@dataclass(frozen=True)
class Station:
    label: str
    is_past: bool
    is_now: bool
    at: Any = None
    who: str = ""


def stations(change_set: ChangeSet) -> list[Station]:
    """Where the set stands on its way; a set that left the way shows where it is now as the last station."""
    labels = dict(ChangeSet.State.choices)
    state = change_set.state
    reached = {
        "draft": (change_set.created_at, change_set.author),
        "submitted": (change_set.submitted_at, change_set.author if change_set.submitted_at else None),
        "approved": (change_set.approved_at, change_set.approved_by),
        "published": (change_set.published_at, change_set.published_by),
    }
    on_way = state in STATIONS
    found = []
    for place, name in enumerate(STATIONS):
        at, who = reached[name]
        is_now = name == state
        is_past = at is not None and (not on_way or place < STATIONS.index(state))
        if on_way or is_past:
            shown = (at, who.called if who else "") if is_now or is_past else ()
            found.append(Station(str(labels[name]), is_past, is_now, *shown))
    return found if on_way else [*found, Station(str(labels[state]), False, True)]


@require_safe
@gzip_page
@opened
def item(request: HttpRequest, case: Case, item: int) -> HttpResponse:
    """One item for the page's script, which puts it in place of the one before."""
    door.saw(case.actor, case.change_set)
    asked = Contents.asked(case.change_set, request.GET)
    context = {**about_item(case), "contents": asked, "detail": asked.detail(item)}
    return render(request, "portal/desk/item.html", context)


def about_item(case: Case) -> dict[str, Any]:
    possible = door.possible(case.actor, case.change_set)
    return {"case": case, "set": case.change_set, "possible": possible, "typed": {}, "now": timezone.now()}


@require_safe
@gzip_page
@opened
def rules(request: HttpRequest, case: Case) -> HttpResponse:
    """What the rules say, for the page's script: of a large set the page does not wait for it."""
    context = {
        **about_item(case),
        "findings": findings.of(case),
        "open_rules": case.change_set.state in states.OPEN,
        "contents": Contents.asked(case.change_set, request.GET),
    }
    return render(request, "portal/desk/findings.html", context)


def refused(request: HttpRequest, case: Case, step: str, error: RegistryError) -> HttpResponse:
    """The page again, with the reason at the top and the typed words where they were."""
    case.change_set.refresh_from_db()
    since = life.moment(request.POST.get("seen", ""))
    broken = error.problems if isinstance(error, RuleViolations) else []
    told = Refused(
        step=step,
        error=error,
        typed=request.POST,
        since=life.events(case.change_set, since) if since and not isinstance(error, Conflict) else [],
        problems=findings.tell(case.change_set, list(broken))[: findings.SHOWN],
    )
    return page(request, case, told)


def whole(text: str) -> int | None:
    """A number out of the address; None for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None
