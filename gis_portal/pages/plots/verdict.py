"""Whether a paper about a plot still holds: what it said is read from the history as of its moment, and set beside what
is published now.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gis_portal import language
from gis_portal.pages.plots import addresses, editions, facts
from gis_portal.pages.plots.editions import Edition, Token
from gis_portal.pages.plots.sheets import Fact, Part, Sheet
from gis_portal.pages.reading import Reading
from layers import moment
from layers.access import reader_of
from layers.catalogue import catalogue_of
from layers.moment import When
from layers.plots.former import written
from registries.land.models import Plot, PlotStatus

Verdict = Literal["current", "changed", "withdrawn", "unknown"]


@dataclass(frozen=True)
class Change:
    """One fact that is not what it was; empty for what was not told then or is told no more."""

    part: str
    label: str
    before: str
    after: str
    on: date | None


@dataclass(frozen=True)
class Finding:
    verdict: Verdict
    issued: Edition | None = None
    plot: Plot | None = None
    changes: tuple[Change, ...] = ()


@require_safe
@never_cache
def show(request: HttpRequest, code: str, token: str) -> HttpResponse:
    told = editions.read(token)
    found = judged(request, code, told) if told else Finding("unknown")
    is_open = moment.is_open_to(request.user)
    context = {
        "finding": found,
        "code": found.plot.code if found.plot else code[:60],
        "issued": localtime(found.issued.moment) if found.issued else None,
        "address": addresses.path(found.plot.code, lang=language.asked(request)) if found.plot else "",
        "is_open": is_open,
        "page": "plots",
    }
    return render(request, "portal/plots/edition.html", context, status=404 if found.verdict == "unknown" else 200)


def judged(request: HttpRequest, code: str, token: Token) -> Finding:
    """As the reader sees the plot: what is not open to them is told neither of then nor of now."""
    if token.moment > timezone.now():
        return Finding("unknown")
    then = When(token.moment, token.moment, token.moment.isoformat())
    with moment.seen(then):
        issued = _issued(request, then, code, token)
        if issued is None:
            return Finding("unknown")
        before = _sheet(request, then, issued.plot_id)
    plot = Plot.objects.select_related("zone").filter(pk=issued.plot_id).first()
    if plot is None or before is None:
        return Finding("withdrawn", issued)
    if plot.status == PlotStatus.WITHDRAWN and before.status != PlotStatus.WITHDRAWN:
        return Finding("withdrawn", issued, plot)
    after = facts.sheet_of(_reading(request, None), plot)
    changes = tuple(differences(before, after))
    return Finding("changed" if changes else "current", issued, plot, changes)


def _issued(request: HttpRequest, then: When, code: str, token: Token) -> Edition | None:
    """The edition of the plot of that code, if this portal has made it: its mark says so, or the very same is told now
    of that moment (the keys of marks may have been changed since).
    """
    known = [Edition(plot.pk, token.moment, token.digest) for plot in written(code)]
    for edition in known:
        if edition.is_marked(token.mark):
            return edition
    for edition in known:
        sheet = _sheet(request, then, edition.plot_id)
        if sheet is not None and editions.digest_of(sheet.values) == token.digest:
            return edition
    return None


def _sheet(request: HttpRequest, when: When, plot_id: UUID) -> Sheet | None:
    plot = Plot.objects.select_related("zone").filter(pk=plot_id).first()
    return facts.sheet_of(_reading(request, when), plot) if plot else None


def _reading(request: HttpRequest, when: When | None) -> Reading:
    catalogue = catalogue_of(reader_of(request.user), past=when is not None)
    return Reading(catalogue, when, moment.is_open_to(request.user), [])


def differences(before: Sheet, after: Sheet) -> Iterator[Change]:
    old, new = told(before), told(after)
    for key in [*old, *(key for key in new if key not in old)]:
        was, now = old.get(key), new.get(key)
        if was is None or now is None or was.text != now.text:
            known = now or was
            assert known is not None
            yield Change(
                known.part, known.label, was.text if was else "", now.text if now else "", now.on if now else None
            )


@dataclass(frozen=True)
class Told:
    part: str
    label: str
    text: str
    on: date | None


def told(sheet: Sheet) -> dict[tuple[str, ...], Told]:
    """Every fact of a sheet by what it is about; of several of one name each value is one."""
    found: dict[tuple[str, ...], Told] = {}
    for part in sheet.parts:
        for fact in part.facts:
            found[part.key, fact.key, _which(part, fact)] = Told(
                part.title, fact.label, _with(fact.text, fact.note), fact.on
            )
    for offer in sheet.offers:
        title = _("Offer: %(title)s") % {"title": offer.title}
        found["offer", offer.id, "state"] = Told(title, _("State"), offer.state_label, None)
        for fact in offer.facts:
            found["offer", offer.id, fact.key] = Told(title, fact.label, _with(fact.text, fact.note), fact.on)
    for one in sheet.utilities:
        text = _with(one.fact.text, one.fact.note)
        found["utilities", one.theme] = Told(_("Utilities and transport"), one.title, text, one.fact.on)
    return found


def _which(part: Part, fact: Fact) -> str:
    """Which of several facts of one key: distances go by where they lead, parcels are their numbers."""
    if part.key == "access":
        return fact.label
    return fact.text if fact.key == "parcel" else ""


def _with(text: str, note: str) -> str:
    return f"{text} ({note})" if note else text
