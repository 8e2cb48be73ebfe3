"""Backup and restore as people use them: by the two commands, on a registry of its own."""

import json
import shutil
import stat
import tarfile
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import Error, connection, transaction
from django.test import override_settings
from psycopg import sql

from gis_portal.ops.archive import files, server
from gis_portal.ops.archive.contents import Manifest
from registries.changes.edits import Edit
from registries.changes.models import ChangeSet
from registries.core import chain, revisions
from registries.core.models import AuditEntry
from registries.core.overlay import as_of, draft
from registries.land.models import Zone
from tests.conftest import square

RELATIONS = """
SELECT n.nspname || '.' || c.relname, c.relkind::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname IN ('public', 'draft', 'past') AND c.relkind IN ('r', 'v', 'S')
"""
# Conditions of constraints are left out: PostgreSQL words a list of values differently after a dump.
DEFINITIONS = """
SELECT c.relname || '.' || t.tgname, pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE NOT t.tgisinternal
UNION ALL SELECT table_name || '.' || column_name, generation_expression FROM information_schema.columns
WHERE table_schema = 'public' AND is_generated = 'ALWAYS'
UNION ALL SELECT schemaname || '.' || viewname, definition FROM pg_views WHERE schemaname IN ('draft', 'past')
UNION ALL SELECT tablename || '.' || indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT conrelid::regclass || '.' || conname, concat(contype, convalidated, condeferrable) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace
"""


def everything(portal) -> tuple[dict[str, list[str]], dict[str, str], dict[str, bytes]]:
    """All rows of all tables with their generated columns, all definitions, all files."""
    with server.session() as opened:
        relations = dict(opened.execute(RELATIONS).fetchall())
        rows = {}
        for name, kind in relations.items():
            if kind == "v" or name == "public.spatial_ref_sys":
                continue
            table = sql.Identifier(*name.split("."))
            row = sql.SQL("(last_value, is_called)::text" if kind == "S" else "t::text")
            found = opened.execute(sql.SQL("SELECT {} FROM {} t ORDER BY 1").format(row, table)).fetchall()
            rows[name] = [row for (row,) in found]
        definitions = dict(opened.execute(DEFINITIONS).fetchall())
    media = {str(path.relative_to(portal.media)): path.read_bytes() for path in portal.media.rglob("*.pdf")}
    return {**rows, "relations": sorted(relations)}, definitions, media


@pytest.fixture(scope="module")
def made(registry, tmp_path_factory) -> Path:
    target = tmp_path_factory.mktemp("backup") / "portal.tar"
    with override_settings(MEDIA_ROOT=registry.media):
        call_command("backup", str(target))
    return target


@pytest.fixture
def backup(portal, made, tmp_path) -> Path:
    """A copy that the test may spoil."""
    return Path(shutil.copy2(made, tmp_path))


def restore(source: Path, *options: str) -> None:
    call_command("restore", str(source), *options)


def test_a_restored_portal_is_the_one_that_was_backed_up(portal, backup):
    before, definitions, media = everything(portal)
    portal.publish(Edit.create("land.zone", {"code": "north", "name": "Север"}, square(0, 3000)))
    (portal.media / "plans" / "план.pdf").write_bytes(b"overwritten")
    (portal.media / "later.pdf").write_bytes(b"came later")
    assert everything(portal) != (before, definitions, media)

    restore(backup, "--yes-replace")

    after, definitions_after, media_after = everything(portal)
    notes = {"public.core_auditentry", "public.core_auditlink"}
    goes_on = {"public.core_revision_number"}
    differing = {name for name in after if after[name] != before.get(name)}
    # Backup and restore note one entry each: the numbers given out may be the same.
    assert differing - {"public.core_auditentry_id_seq"} == notes | goes_on
    assert AuditEntry.objects.filter(action="restore", subject="database").exists()
    assert list(chain.findings()) == []
    assert definitions_after == definitions
    assert media_after == media
    assert not [path for path in portal.media.iterdir() if path.name.startswith(".")]


def test_a_backup_holds_the_head_of_the_audit_which_a_restored_portal_proves(portal, backup):
    with tarfile.open(backup) as archive:
        manifest = Manifest.from_json(archive.extractfile(files.MANIFEST).read())
    noted = chain.Head.parse(manifest.audit_head)
    restore(backup, "--yes-replace")
    assert chain.lacks(noted) is None
    assert chain.head().position == noted.position + 1


def test_a_backup_is_an_export_in_the_audit(portal, tmp_path):
    call_command("backup", str(tmp_path / "second.tar"))
    entry = AuditEntry.objects.get(action="export", details__file="second.tar")
    assert (entry.actor, entry.subject, entry.details["format"]) == (None, "database", "backup")
    assert chain.lacks(chain.Head.parse(entry.details["audit_head"])) is None


def test_drafts_and_the_past_answer_after_a_restore(portal, backup):
    restore(backup, "--yes-replace")
    published = Zone.objects.get()
    with draft(ChangeSet.objects.get(state="draft").pk):
        assert {zone.code for zone in Zone.objects.all()} == {"east", "west"}
    first = ChangeSet.objects.order_by("pk")[0]
    with as_of(first.published_at):
        assert Zone.objects.get().name == "Индустриална зона Изток"
    assert published.name == "Изток"


def test_the_guards_stand_after_a_restore(portal, backup):
    restore(backup, "--yes-replace")
    with pytest.raises(Error, match="published truth"), transaction.atomic():
        Zone.objects.update(name="past the door")
    with pytest.raises(Error, match="kept as they were written"), transaction.atomic():
        AuditEntry.objects.update(action="forged")


def test_publishing_goes_on_after_a_restore(portal, backup):
    restore(backup, "--yes-replace")
    portal.publish(Edit.create("land.zone", {"code": "south", "name": "Юг"}, square(0, -3000)))
    assert Zone.objects.filter(code="south").exists()
    restore(backup, "--yes-replace")


def test_a_revision_given_out_since_the_backup_is_not_given_out_again(portal, backup):
    portal.publish(Edit.create("land.zone", {"code": "lost", "name": "Изгубена"}, square(0, 6000)))
    given_out = revisions.number_of("land.zone")
    restore(backup, "--yes-replace")
    assert revisions.number_of("land.zone") < given_out
    portal.publish(Edit.create("land.zone", {"code": "found", "name": "Намерена"}, square(0, 6000)))
    assert revisions.number_of("land.zone") > given_out
    restore(backup, "--yes-replace")


def test_a_backup_of_an_older_portal_says_what_is_left_to_do(portal, backup, capsys):
    with tarfile.open(backup) as archive:
        migrations = json.load(archive.extractfile(files.MANIFEST))["migrations"]
    restore(change_manifest(backup, migrations=migrations[1:]), "--yes-replace")
    assert "manage.py prepare database" in capsys.readouterr().out
    restore(backup, "--yes-replace")
    assert "prepare" not in capsys.readouterr().out


def test_a_connection_of_the_portal_is_cut_and_finds_the_restored_database(portal, backup):
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
        before = cursor.fetchone()
    with server.session() as elsewhere:
        restore(backup, "--yes-replace")
        with pytest.raises(psycopg.OperationalError):
            elsewhere.execute("SELECT 1")
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
        assert cursor.fetchone() != before


def refused(source: Path, words: str, code: int, *options: str) -> None:
    with pytest.raises(CommandError, match=words) as refusal:
        restore(source, *(options or ["--yes-replace"]))
    assert refusal.value.returncode == code


def databases(portal) -> set[str]:
    """Of this test alone: others may use the same server."""
    with server.session() as opened:
        found = opened.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [portal.name])
        return {name for (name,) in found.fetchall()}


@pytest.fixture
def unchanged(portal):
    """Whatever the test does, portal and server are afterwards as before."""
    before, server_before = everything(portal), databases(portal)
    yield
    assert everything(portal) == before
    assert databases(portal) == server_before


def test_a_database_with_data_is_replaced_only_on_request(backup, unchanged):
    with pytest.raises(CommandError, match="--yes-replace") as refusal:
        restore(backup)
    assert refusal.value.returncode == 8


@pytest.mark.parametrize("kept", [0.0, 0.3, 0.9])
def test_a_file_that_was_cut_off_changes_nothing(backup, unchanged, kept):
    content = backup.read_bytes()
    backup.write_bytes(content[: int(len(content) * kept)])
    refused(backup, "not a whole backup", 2)


def rewritten(backup: Path, change) -> Path:
    """The archive with `change(name, content)` applied to each file; None leaves the file out."""
    target = backup.with_name("rewritten.tar")
    with tarfile.open(backup) as old, tarfile.open(target, "w") as new:
        for member in old:
            reader = old.extractfile(member)
            assert reader is not None
            content = change(member.name, reader.read())
            if content is not None:
                path = backup.with_name("member")
                path.write_bytes(content)
                new.add(path, member.name)
    return target


def change_manifest(backup: Path, **members) -> Path:
    def change(name: str, content: bytes) -> bytes:
        return json.dumps({**json.loads(content), **members}).encode() if name == files.MANIFEST else content

    return rewritten(backup, change)


def test_one_changed_byte_changes_nothing(backup, unchanged):
    def flip(name: str, content: bytes) -> bytes:
        return content[:-1] + bytes([content[-1] ^ 1]) if name == files.DUMP else content

    refused(rewritten(backup, flip), "database.dump differ", 2)


def test_a_missing_file_changes_nothing(backup, unchanged):
    def lose(name: str, content: bytes) -> bytes | None:
        return None if name.startswith(files.MEDIA) else content

    refused(rewritten(backup, lose), "план.pdf differ", 2)


def test_a_registry_in_another_plane_is_refused(backup, unchanged):
    refused(change_manifest(backup, srid=32635), "EPSG:32635", 2)


def test_a_backup_of_a_newer_postgis_is_refused(backup, unchanged):
    refused(change_manifest(backup, versions={"postgresql": 15, "postgis": "9.9.0"}), "PostGIS 9.9.0", 2)


def test_a_backup_of_a_newer_portal_is_refused(backup, unchanged):
    refused(change_manifest(backup, migrations=["core.9999_future"]), "newer version", 2)


def test_a_backup_of_an_unknown_format_is_refused(backup, unchanged):
    refused(change_manifest(backup, format=99), "format 99", 2)


def test_tables_that_differ_from_the_manifest_are_not_put_in_place(backup, unchanged):
    with tarfile.open(backup) as archive:
        tables = json.load(archive.extractfile(files.MANIFEST))["tables"]
    tables["land_zone"]["rows"] += 1
    refused(change_manifest(backup, tables=tables), "land_zone", 2)


def test_a_dump_that_cannot_be_restored_is_not_put_in_place(backup, unchanged, tmp_path):
    with tarfile.open(backup) as archive:
        dump = archive.extractfile(files.DUMP).read()
    broken = tmp_path / "broken.dump"
    broken.write_bytes(dump[: len(dump) // 2])
    with tarfile.open(backup) as archive:
        manifest = Manifest.from_json(archive.extractfile(files.MANIFEST).read())
    target = tmp_path / "valid-sums.tar"
    with files.writing(target) as writer:
        writer.put(broken, files.DUMP)
        manifest.files.clear()
        manifest.files.update(writer.sums)
        writer.close(manifest)
    refused(target, "pg_restore failed", 9)


def test_a_file_that_would_leave_its_place_is_refused(backup, unchanged):
    with tarfile.open(backup, "a") as archive:
        archive.add(backup.with_name("portal.tar").parent, "../../outside", recursive=False)
    refused(backup, "no file", 2)
    target = rewritten_under(backup, "../outside")
    refused(target, "leave its place", 2)


def rewritten_under(backup: Path, name: str) -> Path:
    target, content = backup.with_name("escaping.tar"), backup.with_name("content")
    content.write_bytes(b"x")
    with tarfile.open(target, "w") as archive:
        archive.add(content, name)
    return target


def test_a_file_that_is_not_there_is_told(tmp_path, unchanged):
    refused(tmp_path / "no.tar", "no file", 6)


def test_a_backup_does_not_overwrite_a_file(portal, backup):
    content = backup.read_bytes()
    with pytest.raises(CommandError, match="exists already"):
        call_command("backup", str(backup))
    assert backup.read_bytes() == content


def test_a_backup_into_no_folder_is_told(portal, tmp_path):
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("backup", str(tmp_path / "no" / "portal.tar"))


def test_a_backup_is_for_its_owner_alone(made):
    assert stat.S_IMODE(made.stat().st_mode) == 0o600


def test_a_backup_leaves_nothing_else_behind(made):
    assert [path.name for path in made.parent.iterdir()] == ["portal.tar"]
