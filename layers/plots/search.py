"""The search for plots: what matches, how many each further choice would leave, and what to give up when nothing does.

One statement answers all of it. Each plot gets a number whose bits say which filters it fails: a choice of one filter
counts the plots that fail no other, and what nothing matches fails but a few.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from layers.catalogue import Catalogue
from layers.plots import relaxing, statement
from layers.plots.parameters import UTILITIES, BadTerms, Range
from layers.plots.relaxing import Relaxation
from layers.plots.statement import Plan
from layers.plots.terms import Terms
from registries.land.models import Zone

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class Offered:
    """The current offer of a plot; `price` in total and `price_m2` are in EUR, a year's where `period` is `year`."""

    right: str
    procedure: str
    basis: str
    period: str
    price: float | None
    price_m2: float | None
    vat_included: bool
    open_from: date | None
    open_to: date | None


@dataclass(frozen=True)
class PlotRow:
    """One match; `near` tells the distance in metres to each utility that is near, `zone` its code."""

    id: UUID
    code: str
    regulated_plot: str
    zone: str
    zone_name: str
    zone_name_en: str
    status: str
    permitted_use: str
    area_m2: float
    offer: Offered | None
    near: Mapping[str, float]
    roads: tuple[str, ...]
    has_siding: bool
    density_max_pct: float | None
    kint_max: float | None
    height_max_m: float | None
    greening_min_pct: float | None
    confirmed_on: date | None
    bounds: Bounds
    # Whether plots of other zones have the same code.
    is_code_shared: bool

    @property
    def at_border(self) -> list[str]:
        """The utilities at the border, in their order."""
        return [theme for theme in UTILITIES if self.near.get(theme, 2.0) <= 1.0]


@dataclass(frozen=True)
class Found:
    """`facets` say for each value of a filter how many plots there are with it if all other filters are kept; `ranges`
    between which numbers these lie, in m², EUR and the units of parameters; `total` how many plots there are at all.

    `ids` are those of all matches if they were asked for.
    """

    terms: Terms
    count: int
    total: int
    rows: tuple[PlotRow, ...]
    facets: Mapping[str, Mapping[str, int]]
    ranges: Mapping[str, Range]
    extent: Bounds | None
    relaxations: tuple[Relaxation, ...]
    ids: tuple[UUID, ...] | None = None


def find(
    catalogue: Catalogue,
    terms: Terms,
    limit: int,
    offset: int = 0,
    *,
    on: date | None = None,
    with_ids: bool = False,
) -> Found:
    """The matches from `offset` on, with all counts; `on` is the day of which offers are current, today unless told.

    Raises BadTerms for an unknown zone, and where what lies near is asked of a past day.
    """
    check(catalogue, terms)
    plan = Plan(catalogue, terms, on or localdate(), limit, offset, with_ids)
    answers = _answers(plan)
    wider: dict[str, list[float]] = {}
    for name, _number, value, *_more in answers.pop("wider", []):
        wider.setdefault(name, []).append(value)
    masks = {int(mask): number for mask, number, *_more in answers.pop("mask", [])}
    count = masks.get(0, 0)
    return Found(
        terms=terms,
        count=count,
        total=sum(masks.values()),
        rows=tuple(_row(doc) for *_columns, doc in sorted(answers.pop("row", []), key=lambda one: one[1])),
        facets=_facets(plan, answers),
        ranges={name: Range(*row[2:4]) for name, rows in answers.items() for row in rows if row[0] == "range"},
        extent=next((tuple(doc) for *_columns, doc in answers.pop("extent", []) if doc), None),
        relaxations=tuple(relaxing.relaxations(plan, masks, wider)) if not count else (),
        ids=tuple(UUID(one) for *_columns, doc in answers.pop("ids", []) for one in doc) if with_ids else None,
    )


def matching(catalogue: Catalogue, terms: Terms, *, on: date | None = None) -> list[UUID]:
    """The plots that meet `terms`, in no order."""
    check(catalogue, terms)
    plan = Plan(catalogue, terms, on or localdate(), 0, 0, True)
    if plan.plots is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement.matching(plan))
        return [id for (id,) in cursor.fetchall()]


def check(catalogue: Catalogue, terms: Terms) -> None:
    """Raises BadTerms for a zone that is not there, and where what lies near plots is asked of a past day, of which it
    is not known.
    """
    faults = {}
    if terms.zone and not Zone.objects.filter(code=terms.zone).exists():
        faults["zone"] = _("There is no such zone.")
    if catalogue.is_past:
        asked = [name for name in (*UTILITIES, "rail", "road") if terms.has(name)]
        faults |= dict.fromkeys(asked, _("What lies near plots is known of today only, not of a past day."))
    if faults:
        raise BadTerms(faults)


def _answers(plan: Plan) -> dict[str, list[Any]]:
    """The rows of the statement by their kind; nothing for whom no plots are there."""
    if plan.plots is None:
        return {}
    found: dict[str, list[Any]] = {}
    with connection.cursor() as cursor:
        cursor.execute(statement.whole(plan))
        for row in cursor.fetchall():
            kind, *columns, doc = row
            found.setdefault(kind, []).append((*columns, json.loads(doc) if doc else None))
    return found


def _facets(plan: Plan, answers: Mapping[str, list[Any]]) -> dict[str, dict[str, int]]:
    facets = {
        name: {value: number for value, number, *_more in answers.get(name, []) if value not in (None, "", "range")}
        for name in statement.COUNTED
    }
    for theme in UTILITIES:
        # Who is within 10 m is within 25 m as well.
        totals = accumulate(facets[theme].get(str(step), 0) for step in plan.steps(theme))
        facets[theme] = {str(step): total for step, total in zip(plan.steps(theme), totals, strict=True)}
    return facets


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _row(doc: dict[str, Any]) -> PlotRow:
    offer = None
    if doc["right"]:
        names = ("right", "procedure", "basis", "period", "price", "price_m2", "vat_included")
        known = {name: doc[name] for name in names}
        offer = Offered(**known, open_from=_day(doc["open_from"]), open_to=_day(doc["open_to"]))
    return PlotRow(
        id=UUID(doc["id"]),
        **{name: doc[name] for name in ("code", "regulated_plot", "zone", "zone_name", "zone_name_en", "status")},
        permitted_use=doc["use"],
        area_m2=doc["area"],
        offer=offer,
        near={theme: doc[theme] for theme in UTILITIES if doc[theme] is not None},
        roads=tuple(doc["roads"]),
        has_siding=doc["siding"],
        density_max_pct=doc["density_min"],
        kint_max=doc["kint_min"],
        height_max_m=doc["height_min"],
        greening_min_pct=doc["greening_max"],
        confirmed_on=_day(doc["confirmed_on"]),
        bounds=tuple(doc["bounds"]),
        is_code_shared=doc["is_code_shared"],
    )
