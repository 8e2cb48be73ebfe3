"""What a process keeps of small look-up tables, such as code lists: read anew when their revision has moved."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, ClassVar, Generic, TypeVar

from registries.core.revisions import number_of, raised_here

T = TypeVar("T")
# A batch of 20,000 checks must not ask the database 20,000 times whether something moved.
FRESH_S = 1.0


class Kept(Generic[T]):
    """The answer of `read`, kept for one number of `topic`."""

    every: ClassVar[list[Kept[Any]]] = []

    def __init__(self, topic: str, read: Callable[[], T]) -> None:
        self.topic = topic
        self._read = read
        self._state: tuple[int, T] | None = None
        self._asked_at = float("-inf")
        self.every.append(self)

    def at(self, number: int) -> T:
        """For callers that have just read the revisions anyway."""
        state = self._state
        if state is None or state[0] != number:
            # The number was read before the rows: should they be newer, the next look reads them once more.
            state = self._state = (number, self._read())
        return state[1]

    def now(self) -> T:
        """At most one second behind other processes, never behind this one."""
        state = self._state
        stale_at = max(time.monotonic() - FRESH_S, raised_here.get(self.topic, float("-inf")))
        return state[1] if state is not None and self._asked_at > stale_at else self.renewed()

    def renewed(self) -> T:
        """As the database has it; one small query when nothing moved."""
        asked_at = time.monotonic()
        answer = self.at(number_of(self.topic))
        self._asked_at = asked_at
        return answer

    def forget(self) -> None:
        """For whoever turns the database back, which no number tells: tests."""
        self._state = None
