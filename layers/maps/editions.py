"""The name of a state of the map, under which tiles are kept on disk and answers are recognised by browsers."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db.migrations.recorder import MigrationRecorder

from layers.catalogue import Catalogue
from layers.layer import Layer

CONFIGURED = Path(settings.BASE_DIR) / "tileconfig"
CACHE_DIR = Path(settings.VAR_DIR) / "maps"


@cache
def appearance() -> str:
    """Changes with any file that decides how maps look."""
    files = sorted(path for path in CONFIGURED.rglob("*") if path.is_file())
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def installation() -> str:
    """Tells one database from the next of the same name, whose revisions begin anew."""
    migrations = MigrationRecorder.Migration.objects.order_by("pk")
    return f"{settings.DATABASES['default']['NAME']} {migrations.values_list('applied', flat=True).first()}"


def edition(catalogue: Catalogue, layers: Iterable[Layer], place: str) -> str:
    """Names what `layers` look like now: another name after a publication, a new style or other networks.

    `place` is the `installation`.
    """
    parts = [appearance(), place, str(catalogue.reader.audience), ",".join(map(str, catalogue.reader.networks))]
    parts += [f"{layer.key}:{catalogue.revision(layer)}" for layer in layers]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def clean(kept: set[str]) -> list[str]:
    """Remove the tiles of every edition not in `kept`, and tell which; nobody asks for them any more."""
    if not CACHE_DIR.exists():
        return []
    old = [path for path in CACHE_DIR.iterdir() if path.is_dir() and path.name not in kept and path.name != "locks"]
    for path in old:
        shutil.rmtree(path, ignore_errors=True)
    return [path.name for path in old]
