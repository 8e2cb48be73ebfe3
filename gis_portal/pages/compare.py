"""What became different between two days: how much of what, object by object, and on the map of differences."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gis_portal.pages import stored
from layers import moment
from layers.access import reader_of
from layers.differences.listing import Change, Changes
from layers.differences.summary import ACTIONS
from registries.core.errors import BadInput
from registries.networks.models import AssetType

PER_PAGE = 50
# What is compared where nothing is asked for.
BACK = timedelta(days=30)


@dataclass(frozen=True)
class Days:
    """The two moments; `texts` are as asked for."""

    before: datetime
    after: datetime
    texts: tuple[str, str]

    @property
    def query(self) -> str:
        return urlencode({"from": self.texts[0], "to": self.texts[1]})

    @property
    def told(self) -> tuple[str, str]:
        before, after = (
            date_format(localtime(at), "DATE_FORMAT" if moment.DATE.fullmatch(text) else "DATETIME_FORMAT")
            for at, text in zip((self.before, self.after), self.texts, strict=True)
        )
        return before, after

    @property
    def fields(self) -> tuple[str, str]:
        """What stands in the date fields."""
        return localdate(self.before).isoformat(), localdate(self.after).isoformat()


@dataclass
class Row:
    """One kind of thing with the numbers of what happened to it."""

    registry: str
    kind: str
    label: str
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ACTIONS, 0))

    @property
    def numbers(self) -> list[tuple[str, int, str]]:
        """(what happened in words, number, query that narrows the list to these)."""
        only, told = {"registry": self.registry, "kind": self.kind}, labels()
        return [(told[action], number, urlencode({**only, "action": action})) for action, number in self.counts.items()]


@dataclass(frozen=True)
class Line:
    action: str
    action_label: str
    label: str
    change: Change


def days(request: HttpRequest) -> Days:
    """`from` and `to` of the address; to today, from thirty days before that. Raises BadInput and NotAllowed."""
    moment.require(request.user)
    now = timezone.now()
    to = request.GET.get("to", "").strip()
    end = moment.instant(to, "to")
    after = end.end if end and end.end else now
    begin = request.GET.get("from", "").strip() or localdate(after - BACK).isoformat()
    start = moment.instant(begin, "from")
    before = start.end if start and start.end else now
    if before > after:
        raise BadInput(_("The first day lies after the second."), locator="from")
    return Days(before, after, (begin, to or localdate(now).isoformat()))


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    asked = days(request)
    changes = Changes(asked.before, asked.after, reader_of(request.user))
    counted = changes.counts()
    names = kinds()
    only = {name: request.GET.get(name, "").replace("\x00", "") for name in ("registry", "kind", "action")}
    pages: Paginator[Any] = Paginator(Listed(changes, counted, only, names), PER_PAGE)  # type: ignore[arg-type]
    context = {
        "days": asked,
        "rows": rows(counted, names),
        "lines": pages.get_page(request.GET.get("page")),
        "only": {name: value for name, value in only.items() if value},
        "narrowed": urlencode({name: value for name, value in only.items() if value}),
        "today": localdate().isoformat(),
        "labels": labels(),
        "page": "compare",
        "room": "compare",
    }
    return render(request, "portal/compare.html", context)


def labels() -> dict[str, str]:
    return {"added": _("Added"), "changed": _("Changed"), "removed": _("Removed")}


def kinds() -> dict[str, str]:
    """The name of each asset type in the reader's language."""
    return {one.key: str(one) for one in AssetType.objects.all()}


def label(registry: str, kind: str | None, names: dict[str, str]) -> str:
    return names.get(kind, kind) if kind else stored.registry_title(registry)


def rows(counted: list[tuple[str, str | None, str, int]], names: dict[str, str]) -> list[Row]:
    found: dict[tuple[str, str], Row] = {}
    for registry, kind, action, number in counted:
        key = (registry, kind or "")
        row = found.setdefault(key, Row(*key, label(registry, kind, names)))
        row.counts[action] = number
    return list(found.values())


class Listed:
    """The list as a paginator asks for it: its length, and slices."""

    def __init__(self, changes: Changes, counted: Any, only: dict[str, str], names: dict[str, str]) -> None:
        self.changes, self.only, self.names = changes, only, names
        totals: dict[tuple[str, str, str], int] = defaultdict(int)
        for registry, kind, action, number in counted:
            totals[registry, kind or "", action] += number
        wanted = (only["registry"], only["kind"], only["action"])
        self.length = sum(
            number
            for key, number in totals.items()
            if all(not want or want == has for want, has in zip(wanted, key, strict=True))
        )

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, part: slice) -> list[Line]:
        start = part.start or 0
        found = self.changes.page(part.stop - start, start, **self.only)
        told = labels()
        return [Line(one.action, told[one.action], label(one.registry, one.kind, self.names), one) for one in found]
