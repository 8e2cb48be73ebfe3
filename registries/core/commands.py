"""The base of every command on the registry: the edge where its errors become a sentence and an exit code."""

from typing import Any

from django.core.management import CommandError
from django.core.management.base import BaseCommand

from registries.core.errors import RegistryError, outcome


class RegistryCommand(BaseCommand):
    """A command whose RegistryErrors end it with their exit code (see `OUTCOMES`) instead of a traceback."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except RegistryError as error:
            raise CommandError(str(error), returncode=outcome(error).exit_code) from error
