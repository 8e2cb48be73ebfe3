"""Read `.env`, for the settings and for the set-up, which runs before anything is installed."""

import os
from pathlib import Path

from gis_portal.setup.errors import SetupError


def load(path: Path) -> None:
    """Take the `NAME=value` lines of `path` into the environment; a variable that is already set wins."""
    if not path.is_file():
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        name, sign, value = line.partition("=")
        if not sign or not name.strip().isidentifier():
            raise SetupError(f"{path}, line {number}: expected NAME=value, found {line!r}.")
        os.environ.setdefault(name.strip(), value.strip().strip("'\""))
