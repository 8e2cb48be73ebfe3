"""The page of one plot, complete without scripts: what it is, what it costs, what may be built, what comes to it.

Its address is the code; whoever writes the code otherwise is led to it, whoever asks for a plot that is no more is told
what became of it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from gis_portal import language
from gis_portal.pages import values
from gis_portal.pages.plots import absent, addresses, files, listed
from gis_portal.pages.plots.facts import sheet_of
from gis_portal.pages.plots.sheets import Sheet, Utility
from gis_portal.pages.plots.told import told
from gis_portal.pages.reading import Reading, reading
from layers.plots.former import written
from registries.core.rights import Place, rights_of
from registries.land.models import Plot, PlotStatus
from registries.networks.models import Status, Theme

DESCRIPTION_LENGTH = 300
NEAR_M = 50
# Every plot lies at some street; that says nothing at a glance.
STREETS = frozenset({Theme.ROAD, Theme.LIGHTING})
NO_PHONE = re.compile(r"[^0-9+]")


@require_safe
@gzip_page
def show(request: HttpRequest, code: str) -> HttpResponse:
    with reading(request) as it:
        tag = state(request, it, code)
        same = get_conditional_response(request, etag=tag)
        answer = same if same is not None else found(request, it, code)
    if answer.status_code in (200, 304):
        kept(request, answer, tag)
    return answer


def found(
    request: HttpRequest,
    it: Reading,
    code: str,
    then: Callable[[HttpRequest, Reading, Plot], HttpResponse] | None = None,
    rest: str = "",
) -> HttpResponse:
    """What `then` answers of the plot that is meant, None being its page; `rest` is what it is below that."""
    asked = request.GET.get("zone", "")
    plots = [plot for plot in written(code) if asked in ("", plot.zone.code)]
    if not plots:
        return absent.answer(request, it, code)
    if len(plots) > 1:
        return absent.choose(request, it, code, plots)
    plot = plots[0]
    if plot.code != code:
        query = {name: request.GET[name] for name in ("zone", "lang", "at") if name in request.GET}
        address = addresses.path(plot.code, rest=rest, **query)
        return HttpResponsePermanentRedirect(address)
    if plot.status == PlotStatus.WITHDRAWN:
        return absent.withdrawn(request, it, plot)
    return (then or page)(request, it, plot)


def page(request: HttpRequest, it: Reading, plot: Plot) -> HttpResponse:
    sheet = sheet_of(it, plot)
    alone = addresses.is_alone(plot)
    known = {code: absolute(request, addresses.of_plot(plot, alone, lang=code)) for code in language.LANGUAGES}
    canonical = known.get(get_language() or "", known["bg"])
    picture = absolute(request, addresses.of_plot(plot, alone, "picture.png"))
    description = summary(sheet)
    context = {
        "sheet": sheet,
        "reading": it,
        "page": "plots",
        "links": links_of(request, it, plot, alone),
        "alternates": {**known, "x-default": absolute(request, addresses.of_plot(plot, alone))},
        "canonical": canonical,
        "picture": picture,
        "picture_alt": alt(sheet),
        "description": description,
        "listing": listed.script(sheet, canonical, picture, description, get_language() or ""),
        **shown(request, it, sheet),
        "may_edit": rights_of(request.user).may_edit([Place(plot.zone_id)]),
    }
    return render(request, "portal/plots/plot.html", context)


def links_of(request: HttpRequest, it: Reading, plot: Plot, alone: bool) -> dict[str, str]:
    at, lang = {"at": it.at}, {"lang": language.asked(request)}
    return {
        "pdf": addresses.of_plot(plot, alone, "sheet.pdf", **lang, **at),
        "data": addresses.of_plot(plot, alone, "data.zip", **lang, **at),
        "picture": addresses.of_plot(plot, alone, "picture.png", **at),
    }


def shown(request: HttpRequest, it: Reading, sheet: Sheet) -> dict[str, Any]:
    """What the sheet tells, arranged for the page."""
    kept_query = {"lang": language.asked(request), "at": it.at}
    m2, others = values.area(sheet.area_m2).split(" · ", 1)
    parts = {part.key: told(part.facts) for part in sheet.parts}
    return {
        **parts,
        "figures": {"m2": m2, "others": others},
        "offers": [(offer, told(offer.facts)) for offer in sheet.offers],
        "near": near(sheet),
        "near_m": NEAR_M,
        "photos": [(one, *files.addresses_of(sheet.plot.code, one, it.at)) for one in sheet.photos],
        "papers": [(one, files.addresses_of(sheet.plot.code, one, it.at)[0]) for one in sheet.papers],
        "neighbours": [(one, addresses.path(one.code, one.zone, **kept_query)) for one in sheet.neighbours],
        "phone": NO_PHONE.sub("", sheet.contact.phone),
    }


def near(sheet: Sheet) -> list[Utility]:
    """What works so near that a connection is a matter of a short trench; what is only planned does not count."""
    return [
        one
        for one in sheet.utilities
        if one.theme not in STREETS
        and any(asset.status == Status.FUNCTIONAL and asset.distance_m <= NEAR_M for asset in one.assets)
    ]


def alt(sheet: Sheet) -> str:
    """The picture in words."""
    return _("Map of plot %(code)s with its surroundings: %(area)s, %(status)s") % {
        "code": sheet.plot.code,
        "area": sheet.area.split(" · ")[0],
        "status": sheet.status_label,
    }


def absolute(request: HttpRequest, address: str) -> str:
    return request.build_absolute_uri(address)


def summary(sheet: Sheet) -> str:
    """The page in a sentence or two, for search results."""
    parts = [f"{sheet.title}, {sheet.zone_name}: {sheet.status_label}", sheet.area]
    if sheet.offer and sheet.offer.price:
        parts.append(f"{sheet.offer.title}: {sheet.offer.price.text}")
    themes = ", ".join(one.title.lower() for one in near(sheet))
    if themes:
        parts.append(_("Within %(metres)d m: %(themes)s") % {"metres": NEAR_M, "themes": themes})
    if sheet.confirmed:
        parts.append(_("Confirmed on %(day)s") % {"day": date_format(sheet.confirmed, "DATE_FORMAT")})
    return ". ".join(parts).replace("\u00a0", " ")[:DESCRIPTION_LENGTH]


def state(request: HttpRequest, it: Reading, code: str) -> str:
    """An entity tag that changes with every publication, with the day (deadlines are counted in days), with the reader
    and with the looks.
    """
    known: tuple[Any, ...] = (
        code,
        sorted(request.GET.items()),
        get_language(),
        it.catalogue.reader.token,
        # Of two who see the same only one may edit.
        request.user.pk,
        sorted(it.catalogue.numbers.items()),
        localdate().isoformat(),
        request.get_host(),
        static("portal/plot.css"),
        static("portal/portal.css"),
    )
    return f'W/"{hashlib.sha256(repr(known).encode()).hexdigest()[:24]}"'


def kept(request: HttpRequest, answer: HttpResponse, tag: str) -> None:
    """Visitors' pages may be kept by anybody, and are asked for again each time; what staff see is theirs."""
    answer.headers["ETag"] = tag
    patch_vary_headers(answer, ["Accept-Language", "Cookie"])
    if request.user.is_authenticated:
        patch_cache_control(answer, private=True, no_cache=True)
    else:
        patch_cache_control(answer, public=True, max_age=0, must_revalidate=True)
