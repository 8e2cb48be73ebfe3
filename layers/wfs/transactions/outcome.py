"""What a transaction has done, ready to be told."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID

from layers.layer import Layer
from layers.wfs.requests import Version
from layers.writing import Action


@dataclass(frozen=True)
class Result:
    """One feature that an action was done to."""

    handle: str
    layer: Layer
    id: UUID


@dataclass
class Outcome:
    """What was done, in the order asked for."""

    version: Version
    done: dict[Action, list[Result]] = field(default_factory=lambda: defaultdict(list))
    # Those of the features as they are now.
    versions: dict[UUID, int] = field(default_factory=dict)
