"""Write the whole portal into one file, as it was at one moment, while people go on working."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from django.conf import settings
from django.utils.translation import gettext as _

from gis_portal.ops.archive import contents, files, server
from gis_portal.ops.archive.contents import Manifest
from gis_portal.setup import console
from registries.core.errors import BadInput

# Left behind by a restore that was interrupted; see `restore`.
HIDDEN = "."


def backup(target: Path) -> Manifest:
    """Make the file `target`, which must not exist. Raises BadInput, Unavailable, OSError."""
    if target.exists():
        raise BadInput(_("%(file)s exists already.") % {"file": target}, hint=_("Choose another name."))
    with files.writing(target) as archive, TemporaryDirectory(prefix=".dump-", dir=target.parent) as folder:
        dump = Path(folder) / files.DUMP
        manifest = _dump(dump)
        with console.step(_("Packing the database and the files")):
            archive.put(dump, files.DUMP)
            for path in media():
                archive.put(path, f"{files.MEDIA}/{path.relative_to(settings.MEDIA_ROOT).as_posix()}")
            manifest.files.update(archive.sums)
            archive.close(manifest)
    return manifest


def _dump(dump: Path) -> Manifest:
    """Dump and figures see the same snapshot of the database."""
    with server.session() as opened:
        opened.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        opened.read_only = True
        snapshot = opened.execute("SELECT pg_export_snapshot()").fetchall()[0][0]
        versions = contents.versions(opened)
        # Level 1 takes a third of the time of the default for a file that is a twelfth larger.
        options = ["--format=custom", "--compress=1", "--snapshot", snapshot, "--file", dump]
        with console.step(_("Dumping the database")):
            server.run("pg_dump", *options, major=versions.postgresql)
        with console.step(_("Counting what it holds")):
            tables = contents.tables(opened)
        return Manifest(
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            srid=settings.REGISTRY_SRID,
            versions=versions,
            migrations=contents.migrations(opened),
            owners=contents.owners(opened),
            audit_head=contents.audit_head(opened),
            tables=tables,
        )


def media() -> Iterator[Path]:
    """The files under MEDIA_ROOT, in a stable order."""
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.is_symlink() and not path.relative_to(root).parts[0].startswith(HIDDEN):
            yield path
