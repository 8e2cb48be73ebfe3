"""What people see while the machine is set up: one line for each step, with the time since the start."""

import errno
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from gis_portal.setup.errors import SetupError

# Child processes go on counting from the start of the command that people typed.
_STARTED = float(os.environ.setdefault("SETUP_STARTED", str(time.time())))
# Without a terminal nothing can be redrawn: then a long step says now and then that it is alive.
_SIGN_OF_LIFE_S = 15
_TAIL_LINES = 15
DISK_FULL = os.strerror(errno.ENOSPC)


def say(text: str) -> None:
    minutes, seconds = divmod(int(time.time() - _STARTED), 60)
    # When the terminal is gone (SIGHUP), what was started still has to be stopped.
    with suppress(OSError):
        print(f"[{minutes:2d}:{seconds:02d}] {text}", flush=True)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Announce work done in this process, then how long it took."""
    started = time.monotonic()
    say(f"{title} …")
    yield
    _done(title, started)


def run(title: str, command: Sequence[object], log: Path, cwd: Path | None = None) -> None:
    """Run a long program, its output in `log`, its progress on the terminal. Raises SetupError with the log's tail."""
    log.parent.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    say(f"{title} …")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            close_fds=False,
        )
        try:
            _watch(process, title, log, started)
        finally:
            _end(process)
    if process.returncode:
        said = _tail(log, _TAIL_LINES)
        full = "The disk is full: make room and start again, the set-up goes on where it stopped. "
        raise SetupError(
            f"{title}: failed.\n{said}", hint=f"{full if DISK_FULL in said else ''}The whole output is in {log}."
        )
    _done(title, started)


def _watch(process: "subprocess.Popen[bytes]", title: str, log: Path, started: float) -> None:
    terminal, said = sys.stdout.isatty(), started
    while True:
        try:
            process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            now = time.monotonic()
            if terminal:
                print(f"\r\033[K        {now - started:3.0f} s  {_tail(log, 1)[:70]}", end="", flush=True)
            elif now - said > _SIGN_OF_LIFE_S:
                said = now
                say(f"{title}: {now - started:.0f} s so far")
        else:
            print("\r\033[K" if terminal else "", end="", flush=True)
            return


def _end(process: "subprocess.Popen[bytes]") -> None:
    """An interrupted step is not left running: it is asked to end and given time to clean up."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _done(title: str, started: float) -> None:
    say(f"{title}: done in {time.monotonic() - started:.1f} s")


def _tail(log: Path, lines: int) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-lines:])
