"""What feeds of offers tell: the published offers of the plots that match a search, as everybody may see them.

Identifiers are those of the offers, so that a reader who follows two searches, or one in two languages, knows an offer
again; dates are those of publications.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db.models import Max
from django.db.models.functions import Lower
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import get_default_timezone, localdate
from django.utils.translation import get_language

from gis_portal.pages import values
from gis_portal.pages.alerts import news
from gis_portal.pages.plots import addresses
from gis_portal.pages.plots.offers import current_offers, ends_of
from layers.access import reader_of
from layers.catalogue import catalogue_of
from layers.plots.search import matching
from layers.plots.terms import Terms
from registries.changes.models import ChangeSet
from registries.core.models import History
from registries.land.models import Offer, Plot

MOST = 100
# What XML 1.0 (2.2) has no place for, and half of a surrogate pair.
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Entry:
    id: str
    title: str
    text: str
    link: str
    published: datetime
    updated: datetime
    facts: dict[str, Any]


@dataclass(frozen=True)
class Listing:
    """One feed, whatever its form; `updated` is the latest publication that it tells of."""

    id: str
    language: str
    link: str
    words: list[str]
    entries: list[Entry]
    updated: datetime


def listing(request: HttpRequest, terms: Terms) -> Listing:
    language = get_language() or ""
    query = terms.query(sort="", page=1)
    offers = current_offers(matching(catalogue_of(reader_of(None)), terms))
    # Thousands may match, and a feed draws none of them.
    plots = Plot.objects.filter(pk__in=offers).select_related("zone").defer("geom", "zone__geom")
    latest = sorted(((_changed(plot, offers[plot.pk]), plot) for plot in plots), key=lambda one: (one[0], one[1].code))
    chosen = latest[::-1][:MOST]
    first = _first_published([offers[plot.pk].pk for _at, plot in chosen])
    entries = [entry(request, plot, offers[plot.pk], first.get(offers[plot.pk].pk, at), at) for at, plot in chosen]
    tail = "&".join(filter(None, [query, urlencode({"lang": language})]))
    link = request.build_absolute_uri(f"{reverse('plots')}?{tail}")
    return Listing(
        id=uuid5(NAMESPACE_URL, f"{request.get_host()}/offers?{tail}").urn,
        language=language,
        link=link,
        words=[clean(phrase) for phrase in terms.words()],
        entries=entries,
        updated=max((one.updated for one in entries), default=_last_published()),
    )


def _changed(plot: Plot, offer: Offer) -> datetime:
    return max(plot.begin_lifespan_version, offer.begin_lifespan_version)


def _first_published(offers: list[UUID]) -> dict[UUID, datetime]:
    versions = History.objects.filter(registry=Offer.registry(), object_id__in=offers, version=1)
    return dict(versions.values_list("object_id", Lower("period")))


def _last_published() -> datetime:
    last: datetime | None = ChangeSet.objects.aggregate(at=Max("published_at"))["at"]
    return last or datetime.combine(localdate(), time.min, get_default_timezone())


def entry(request: HttpRequest, plot: Plot, offer: Offer, published: datetime, updated: datetime) -> Entry:
    first, last = ends_of(offer)
    zone = values.in_language(plot.zone, "name")
    return Entry(
        id=offer.pk.urn,
        title=clean(f"{plot.code} ({zone}): {news.asked(plot, offer)}"),
        text=clean(news.facts(plot, offer)),
        link=request.build_absolute_uri(addresses.of_plot(plot, False, lang=get_language() or "")),
        published=published,
        updated=updated,
        facts={
            "plot": clean(plot.code),
            "zone": plot.zone.code,
            "status": plot.status,
            "area_m2": round(plot.area_m2, 2),
            "right": offer.right,
            "procedure": offer.procedure,
            "price": str(offer.price),
            "currency": offer.currency,
            "basis": offer.basis,
            "open_from": first.isoformat() if first else None,
            "open_to": last.isoformat() if last else None,
        },
    )


def clean(text: str) -> str:
    return NOT_XML.sub("", text)
