"""A market of plots made by dice that always fall alike: two zones, offers of every kind, networks open and closed.

What a search must find of it is worked out here plot by plot in plain Python, from the rows as they were published.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from layers.plots.parameters import RANGES, UTILITIES
from layers.plots.terms import Terms
from registries.changes.edits import Edit
from registries.core.models import Audience
from registries.land.models import Offer, OfferedRight, Plot, PlotStatus, PriceBasis, Zone
from registries.networks.models import Link
from tests.conftest import line
from tests.flows.world import rectangle

TODAY = date(2026, 6, 15)
USES = ("production", "logistics", "storage", "")
ROWS, COLUMNS = 5, 8
# Type, theme of its network, visibility of the network: what a visitor sees, and what is kept from them.
NETWORKS = {
    "water": ("water", Audience.PUBLIC),
    "gas": ("gas", Audience.PUBLIC),
    "power": ("electricity", Audience.PUBLIC),
    "partners": ("telecom", Audience.PARTNER),
    "secret": ("telecom", Audience.INTERNAL),
    "streets": ("road", Audience.PUBLIC),
    "rails": ("rail", Audience.PUBLIC),
}
ZONES = {
    "east": {"density_max_pct": "60", "floor_area_ratio_max": "1.5", "height_max_m": "12", "greening_min_pct": "30"},
    "west": {"density_max_pct": "80", "greening_min_pct": "20"},
}


def edits() -> Iterator[Edit]:
    dice = random.Random(5)
    zones = {
        code: Edit.create("land.zone", {"code": code, "name": f"Зона {code}", **limits}, rectangle(x, 0, 1000, 1000))
        for (code, limits), x in zip(ZONES.items(), (0, 1000), strict=True)
    }
    yield from zones.values()
    for number in range(ROWS * COLUMNS):
        yield from _plot(dice, number, zones["east" if number % COLUMNS < 5 else "west"].object_id)
    networks = {}
    for name, (theme, visibility) in NETWORKS.items():
        networks[name] = Edit.create("networks.network", {"theme": theme, "name": name, "visibility": visibility})
        yield networks[name]
    yield from _lines(dice, {name: edit.object_id for name, edit in networks.items()})


def _plot(dice: random.Random, number: int, zone: UUID) -> Iterator[Edit]:
    column, row = number % COLUMNS, number // COLUMNS
    shape = rectangle(60 + column * 200, 40 + row * 180, dice.randint(40, 140), dice.randint(40, 120))
    own = {"density_max_pct": "50", "floor_area_ratio_max": "2.25", "height_max_m": "20", "greening_min_pct": "40"}
    plot = Edit.create(
        "land.plot",
        {
            "zone": zone,
            # Both zones have plots of these codes.
            "code": f"{row}-{column % 5}",
            "status": dice.choice(PlotStatus.values),
            "permitted_use": dice.choice(USES),
            **{name: value for name, value in own.items() if dice.random() < 0.4},
        },
        shape,
    )
    yield plot
    for period, state in _periods(dice):
        yield Edit.create(
            "land.offer",
            {
                "plot": plot.object_id,
                "right": dice.choice(OfferedRight.values),
                "procedure": "tender",
                "price": str(Decimal(dice.randint(500, 6000)) / 100),
                "currency": dice.choice(("EUR", "EUR", "BGN", "USD")),
                "basis": dice.choice(PriceBasis.values),
                "open_period": f"[{period[0]},{period[1]})",
                "decision_document": "Решение № 1",
                "state": state,
            },
        )


def _periods(dice: random.Random) -> list[tuple[tuple[date, date], str]]:
    """None, one that is open, to come, over, or closed, or several."""
    day = timedelta(days=1)
    over, now, ahead = (TODAY - 90 * day, TODAY), (TODAY - day, TODAY + day), (TODAY + 30 * day, TODAY + 60 * day)
    choices: list[list[tuple[tuple[date, date], str]]] = [
        [],
        [(now, "published")],
        [(now, "published")],
        [(ahead, "published")],
        [(over, "published")],
        [(now, "closed")],
        [((over[0], now[0]), "published"), (now, "published"), (ahead, "published")],
    ]
    return dice.choice(choices)


def _lines(dice: random.Random, networks: dict[str, UUID]) -> Iterator[Edit]:
    kinds: tuple[tuple[str, str, dict[str, str]], ...] = (
        ("water", "water_pipe", {}),
        ("gas", "gas_pipe", {}),
        ("power", "electricity_cable_lv", {}),
        ("power", "electricity_cable_hv", {}),
        ("partners", "telecom_cable", {}),
        ("secret", "telecom_cable", {}),
        ("streets", "road_centreline", {"road_class": "localStreet"}),
        ("streets", "road_centreline", {"road_class": "mainStreet"}),
        ("rails", "rail_track", {"rail_use": "siding"}),
        ("rails", "rail_track", {"rail_use": "cargo"}),
    )
    for number in range(70):
        network, kind, attributes = kinds[number % len(kinds)]
        x, y = dice.randint(0, 1600), dice.randint(0, 900)
        dx, dy = dice.choice(((dice.randint(60, 400), 0), (0, dice.randint(60, 400))))
        columns = {
            "network": networks[network],
            "asset_type": kind,
            "label": f"{kind} {number}",
            "role": dice.choice(("main", "main", "main", "transport", "service", "private")),
            "status": dice.choice(("functional", "functional", "functional", "projected")),
            "attributes": attributes,
        }
        yield Edit.create("networks.link", columns, line((x, y), (x + dx, y + dy)))


@dataclass
class Known:
    """What one reader may know of one plot."""

    plot: Plot
    zone: Zone
    offer: Offer | None
    near: dict[str, float] = field(default_factory=dict)
    roads: set[str] = field(default_factory=set)
    has_siding: bool = False

    def parameter(self, name: str) -> float | None:
        own = getattr(self.plot, name)
        value = getattr(self.zone, name) if own is None else own
        return None if value is None else float(value)

    @property
    def area(self) -> float:
        return float(round(self.plot.area_m2))

    @property
    def period(self) -> str:
        assert self.offer is not None
        return "year" if self.offer.basis in ("perM2Year", "perYear") else "once"

    @property
    def price_m2(self) -> float | None:
        return self._price(per_m2=True)

    @property
    def price(self) -> float | None:
        return self._price(per_m2=False)

    def _price(self, *, per_m2: bool) -> float | None:
        if self.offer is None or self.offer.currency not in ("EUR", "BGN"):
            return None
        eur = float(self.offer.price) / (1.95583 if self.offer.currency == "BGN" else 1)
        is_per_m2 = self.offer.basis in ("perM2", "perM2Year")
        if per_m2:
            return round(eur if is_per_m2 else eur / self.plot.area_m2, 2)
        return round(eur * self.plot.area_m2 if is_per_m2 else eur, 2)


def known_to(audience: Audience) -> list[Known]:
    """Every plot with what is current on TODAY and near it, of what `audience` sees."""
    links = list(Link.objects.select_related("network", "asset_type"))
    seen = [
        one
        for one in links
        if one.status == "functional" and max(one.network.visibility, one.asset_type.audience) <= audience
    ]
    return [_known(plot, seen) for plot in Plot.objects.select_related("zone")]


def _known(plot: Plot, links: list[Link]) -> Known:
    offers = [
        offer
        for offer in Offer.objects.filter(plot=plot, state="published")
        if offer.open_period.upper is None or offer.open_period.upper > TODAY
    ]
    found = Known(plot, plot.zone, min(offers, key=lambda one: one.open_period.lower, default=None))
    for link in links:
        metres = plot.geom.distance(link.geom)
        theme = link.network.theme
        if theme in UTILITIES and metres <= 2000 and (link.role in ("main", "transport") or metres <= 1):
            found.near[theme] = min(metres, found.near.get(theme, 2000.0))
        if theme == "road" and metres <= 20 and link.role != "private":
            found.roads.add(link.attributes["road_class"])
        if theme == "rail" and metres <= 20 and link.role != "private":
            found.has_siding = found.has_siding or link.attributes["rail_use"] == "siding"
    return found


def meets(one: Known, terms: Terms, name: str) -> bool:
    """Whether the plot meets the filter `name`, told as a person would tell it."""
    if name in UTILITIES:
        return name in one.near and one.near[name] <= max(terms.near[name], 1)
    if name in RANGES:
        return _in_range(one, terms, name)
    columns = {"density_min": "density_max_pct", "kint_min": "floor_area_ratio_max", "height_min": "height_max_m"}
    if name in columns:
        value = one.parameter(columns[name])
        return value is not None and value >= getattr(terms, name)
    tests: dict[str, Any] = {
        "zone": lambda: one.zone.code == terms.zone,
        "status": lambda: one.plot.status in terms.status,
        "right": lambda: one.offer is not None and one.offer.right in terms.right,
        "use": lambda: one.plot.permitted_use in terms.use,
        "road": lambda: bool(one.roads & set(terms.road)),
        "rail": lambda: one.has_siding,
        "q": lambda: terms.q in one.plot.code,
        "greening_max": lambda: _at_most(one.parameter("greening_min_pct"), terms.greening_max),
    }
    return bool(tests[name]())


def _at_most(value: float | None, most: float | None) -> bool:
    return value is not None and most is not None and value <= most


def _in_range(one: Known, terms: Terms, name: str) -> bool:
    value = getattr(one, name)
    if value is None or (name != "area" and one.period != terms.price_period):
        return False
    ends = terms.area_m2 if name == "area" else getattr(terms, name)
    return (ends.low is None or value >= ends.low) and (ends.high is None or value <= ends.high)


def passing(known: list[Known], terms: Terms, *but: str) -> list[Known]:
    """The plots that meet all filters `but` these."""
    return [one for one in known if all(meets(one, terms, name) for name in terms.active if name not in but)]
