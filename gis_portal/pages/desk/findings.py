"""What the rules say of a change set, tied to its items, with what somebody accepted and why."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.gis.geos import Point
from django.utils import timezone
from django.utils.translation import gettext as _

from gis_portal.pages import stored
from gis_portal.pages.desk.case import Case
from registries.changes import checks, states
from registries.changes.models import ChangeSet
from registries.core.models import Waiver
from registries.core.rules import Moment, Problem, Severity

# Above that the rules answer after the page: it opens at once and fetches them.
AT_ONCE = 200
# Of each rule; the rest shows when the first are mended.
SHOWN = 50


@dataclass(frozen=True)
class Told:
    """One problem as people read it, with the item it is about."""

    code: str
    text: str
    registry: str
    item: int | None
    waiver: Waiver | None
    blocks: bool
    locator: str = ""
    at: Point | None = None

    @property
    def place(self) -> str:
        """Where it is, in the registry's own coordinates."""
        return _("at E %(x).2f, N %(y).2f") % {"x": self.at.x, "y": self.at.y} if self.at else self.locator

    @property
    def point(self) -> str:
        """The same for the page's map: longitude and latitude, WGS 84; empty without a place."""
        if self.at is None:
            return ""
        place = self.at.transform(4326, clone=True)
        assert isinstance(place, Point)
        return f"{place.x:.7f} {place.y:.7f}"

    @property
    def severity(self) -> str:
        return (Severity.BLOCKS if self.blocks else Severity.WARNS).value


@dataclass(frozen=True)
class Group:
    """What one rule found; `text` is what it says of the first."""

    code: str
    text: str
    members: list[Told]

    @property
    def shown(self) -> list[Told]:
        return self.members[:SHOWN]

    @property
    def rest(self) -> int:
        return max(len(self.members) - SHOWN, 0)


@dataclass(frozen=True)
class Findings:
    blocking: list[Told]
    warnings: list[Told]
    accepted: list[Told]
    at: datetime
    seconds: float

    @property
    def is_clean(self) -> bool:
        return not (self.blocking or self.warnings or self.accepted)

    @property
    def groups(self) -> list[tuple[str, str, list[Group]]]:
        """By what they mean, and then by rule."""
        found = {"blocks": self.blocking, "warns": self.warnings, "accepted": self.accepted}
        titles = {"blocks": _("Errors that block"), "warns": _("Open warnings"), "accepted": _("Accepted warnings")}
        return [(key, titles[key], grouped(members)) for key, members in found.items() if members]

    @property
    def codes(self) -> list[tuple[str, int]]:
        """Of warnings that nobody accepted yet, by rule."""
        return sorted(Counter(one.code for one in self.warnings).items())


def grouped(told: list[Told]) -> list[Group]:
    by_code: dict[str, list[Told]] = {}
    for one in told:
        by_code.setdefault(one.code, []).append(one)
    return [Group(code, members[0].text, members) for code, members in sorted(by_code.items())]


def of(case: Case) -> Findings | None:
    """What the rules say now; None once the set is closed."""
    if case.change_set.state not in states.OPEN:
        return None
    started, at = time.perf_counter(), timezone.now()
    problems = checks.problems(case.change_set, Moment.SUBMIT)
    told = tell(case.change_set, problems)
    blocking = [one for one in told if one.blocks]
    warnings = [one for one in told if not one.blocks and one.waiver is None]
    return Findings(
        blocking=blocking,
        warnings=warnings,
        accepted=[one for one in told if one.waiver is not None],
        at=at,
        seconds=time.perf_counter() - started,
    )


def tell(change_set: ChangeSet, problems: list[Problem]) -> list[Told]:
    """`problems` with the items and acceptances they belong to."""
    ids = {one.object_id for one in problems if one.object_id is not None}
    rows = change_set.items.filter(object_id__in=ids).values_list("registry", "object_id", "pk")
    items = {(registry, object_id): number for registry, object_id, number in rows}
    waivers = Waiver.objects.filter(change_set_id=change_set.pk).select_related("accepted_by")
    known: dict[tuple[str, str, UUID | None], Waiver] = {
        (one.code, one.registry, one.object_id): one for one in waivers
    }
    return [
        Told(
            code=one.code,
            text=one.text(),
            registry=stored.registry_title(one.registry) if one.registry else "",
            item=items.get((one.registry, one.object_id)) if one.object_id else None,
            waiver=known.get(one.key),
            blocks=one.severity is Severity.BLOCKS,
            locator=one.locator,
            at=one.place,
        )
        for one in problems
    ]


def waivers(change_set: ChangeSet) -> list[Waiver]:
    """What was accepted in a set that is closed by now."""
    return list(Waiver.objects.filter(change_set_id=change_set.pk).select_related("accepted_by").order_by("pk")[:SHOWN])
