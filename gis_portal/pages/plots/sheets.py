"""What is told of one plot, as plain data: its page, its PDF, comparisons and data packs show the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from registries.land.models import Plot, Zone


@dataclass(frozen=True)
class Fact:
    """One thing told: `text` as people read it, `value` and `unit` as programs do, where it is from and of which day.

    `is_missing`: nothing is known, and `text` says so. `note` qualifies the value; `link` leads on.
    """

    key: str
    label: str
    text: str
    value: Any = None
    unit: str = ""
    source: str = ""
    on: date | None = None
    note: str = ""
    link: str = ""
    is_missing: bool = False


@dataclass(frozen=True)
class Part:
    """Facts that belong together, under a title."""

    key: str
    title: str
    facts: tuple[Fact, ...]
    note: str = ""

    def __bool__(self) -> bool:
        return bool(self.facts)

    def fact(self, key: str) -> Fact | None:
        return next((fact for fact in self.facts if fact.key == key), None)


@dataclass(frozen=True)
class Price:
    """What is asked for: the headline, the same in another unit and in leva, and the numbers behind them.

    `period` is empty for once, `year` for each year.
    """

    text: str
    also: str
    leva: str
    total: float
    per_m2: float
    currency: str
    period: str


@dataclass(frozen=True)
class OfferSheet:
    """One offer; `is_open` says that it takes bids on the day the page speaks of."""

    id: str
    title: str
    state: str
    state_label: str
    right: str
    is_open: bool
    deadline: str
    price: Price | None
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Asset:
    """One kind of asset near the plot: how far, what it is, whether it works, whose it is and how well it is known."""

    distance: str
    distance_m: float
    is_at_border: bool
    kind: str
    measures: str
    status: str
    status_label: str
    operator: str
    quality: str
    on: date


@dataclass(frozen=True)
class Utility:
    """A theme of networks with the nearest asset of each kind, the nearest first; none: no data, or too far."""

    theme: str
    title: str
    fact: Fact
    assets: tuple[Asset, ...]


@dataclass(frozen=True)
class FileSheet:
    id: str
    kind: str
    kind_label: str
    title: str
    media_type: str
    size: str
    name: str
    credit: str
    on: date | None
    width: int | None
    height: int | None
    sha256: str


@dataclass(frozen=True)
class Neighbour:
    code: str
    zone: str
    area: str
    joint_area: str
    joint_m2: float


@dataclass(frozen=True)
class Contact:
    name: str
    email: str
    phone: str

    def __bool__(self) -> bool:
        return bool(self.name or self.email or self.phone)


@dataclass(frozen=True)
class Sheet:
    """Everything told of `plot` on one day. `at` is that day as addresses carry it, empty for today."""

    plot: Plot
    zone: Zone
    at: str
    title: str
    zone_name: str
    status: str
    status_label: str
    area: str
    area_m2: float
    parts: tuple[Part, ...]
    offers: tuple[OfferSheet, ...]
    utilities: tuple[Utility, ...]
    photos: tuple[FileSheet, ...]
    papers: tuple[FileSheet, ...]
    neighbours: tuple[Neighbour, ...]
    contact: Contact
    description: str
    disclaimer: str
    confirmed: date | None
    is_stale: bool
    values: dict[str, Any] = field(default_factory=dict)

    def part(self, key: str) -> Part | None:
        return next((part for part in self.parts if part.key == key), None)

    @property
    def offer(self) -> OfferSheet | None:
        """The one to speak of first: published before any that is over."""
        return next((offer for offer in self.offers if offer.state == "published"), None)
