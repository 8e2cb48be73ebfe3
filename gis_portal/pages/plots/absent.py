"""Codes that lead to no page: of several plots, of none, of one that is no more; each with ways on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from gis_portal import language
from gis_portal.edge import answers
from gis_portal.pages import values
from gis_portal.pages.plots import addresses
from gis_portal.pages.reading import Reading
from layers.plots import former
from layers.plots.around import Beside
from registries.core.errors import NotFound
from registries.land.models import Plot

CODE_LENGTH = 60


@dataclass(frozen=True)
class Suggested:
    code: str
    zone: str
    address: str
    area: str
    use: str
    status: str
    status_label: str


def choose(request: HttpRequest, it: Reading, code: str, plots: list[Plot]) -> HttpResponse:
    """Several plots are meant: 300 (RFC 9110, 15.4.1)."""
    found = [
        Beside(plot.pk, plot.code, plot.zone.code, plot.area_m2, plot.permitted_use, plot.status) for plot in plots
    ]
    names = {plot.zone.code: values.in_language(plot.zone, "name") for plot in plots}
    context = {"choices": [(one, names[one.zone]) for one in suggested(request, it, found)]}
    return _page(request, it, "portal/plots/choose.html", 300, code, context)


def answer(request: HttpRequest, it: Reading, code: str) -> HttpResponse:
    """No plot of today: it was one, or it never was."""
    moment = it.when.end if it.when else None
    gone = former.former(code, moment)
    if gone is None or request.GET.get("zone", gone.zone) != gone.zone:
        return missing(request, it, code)
    zone = values.in_language(gone, "zone_name")
    return _gone(request, it, gone, zone, gone.ended)


def withdrawn(request: HttpRequest, it: Reading, plot: Plot) -> HttpResponse:
    zone = values.in_language(plot.zone, "name")
    gone = former.Former(plot.pk, plot.code, plot.zone.code, plot.zone.name, plot.zone.name_en, plot.status_since)
    return _gone(request, it, gone, zone, plot.status_since)


def missing(request: HttpRequest, it: Reading, code: str) -> HttpResponse:
    short = code[:CODE_LENGTH]
    if not answers.wants_page(request):
        raise NotFound(_("There is no plot “%(code)s”.") % {"code": short}, locator="code")
    context = {"alike": suggested(request, it, former.alike(short))}
    return _page(request, it, "portal/plots/missing.html", 404, short, context)


def _gone(request: HttpRequest, it: Reading, gone: former.Former, zone: str, ended: date | None) -> HttpResponse:
    if not answers.wants_page(request):
        return answers.problem(410, _("Plot %(code)s is no longer offered.") % {"code": gone.code})
    successors = former.successors(gone.id)
    known = {one.id for one in successors}
    near = [one for one in former.free_near(gone.id) if one.id not in known]
    context = {
        "zone_name": zone,
        "ended": ended,
        "successors": suggested(request, it, successors),
        "near": suggested(request, it, near),
    }
    return _page(request, it, "portal/plots/gone.html", 410, gone.code, context)


def _page(
    request: HttpRequest, it: Reading, template: str, status: int, code: str, context: Mapping[str, object]
) -> HttpResponse:
    known = {"code": code, "reading": it, "page": "plots", "status": status}
    return render(request, template, {**known, **context}, status=status)


def suggested(request: HttpRequest, it: Reading, found: list[Beside]) -> list[Suggested]:
    """With the zone in the address: it leads there whatever other zones call their plots."""
    layer = it.catalogue.get("plots")
    assert layer is not None, "The layer of plots is open to everybody."
    query = {"lang": language.asked(request), "at": it.at}
    return [
        Suggested(
            code=one.code,
            zone=one.zone,
            address=addresses.path(one.code, one.zone, **query),
            area=values.area(one.area_m2),
            use=values.label(layer, "permitted_use", one.permitted_use),
            status=one.status,
            status_label=values.label(layer, "status", one.status),
        )
        for one in found
    ]
