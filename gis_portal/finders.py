"""The few files of `node_modules` that browsers may load, under `static/vendor/`; nothing else of it is published."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

PACKAGES = Path(__file__).parent / "frontend" / "node_modules"
# Published path → path inside node_modules.
PUBLISHED = {
    "vendor/protomaps-leaflet/protomaps-leaflet.js": "protomaps-leaflet/dist/protomaps-leaflet.js",
    "vendor/protomaps-leaflet/LICENSE": "protomaps-leaflet/LICENSE",
}


class Vendor(FileSystemStorage):
    """Files of packages by their published paths."""

    def path(self, name: str) -> str:
        return str(PACKAGES / PUBLISHED[name])


class NodeModulesFinder(BaseFinder):
    """Finds the files of `PUBLISHED` that are installed; a check tells what is missing."""

    storage = Vendor(location=PACKAGES)

    def check(self, **options: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **options: Any) -> Any:
        source = PUBLISHED.get(path)
        found = source is not None and (PACKAGES / source).is_file()
        if find_all:
            return [str(PACKAGES / source)] if found and source else []
        return str(PACKAGES / source) if found and source else []

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, Vendor]]:
        for path, source in PUBLISHED.items():
            if (PACKAGES / source).is_file():
                yield path, self.storage
