"""Whatever is done to the audit behind the portal's back comes out; what it does itself is linked at commit."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from gis_portal.ops.archive import server
from registries.changes.models import ChangeSet
from registries.core import audit, chain
from registries.core.chain import NO_LINKS, Finding, Head
from registries.core.errors import BadInput
from registries.core.models import AuditEntry, AuditLink, User
from registries.core.overlay import as_of, draft
from tests.own_database import own_database


def commit() -> None:
    """What the end of the transaction would do: tests are turned back before they come to it."""
    connection.check_constraints()


@pytest.fixture
def entries(boris: User) -> list[AuditEntry]:
    found = [audit.record(boris, "approve", f"change_set {number}", words=f"Добре {number}") for number in range(1, 7)]
    commit()
    return found


def behind_its_back(*statements: str, **values: Any) -> None:
    """As somebody who owns the database does it: no trigger fires."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement, values or None)
        cursor.execute("SET LOCAL session_replication_role = origin")


def found() -> list[Finding]:
    return list(chain.findings())


def kinds() -> list[tuple[str, int | None]]:
    return [(finding.kind, finding.position) for finding in found()]


def position(entry: AuditEntry) -> int:
    return AuditLink.objects.get(entry=entry).pk


def test_what_the_portal_writes_is_a_sound_chain(entries):
    assert found() == []
    assert AuditLink.objects.count() == AuditEntry.objects.count()


def test_links_are_numbered_without_gaps_in_the_order_of_entries(entries):
    first = position(entries[0])
    assert [position(entry) for entry in entries] == list(range(first, first + 6))


def test_an_entry_without_words_or_person_is_linked_like_others(db):
    audit.record(None, "restore", "database")
    commit()
    assert found() == []


@pytest.mark.parametrize(
    "assignment",
    [
        "action = 'reject'",
        "subject = 'change_set 9'",
        "actor_id = NULL",
        "at = at + interval '1 microsecond'",
        "details = '{}'",
        "details = jsonb_set(details, '{words}', '\"Добре 4\"')",
        "details = details || '{\"words \": 3}'",
    ],
)
def test_a_changed_entry_is_found(entries, assignment):
    behind_its_back(f"UPDATE core_auditentry SET {assignment} WHERE id = {entries[2].pk}")
    (finding,) = found()
    assert (finding.kind, finding.entry) == ("changed", entries[2].pk)


def test_a_finding_says_which_entry_when_and_what(entries):
    behind_its_back(f"UPDATE core_auditentry SET subject = 'change_set 9' WHERE id = {entries[2].pk}")
    (finding,) = found()
    assert str(entries[2].pk) in str(finding)
    assert f"{entries[2].at:%Y-%m-%d %H:%M:%S}" in str(finding)
    assert "approve, change_set 9" in str(finding)


def test_values_that_moved_to_the_next_column_are_found(db):
    """Columns are told apart, not only strung together."""
    entry = audit.record(None, "publish", "1")
    commit()
    behind_its_back(f"UPDATE core_auditentry SET action = 'publish1', subject = '' WHERE id = {entry.pk}")
    assert [finding.kind for finding in found()] == ["changed"]


def test_an_entry_removed_in_the_middle_is_found(entries):
    lost = position(entries[2])
    behind_its_back(f"DELETE FROM core_auditentry WHERE id = {entries[2].pk}")
    assert kinds() == [("missing", lost)]


def test_an_entry_removed_with_its_link_is_found(entries):
    lost = position(entries[2])
    behind_its_back(
        f"DELETE FROM core_auditlink WHERE id = {lost}", f"DELETE FROM core_auditentry WHERE id = {entries[2].pk}"
    )
    assert kinds() == [("gap", lost + 1)]


def test_a_gap_that_was_closed_by_numbering_anew_is_found(entries):
    lost = position(entries[2])
    behind_its_back(
        f"DELETE FROM core_auditlink WHERE id = {lost}",
        f"DELETE FROM core_auditentry WHERE id = {entries[2].pk}",
        f"UPDATE core_auditlink SET id = id - 1000 WHERE id > {lost}",
        f"UPDATE core_auditlink SET id = id + 999 WHERE id < {lost - 500}",
    )
    assert kinds() == [("changed", lost)]


def test_the_first_entries_removed_are_found(entries):
    behind_its_back("DELETE FROM core_auditlink WHERE id <= 2")
    assert ("gap", 3) in kinds()


def test_an_inserted_entry_has_no_link(entries):
    behind_its_back("INSERT INTO core_auditentry (at, action, subject, details) VALUES (now(), 'saw', 'x', '{}')")
    (finding,) = found()
    assert (finding.kind, finding.action, finding.subject) == ("unlinked", "saw", "x")


def test_an_inserted_entry_with_an_invented_link_is_found(entries):
    behind_its_back(
        "INSERT INTO core_auditentry (at, action, subject, details) VALUES (now(), 'saw', 'x', '{}')",
        "INSERT INTO core_auditlink (id, entry_id, digest) SELECT max(l.id) + 1, max(e.id), sha256('x')"
        " FROM core_auditlink l, core_auditentry e",
    )
    assert kinds() == [("changed", position(entries[-1]) + 1)]


def test_links_that_changed_places_are_found(entries):
    one, other = position(entries[1]), position(entries[3])
    behind_its_back(
        f"UPDATE core_auditlink SET entry_id = -1 WHERE id = {one}",
        f"UPDATE core_auditlink SET entry_id = {entries[1].pk} WHERE id = {other}",
        f"UPDATE core_auditlink SET entry_id = {entries[3].pk} WHERE id = {one}",
    )
    assert kinds() == [("changed", one), ("changed", other)]


def test_a_changed_digest_is_found(entries):
    behind_its_back(f"UPDATE core_auditlink SET digest = sha256('x') WHERE id = {position(entries[2])}")
    assert ("changed", position(entries[2])) in kinds()


def test_a_chain_worked_out_anew_differs_from_a_noted_head(entries):
    """Who owns the database can write a sound chain over other entries: a head noted elsewhere tells."""
    noted = chain.head()
    last = entries[-1].pk
    behind_its_back(
        f"UPDATE core_auditentry SET action = 'reject' WHERE id = {last}",
        f"""UPDATE core_auditlink l SET digest = public.core_audit_digest(
                (SELECT b.digest FROM core_auditlink b WHERE b.id = l.id - 1), e)
            FROM core_auditentry e WHERE e.id = l.entry_id AND e.id = {last}""",
    )
    assert found() == []
    assert chain.lacks(noted) == Finding("head", noted.position)


def test_a_replaced_function_does_not_deceive(entries):
    behind_its_back(f"UPDATE core_auditentry SET action = 'reject' WHERE id = {entries[2].pk}")
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION public.core_audit_digest(before bytea, e public.core_auditentry) RETURNS bytea"
            " LANGUAGE sql IMMUTABLE AS $$ SELECT l.digest FROM public.core_auditlink l WHERE l.entry_id = (e).id $$"
        )
    assert kinds() == [("changed", position(entries[2]))]


def test_the_newest_removed_with_their_links_show_only_by_a_noted_head(entries):
    noted = chain.head()
    behind_its_back(
        f"DELETE FROM core_auditlink WHERE entry_id >= {entries[4].pk}",
        f"DELETE FROM core_auditentry WHERE id >= {entries[4].pk}",
    )
    assert found() == []
    assert chain.lacks(noted) == Finding("head", noted.position)


def test_a_noted_head_stays_part_of_the_chain_that_grows(entries, boris):
    noted = chain.head()
    audit.record(boris, "publish", "change_set 7")
    commit()
    assert chain.head().position == noted.position + 1
    assert chain.lacks(noted) is None


def test_an_empty_chain_has_a_head_that_all_others_hold(entries):
    assert chain.lacks(NO_LINKS) is None
    assert chain.lacks(Head(999, "0" * 64)) == Finding("head", 999)


@pytest.mark.parametrize(
    "text", ["", "12", "12:abc", ":" + "a" * 64, "-1:" + "a" * 64, "1:" + "g" * 64, "٣:" + "a" * 64]
)
def test_a_head_that_is_none_is_refused(text):
    with pytest.raises(BadInput):
        Head.parse(text)


def test_a_head_is_read_as_it_was_printed(entries):
    assert Head.parse(f" {chain.head()}\n".upper()) == chain.head()


def test_links_cannot_be_changed_or_removed(entries):
    for statement in ("UPDATE core_auditlink SET digest = ''", "DELETE FROM core_auditlink"):
        with (
            pytest.raises(DatabaseError, match="kept as they were written"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


@pytest.mark.parametrize(
    "setting",
    ["timezone = 'Asia/Kolkata'", "datestyle = 'German, DMY'", "bytea_output = 'escape'", "search_path = ''",
     "extra_float_digits = -15", "intervalstyle = 'iso_8601'", "standard_conforming_strings = off"],
)  # fmt: skip
def test_settings_of_a_session_neither_change_links_nor_their_proof(entries, boris, setting):
    audit.record(boris, "approve", "change_set 8", words="12.50 – 3e2")
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL {setting}")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    assert found() == []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path = public; SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO'")
    assert found() == []


def test_what_is_noted_in_a_draft_or_a_past_day_is_linked_all_the_same(entries, boris, zone):
    change_set = ChangeSet.objects.get()
    with draft(change_set.pk):
        audit.record(boris, "saw", "one")
        commit()
        assert found() == []
    with as_of(datetime(2020, 1, 1, tzinfo=UTC)):
        audit.record(boris, "saw", "two")
        commit()
        assert found() == []
    assert set(AuditEntry.objects.exclude(link=None)) == set(AuditEntry.objects.all())


def test_a_verification_is_noted_with_its_head_and_its_findings(entries):
    behind_its_back(f"UPDATE core_auditentry SET action = 'reject' WHERE id = {entries[2].pk}")
    told: list[Finding] = []
    outcome = chain.verify(told.append, [Head(999, "0" * 64)])
    assert [finding.kind for finding in told] == ["changed", "head"]
    assert (outcome.head, outcome.findings) == (chain.head(), 2)
    assert chain.last_verification() == outcome


@pytest.mark.django_db
def test_before_the_first_verification_there_is_none():
    assert chain.last_verification() is None


@pytest.fixture(scope="module")
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A database of its own, in which everything is committed."""
    with own_database("chain", django_db_blocker):
        yield


INSERT = "INSERT INTO core_auditentry (at, action, subject, details) VALUES (now(), 'saw', %s, '{}') RETURNING id"


@contextmanager
def two_sessions() -> Iterator[tuple[psycopg.Connection, psycopg.Connection]]:
    with server.session() as one, server.session() as other:
        other.execute("SET lock_timeout = '5s'")
        yield one, other


def order(subjects: set[str]) -> list[str]:
    return [s for s in AuditLink.objects.order_by("pk").values_list("entry__subject", flat=True) if s in subjects]


def test_a_long_transaction_holds_nobody_up_and_links_are_in_the_order_of_commits(committed):
    with two_sessions() as (slow, quick):
        slow.execute(INSERT, ["slow"])
        quick.execute(INSERT, ["quick"])
        quick.commit()
        slow.commit()
    assert order({"slow", "quick"}) == ["quick", "slow"]
    assert found() == []


def test_a_transaction_that_was_turned_back_leaves_neither_link_nor_gap(committed):
    with two_sessions() as (one, other):
        before = chain.head().position
        one.execute(INSERT, ["turned back"])
        one.rollback()
        other.execute(INSERT, ["kept"])
        other.commit()
    assert chain.head().position == before + 1
    assert order({"turned back", "kept"}) == ["kept"]
    assert found() == []


def test_a_crowd_that_commits_at_once_makes_one_chain(committed):
    before = chain.head().position

    def write(own: psycopg.Connection) -> None:
        for _number in range(25):
            own.execute(INSERT, ["crowd"])
            own.execute(INSERT, ["crowd"])
            own.commit()

    with ExitStack() as stack, ThreadPoolExecutor(4) as pool:
        # Opened here: Django's connection of another thread leads elsewhere.
        list(pool.map(write, [stack.enter_context(server.session()) for _writer in range(4)]))
    assert chain.head().position == before + 200
    assert found() == []


def test_entries_from_before_the_chain_are_linked_by_the_migration(committed):
    migration = import_module("registries.core.migrations.0007_audit_chain")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(migration.DROP)
        cursor.execute(INSERT, ["before"])
    assert not AuditLink.objects.exists()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(migration.CREATE)
    with transaction.atomic():
        audit.record(None, "saw", "after")
    assert found() == []
    assert AuditLink.objects.count() == AuditEntry.objects.count()
    assert order({"before", "after"}) == ["before", "after"]


@pytest.mark.parametrize("table", ["core_auditlink", "core_auditentry"])
def test_the_audit_cannot_be_emptied(committed, table):
    with (
        pytest.raises(DatabaseError, match="kept as they were written"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"TRUNCATE public.{table} CASCADE")
