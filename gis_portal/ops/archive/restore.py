"""Bring a backup back: into a fresh database beside the running one, compared with the manifest, and only then swapped.

Until the swap nothing of the running portal is touched, whatever is wrong with the file.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _
from psycopg import sql
from psycopg.types.json import Jsonb

from gis_portal.ops.archive import contents, files, server
from gis_portal.ops.archive.contents import Manifest
from gis_portal.ops.archive.server import Session
from gis_portal.setup import console
from registries.core.errors import BadInput, NotAllowed, NotFound, WrongState

# Both beside what they are to replace, so that taking their place is a rename.
STAGE, REPLACED = ".restoring", ".replaced"
MAINTENANCE = "postgres"
JOBS = "2"
# Addresses hold revisions: a number given out since the backup must not be given to other content.
GO_ON = """
SELECT setval('public.core_revision_number', greatest(last_value, %s)) FROM public.core_revision_number
"""
NOTE = "INSERT INTO public.core_auditentry (at, action, subject, details) VALUES (now(), 'restore', 'database', %s)"


def restore(source: Path, *, replace: bool) -> Manifest:
    """Replace database and files by those of the backup.

    Raises NotFound, BadInput, WrongState, NotAllowed, Unavailable, OSError, psycopg.Error; nothing is changed then.
    """
    if not source.is_file():
        raise NotFound(_("There is no file %(file)s.") % {"file": source}, locator="file")
    _refuse_to_overwrite(replace)
    with _stage() as stage, server.session(MAINTENANCE, autocommit=True) as maintenance:
        with console.step(_("Unpacking and checking the backup")):
            manifest = files.unpack(source, stage)
            _check(manifest, maintenance)
        with _fresh_database(maintenance) as fresh:
            _fill(fresh, stage / files.DUMP, manifest, maintenance)
            with console.step(_("Putting database and files in place")), _media_replaced(stage):
                _swap(maintenance, fresh)
    return manifest


def _refuse_to_overwrite(replace: bool) -> None:
    with server.session() as opened:
        held = sum(table.rows for table in contents.tables(opened).values())
    if held and not replace:
        raise WrongState(
            _("The database %(name)s holds %(count)d rows.") % {"name": server.parameters()["dbname"], "count": held},
            hint=_("Use --yes-replace to replace all of it."),
        )


def _check(manifest: Manifest, maintenance: Session) -> None:
    """Raises BadInput when this installation cannot take the backup."""
    here = contents.available(maintenance)
    if here.postgresql < manifest.versions.postgresql:
        needed = f"PostgreSQL {manifest.versions.postgresql}"
        raise BadInput(_("The backup needs %(needed)s or newer on this server.") % {"needed": needed})
    if here.postgis_minor < manifest.versions.postgis_minor:
        needed = f"PostGIS {manifest.versions.postgis}"
        raise BadInput(_("The backup needs %(needed)s or newer on this server.") % {"needed": needed})
    if manifest.srid != settings.REGISTRY_SRID:
        raise BadInput(
            _("The backup is of a registry in EPSG:%(there)d, this one is in EPSG:%(here)d.")
            % {"there": manifest.srid, "here": settings.REGISTRY_SRID},
            hint=_("Set REGISTRY_SRID to that of the backup."),
        )
    if unknown := sorted(set(manifest.migrations) - _known_migrations()):
        raise BadInput(
            _("The backup was made by a newer version of the portal (%(migration)s).") % {"migration": unknown[-1]},
            hint=_("Update the portal first."),
        )


def is_older(manifest: Manifest) -> bool:
    """Whether the restored database needs `migrate`."""
    return bool(_known_migrations() - set(manifest.migrations))


def _known_migrations() -> set[str]:
    return {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}


@contextmanager
def _fresh_database(maintenance: Session) -> Iterator[str]:
    """An empty database like the running one; dropped afterwards unless it was renamed. Raises NotAllowed."""
    live = server.parameters()["dbname"]
    name = f"{live[:40]}_restoring"
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    encoding, collation, kind, owner = maintenance.execute(
        "SELECT pg_encoding_to_char(encoding), datcollate, datctype, pg_get_userbyid(datdba)::text FROM pg_database"
        " WHERE datname = %s",
        [live],
    ).fetchall()[0]
    statement = "CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING {} LC_COLLATE {} LC_CTYPE {}"
    create = sql.SQL(statement).format(
        sql.Identifier(name), sql.Identifier(owner), sql.Literal(encoding), sql.Literal(collation), sql.Literal(kind)
    )
    try:
        maintenance.execute(drop)
        maintenance.execute(create)
    except psycopg.errors.InsufficientPrivilege as problem:
        raise NotAllowed(
            _("The role of DATABASE_URL may not create databases."),
            hint=_("Restore with the DATABASE_URL of an administrator of the server."),
        ) from problem
    try:
        yield name
    finally:
        maintenance.execute(drop)


def _fill(fresh: str, dump: Path, manifest: Manifest, maintenance: Session) -> None:
    major = contents.available(maintenance).postgresql
    with console.step(_("Restoring the database")):
        options = ["--exit-on-error", "--no-comments", "--jobs", JOBS, *_ownership(manifest, maintenance)]
        server.run("pg_restore", *options, dump, major=major, database=fresh)
    with console.step(_("Comparing it with the manifest")), server.session(fresh) as opened:
        found = contents.tables(opened)
        if differing := sorted(
            name for name in found | manifest.tables if found.get(name) != manifest.tables.get(name)
        ):
            raise BadInput(
                _("The restored tables differ from the manifest: %(names)s.") % {"names": ", ".join(differing[:5])}
            )
        opened.execute("ANALYZE")
        opened.execute(NOTE, [Jsonb({"backup_made_at": manifest.made_at})])
        opened.execute(GO_ON, [_last_revision()])


def _last_revision() -> int:
    """Of the running registry; 0 in a database that holds none."""
    with server.session() as opened:
        if opened.execute("SELECT to_regclass('public.core_revision_number')").fetchall() == [(None,)]:
            return 0
        ((number,),) = opened.execute("SELECT last_value FROM public.core_revision_number").fetchall()
    return int(number)


def _ownership(manifest: Manifest, maintenance: Session) -> list[str]:
    """An administrator gives everything back to its owners, where the server knows them; else it is of who restores."""
    query = "SELECT count(*) = %s AND current_setting('is_superuser') = 'on' FROM pg_roles WHERE rolname = ANY(%s)"
    ((keeps,),) = maintenance.execute(query, [len(manifest.owners), manifest.owners]).fetchall()
    return [] if keeps else ["--no-owner", "--no-privileges"]


def _swap(maintenance: Session, fresh: str) -> None:
    """Both renames in one transaction; the portal's connections are cut, and find the restored database."""
    live = server.parameters()["dbname"]
    old = f"{live[:40]}_replaced"
    names = {"live": sql.Identifier(live), "fresh": sql.Identifier(fresh), "old": sql.Identifier(old)}
    connection.close()
    maintenance.execute(sql.SQL("DROP DATABASE IF EXISTS {old} WITH (FORCE)").format(**names))
    maintenance.execute(sql.SQL("ALTER DATABASE {live} ALLOW_CONNECTIONS false").format(**names))
    try:
        maintenance.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [live])
        with maintenance.transaction():
            maintenance.execute(sql.SQL("ALTER DATABASE {live} RENAME TO {old}").format(**names))
            maintenance.execute(sql.SQL("ALTER DATABASE {fresh} RENAME TO {live}").format(**names))
    finally:
        maintenance.execute(sql.SQL("ALTER DATABASE {live} ALLOW_CONNECTIONS true").format(**names))
    maintenance.execute(sql.SQL("DROP DATABASE {old} WITH (FORCE)").format(**names))


@contextmanager
def _stage() -> Iterator[Path]:
    """A folder inside MEDIA_ROOT, which may be a file system of its own, for the backup's files."""
    stage = Path(settings.MEDIA_ROOT) / STAGE
    shutil.rmtree(stage, ignore_errors=True)
    (stage / files.MEDIA).mkdir(parents=True)
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


@contextmanager
def _media_replaced(stage: Path) -> Iterator[None]:
    """The backup's files in place of today's; today's come back when anything fails within the block."""
    root, replaced = Path(settings.MEDIA_ROOT), stage / REPLACED
    replaced.mkdir()
    moved: list[tuple[Path, Path]] = []
    try:
        for source, target in ((root, replaced), (stage / files.MEDIA, root)):
            for path in [path for path in source.iterdir() if path.name != STAGE]:
                moved.append((path, path.rename(target / path.name)))
        yield
    except BaseException:
        for before, after in reversed(moved):
            after.rename(before)
        raise
