"""A streamed answer whose failure is still an answer: what can go wrong does so before the status is sent."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice

# The head, and what the database answered first.
MADE_BEFORE = 2


class Begun:
    """The blocks of an answer, the first of them already made; closing it ends the query of a client that hung up."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._all = chain(list(islice(blocks, MADE_BEFORE)), blocks)

    def __iter__(self) -> Iterator[bytes]:
        return self._all

    def close(self) -> None:
        """Django calls this when the answer is over, however it ended."""
        close = getattr(self._blocks, "close", None)
        if close is not None:
            close()
