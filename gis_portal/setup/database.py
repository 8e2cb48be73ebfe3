"""`manage.py database start|stop|status|url|shell`, and the database of a command that needs one while it runs."""

import argparse
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gis_portal.setup import cluster, console, locks, machine
from gis_portal.setup.cluster import Cluster
from gis_portal.setup.errors import SetupError


def main(root: Path, arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="manage.py database", description="The PostGIS database of this clone.")
    parser.add_argument("action", choices=ACTIONS, help="start, stop, tell the status or the address, open psql")
    return ACTIONS[parser.parse_args(arguments).action](root / "var")


@contextmanager
def started(var: Path) -> Iterator[None]:
    """A running database with the registry's database in it; afterwards everything is as before."""
    if is_foreign():
        yield
        return
    with locks.in_use(var) as user:
        started_here = _start(var)
        try:
            yield
        finally:
            if started_here and locks.is_last(user):
                with console.step("Stopping the database"):
                    Cluster(var).stop()
            elif started_here:
                console.say("The database stays up: another command uses it. `manage.py database stop` stops it.")


def is_foreign() -> bool:
    """True when DATABASE_URL names a database that is not ours to start, stop or drop."""
    return bool(os.environ.get("DATABASE_URL"))


def _start(var: Path) -> bool:
    embedded = Cluster(var)
    if started_here := not embedded.running:
        with console.step("Starting the database"):
            embedded.start()
    embedded.create_database()
    return started_here


def _start_command(var: Path) -> int:
    if is_foreign():
        console.say("DATABASE_URL names the database: there is nothing to start.")
        return 0
    with locks.only_one(var):
        machine.provide_postgres(var)
        if not _start(var):
            console.say("The database is running already.")
    return 0


def _stop_command(var: Path) -> int:
    if is_foreign():
        console.say("DATABASE_URL names the database: there is nothing to stop.")
    elif Cluster(var).running:
        with console.step("Stopping the database"):
            Cluster(var).stop()
    else:
        console.say("The database is not running.")
    return 0


def _status_command(var: Path) -> int:
    if is_foreign():
        print(f"DATABASE_URL names the database: {_address(var)}")
        return 0
    embedded = Cluster(var)
    state = "running" if embedded.running else "stopped" if embedded.exists else "not made yet"
    print(f"{state}\ndata    {embedded.data}\nlog     {embedded.log}\naddress {_address(var)}")
    return 0 if state == "running" else 1


def _url_command(var: Path) -> int:
    print(_address(var))
    return 0


def _shell_command(var: Path) -> int:
    program = shutil.which("psql")
    if program is None:
        raise SetupError("psql is not installed.", hint="On Debian it is in the package postgresql-client.")
    return subprocess.run([program, _address(var)], check=False).returncode


def _address(var: Path) -> str:
    return os.environ.get("DATABASE_URL", "").replace("postgis://", "postgresql://", 1) or cluster.url(var)


ACTIONS = {
    "start": _start_command,
    "stop": _stop_command,
    "status": _status_command,
    "url": _url_command,
    "shell": _shell_command,
}
