"""What to give up when nothing matches: the least that helps, each with the number of plots it would bring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from layers.plots.conditions import LEAST, STEPS_M, metres, range_of
from layers.plots.parameters import M2_PER_UNIT, RANGES, UTILITIES
from layers.plots.statement import Plan
from layers.plots.terms import Terms

# More to choose from is no help.
MOST = 4


@dataclass(frozen=True)
class Relaxation:
    """`terms` find `count` plots: the filters `dropped` are gone, or the one filter `widened` reaches farther."""

    terms: Terms
    count: int
    dropped: tuple[str, ...] = ()
    widened: str = ""


def relaxations(plan: Plan, masks: Mapping[int, int], values: Mapping[str, list[float]]) -> list[Relaxation]:
    """`masks` counts the plots by what they fail, none of which fails nothing; `values` are by the filters that can
    reach farther those of the plots that fail no other.
    """
    single = [name for name in plan.filters if masks.get(plan.bits(name))]
    if not single:
        return _several(plan, masks)
    wider = (_wider(plan.terms, name, sorted(values.get(name, []))) for name in single)
    found = [one for one in wider if one is not None]
    found += [
        Relaxation(plan.terms.without(name), masks[plan.bits(name)], dropped=(name,)) for name in reversed(single)
    ]
    return found[:MOST]


def _several(plan: Plan, masks: Mapping[int, int]) -> list[Relaxation]:
    """Where no single filter is to blame, those that fail the fewest plots together."""
    ordered = sorted((mask for mask in masks), key=lambda mask: (mask.bit_count(), -masks[mask], mask))
    found: list[Relaxation] = []
    for mask in ordered:
        if mask.bit_count() > ordered[0].bit_count() or len(found) == MOST:
            break
        names = tuple(name for name in plan.filters if plan.bits(name) & mask)
        found.append(Relaxation(plan.terms.without(*names), masks[mask], dropped=names))
    return found


def _wider(terms: Terms, name: str, values: list[float]) -> Relaxation | None:
    if not values:
        return None
    if name in UTILITIES:
        step = next((step for step in STEPS_M if metres(step) >= values[0]), None)
        changes: dict[str, Any] = {name: step}
        return None if step is None else _relaxed(terms, name, changes, [v for v in values if v <= metres(step)])
    if name in RANGES:
        return _wider_range(terms, name, values)
    if name in LEAST:
        return _relaxed(terms, name, {name: values[-1]}, [value for value in values if value >= values[-1]])
    return _relaxed(terms, name, {name: values[0]}, [value for value in values if value <= values[0]])


def _wider_range(terms: Terms, name: str, values: list[float]) -> Relaxation:
    """The end that lies nearer to a plot, measured by itself, moves to it."""
    ends = range_of(terms, name)
    below = [value for value in values if ends.low is not None and value < ends.low]
    above = [value for value in values if ends.high is not None and value > ends.high]
    unit = M2_PER_UNIT[terms.area_unit] if name == "area" else 1
    if below and (not above or _farther(above[0], ends.high) > _farther(below[-1], ends.low)):
        taken = [value for value in below if value >= below[-1]]
        return _relaxed(terms, name, {f"{name}_min": below[-1] / unit}, taken)
    taken = [value for value in above if value <= above[0]]
    return _relaxed(terms, name, {f"{name}_max": above[0] / unit}, taken)


def _farther(value: float, end: float | None) -> float:
    return abs(value - (end or 0.0)) / max(end or 0.0, 1.0)


def _relaxed(terms: Terms, name: str, changes: dict[str, Any], taken: list[float]) -> Relaxation:
    return Relaxation(terms.but(**changes), len(taken), widened=name)
