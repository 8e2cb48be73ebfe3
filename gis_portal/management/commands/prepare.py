"""Bring an installation in line with its code: for `manage.py demo`, and for each update in production."""

import hashlib
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from gis_portal.setup import console

FIXTURES = settings.BASE_DIR / "fixtures"


class Command(BaseCommand):
    help = (
        "Bring translations, database, demonstration data and static files in line with the code, in the order given."
    )
    # The checks read the database, which may be empty here.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("steps", nargs="+", choices=STEPS)

    def handle(self, *args: Any, steps: list[str], **options: Any) -> None:
        for name in steps:
            STEPS[name]()


def compile_translations() -> None:
    """`.mo` from `.po` where the latter is newer; Babel does it, so that no machine needs gettext's programs."""
    for folder in settings.LOCALE_PATHS:
        for source in Path(folder).rglob("*.po"):
            compiled = source.with_suffix(".mo")
            if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
                continue
            with console.step(f"Compiling {source.relative_to(settings.BASE_DIR)}"):
                _compile(source, compiled)


def _compile(source: Path, compiled: Path) -> None:
    # A running portal reads either the old file or the new one, never half of it.
    half = compiled.with_suffix(".half")
    with source.open("rb") as po, half.open("wb") as mo:
        write_mo(mo, read_po(po))
    half.replace(compiled)


def migrate() -> None:
    # An old server fails here with a sentence, instead of in the middle of a migration.
    BaseCommand().check(tags=["database"], databases=["default"])
    with console.step("Bringing the database up to date"):
        call_command("migrate", verbosity=0, interactive=False)


def load_demo() -> None:
    """Once for each database, and again when the fixtures have changed."""
    stamp = settings.VAR_DIR / "demo-loaded"
    state = _state_of_demo()
    if stamp.is_file() and stamp.read_text() == state:
        return
    with console.step("Loading the demonstration zone"):
        call_command("load_demo")
    stamp.write_text(state)


def _state_of_demo() -> str:
    """Of this very database, and of what is loaded into it."""
    content = hashlib.sha256()
    for path in sorted(FIXTURES.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            content.update(path.read_bytes())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT system_identifier, oid FROM pg_control_system(), pg_database WHERE datname = current_database()"
        )
        return f"{cursor.fetchone()} {content.hexdigest()}"


def collect_static() -> None:
    with console.step("Collecting static files"):
        call_command("collectstatic", verbosity=0, interactive=False)


STEPS: dict[str, Callable[[], None]] = {
    "translations": compile_translations,
    "database": migrate,
    "demo": load_demo,
    "static": collect_static,
}
