"""The database server as backup and restore see it: past Django, with PostgreSQL's own programs.

Passwords go to the programs by the environment: arguments are visible to every user of the machine.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection
from django.utils.translation import gettext as _
from psycopg.pq import Conninfo

from gis_portal.setup.postgres import DEBIAN_VERSIONS
from registries.core.errors import Unavailable

Session = psycopg.Connection[tuple[Any, ...]]
_TOLD_LINES = 5


def parameters(database: str | None = None) -> dict[str, str]:
    """libpq's parameters of the portal's database, or of another one of the same server."""
    known = {option.keyword.decode() for option in Conninfo.get_defaults()}
    found = {name: str(value) for name, value in connection.get_connection_params().items() if name in known and value}
    return {**found, "dbname": database} if database else found


@contextmanager
def session(database: str | None = None, **options: Any) -> Iterator[Session]:
    """A connection of its own, past Django's transactions. Raises Unavailable."""
    try:
        opened = psycopg.connect(psycopg.conninfo.make_conninfo("", **parameters(database)), **options)
    except psycopg.OperationalError as problem:
        raise Unavailable(_("The database does not answer: %(reason)s") % {"reason": problem}) from problem
    with opened:
        yield opened


def run(program: str, *arguments: str | Path, major: int, database: str | None = None) -> None:
    """`pg_dump` or `pg_restore` of at least version `major` on a database. Raises Unavailable with what it said."""
    variables, rest = split(parameters(database))
    command = [find(program, major), "--dbname", psycopg.conninfo.make_conninfo("", **rest), *arguments]
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL, with arguments of this package
        command, env={**os.environ, **variables}, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = " ".join(done.stderr.strip().splitlines()[-_TOLD_LINES:])
        raise Unavailable(_("%(program)s failed: %(reason)s") % {"program": program, "reason": said})


def split(given: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Environment variables for the parameters that have one, and the parameters that have none."""
    names = {option.keyword.decode(): option.envvar.decode() for option in Conninfo.get_defaults() if option.envvar}
    variables = {names[key]: value for key, value in given.items() if key in names and key != "dbname"}
    return variables, {key: value for key, value in given.items() if key not in names or key == "dbname"}


def find(program: str, major: int) -> Path:
    """The program in version `major`, as Debian keeps it, or a newer one on the path. Raises Unavailable."""
    debian = DEBIAN_VERSIONS / str(major) / "bin" / program
    if debian.is_file():
        return debian
    on_path = shutil.which(program)
    if on_path and _major(on_path) >= major:
        return Path(on_path)
    raise Unavailable(
        _("%(program)s of PostgreSQL %(major)d or newer is not installed.") % {"program": program, "major": major},
        hint=_("On Debian it is in the package postgresql-client-%(major)d.") % {"major": major},
    )


def _major(program: str) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
    return int(re.findall(r"\d+", said)[0])
