"""What the machine's package manager has to bring, and how to get it with or without being root."""

import ctypes
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from gis_portal.setup import console, postgres
from gis_portal.setup.errors import NEEDS_PACKAGES, SetupError

BROWSER = "chromium"
# What makes PDF files (WeasyPrint) loads by these names, and the package that has each.
PRINT = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}


def needed(*, database: bool, environment: bool) -> list[str]:
    """Names of the Debian packages that are missing for the embedded database and for making `.venv`."""
    missing = []
    if environment and importlib.util.find_spec("ensurepip") is None:
        missing.append(f"python3.{sys.version_info.minor}-venv")
    if database and not postgres.available():
        missing.append("postgresql-postgis")
    return missing


@cache
def lacking_for_print() -> tuple[str, ...]:
    """Names of the packages without which the portal works, but makes no PDF files."""
    return tuple(package for library, package in PRINT.items() if not _loads(library))


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def install(packages: Sequence[str], log: Path) -> None:
    """Raises SetupError with code 3 and the line to run when this user may not install packages."""
    if not packages:
        return
    if not shutil.which("apt-get"):
        raise SetupError(
            "This machine lacks what Debian calls " + ", ".join(packages) + ".",
            hint="Install it with the machine's package manager; for the database DATABASE_URL may name another one.",
            code=NEEDS_PACKAGES,
        )
    if not may_install():
        raise SetupError(
            "Packages of the system are missing, and this user may not install them.",
            hint=f"Run this line, then start again:\n\n    {line(packages)}\n",
            code=NEEDS_PACKAGES,
        )
    become_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    console.run(f"Installing {', '.join(packages)}", [*become_root, "sh", "-c", _script(packages)], log)


def may_install() -> bool:
    """Root, or a user whose sudo asks no password."""
    if not shutil.which("apt-get"):
        return False
    if os.geteuid() == 0:
        return True
    return bool(shutil.which("sudo")) and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0


def line(packages: Iterable[str]) -> str:
    """What somebody who may install them has to run."""
    return f"sudo sh -c {shlex.quote(_script(packages))}"


def _script(packages: Iterable[str]) -> str:
    names = " ".join(packages)
    return f"apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends {names}"
