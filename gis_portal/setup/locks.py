"""Locks between the commands of one clone; the kernel drops them when their process dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from gis_portal.setup.errors import SetupError


@contextmanager
def only_one(var: Path) -> Iterator[None]:
    """Keep two commands from setting up one clone at once. Raises SetupError if another is at it."""
    with _opened(var / "setup.lock") as file:
        if not _take(file, fcntl.LOCK_EX):
            file.seek(0)
            raise SetupError(f"Another command (process {file.read().strip()}) is setting this clone up; wait for it.")
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        # Steps that outlive a killed command hold the lock on: `console.run` lets them inherit it.
        os.set_inheritable(file.fileno(), True)
        yield


@contextmanager
def in_use(var: Path) -> Iterator[IO[str]]:
    """Tell the other commands of this clone that the database is needed."""
    with _opened(var / "postgis.lock") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield file


def is_last(user: IO[str]) -> bool:
    """True when no other command holds `in_use`."""
    return _take(user, fcntl.LOCK_EX)


def _take(file: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _opened(path: Path) -> IO[str]:
    path.parent.mkdir(exist_ok=True)
    return path.open("a+", encoding="utf-8")
