"""Rules over the registries: one function with `@rule` is one rule; the door runs those of its moment and no list is
kept elsewhere.

A rule asks the tables by their plain names, so that inside `overlay.draft()` it judges the proposal. It yields
findings; the engine
names the feature, the place and the remedy. Rules that compare features do so set-based in SQL.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import GEOSGeometry, Point
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from registries.core.records import registry_model


class Severity(enum.Enum):
    BLOCKS = "blocks"
    WARNS = "warns"


class Moment(enum.Enum):
    DRAW = "draw"
    SUBMIT = "submit"
    PUBLISH = "publish"
    NIGHTLY = "nightly"


DECIDING = frozenset({Moment.SUBMIT, Moment.PUBLISH, Moment.NIGHTLY})


def place_of(hexewkb: str) -> Point:
    """The point that PostGIS gave, as a finding's place."""
    point = GEOSGeometry(hexewkb)
    assert isinstance(point, Point), "Rules ask PostGIS for points."
    return point


@dataclass(frozen=True)
class Finding:
    """One object that breaks a rule: `place` in the registry's CRS, `params` for the rule's message."""

    object_id: UUID | None
    place: Point | None = None
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Problem:
    """A finding with its rule's words. `message` is an untranslated template, so that it can be said in any language
    later.
    """

    code: str
    message: str
    severity: Severity = Severity.BLOCKS
    registry: str = ""
    object_id: UUID | None = None
    place: Point | None = None
    params: dict[str, Any] = field(default_factory=dict)
    locator: str = ""

    def text(self) -> str:
        """The message in the active language."""
        params = {key: str(value) for key, value in self.params.items()}
        return _(self.message) % params if params else _(self.message)

    def __str__(self) -> str:
        where = [str(registry_model(self.registry)._meta.verbose_name)] if self.registry else []
        if self.object_id is not None:
            where.append(str(self.object_id))
        if self.place is not None:
            where.append(_("at E %(x).2f, N %(y).2f") % {"x": self.place.x, "y": self.place.y})
        if self.locator:
            where.append(self.locator)
        return f"[{self.code}] {' '.join(where)}: {self.text()}" if where else f"[{self.code}] {self.text()}"


@dataclass(frozen=True)
class Scope:
    """Which objects a run is about: those of a change set, or all (`ids` None)."""

    ids: dict[str, list[UUID]] | None

    def of(self, registry: str) -> list[UUID] | None:
        """The objects of one registry to be judged; None means all of them."""
        return None if self.ids is None else self.ids.get(registry, [])


Judge = Callable[[list[UUID] | None], Iterable[Finding]]


@dataclass(frozen=True)
class Rule:
    code: str
    registry: str
    message: str
    severity: Severity
    moments: frozenset[Moment]
    judge: Judge


RULES: dict[str, Rule] = {}


def rule(
    code: str,
    registry: str,
    message: str,
    severity: Severity = Severity.BLOCKS,
    moments: Collection[Moment] = DECIDING,
) -> Callable[[Judge], Judge]:
    """Declare a rule for the objects of one registry; `message` names the remedy and may use the findings' `params`."""

    def declare(judge: Judge) -> Judge:
        if code in RULES:
            raise ValueError(f"The rule code {code} is taken.")
        RULES[code] = Rule(code, registry, message, severity, frozenset(moments), judge)
        return judge

    return declare


def run(moment: Moment, scope: Scope) -> list[Problem]:
    """The problems that the rules of `moment` find in `scope`, in the order of the rules' codes."""
    problems = []
    for code in sorted(RULES):
        found = RULES[code]
        ids = scope.of(found.registry)
        if moment not in found.moments or ids == []:
            continue
        for finding in found.judge(ids):
            problems.append(_problem(found, finding))
    return problems


def _problem(broken: Rule, finding: Finding) -> Problem:
    return Problem(
        code=broken.code,
        message=broken.message,
        severity=broken.severity,
        registry=broken.registry,
        object_id=finding.object_id,
        place=finding.place,
        params=finding.params,
    )


UNKNOWN_OBJECT = gettext_noop("There is no such object; it may have been removed meanwhile. Load the data anew.")
EXISTS_ALREADY = gettext_noop("An object with this identifier exists already. Change it instead of adding it.")
OTHER_VERSION = gettext_noop("Version %(version)s of this object does not exist. Load the data anew.")
