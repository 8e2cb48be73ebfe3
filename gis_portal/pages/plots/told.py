"""Facts as a page shows them: sources stand once below each part, and facts point to them by number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from gis_portal.pages.plots.sheets import Fact


@dataclass(frozen=True)
class Row:
    fact: Fact
    # Of the source below; 0: there is none, or only one for all.
    number: int


@dataclass(frozen=True)
class Told:
    rows: tuple[Row, ...]
    sources: tuple[str, ...]


def told(facts: Iterable[Fact]) -> Told:
    facts = tuple(facts)
    sources: list[str] = []
    for fact in facts:
        text = source_of(fact.source, fact.on)
        if text and text not in sources:
            sources.append(text)
    single = len(sources) < 2
    rows = [
        Row(fact, 0 if single or not fact.source else sources.index(source_of(fact.source, fact.on)) + 1)
        for fact in facts
    ]
    return Told(tuple(rows), tuple(sources))


def source_of(source: str, on: date | None) -> str:
    """`Decision № 118 of 15 December 2022 · 21 November 2026`; empty where there is no source."""
    if not source:
        return ""
    text = source[:1].upper() + source[1:]
    return _("%(source)s · as of %(day)s") % {"source": text, "day": date_format(on, "DATE_FORMAT")} if on else text
