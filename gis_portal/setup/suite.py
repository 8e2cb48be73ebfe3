"""`manage.py test [pytest arguments]`: set the machine up and run the whole suite on a real PostGIS."""

import os
import signal
import subprocess
from pathlib import Path

from gis_portal.setup import database, locks, machine
from gis_portal.setup.errors import SetupError

# The whole suite runs on all cores, each with a database of its own, files whole because tests in one share a world.
# For a few tests a second database takes longer than it saves.
TOGETHER = ["-n", str(os.cpu_count() or 1), "--dist", "loadfile"]


def main(root: Path, arguments: list[str]) -> int:
    """Returns pytest's exit code."""
    var = root / "var"
    os.environ["DEMO"] = "yes"
    with locks.only_one(var):
        machine.provide_browser(root)
        python = machine.provide(root, database=not database.is_foreign(), dev=True)
    with database.started(var):
        if subprocess.run([python, "manage.py", "prepare", "translations", "static"], cwd=root, check=False).returncode:
            raise SetupError("The tests could not be prepared; the reason stands above.")
        # Ctrl-C is for pytest, which then drops its database. Not SIG_IGN: pytest would inherit that.
        signal.signal(signal.SIGINT, lambda number, frame: None)
        return subprocess.run([python, "-m", "pytest", *(arguments or TOGETHER)], cwd=root, check=False).returncode
