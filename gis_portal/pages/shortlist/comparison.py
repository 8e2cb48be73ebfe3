"""Several plots side by side: each fact of their sheets in a row of its own, and whether the plots differ in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from gis_portal.pages.plots.sheets import Fact, Sheet

# A fact's place among those of all plots: its part, its key, and what it is about where the key alone does not tell.
Key = tuple[str, str, str]
# What an investor looks for first.
PARTS = ("land", "offer", "building", "utilities", "access", "about")


@dataclass(frozen=True)
class Cell:
    """What one plot has to say; several facts of one kind, such as cadastral numbers, are lines."""

    lines: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    is_missing: bool = False


@dataclass(frozen=True)
class Row:
    label: str
    cells: tuple[Cell, ...]
    differs: bool


@dataclass(frozen=True)
class Group:
    title: str
    rows: tuple[Row, ...]


def groups(sheets: Sequence[Sheet]) -> list[Group]:
    """Rows under the titles of the sheets' parts; what one plot lacks stands where the others have it."""
    told = [_facts(sheet) for sheet in sheets]
    titles = {key[0]: title for facts in told for title, key, _fact in facts}
    labels = {key: fact.label for facts in told for _title, key, fact in reversed(facts)}
    by_plot = [_by_key(facts) for facts in told]
    keys = _merged([key for _title, key, _fact in facts] for facts in told)
    return [
        Group(titles[part], tuple(_row(labels[key], key, by_plot) for key in keys if key[0] == part))
        for part in dict.fromkeys(sorted((key[0] for key in keys), key=_place))
    ]


def _place(part: str) -> int:
    return PARTS.index(part) if part in PARTS else len(PARTS)


def _merged(orders: Iterable[Sequence[Key]]) -> list[Key]:
    """All keys, each behind the one that it follows in its own order."""
    merged: list[Key] = []
    for order in orders:
        place = 0
        for key in order:
            if key not in merged:
                merged.insert(place, key)
            place = merged.index(key) + 1
    return merged


def different(found: Iterable[Group]) -> list[Group]:
    """Those rows only in which the plots differ."""
    kept = [Group(group.title, tuple(row for row in group.rows if row.differs)) for group in found]
    return [group for group in kept if group.rows]


def _facts(sheet: Sheet) -> list[tuple[str, Key, Fact]]:
    """All facts of a sheet, each with its part's title and its own place."""
    parts: list[tuple[str, str, Iterable[Fact]]] = [(part.key, part.title, part.facts) for part in sheet.parts]
    if sheet.offer is not None:
        parts.append(("offer", _("Offer"), [*sheet.offer.facts, *_deadline(sheet.offer.deadline)]))
    parts.append(("utilities", _("Utilities"), [one.fact for one in sheet.utilities]))
    parts.append(("about", _("About this data"), list(_about(sheet))))
    return [
        (title, (key, fact.key, fact.label if key == "access" else ""), fact)
        for key, title, facts in parts
        for fact in facts
    ]


def _deadline(text: str) -> list[Fact]:
    return [Fact("deadline", _("Time left"), text, text)] if text else []


def _about(sheet: Sheet) -> Iterable[Fact]:
    day = date_format(sheet.confirmed, "DATE_FORMAT") if sheet.confirmed else _("not confirmed yet")
    yield Fact("confirmed", _("Confirmed on"), day, sheet.confirmed, is_missing=sheet.confirmed is None)
    if count := len(sheet.photos) + len(sheet.papers):
        yield Fact("files", _("Documents and photographs"), str(count), count)
    if sheet.contact:
        who = " · ".join(filter(None, [sheet.contact.name, sheet.contact.email, sheet.contact.phone]))
        yield Fact("contact", _("Contact"), who, who)


def _by_key(facts: Iterable[tuple[str, Key, Fact]]) -> dict[Key, list[Fact]]:
    found: dict[Key, list[Fact]] = {}
    for _title, key, fact in facts:
        found.setdefault(key, []).append(fact)
    return found


def _row(label: str, key: Key, by_plot: Sequence[dict[Key, list[Fact]]]) -> Row:
    told = [facts.get(key, []) for facts in by_plot]
    return Row(label, tuple(_cell(facts) for facts in told), len({_compared(facts) for facts in told}) > 1)


def _cell(facts: Sequence[Fact]) -> Cell:
    return Cell(
        tuple(fact.text for fact in facts),
        tuple(fact.note for fact in facts if fact.note),
        all(fact.is_missing for fact in facts),
    )


def _compared(facts: Sequence[Fact]) -> str:
    """Values decide, not how they are written; where there is none, the words do."""
    values: list[Any] = [fact.text if fact.value is None else fact.value for fact in facts]
    return repr(values)
