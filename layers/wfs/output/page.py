"""What a page of features says of itself, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Page:
    """`matched` features in all, `returned` of them here; `next` and `previous` are addresses, empty at the ends."""

    matched: int
    returned: int
    next: str = ""
    previous: str = ""


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
