"""The base of every command on the registry: the edge where its errors become a sentence and an exit code."""

import os
from typing import Any

from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.utils.translation import override

from registries.core.errors import RegistryError, outcome


def console_language() -> str:
    """The language in which the terminal speaks (POSIX: LC_ALL before LC_MESSAGES before LANG); English if unknown."""
    said = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "bg" if said.startswith("bg") else "en"


class RegistryCommand(BaseCommand):
    """A command whose RegistryErrors end it with their exit code (see `OUTCOMES`) instead of a traceback."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            with override(console_language()):
                return super().execute(*args, **options)
        except RegistryError as error:
            raise CommandError(str(error), returncode=outcome(error).exit_code) from error
