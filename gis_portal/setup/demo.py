"""`manage.py demo`: from a fresh machine to a running portal with the demonstration zone in it."""

import argparse
import os
import socket
import subprocess
from contextlib import ExitStack
from pathlib import Path

from gis_portal.setup import console, database, locks, machine, processes
from gis_portal.setup.cluster import Cluster
from gis_portal.setup.errors import SetupError
from gis_portal.setup.people import PASSWORD, PEOPLE

HOST = "127.0.0.1"
ADDRESSES = {
    "map": "/",
    "staff desk": "/admin/",
    "WFS": "/ows/wfs",
    "WMS": "/ows/wms",
    "WMTS": "/ows/wmts",
    "OGC API": "/ogc/",
}
DOTENV = (
    "# Written by `manage.py demo`: this clone is a demonstration. Remove it before going into production.\nDEMO=yes\n"
)


def main(root: Path, arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    var = root / "var"
    os.environ["DEMO"] = "yes"
    if not options.no_serve:
        _check_port(options.port)
    if options.reset:
        _confirm_reset()
    with ExitStack() as open_until_the_end:
        with locks.only_one(var):
            python = machine.provide(root, database=not database.is_foreign())
            _mark_as_demo(root / ".env")
            open_until_the_end.enter_context(database.started(var))
            if options.reset:
                _reset(var)
            _prepare(root, python)
        if options.no_serve:
            console.say("Everything is set up. `manage.py demo` starts the portal.")
        else:
            _serve(root, python, options.port)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="manage.py demo", description="Set up and start the demonstration portal.")
    parser.add_argument("--port", type=int, default=8000, help="where to serve (default: 8000)")
    parser.add_argument("--reset", action="store_true", help="drop the demonstration's database first; asks before")
    parser.add_argument("--no-serve", action="store_true", help="set everything up, but do not start the portal")
    return parser


def _check_port(port: int) -> None:
    """Raises SetupError before minutes are spent on a set-up that could not be served."""
    if not 0 < port < 65536:
        raise SetupError(f"{port} is not a port; ports are 1 to 65535.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as problem:
            hint = "Stop what listens there, or choose another one with --port."
            raise SetupError(f"Port {port} cannot be used: {problem.strerror}.", hint=hint) from None


def _confirm_reset() -> None:
    if database.is_foreign():
        raise SetupError("--reset drops only a database that manage.py made; DATABASE_URL names another one.")
    try:
        answer = input("This drops the demonstration's database with everything in it. Go on? [yes/no] ")
    except EOFError:
        answer = ""
    if answer.strip().lower() not in ("y", "yes"):
        raise SetupError("Nothing was dropped.")


def _reset(var: Path) -> None:
    with console.step("Dropping the demonstration's database"):
        Cluster(var).drop_database()
        Cluster(var).create_database()


def _mark_as_demo(dotenv: Path) -> None:
    """So that the other commands of this clone agree with the running portal."""
    if not dotenv.exists():
        dotenv.write_text(DOTENV, encoding="utf-8")
        console.say("Wrote .env, which marks this clone as a demonstration.")


def _prepare(root: Path, python: Path) -> None:
    command = [str(python), "manage.py", "prepare", "translations", "database", "demo", "static"]
    if subprocess.run(command, cwd=root, check=False, close_fds=False).returncode:
        raise SetupError("The portal could not be prepared; the reason stands above.")


def _serve(root: Path, python: Path, port: int) -> None:
    """Returns after Ctrl-C. Raises SetupError when a process ends by itself."""
    address = f"http://{HOST}:{port}"
    commands = {
        "web": [python, "-m", "gunicorn", "--config", "python:gis_portal.serve", "--bind", f"{HOST}:{port}"],
        "jobs": [python, "manage.py", "procrastinate", "worker"],
    }
    with processes.running(commands, root) as watch:
        watch.until_answering(f"{address}/")
        console.say("The portal is running; Ctrl-C stops it.")
        print(_addresses(address), flush=True)
        watch.for_ever()


def _addresses(address: str) -> str:
    lines = [f"        {name:<12}{address}{path}" for name, path in ADDRESSES.items()]
    people = ", ".join(f"{person.name} ({person.part})" for person in PEOPLE)
    return "\n".join([*lines, f"        log-ins     {people}; everyone's password is {PASSWORD}"])
