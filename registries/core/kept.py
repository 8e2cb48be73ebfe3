"""What a process keeps of small look-up tables, such as code lists: read anew when their revision has moved."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Generic, TypeVar

from registries.core.revisions import number_of

T = TypeVar("T")
# A batch of 20,000 checks must not ask the database 20,000 times whether something moved.
FRESH_S = 1.0


class Kept(Generic[T]):
    """The answer of `read`, kept for one number of `topic`."""

    def __init__(self, topic: str, read: Callable[[], T]) -> None:
        self.topic = topic
        self._read = read
        self._state: tuple[int, T] | None = None
        self._asked_at = float("-inf")

    def at(self, number: int) -> T:
        """For callers that have just read the revisions anyway."""
        state = self._state
        if state is None or state[0] != number:
            # The number was read before the rows: should they be newer, the next look reads them once more.
            state = self._state = (number, self._read())
        return state[1]

    def now(self) -> T:
        """At most one second old."""
        state = self._state
        if state is not None and time.monotonic() - self._asked_at < FRESH_S:
            return state[1]
        return self.renewed()

    def renewed(self) -> T:
        """As the database has it; one small query when nothing moved."""
        answer = self.at(number_of(self.topic))
        self._asked_at = time.monotonic()
        return answer
