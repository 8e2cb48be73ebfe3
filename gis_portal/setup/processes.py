"""Run the portal's processes side by side, and stop all of them when one ends or people press Ctrl-C."""

import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gis_portal.setup import console
from gis_portal.setup.errors import SetupError

START_S = 90
STOP_S = 15


@dataclass(frozen=True)
class Watch:
    """Processes by name."""

    processes: "Mapping[str, subprocess.Popen[bytes]]"

    def until_answering(self, url: str) -> None:
        """Wait until `url` answers, with whatever status. Raises SetupError."""
        deadline = time.monotonic() + START_S
        while not _answers(url):
            self._check()
            if time.monotonic() > deadline:
                raise SetupError(f"{url} does not answer after {START_S} s.")
            time.sleep(0.2)

    def for_ever(self) -> None:
        """Raises SetupError when a process ends."""
        while True:
            self._check()
            time.sleep(0.5)

    def _check(self) -> None:
        for name, process in self.processes.items():
            if process.poll() is not None:
                raise SetupError(f"The process '{name}' ended with code {process.returncode}; the reason stands above.")


@contextmanager
def running(commands: Mapping[str, Sequence[object]], root: Path) -> Iterator[Watch]:
    """Start each command in a session of its own: Ctrl-C reaches only us, and we stop them in order."""
    processes: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in commands.items():
            processes[name] = subprocess.Popen(
                [str(part) for part in command], cwd=root, stdin=subprocess.DEVNULL, start_new_session=True
            )
        yield Watch(processes)
    except KeyboardInterrupt:
        with console.step("Stopping the portal"):
            _stop(processes)
    finally:
        _stop(processes)


def _stop(processes: "Mapping[str, subprocess.Popen[bytes]]") -> None:
    # An impatient second Ctrl-C must not leave half of them running.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for process in processes.values():
        process.terminate()
    deadline = time.monotonic() + STOP_S
    for process in processes.values():
        try:
            process.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=10).close()  # noqa: S310 - our own address
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
