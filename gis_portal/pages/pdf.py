"""Templates become PDF, few at a time and each in a process of its own (`gis_portal.printing`), so that neither start
nor requests of the portal feel it, and the portal works where Pango is missing.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from gis_portal.setup.packages import lacking_for_print
from layers.maps.mapnik_adapter import FONTS
from registries.core.errors import Unavailable

log = structlog.get_logger(__name__)
FACES = ("DejaVuSansCondensed.ttf", "DejaVuSansCondensed-Bold.ttf")
STYLES = ("portal/print.css",)
# How many are made at once on this machine, how long a request waits for its turn and for its paper.
LANES = 2
TURN_S, PAPER_S = 20, 60
STEP_S = 0.1


def render(
    template: str, context: Mapping[str, Any], files: Mapping[str, bytes] | None = None, identifier: str = ""
) -> bytes:
    """The PDF of `template`, tagged and with its fonts; `files` are what it may show, each as `portal:name`.

    Raises Unavailable with the reason when none can be made. The same content and `identifier` give the same bytes.
    """
    lacking = lacking_for_print()
    if lacking:
        raise unavailable(_("The server lacks what makes PDF files: %(names)s.") % {"names": ", ".join(lacking)})
    order = {
        "html": render_to_string(template, dict(context)),
        "files": {name: base64.b64encode(content).decode() for name, content in (files or {}).items()},
        "paths": {**{face: str(FONTS / face) for face in FACES}, **{name: _static(name) for name in STYLES}},
        "identifier": identifier,
    }
    with turn():
        return printed(json.dumps(order).encode())


def _static(name: str) -> str:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return found


def printed(order: bytes) -> bytes:
    """What the other process makes of `order`."""
    command = [sys.executable, "-m", "gis_portal.printing"]
    # Nothing of the portal's settings and secrets; a home of its own for the list of fonts.
    environ = {"PATH": os.environ.get("PATH", ""), "HOME": str(_folder()), "LANG": "C.UTF-8"}
    try:
        done = subprocess.run(  # noqa: S603
            command, input=order, capture_output=True, cwd=settings.BASE_DIR, env=environ, timeout=PAPER_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise unavailable(_("Making the PDF took too long.")) from None
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        log.error("pdf_failed", code=done.returncode, said=done.stderr.decode(errors="replace")[-2_000:])
        raise unavailable(_("The PDF could not be made. The failure has been noted."))
    return done.stdout


@contextmanager
def turn() -> Iterator[None]:
    """One of the machine's `LANES`, whichever process of the portal asks; Unavailable when none gets free in time."""
    folder, until = _folder(), time.monotonic() + TURN_S
    while True:
        for number in range(LANES):
            with (folder / f"lane-{number}").open("w") as lane:
                if _taken(lane.fileno()):
                    yield
                    return
        if time.monotonic() > until:
            raise unavailable(_("Too many PDF files are being made just now."))
        time.sleep(STEP_S)


def _taken(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _folder() -> Path:
    folder = Path(settings.VAR_DIR) / "pdf"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def unavailable(reason: str) -> Unavailable:
    return Unavailable(reason, hint=_("Everything else works. Print the page itself, or try again in a few minutes."))
