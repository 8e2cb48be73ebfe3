from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import psycopg
from django.utils.translation import gettext as _

from gis_portal.ops.archive.backup import backup
from registries.core import audit
from registries.core.commands import RegistryCommand
from registries.core.errors import Unavailable


class Command(RegistryCommand):
    help = "Write database and files, as they are at this moment, into one file; the portal goes on running."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the file to make; it must not exist")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            manifest = backup(file.resolve())
        except (OSError, psycopg.Error) as problem:
            raise Unavailable(_("The backup cannot be written: %(reason)s.") % {"reason": problem}) from problem
        audit.record(None, "export", "database", format="backup", file=file.name, audit_head=manifest.audit_head)
        rows = sum(table.rows for table in manifest.tables.values())
        self.stdout.write(
            _("%(file)s holds %(tables)d tables with %(rows)d rows and %(files)d files.")
            % {"file": file, "tables": len(manifest.tables), "rows": rows, "files": len(manifest.files) - 1}
        )
