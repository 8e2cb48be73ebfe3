"""The board of enquiries: a column for each state, what is overdue on top. The whole view is in the address."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from gis_portal.pages import values
from gis_portal.pages.desk.filters import uuid
from gis_portal.pages.desk.guard import for_advisers, signed_in
from registries.core import audit
from registries.core.models import User
from registries.core.rights import rights_of
from registries.dealings import casework, numbers, states
from registries.dealings.models import Enquiry, State
from registries.land.models import Zone

PER_COLUMN, PER_PAGE = 20, 50
SEARCHED = ("number", "company", "contact_name", "email", "activity", "message", "plots")
EXPORTED = (
    *("number", "state", "reason", "created_at", "due_at", "first_answered_at", "closed_at", "assignee", "plots"),
    *("activity", "area_min_m2", "area_max_m2", "power_kva", "gas_nm3_h", "water", "water_unit", "waste_water"),
    *("waste_water_unit", "jobs", "wanted", "company", "contact_name", "email", "phone", "language", "message"),
)


@dataclass(frozen=True)
class Asked:
    """What the address asks for; what makes no sense there is as if it was not."""

    whose: str = ""
    due: str = ""
    zone: str = ""
    state: str = ""
    text: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Asked:
        words = {name: query.get(name, "").replace("\x00", "").strip()[:100] for name in cls.__dataclass_fields__}
        for name, known in {"whose": ("me", "nobody"), "due": ("late",), "state": State.values}.items():
            words[name] = words[name] if words[name] in known else ""
        words["zone"] = words["zone"] if uuid(words["zone"]) else ""
        return cls(**words)

    @property
    def query(self) -> str:
        return urlencode({name: value for name, value in asdict(self).items() if value})

    @property
    def is_asked(self) -> bool:
        return any(asdict(self).values())

    def apply(self, person: User) -> QuerySet[Enquiry]:
        found = casework.visible_to(person)
        if self.whose:
            found = found.filter(assignee=person if self.whose == "me" else None)
        if self.due:
            found = late(found)
        if self.zone:
            found = found.filter(zone_ids__contains=[self.zone])
        if self.text:
            number = numbers.BETWEEN.sub("", self.text).upper()
            words = Q(number__contains=number) if number else Q()
            for name in SEARCHED:
                words |= Q(**{f"{name}__icontains": self.text})
            found = found.filter(words)
        return found


def late(found: QuerySet[Enquiry]) -> QuerySet[Enquiry]:
    return found.filter(due_at__lt=timezone.now()).exclude(state=State.CLOSED)


@dataclass(frozen=True)
class Column:
    state: str
    label: str
    count: int
    cards: list[Enquiry]

    @property
    def rest(self) -> int:
        return self.count - len(self.cards)


@require_safe
@gzip_page
@for_advisers
def board(request: HttpRequest) -> HttpResponse:
    person, asked = signed_in(request), Asked.of(request.GET)
    found = asked.apply(person)
    context: dict[str, Any] = {
        "page": "desk",
        "room": "enquiries",
        "asked": asked,
        "zones": _zones(person),
        "tallies": _tallies(person),
        "columns": columns(found) if not asked.state else None,
        "listed": Paginator(_sorted(found, asked.state), PER_PAGE).get_page(request.GET.get("page")),
        "total": found.count(),
        "states": [(value, label) for value, label in State.choices],
        "moves": [(name, states.TRANSITIONS[name].label) for name in states.MOVES],
        "soon": timezone.now() + timedelta(days=1),
    }
    return render(request, "portal/desk/enquiries.html", context)


def columns(found: QuerySet[Enquiry]) -> list[Column]:
    counts = dict(found.order_by().values_list("state").annotate(Count("pk")))
    labels = dict(State.choices)
    return [
        Column(state, str(labels[state]), counts.get(state, 0), list(_sorted(found, state)[:PER_COLUMN]))
        for state in states.COLUMNS
    ]


def _sorted(found: QuerySet[Enquiry], state: str) -> QuerySet[Enquiry]:
    """Overdue first, then what is due soonest, then the newest."""
    order = ("-closed_at",) if state == State.CLOSED else (F("due_at").asc(nulls_last=True), "-created_at")
    found = found.annotate(said=Count("messages", distinct=True), sent=Count("files", distinct=True))
    return (found.filter(state=state) if state else found).order_by(*order, "pk")


def _tallies(person: User) -> dict[str, int]:
    found = casework.visible_to(person)
    return {
        "all": found.exclude(state=State.CLOSED).count(),
        "mine": found.exclude(state=State.CLOSED).filter(assignee=person).count(),
        "free": found.exclude(state=State.CLOSED).filter(assignee=None).count(),
        "late": late(found).count(),
    }


def _zones(person: User) -> list[tuple[str, str]]:
    mine = rights_of(person).advised_zones()
    zones = Zone.objects.order_by("name") if mine is None else Zone.objects.filter(pk__in=mine).order_by("name")
    return [(str(zone.pk), str(zone)) for zone in zones]


@require_safe
@for_advisers
def export(request: HttpRequest) -> StreamingHttpResponse:
    """What the board shows, as a table; that somebody took the data out is noted."""
    person, asked = signed_in(request), Asked.of(request.GET)
    found = _sorted(asked.apply(person), asked.state)
    audit.exported(person, "dealings.enquiry", "csv", count=found.count(), filter=asked.query)
    name = f"enquiries-{timezone.localdate().isoformat()}.csv"
    return StreamingHttpResponse(
        _lines(found),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"},
    )


class Echo:
    """What `csv.writer` writes, given back."""

    def write(self, line: str) -> str:
        return line


def _lines(found: QuerySet[Enquiry]) -> Iterator[str]:
    writer = csv.writer(Echo())
    # With a byte order mark, by which spreadsheets know UTF-8.
    yield "\ufeff" + writer.writerow(EXPORTED)
    for enquiry in found.iterator(chunk_size=500):
        yield writer.writerow([_cell(enquiry, name) for name in EXPORTED])


def _cell(enquiry: Enquiry, name: str) -> str:
    value = getattr(enquiry, name)
    if name == "number":
        return enquiry.shown_number
    if name == "plots":
        return " ".join(f"{one['zone']}/{one['code']}" for one in enquiry.plots)
    if name == "assignee":
        value = value.username if value else ""
    elif hasattr(value, "isoformat"):
        value = timezone.localtime(value).isoformat(timespec="minutes")
    return values.in_table("" if value is None else str(value))
