"""Enquiries of the demonstration: the board shows work under way. Nobody in them exists and nobody is written to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from django.utils import timezone

from registries.core.models import User
from registries.dealings import casework, clock, holder
from registries.dealings.models import Enquiry, EnquiryEvent, Reason
from registries.land.models import Plot, PlotStatus

DAY = timedelta(days=1)
# Where the demonstration listens unless told otherwise.
ORIGIN = "http://127.0.0.1:8000"
# How long ago, what was asked, and the steps since.
ASKED: tuple[tuple[int, dict[str, Any], tuple[str, ...]], ...] = (
    (
        1,
        {
            "company": "Плод Север ЕООД (измислена)",
            "activity": "Хладилен склад за плодове",
            "area_min_m2": 8000,
            "power_kva": 1200,
            "water": 5,
            "waste_water": 4,
            "jobs": 35,
            "wanted": "year",
            "message": "Търсим терен с ток и вода на границата. Кога може да се види?",
        },
        (),
    ),
    (
        12,
        {
            "company": "Nordic Pack AS (invented)",
            "language": "en",
            "activity": "Packaging of paper and cardboard",
            "area_min_m2": 20000,
            "power_kva": 2500,
            "gas_nm3_h": 400,
            "jobs": 120,
            "wanted": "threeYears",
            "message": "Is a railway siding possible at the plot?",
        },
        (),
    ),
    (20, {"activity": "Автосервиз", "area_max_m2": 5000, "jobs": 8, "wanted": "halfYear"}, ("assign", "answered")),
    (
        30,
        {"company": "Метал Юг АД (измислена)", "activity": "Галванични покрития", "power_kva": 900, "gas_nm3_h": 150},
        ("assign", "visit"),
    ),
    (
        45,
        {"company": "Соларис ООД (измислена)", "activity": "Монтаж на инвертори", "jobs": 60},
        ("assign", "offer"),
    ),
    (90, {"activity": "Търговска база", "area_min_m2": 1000}, ("answered", "close")),
)


@transaction.atomic
def create(adviser: User) -> None:
    """Create who is missing; what somebody has done with the others meanwhile stays."""
    plots = list(Plot.objects.select_related("zone").filter(status=PlotStatus.AVAILABLE).order_by("code"))
    for place, (days, told, steps) in enumerate(ASKED):
        token = uuid5(NAMESPACE_URL, f"https://portal.example/enquiries/{place}")
        if plots and not Enquiry.objects.filter(token=token).exists():
            enquiry = _asked(plots[place % len(plots)], {**told, "token": token}, days, place)
            for step in steps:
                _take(adviser, enquiry, step)


def _asked(plot: Plot, told: dict[str, Any], days: int, place: int) -> Enquiry:
    at = timezone.now() - days * DAY
    enquiry = Enquiry.objects.create(
        **{"language": "bg", **told},
        plots=[{"zone": plot.zone.code, "code": plot.code, "id": str(plot.pk)}],
        zone_ids=[plot.zone_id],
        contact_name="Измислено лице",
        # A domain that exists nowhere (RFC 2606).
        email=f"investor{place}@portal.example",
        origin=ORIGIN,
        created_at=at,
        due_at=clock.due(at),
        consent_at=at,
        consent_wording=holder.CONSENT_WORDING,
    )
    EnquiryEvent.objects.create(enquiry=enquiry, step="receive", state=enquiry.state)
    return enquiry


def _take(adviser: User, enquiry: Enquiry, step: str) -> None:
    if step == "assign":
        casework.assign(adviser, enquiry, adviser)
    elif step == "close":
        casework.close(adviser, enquiry, Reason.NOT_SUITABLE)
    else:
        casework.move(adviser, enquiry, step)
