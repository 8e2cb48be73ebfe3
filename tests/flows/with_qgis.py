"""QGIS in a process of its own, with the Python that has it: what the tests give it to do, and what it found."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Found = dict[str, Any]
Qgis = Callable[..., list[Found]]
# Debian's PyQGIS belongs to the system's Python, not to ours.
PYTHON = os.environ.get("QGIS_PYTHON", "/usr/bin/python3")
OWN = ("PROJ_LIB", "PROJ_DATA", "GDAL_DATA", "PYTHONPATH", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "XDG_RUNTIME_DIR")


def environment(home: Path) -> dict[str, str]:
    """A home of its own, and nothing of our libraries'; without QGIS the test is skipped, saying so."""
    kept = {name: value for name, value in os.environ.items() if name not in OWN}
    given = {**kept, "HOME": str(home), "XDG_RUNTIME_DIR": str(home), "QT_QPA_PLATFORM": "offscreen"}
    if (
        not Path(PYTHON).exists()
        or subprocess.run([PYTHON, "-c", "import qgis.core"], env=given, check=False).returncode
    ):
        pytest.skip(f"{PYTHON} cannot import QGIS (package python3-qgis).")
    return given


def run(script: str, portal: str, given: dict[str, str], steps: tuple[tuple[str, dict[str, Any]], ...]) -> list[Found]:
    """Runs `steps` of a script beside this file in one QGIS and gives what each found."""
    done = subprocess.run(
        [PYTHON, Path(__file__).parent / script, portal, json.dumps(steps)],
        env=given,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.stdout, done.stderr.decode()
    return json.loads(done.stdout)
