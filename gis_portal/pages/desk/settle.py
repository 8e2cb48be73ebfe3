"""Conflicts side by side: what was there, what somebody published meanwhile, what is proposed; the author chooses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.http import QueryDict
from django.utils.translation import gettext as _

from gis_portal.pages import stored
from gis_portal.pages.desk import sides
from gis_portal.pages.desk.case import Case
from gis_portal.pages.stored import Names
from registries.changes import door, states
from registries.changes.conflicts import GEOM, WHOLE
from registries.changes.models import ChangeItem
from registries.core.errors import FieldConflict
from registries.core.overlay import draft

CHOICE = "choice:"


@dataclass(frozen=True)
class Dispute:
    """One field in three versions, in people's words; `name` is that of its choice in the form."""

    name: str
    item: int
    object: str
    label: str
    is_shape: bool
    base: str
    published: str
    proposed: str


def disputes(case: Case) -> list[Dispute]:
    """What has to be settled before the set can be submitted (again)."""
    found = door.conflicts_of(case.change_set) if case.change_set.state in states.EDITABLE else []
    if not found:
        return []
    numbers = {one.item_id for one in found}
    items = ChangeItem.objects.in_bulk(numbers)
    deltas = sides.deltas(case.change_set, numbers)
    rows = {number: (delta.new or delta.old or {}) for number, delta in deltas.items()}
    with draft(case.change_set.pk):
        known = stored.names([(items[number].registry, row) for number, row in rows.items()] + _referred(found))
    return [_dispute(one, items[one.item_id], rows.get(one.item_id, {}), known) for one in found]


def _referred(found: list[FieldConflict]) -> list[tuple[str, stored.Row | None]]:
    """Each side as a row of one column, so that the names of what it refers to are known."""
    plain = [one for one in found if one.field not in (GEOM, WHOLE)]
    return [(one.registry, {one.field: side}) for one in plain for side in (one.base, one.published, one.proposed)]


def _dispute(one: FieldConflict, item: ChangeItem, row: stored.Row, known: Names) -> Dispute:
    title = stored.title(one.registry, row, known) if row else stored.registry_title(one.registry)
    if one.field == WHOLE:
        label, texts = _("The whole object"), _of_whole(one, item)
    elif one.field == GEOM:
        label, texts = _("Shape"), [_figures(one.base, side) for side in (one.base, one.published, one.proposed)]
    else:
        label, texts = stored.line_of(one.registry, one.field, row, (one.base, one.published, one.proposed), known)
    return Dispute(f"{CHOICE}{one.item_id}:{one.field}", one.item_id, title, label, one.field == GEOM, *texts)


def _of_whole(one: FieldConflict, item: ChangeItem) -> list[str]:
    there, gone = _("there"), _("removed")
    return [
        there if one.base else _("not there yet"),
        (_("changed meanwhile") if one.base else _("added meanwhile")) if one.published else gone,
        gone if item.action == ChangeItem.Action.DELETE else str(item.get_action_display()),
    ]


def _figures(base: GEOSGeometry | None, geom: GEOSGeometry | None) -> str:
    """Its measure, and how far it is from what both sides started with."""
    measure = next((text for text in (sides.area(geom), sides.length(geom), sides.place(geom)) if text), "")
    if base is None or geom is None or base.ewkb == geom.ewkb:
        return measure
    return _("%(measure)s; moved: %(moved)s") % {"measure": measure, "moved": sides.moved(base, geom)}


def resolve(case: Case, data: QueryDict, edition: int) -> None:
    choices: dict[Any, str] = {}
    for name in data:
        number, _colon, field = name.removeprefix(CHOICE).partition(":")
        if name.startswith(CHOICE) and number.isdecimal() and len(number) < 18:
            choices[int(number), field] = str(data[name])
    door.resolve(case.actor, case.change_set, choices, expected=edition)
