from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import psycopg
from django.utils.translation import gettext as _

from gis_portal.ops.archive.restore import is_older, restore
from registries.core.commands import RegistryCommand
from registries.core.errors import Unavailable


class Command(RegistryCommand):
    help = "Replace database and files by those of a backup, or change nothing if anything about it is wrong."
    # The database may be empty.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a file made by `manage.py backup`")
        parser.add_argument("--yes-replace", action="store_true", help="replace a database that holds data")

    def handle(self, *args: Any, file: Path, yes_replace: bool, **options: Any) -> None:
        try:
            manifest = restore(file.resolve(), replace=yes_replace)
        except (OSError, psycopg.Error) as problem:
            raise Unavailable(_("The backup cannot be restored: %(reason)s.") % {"reason": problem}) from problem
        self.stdout.write(_("The portal is as it was at %(moment)s.") % {"moment": manifest.made_at})
        if is_older(manifest):
            self.stdout.write(_("The backup is of an older version: run `manage.py prepare database` now."))
