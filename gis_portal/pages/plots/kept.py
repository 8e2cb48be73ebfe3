"""Papers that were made once and are wanted again, on disk: what they say is in their name, so none is ever stale, but
all go in time. Only what everybody may see is kept.
"""

from __future__ import annotations

import fcntl
import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings

# A paper tells the day it is of: after this nobody asks for it any more.
KEPT_S = 2 * 24 * 3_600
MOST_BYTES = 200_000_000
LOCKS = 16


def folder() -> Path:
    found = Path(settings.VAR_DIR) / "pdf" / "kept"
    found.mkdir(parents=True, exist_ok=True)
    return found


def name_of(parts: Iterable[object], suffix: str) -> str:
    """The name of what `parts` determine."""
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:40] + suffix


def has(name: str) -> bool:
    return (folder() / name).exists()


def obtain(name: str, make: Callable[[], bytes]) -> bytes:
    """What is kept under `name`, else what `make` makes; several who ask at once wait for one of them."""
    path = folder() / name
    if path.exists():
        return path.read_bytes()
    locks = folder().parent / "locks"
    locks.mkdir(exist_ok=True)
    # By kind, because a pack holds papers that are kept themselves.
    with (locks / f"{int(name[:8], 16) % LOCKS}{path.suffix}").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if path.exists():
            return path.read_bytes()
        content = make()
        being = path.with_suffix(".part")
        being.write_bytes(content)
        being.replace(path)
    clean(KEPT_S, MOST_BYTES)
    return content


def clean(seconds: float, most_bytes: int) -> int:
    """Remove what is older, and the oldest while there is more; how many were removed."""
    files = sorted(_files())
    left, removed, oldest = sum(size for _at, size, _path in files), 0, time.time() - seconds
    for at, size, path in files:
        if at >= oldest and left <= most_bytes:
            break
        left -= size
        path.unlink(missing_ok=True)
        removed += 1
    return removed


def _files() -> Iterator[tuple[float, int, Path]]:
    """Age, size and path; another process may remove or rename one meanwhile."""
    for path in folder().iterdir():
        with suppress(FileNotFoundError):
            found = path.stat()
            yield found.st_mtime, found.st_size, path
