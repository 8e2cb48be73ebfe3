"""`manage.py audit` as people call it: what it prints and how it ends."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from registries.core import audit, chain
from registries.core.models import AuditEntry, User


def called(*arguments: str) -> str:
    out = StringIO()
    call_command("audit", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def entry(boris: User) -> AuditEntry:
    found = audit.record(boris, "approve", "change_set 12", words="Добре")
    audit.record(None, "restore", "database")
    connection.check_constraints()
    return found


def spoil(entry: AuditEntry) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE core_auditentry SET action = 'reject' WHERE id = %s", [entry.pk])
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_a_sound_chain_verifies_and_tells_its_head(entry):
    head = chain.head()
    said = called("verify")
    assert f"head: {head}" in said
    assert "as it was written" in said


def test_a_change_behind_its_back_is_told_and_ends_in_failure(entry):
    spoil(entry)
    out = StringIO()
    with pytest.raises(CommandError, match="findings: 1") as refusal:
        call_command("audit", "verify", stdout=out)
    assert refusal.value.returncode == 1
    assert re.search(rf"changed: entry {entry.pk} .*reject, change_set 12", out.getvalue())
    assert "head: " in out.getvalue()


def test_a_noted_head_that_is_part_of_the_chain_verifies(entry):
    noted = called("head").strip()
    audit.record(None, "publish", "change_set 12")
    connection.check_constraints()
    assert "as it was written" in called("verify", "--head", noted)


def test_a_noted_head_that_is_not_ends_in_failure(entry):
    with pytest.raises(CommandError, match="findings: 1"):
        called("verify", "--head", f"1:{'0' * 64}")


def test_a_head_that_cannot_be_read_is_bad_input(entry):
    with pytest.raises(CommandError, match="64 hexadecimal digits") as refusal:
        called("verify", "--head", "12")
    assert refusal.value.returncode == 2


def test_entries_are_listed_the_newest_first(entry):
    lines = called("list").splitlines()
    assert [line.split("\t")[2:5] for line in lines] == [
        ["–", "restore", "database"],
        ["boris", "approve", "change_set 12"],
    ]
    assert "Добре" in lines[1]


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        (["--subject", "change_set 1"], ["approve"]),
        (["--actor", "boris"], ["approve"]),
        (["--action", "restore"], ["restore"]),
        (["--since", "2020-01-01"], ["restore", "approve"]),
        (["--since", "2020-01-01T08:00+02:00"], ["restore", "approve"]),
        (["--since", "2999-01-01"], []),
        (["--limit", "1"], ["restore"]),
        (["--limit", "0"], ["restore", "approve"]),
    ],
)
def test_a_list_is_narrowed(entry, options, wanted):
    assert [line.split("\t")[3] for line in called("list", *options).splitlines()] == wanted


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--actor", "nobody"], 6),
        (["--since", "yesterday"], 2),
        (["--since", "2026-13-01"], 2),
        (["--since", "2026-02-30T08:00"], 2),
        (["--limit", "-1"], 2),
    ],
)
def test_what_cannot_be_asked_is_told(entry, options, code):
    with pytest.raises(CommandError) as refusal:
        called("list", *options)
    assert refusal.value.returncode == code
