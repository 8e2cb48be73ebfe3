"""Rules made for a test, which leave with it."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest

from registries.core.rules import RULES, Finding, Limit, Severity, rule

Declare = Callable[..., None]


@pytest.fixture
def declare() -> Iterator[Declare]:
    """Declares a rule on parcels whose judge is given."""
    before = dict(RULES)

    def declared(code: str, judge: Callable[..., list[Finding]], **more: object) -> None:
        given = {"severity": Severity.WARNS, "message": "Made for a test.", **more}
        rule(code, "land.parcel", **given)(judge)

    yield declared
    RULES.clear()
    RULES.update(before)


def each(ids: list[UUID] | None) -> list[Finding]:
    """A finding for each object that is judged."""
    return [Finding(one) for one in ids or ()]


def fails(ids: list[UUID] | None) -> list[Finding]:
    return [Finding(None, None, {"share": 1 // len([])})]


LIMIT = Limit(0.5, 0, 10, "m", "reach")
