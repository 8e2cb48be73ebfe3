"""Accepted warnings: of one change set, of the published data, and what of them counts where."""

from uuid import uuid4

import pytest

from registries.changes import door
from registries.core import waivers
from registries.core.errors import BadInput
from registries.core.models import AuditEntry, User, Waiver
from registries.core.rules import Problem, Severity
from registries.land.models import Zone
from tests.conftest import Publish, parcel, square


def warning(severity: Severity = Severity.WARNS) -> Problem:
    return Problem("TEST-1", "x", severity, "land.parcel", uuid4())


def test_an_accepted_warning_is_no_longer_open(ada: User) -> None:
    first, second = warning(), warning()
    waivers.accept(ada, [first], "checked on site", 7)
    assert waivers.open_warnings([first, second], 7) == [second]


def test_it_is_open_in_another_change_set(ada: User) -> None:
    one = warning()
    waivers.accept(ada, [one], "checked on site", 7)
    assert waivers.open_warnings([one], 8) == [one]


def test_what_blocks_is_no_open_warning(ada: User) -> None:
    assert waivers.open_warnings([warning(Severity.BLOCKS)], 7) == []


def test_accepting_twice_keeps_the_first_reason(ada: User, boris: User) -> None:
    one = warning()
    waivers.accept(ada, [one], "first", 7)
    assert waivers.accept(boris, [one], "second", 7) == 0
    assert Waiver.objects.get().reason == "first"


def test_accepting_needs_a_reason(ada: User) -> None:
    with pytest.raises(BadInput) as caught:
        waivers.accept(ada, [warning()], "  ", 7)
    assert caught.value.locator == "reason"


def test_the_audit_keeps_what_was_accepted(ada: User) -> None:
    one = warning()
    waivers.accept(ada, [one], "checked on site", None)
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.subject) == ("accept warnings", "published data")
    assert entry.details == {"reason": "checked on site", "warnings": [["TEST-1", "land.parcel", str(one.object_id)]]}


def test_what_a_published_set_accepted_counts_in_the_published_data(ada: User, publish: Publish, zone: Zone) -> None:
    one = warning()
    change_set = publish([parcel("73626.501.1", square(0, 0), zone.pk)])
    waivers.accept(ada, [one], "checked on site", change_set.pk)
    assert waivers.open_warnings([one], None) == []


def test_what_a_draft_accepted_does_not(ada: User, olena: User, zone: Zone) -> None:
    one = warning()
    change_set = door.propose(olena, [parcel("73626.501.1", square(0, 0), zone.pk)], title="x")
    waivers.accept(ada, [one], "checked on site", change_set.pk)
    assert waivers.open_warnings([one], None) == [one]
