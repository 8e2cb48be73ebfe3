"""Which command does its own set-up, and in which Python the others run."""

import errno
import os
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import FrameType

from gis_portal.setup import database, demo, dotenv, environment, suite
from gis_portal.setup.errors import NEEDS_PACKAGES, SetupError

ROOT = Path(__file__).resolve().parent.parent.parent
COMMANDS: dict[str, Callable[[Path, list[str]], int]] = {
    "demo": demo.main,
    "test": suite.main,
    "database": database.main,
}


def main(arguments: list[str]) -> int:
    """Run `manage.py …` and return the exit code: what goes wrong here is told in a sentence, without a traceback."""
    try:
        dotenv.load(ROOT / ".env")
        own = COMMANDS.get(arguments[1]) if len(arguments) > 1 else None
        if own is None:
            return _django(arguments)
        _listen()
        return own(ROOT, arguments[2:])
    except SetupError as problem:
        return _tell(str(problem), problem.hint, problem.code)
    except KeyboardInterrupt:
        return _tell("Interrupted.", "Started again, it goes on where it stopped.", 128 + signal.SIGINT)
    except OSError as problem:
        if problem.errno != errno.ENOSPC:
            raise
        return _tell("The disk is full.", "Make room and start again: the set-up goes on where it stopped.", 1)


def _django(arguments: list[str]) -> int:
    """Run in this Python if it has the dependencies, otherwise in that of `.venv`."""
    if not environment.complete():
        python = environment.interpreter(ROOT)
        if python is None or environment.inside(ROOT):
            raise SetupError(
                "The portal is not set up on this machine.",
                hint="`python3 manage.py demo` sets it up; with --no-serve it does only that.",
                code=NEEDS_PACKAGES,
            )
        os.execv(python, [str(python), *arguments])  # noqa: S606
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_portal.settings")
    misconfigured = import_module("django.core.exceptions").ImproperlyConfigured
    try:
        import_module("gis_portal.commands").run(arguments)
    except misconfigured as problem:
        raise SetupError(str(problem), hint=".env.example explains the settings.") from problem
    return 0


def _tell(problem: str, hint: str, code: int) -> int:
    sys.stdout.flush()
    print(f"\n{problem}" + (f"\n{hint}" if hint else ""), file=sys.stderr)
    return code


def _listen() -> None:
    """Each way to end a command is like Ctrl-C, also where a shell started it in the background, deaf to that."""
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup
        signal.signal(signal.SIGHUP, _interrupt)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
