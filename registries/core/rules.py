"""Rules over the registries: one function with `@rule` is one rule; the door runs those of its moment and no list is
kept elsewhere.

A rule asks the tables by their plain names, so that inside `overlay.draft()` it judges the proposal. It yields
findings; the engine names the feature, the place and the remedy. Rules that compare features do so set-based in SQL.
What an administrator changed of a rule (`RuleSetting`) is brought in here, so that no rule looks it up itself.
"""

from __future__ import annotations

import enum
import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import GEOSGeometry, Point
from django.db import transaction
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from registries.core.errors import RegistryError, RuleFailed
from registries.core.models import RuleSetting
from registries.core.records import registry_model

log = logging.getLogger(__name__)


class Severity(enum.Enum):
    BLOCKS = "blocks"
    WARNS = "warns"


class Moment(enum.Enum):
    DRAW = "draw"
    SUBMIT = "submit"
    PUBLISH = "publish"
    NIGHTLY = "nightly"


# A warning is weighed by people between submission and approval; publishing has nothing left to ask it.
MOMENTS = {
    Severity.BLOCKS: frozenset({Moment.SUBMIT, Moment.PUBLISH, Moment.NIGHTLY}),
    Severity.WARNS: frozenset({Moment.SUBMIT, Moment.NIGHTLY}),
}


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
        params = {key: str(localize(value)) for key, value in self.params.items()}
        return _(self.message) % params if params else _(self.message)

    @property
    def key(self) -> tuple[str, str, UUID | None]:
        """What an acceptance of the warning is about."""
        return self.code, self.registry, self.object_id

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


@dataclass(frozen=True)
class Limit:
    """A number that a rule compares with: its start value, and the range within which an administrator may set it."""

    start: float
    least: float
    most: float
    unit: str
    # Untranslated, like a rule's message.
    title: str


# Asked for the objects of its registry (None: all), with the rule's limits by name.
Judge = Callable[..., Iterable[Finding]]


@dataclass(frozen=True)
class Rule:
    code: str
    registry: str
    message: str
    severity: Severity
    moments: frozenset[Moment]
    judge: Judge
    limits: Mapping[str, Limit]
    # Whether it judges an object by itself and by what it refers to, never by others beside it.
    is_alone: bool = False

    def started(self) -> dict[str, float]:
        """The limits as the code declares them."""
        return {name: limit.start for name, limit in self.limits.items()}

    def words(self, limits: Mapping[str, float]) -> str:
        """The message of no finding in particular, in the active language."""
        told = {name: str(localize(number)) for name, number in limits.items()}
        return _(self.message) % defaultdict(lambda: "…", told)


RULES: dict[str, Rule] = {}


def rule(
    code: str,
    registry: str,
    message: str,
    severity: Severity = Severity.BLOCKS,
    moments: Collection[Moment] | None = None,
    limits: Mapping[str, Limit] | None = None,
    is_alone: bool = False,
) -> Callable[[Judge], Judge]:
    """Declare a rule for the objects of one registry; `message` names the remedy and may use the findings' `params`
    and the rule's `limits`.
    """

    def declare(judge: Judge) -> Judge:
        if code in RULES:
            raise ValueError(f"The rule code {code} is taken.")
        when = frozenset(moments) if moments is not None else MOMENTS[severity]
        RULES[code] = Rule(code, registry, message, severity, when, judge, limits or {}, is_alone)
        return judge

    return declare


def in_force(moment: Moment) -> Iterator[tuple[Rule, dict[str, float]]]:
    """The rules of `moment` that nobody switched off, by code, with their limits as they are set now."""
    settings = {row.code: row for row in RuleSetting.objects.all()}
    for code in sorted(RULES):
        found, setting = RULES[code], settings.get(code)
        if moment in found.moments and (setting is None or setting.is_on):
            own = setting.limits if setting else {}
            yield found, {name: own.get(name, start) for name, start in found.started().items()}


def run(moment: Moment, scope: Scope, *, alone: bool = False) -> list[Problem]:
    """The problems that the rules of `moment` find in `scope`, in the order of the rules' codes; `alone`: just those
    rules that judge an object by itself.

    Raises RuleFailed, which names it, when a rule itself fails.
    """
    problems = []
    for found, limits in in_force(moment):
        ids = scope.of(found.registry)
        if ids != [] and (found.is_alone or not alone):
            problems += judged(found, ids, limits)
    return problems


def judged(found: Rule, ids: list[UUID] | None, limits: dict[str, float]) -> list[Problem]:
    """What one rule finds. Its statements leave the transaction as it was if it fails."""
    try:
        with transaction.atomic():
            return [_problem(found, limits, finding) for finding in found.judge(ids, **limits)]
    except RegistryError:
        raise
    # The border of a process: rules are extended by others and judge whatever data there is. Whichever way one fails,
    # nothing may be published unjudged, and the person must learn which rule it was.
    except Exception as error:
        log.exception("Rule %s failed.", found.code)
        raise RuleFailed(
            _("Rule %(code)s could not be run, so nothing was changed.") % {"code": found.code},
            locator=found.code,
            hint=_("Tell an administrator: the log says why, and the rule can be switched off until it is mended."),
        ) from error


def _problem(broken: Rule, limits: dict[str, float], finding: Finding) -> Problem:
    return Problem(
        code=broken.code,
        message=broken.message,
        severity=broken.severity,
        registry=broken.registry,
        object_id=finding.object_id,
        place=finding.place,
        params={**limits, **finding.params},
    )


UNKNOWN_OBJECT = gettext_noop("There is no such object; it may have been removed meanwhile. Load the data anew.")
EXISTS_ALREADY = gettext_noop("An object with this identifier exists already. Change it instead of adding it.")
OTHER_VERSION = gettext_noop("Version %(version)s of this object does not exist. Load the data anew.")
