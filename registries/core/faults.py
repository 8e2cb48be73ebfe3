"""What breaks a rule in the published data: found by night, kept as rows of `Fault`, shown as the error map."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from registries.core.errors import RuleFailed
from registries.core.models import Fault
from registries.core.records import registry_model
from registries.core.rules import Moment, Problem, Rule, Severity, in_force, judged

log = logging.getLogger(__name__)
# Nobody works through more of one kind; a rule with more findings needs another limit, or its data one correction.
MOST = 10_000
MORE = gettext_noop("The rule found %(count)s problems; the first %(kept)s of them are listed.")
FAILED = gettext_noop("The rule could not be run; what it found before still stands. The log says why.")
LOCATOR_FAILED, LOCATOR_MORE = "failed", "more"
BATCH = 2000
# One run at a time for each rule, whoever started it.
LOCK = "SELECT pg_advisory_xact_lock(hashtext('registries.core.faults'), hashtext(%s))"


@dataclass(frozen=True)
class Examined:
    """What one rule found in the published data; `found` is None where the rule itself failed."""

    rule: Rule
    found: int | None
    seconds: float


def examine() -> Iterator[Examined]:
    """Run every rule of the night over the published data and bring the faults in line, rule by rule. One that fails
    keeps its faults of before, says so, and does not keep the others from running.
    """
    rules = list(in_force(Moment.NIGHTLY))
    for found, limits in rules:
        started = timezone.now()
        count = _examine(found, limits, started)
        yield Examined(found, count, (timezone.now() - started).total_seconds())
    Fault.objects.exclude(code__in=[found.code for found, _limits in rules]).delete()


def _examine(found: Rule, limits: dict[str, float], now: datetime) -> int | None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(LOCK, [found.code])
        Fault.objects.filter(code=found.code, locator__in=[LOCATOR_FAILED, LOCATOR_MORE]).delete()
        try:
            problems = judged(found, None, limits)
        except RuleFailed:
            _note(found, FAILED, {}, LOCATOR_FAILED, now)
            return None
        _replace(found, problems[:MOST], now)
        if len(problems) > MOST:
            _note(found, MORE, {"count": len(problems), "kept": MOST}, LOCATOR_MORE, now)
        return len(problems)


def _replace(found: Rule, problems: list[Problem], now: datetime) -> None:
    """The faults of one rule anew; what was there before keeps the day it was first seen."""
    before = Fault.objects.filter(code=found.code)
    known: dict[UUID | None, datetime] = {}
    for object_id, first_seen in before.order_by("-first_seen").values_list("object_id", "first_seen"):
        known[object_id] = first_seen
    before.delete()
    zones = _zones(problems)
    Fault.objects.bulk_create(
        (
            Fault(
                code=one.code,
                registry=one.registry,
                object_id=one.object_id,
                severity=one.severity.value,
                message=one.message,
                params={name: _plain(value) for name, value in one.params.items()},
                locator=one.locator,
                zone_id=zones.get((one.registry, one.object_id)),
                geom=one.place,
                first_seen=known.get(one.object_id, now),
                last_seen=now,
            )
            for one in problems
        ),
        batch_size=BATCH,
    )


def _note(found: Rule, message: str, params: dict[str, Any], locator: str, now: datetime) -> None:
    """Something to be told of the rule itself."""
    Fault.objects.create(
        code=found.code,
        registry=found.registry,
        severity=Severity.BLOCKS.value if locator == LOCATOR_FAILED else found.severity.value,
        message=message,
        params=params,
        locator=locator,
        first_seen=now,
        last_seen=now,
    )


def _zones(problems: list[Problem]) -> dict[tuple[str, UUID | None], UUID | None]:
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for one in problems:
        if one.object_id is not None:
            wanted[one.registry].add(one.object_id)
    return {
        (registry, object_id): zone
        for registry, ids in wanted.items()
        for object_id, zone in registry_model(registry)
        ._base_manager.filter(pk__in=ids)
        .values_list("pk", registry_model(registry).zone_path)
    }


def _plain(value: Any) -> Any:
    """What JSON can hold; numbers stay numbers, to be written as the reader does."""
    if isinstance(value, Decimal):
        return float(value)
    return value if isinstance(value, (int, float)) else str(value)


def text(fault: Fault) -> str:
    """What the fault is and what to do, in the active language."""
    return Problem(fault.code, fault.message, params=fault.params).text()
