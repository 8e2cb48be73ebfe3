"""Everything a command needs of the machine before Django can run: system packages, `.venv`, libraries of the map."""

import shutil
from pathlib import Path

from gis_portal.setup import console, environment, packages
from gis_portal.setup.errors import SetupError

# .venv with the development packages, the browser, a filled cluster.
ROOM_BYTES = 3_000_000_000


def provide(root: Path, *, database: bool, dev: bool = False) -> Path:
    """Bring what is missing and return the Python to run Django with. Raises SetupError."""
    var = root / "var"
    python = environment.interpreter(root, dev=dev)
    make = python is None and not environment.exists(root)
    if make:
        _check_room(root)
    packages.install(packages.needed(database=database, environment=make), var / "log" / "apt.log")
    provide_print(var)
    if python is None:
        python = environment.make(root, dev=dev)
    environment.install_scripts(root, python)
    return python


def provide_postgres(var: Path) -> None:
    packages.install(packages.needed(database=True, environment=False), var / "log" / "apt.log")


def provide_print(var: Path) -> None:
    """Without these libraries there are no PDF files, which is no reason to have no portal."""
    lacking = packages.lacking_for_print()
    if not lacking:
        return
    if not packages.may_install():
        console.say(
            f"No PDF files: the system lacks {', '.join(lacking)}. To have them:\n\n    {packages.line(lacking)}\n"
        )
        return
    try:
        packages.install(lacking, var / "log" / "apt-print.log")
    except SetupError as problem:
        console.say(f"No PDF files: {problem}")


def provide_browser(root: Path) -> None:
    """Without one the browser tests are left out, which is no reason to leave the others out too."""
    if shutil.which(packages.BROWSER):
        return
    if not packages.may_install():
        console.say(f"No browser tests: {packages.BROWSER} is missing, and this user may not install it.")
        return
    try:
        packages.install([packages.BROWSER], root / "var" / "log" / "apt-browser.log")
    except SetupError as problem:
        console.say(f"No browser tests: {problem}")


def _check_room(root: Path) -> None:
    free = shutil.disk_usage(root).free
    if free < ROOM_BYTES:
        raise SetupError(
            f"The disk of {root} is nearly full: {free / 1e9:.1f} GB are free, set-up takes {ROOM_BYTES / 1e9:.0f} GB.",
            hint="Make room, or clone to another disk.",
        )
