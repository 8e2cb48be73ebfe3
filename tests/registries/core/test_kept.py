import pytest

from registries.core import kept
from registries.core.kept import Kept
from registries.core.models import Revision
from registries.core.revisions import bump, number_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def reads():
    """A table kept under topic `test.table` whose content is how often it was read."""
    count = iter(range(1, 100))
    table = Kept("test.table", lambda: next(count))
    yield table
    Kept.every.remove(table)


def raised_by_another_process() -> None:
    Revision.objects.update_or_create(topic="test.table", defaults={"number": number_of("test.table") + 1})


def test_a_second_question_asks_nothing(reads, django_assert_num_queries):
    assert reads.now() == 1
    with django_assert_num_queries(0):
        assert reads.now() == 1


def test_what_this_process_raised_is_seen_at_once(reads):
    reads.now()
    bump(["test.table"])
    assert reads.now() == 2


def test_what_another_process_raised_is_seen_when_asked_for_certainty(reads):
    reads.now()
    raised_by_another_process()
    assert reads.renewed() == 2


def test_what_another_process_raised_is_seen_after_a_while(reads, monkeypatch):
    reads.now()
    raised_by_another_process()
    monkeypatch.setattr(kept, "FRESH_S", 0.0)
    assert reads.now() == 2


def test_an_unmoved_number_reads_nothing_anew(reads):
    assert [reads.at(7), reads.at(7), reads.at(8)] == [1, 1, 2]
