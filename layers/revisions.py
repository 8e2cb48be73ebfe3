"""How often what a layer shows was changed by publishing: part of tile and map addresses, so that answers never go
stale.
"""

from __future__ import annotations

from layers.layer import Layer
from registries.core.models import Revision

Numbers = dict[str, int]


def numbers() -> Numbers:
    """All revision topics and their numbers; one small query."""
    return dict(Revision.objects.values_list("topic", "number"))


def of(layer: Layer, known: Numbers) -> int:
    """The layer's revision: a sum, because each of its topics only ever rises."""
    return sum(known.get(topic, 0) for topic in layer.depends_on)
